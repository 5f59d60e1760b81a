"""Which weighed pairs become one person: each rule that says no beside the case it lets pass."""

import duckdb
import pytest

from warehouse.persons.persons import group_entities

Evidence = dict[str, object]
Pair = tuple[int, int, Evidence]

# A pair for which everything speaks: somebody without a NIK, and somebody of the register.
GOOD: Evidence = {
    "match_weight": 9.0,
    "gamma_name": 5,
    "gamma_birth_date": 3,
    "gamma_area": 1,
    "gamma_phone": -1,
    "gamma_parent": -1,
    "is_numbered_l": True,
    "is_numbered_r": False,
    "are_both_registered": False,
    "mw_nik": None,
    "mw_register": 3.2,
}
ONLY_NAME_AND_AREA = {"gamma_birth_date": -1, "is_numbered_l": False, "mw_register": None}
TWO_NUMBERS = {"is_numbered_r": True, "mw_register": None}
NEWBORN = {"gamma_name": -1, "gamma_parent": 2}


def _judge(pairs: list[Pair], niks: tuple[str, str] = ("a", "b")) -> list[str]:
    """Verdicts on pairs of entities, of which 1 and 2 have these NIKs and 3 has none."""
    with duckdb.connect() as con:
        con.execute("""
            create table records as
            select
                entity, entity as unique_id, cast(null as varchar) as nik, 'app' as source_app,
                't' as source_table, cast(entity as varchar) as record_key,
                cast(null as varchar) as child_table, cast(null as varchar) as child_key,
                cast(null as varchar) as family_card_number, cast(null as date) as birth_date,
                cast(null as varchar) as phone, cast(null as varchar) as kelurahan_code,
                'N' as name_key, 'N' as name_sorted, 'N' as given_name, ['N'] as name_words,
                cast([] as varchar[]) as rare_words
            from range(1, 4) as numbers (entity)
        """)
        for entity, nik in zip((1, 2), niks, strict=True):
            con.execute("update records set nik = ? where entity = ?", [nik, entity])
        con.execute("create table entities as select entity, nik from records")
        con.execute("create table decided (entity_l bigint, entity_r bigint, decision varchar)")
        con.execute("""
            create table weighed (
                entity_l bigint, entity_r bigint, match_weight double, gamma_name integer,
                gamma_birth_date integer, gamma_area integer, gamma_phone integer,
                gamma_parent integer, is_numbered_l boolean, is_numbered_r boolean,
                are_both_registered boolean, mw_nik double, mw_register double
            )
        """)
        for left, right, pair in pairs:
            row = {**GOOD, **pair}
            con.execute(
                "insert into weighed values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [left, right, *row.values()],
            )
        group_entities(con)
        verdicts = con.execute("select verdict from verdicts order by entity_l, entity_r")
        return [verdict for (verdict,) in verdicts.fetchall()]


@pytest.mark.parametrize(
    ("pair", "verdict"),
    [
        ({}, "linked"),
        ({"match_weight": 3.9}, "below"),
        ({"gamma_name": 0}, "name_differs"),
        ({"gamma_name": 1}, "linked"),
        ({"gamma_name": 1, **TWO_NUMBERS}, "name_differs"),
        (NEWBORN, "linked"),
        ({**NEWBORN, "gamma_birth_date": 2}, "no_name"),
        ({**NEWBORN, "gamma_parent": 0}, "no_name"),
        (ONLY_NAME_AND_AREA, "thin"),
        ({**ONLY_NAME_AND_AREA, "gamma_area": 4}, "linked"),
        ({**ONLY_NAME_AND_AREA, "mw_register": 3.2}, "linked"),
        ({**TWO_NUMBERS, "are_both_registered": True}, "two_entries"),
        ({**TWO_NUMBERS, "are_both_registered": True, "gamma_area": 4}, "linked"),
    ],
)
def test_a_pair_by_itself(pair: Evidence, verdict: str) -> None:
    other = 2 if pair.get("is_numbered_r") else 3

    assert _judge([(1, other, pair)]) == [verdict]


@pytest.mark.parametrize(
    ("niks", "verdict"),
    [
        (("3671064505900001", "3671064505900002"), "name_differs"),  # twins have such numbers
        (("3671064505900001", "3671064505950001"), "linked"),  # twins are of one birth date
    ],
)
def test_numbers_a_slip_apart_in_one_table(niks: tuple[str, str], verdict: str) -> None:
    assert _judge([(1, 2, {**TWO_NUMBERS, "gamma_name": 4})], niks) == [verdict]


@pytest.mark.parametrize(
    ("second", "verdicts"), [(6.0, ["rivals", "rivals"]), (4.5, ["linked", "two_niks"])]
)
def test_somebody_who_could_be_two_people_is_nobody(second: float, verdicts: list[str]) -> None:
    assert _judge([(1, 3, {}), (2, 3, {"match_weight": second})]) == verdicts
