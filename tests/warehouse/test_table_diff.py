"""What differs between two states of a mart, by key."""

from collections.abc import Iterator

import duckdb
import pytest

from kota.settings import Settings
from warehouse.grain import grains
from warehouse.table_diff import Rows, Total, compare

BILLS = """
create schema {side}.marts;
create table {side}.marts.fct_tax_bills as
select * from (values {rows}) t (tax_object_id, year, amount_rupiah, status, paid_at)
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two attached databases, empty."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as before; attach ':memory:' as after")
        yield con


def test_rows_are_told_apart_by_their_key(con: duckdb.DuckDBPyConnection) -> None:
    before = "('a', 2026, 100, 'open', null), ('b', 2026, 250, 'open', null), ('c', 2026, 5, '', 1)"
    after = "('a', 2026, 90, 'paid', null), ('b', 2026, 250, 'open', null), ('d', 2025, 7, '', 1)"
    con.execute(BILLS.format(side="before", rows=before))
    con.execute(BILLS.format(side="after", rows=after))
    con.execute("alter table after.marts.fct_tax_bills add column fine_rupiah bigint")

    found = compare(con, "before", "after", "fct_tax_bills", ["tax_object_id", "year"])

    assert found.added == Rows(1, [["d", "2025"]])
    assert found.removed == Rows(1, [["c", "2026"]])
    assert found.changed == Rows(1, [["a", "2026"]])
    assert found.columns == {"amount_rupiah": 1, "status": 1}
    assert found.totals == {"amount_rupiah": Total(355, 347, 7, -5, -10)}
    assert (found.rows_before, found.rows_after) == (3, 3)
    assert (found.columns_added, found.columns_removed) == (["fine_rupiah"], [])


def test_the_same_rows_in_another_order_do_not_differ(con: duckdb.DuckDBPyConnection) -> None:
    rows = ["(null, 2026, 0.1, 'x', 1)", "('b', 2026, null, null, 2)"]
    con.execute(BILLS.format(side="before", rows=", ".join(rows)))
    con.execute(BILLS.format(side="after", rows=", ".join(reversed(rows))))

    for key in (["tax_object_id"], []):
        found = compare(con, "before", "after", "fct_tax_bills", key)
        assert (found.added, found.removed, found.changed) == (Rows(), Rows(), Rows())
        assert found.totals == {}


def test_every_mart_says_what_tells_its_rows_apart() -> None:
    settings = Settings()
    marts = {path.stem for path in (settings.dbt_dir / "models" / "marts").glob("*.sql")}

    assert grains(settings).keys() == marts
    assert grains(settings)["fct_complaints"] == ["complaint_id"]
