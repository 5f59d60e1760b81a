"""A number alone: as good as the names of those who say one."""

from collections.abc import Iterator

import duckdb
import pytest

from warehouse.persons.phones import LEAST_NAMED, trust_sole_owners

OWNERS = 2 * LEAST_NAMED


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Owners 1, 2 …, each with a number of the same digits, and no calls yet."""
    with duckdb.connect() as con:
        con.execute(f"""
            create table records as
            select
                entity, cast(entity as varchar) as phone, 'nik' as nik, 'BUDI' as name_key,
                'BUDI' as given_name, cast(null as date) as birth_date,
                cast(null as varchar) as kelurahan_code
            from range(1, {OWNERS} + 1) as owners (entity)
        """)
        con.execute("create table grouped (entity bigint, person bigint)")
        con.execute("""
            create table judged (
                entity_l bigint, entity_r bigint, verdict varchar, match_weight double,
                gamma_phone integer, gamma_birth_date integer
            )
        """)
        yield con


def _call(con: duckdb.DuckDBPyConnection, entity: int, phone: int, name: str | None) -> None:
    con.execute(
        "insert into records values (?, ?, null, ?, ?, null, null)",
        [entity, str(phone), name, name],
    )
    if name is None:
        con.execute("insert into judged values (?, ?, 'no_name', 4.7, 1, -1)", [phone, entity])


@pytest.mark.parametrize(
    ("named", "strangers", "verdict"),
    [
        (LEAST_NAMED, 0, "linked"),
        (LEAST_NAMED, LEAST_NAMED // 2, "no_name"),  # here, families share their phones
        (LEAST_NAMED - 1, 0, "no_name"),  # too few to tell
    ],
)
def test_as_good_as_the_names_of_others(
    con: duckdb.DuckDBPyConnection, named: int, strangers: int, verdict: str
) -> None:
    for number in range(named):
        _call(con, 1000 + number, 1 + number, "SITI" if number < strangers else "BUDY")
    _call(con, 5000, 7, None)

    trust_sole_owners(con, 4.0)

    assert con.execute("select verdict from judged").fetchall() == [(verdict,)]


def test_a_number_that_two_have_is_nobodys(con: duckdb.DuckDBPyConnection) -> None:
    for number in range(LEAST_NAMED):
        _call(con, 1000 + number, 1 + number, "BUDI")
    con.execute("insert into records select 4000, '7', 'other', 'ANI', 'ANI', null, null")
    _call(con, 5000, 7, None)

    trust_sole_owners(con, 4.0)

    assert con.execute("select verdict from judged").fetchall() == [("no_name",)]
