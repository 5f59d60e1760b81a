"""Who is one person and who is not, in a town whose truth is known."""

from collections.abc import Callable
from datetime import date

import duckdb
import pytest

from tests.warehouse.persons_town import Row, mention, relation, town, townsman
from warehouse.persons.link import link_persons
from warehouse.persons.model import Model, learn

Decision = tuple[str, str, str, str, str]
Links = dict[tuple[str, str], Row]
Match = Callable[..., Links]


_LEARNED: list[Model] = []


def _learn_once(con: duckdb.DuckDBPyConnection) -> Model:
    """Learning takes most of the time, and one town is as good as the next."""
    if not _LEARNED:
        _LEARNED.append(learn(con))
    return _LEARNED[0]


@pytest.fixture
def match(monkeypatch: pytest.MonkeyPatch) -> Match:
    """Match the town and some more mentions; links by app and key."""
    monkeypatch.setattr("warehouse.persons.link.learn", _learn_once)

    def run(
        more: list[Row], former: Links | None = None, decisions: list[Decision] | None = None
    ) -> Links:
        with duckdb.connect() as con:
            con.execute("create table former (mention varchar, person_id varchar, version bigint)")
            for row in (former or {}).values():
                con.execute(
                    "insert into former values (?, ?, 0)", [row["mention"], row["person_id"]]
                )
            con.execute("""
                create table decisions (
                    app_1 varchar, table_1 varchar, key_1 varchar,
                    app_2 varchar, table_2 varchar, key_2 varchar, decision varchar
                )
            """)
            for app_1, key_1, app_2, key_2, decision in decisions or []:
                con.execute(
                    "insert into decisions values (?, 'orang', ?, ?, 'orang', ?, ?)",
                    [app_1, key_1, app_2, key_2, decision],
                )
            links = link_persons(
                con,
                relation(con, "mentions", town() + more),
                con.table("former"),
                con.table("decisions"),
            )
            names = links.columns
            return {
                (row[0], row[2]): dict(zip(names, row, strict=True)) for row in links.fetchall()
            }

    return run


def _same(links: Links, *who: tuple[str, str]) -> bool:
    return len({str(links[one]["person_id"]) for one in who}) == 1


def test_hard_cases(match: Match) -> None:
    """One run, since learning takes a second: each person has a case of their own."""
    t = [townsman(n) for n in range(600)]
    rina = {
        **t[1],
        "name_key": "RINA MELATI SARI",
        "nik": "3671064505900900",
        "birth_date": date(1990, 5, 5),
    }
    rini = {**rina, "name_key": "RINI MELATI SARI", "nik": "3671064505900901"}
    child = {
        **t[30],
        "birth_date": date(2015, 3, 4),
        "name_key": "AMIR " + str(t[30]["name_key"]).split()[-1],
    }
    slip = str(t[7]["nik"])[:14] + str(t[7]["nik"])[15] + str(t[7]["nik"])[14]
    links = match(
        [
            mention("siak", "rina", rina),
            mention("siak", "rini", rini),
            mention("kerja", "rini", rini, nik=None),
            mention("kerja", "typo", t[5], nik=None, name_key=str(t[5]["name_key"]) + "X"),
            mention("kerja", "swapped", t[7], nik=slip),
            mention("sekolah", "child", child),
            mention(
                "sekolah",
                "title",
                t[9],
                nik=None,
                name_key=" ".join(str(t[9]["name_key"]).split()[::-1]),
            ),
            mention(
                "pajak",
                "namesake",
                t[11],
                nik=None,
                birth_date=None,
                sex=None,
                phone=None,
                kelurahan_code=None,
                kecamatan_code=None,
            ),
            mention(
                "darurat",
                "call",
                t[13],
                nik=None,
                name_key=None,
                birth_date=None,
                sex=None,
                kecamatan_code=None,
                kelurahan_code=None,
            ),
        ]
    )

    assert _same(links, ("siak", "2"), ("klinik", "2"))  # by NIK
    assert links["klinik", "2"]["method"] == "nik"
    assert _same(links, ("siak", "20"), ("klinik", "20"))  # without one
    assert links["klinik", "20"]["method"] == "probabilistic"
    assert not _same(links, ("siak", "rina"), ("siak", "rini"))  # twins
    assert _same(links, ("siak", "rini"), ("kerja", "rini"))
    assert _same(links, ("siak", "5"), ("kerja", "typo"))
    assert _same(links, ("siak", "7"), ("kerja", "swapped"))
    assert not _same(links, ("siak", "30"), ("sekolah", "child"))  # the head's NIK
    doubt = links["sekolah", "child"]["doubts"]
    assert isinstance(doubt, list) and "same NIK" in doubt[0]["reason"]
    assert _same(links, ("siak", "9"), ("sekolah", "title"))
    assert links["pajak", "namesake"]["method"] == "single"  # a name alone decides nothing
    assert links["darurat", "call"]["method"] == "single"  # nor does a phone
    ids = {str(row["person_id"]) for row in links.values()}
    assert all(len(one) == 24 and one.isalpha() for one in ids)


def test_ids_stay_and_decisions_are_honoured(match: Match) -> None:
    before = match([])
    split, kept = (
        ("klinik", "20", "siak", "20", "different"),
        ("klinik", "2", "siak", "2", "different"),
    )
    joined = ("siak", "1", "siak", "3", "same")

    after = match([mention("kerja", "new", townsman(5))], before, [split, kept, joined])

    assert after["kerja", "new"]["person_id"] == before["siak", "5"]["person_id"]
    assert not _same(after, ("klinik", "20"), ("siak", "20"))
    assert not _same(after, ("klinik", "2"), ("siak", "2"))  # even with one NIK
    assert _same(after, ("siak", "1"), ("siak", "3"))
    assert after["siak", "1"]["method"] == "decision"
    touched = {
        ("klinik", "20"),
        ("siak", "20"),
        ("klinik", "2"),
        ("siak", "2"),
        ("siak", "1"),
        ("siak", "3"),
    }
    assert all(
        after[who]["person_id"] == row["person_id"]
        for who, row in before.items()
        if who not in touched
    )
    # One half keeps the id; the other half's is new.
    for app_1, key_1, app_2, key_2, _ in (split, kept):
        halves = [after[app_1, key_1]["person_id"], after[app_2, key_2]["person_id"]]
        assert halves.count(before[app_1, key_1]["person_id"]) == 1


@pytest.mark.parametrize("people", [0, 1, 30])
def test_apps_that_share_nobody_can_be_matched_all_the_same(people: int) -> None:
    with duckdb.connect() as con:
        con.execute("create table former (mention varchar, person_id varchar, version bigint)")
        con.execute(
            "create table decisions (app_1 varchar, table_1 varchar, key_1 varchar, "
            "app_2 varchar, table_2 varchar, key_2 varchar, decision varchar)"
        )
        rows = [mention("siak", number, townsman(number)) for number in range(people)]
        mentions = relation(con, "mentions", rows or town(2))
        if not rows:
            con.execute("delete from mentions")
        links = link_persons(con, mentions, con.table("former"), con.table("decisions"))
        found = links.aggregate("count(*), count(distinct person_id)").fetchall()

    assert found == [(people, people)]
