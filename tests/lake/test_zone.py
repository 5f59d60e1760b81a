"""A local time becomes the same instant by the short way as by the calendar."""

import duckdb
import pytest

from lake.zone import fixed_offset, instant_sql


@pytest.mark.parametrize(
    ("timezone", "offset"),
    [
        ("Asia/Jakarta", 25200),
        ("Asia/Jayapura", 32400),
        ("Asia/Makassar", 28800),
        ("UTC", 0),
        ("Europe/Amsterdam", None),
        ("Asia/Singapore", None),
    ],
)
def test_the_short_way_is_right(timezone: str, offset: int | None) -> None:
    assert fixed_offset(timezone) == offset
    with duckdb.connect() as con:
        con.execute(f"set TimeZone = '{timezone}'")
        con.execute(
            "create table t as select unnest([timestamp '1899-12-30', '1942-03-23 01:02:03', "
            "'1963-12-31 23:59:59', '1970-01-01', '1982-01-01 00:10:00', "
            "'2026-07-01 08:09:10.123456', '2099-12-31 23:00:00', '2150-01-01', "
            "'9999-12-31 23:59:59', null]) as x"
        )
        short = instant_sql("x", offset)
        assert con.execute(
            f"select count(*) from t where {short} is distinct from cast(x as timestamptz)"
        ).fetchone() == (0,)
