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


NOTHING: Row = dict.fromkeys(
    ("nik", "birth_date", "sex", "phone", "kelurahan_code", "kecamatan_code", "name_key")
)
"""What an app may not know of somebody."""


def _family(number: int, card: str, *names: str) -> list[Row]:
    """Entries of the register: a father, a mother and children of their names, on one card."""
    born = [date(1980, 4, 4), date(1984, 6, 6), *[date(2020, 3, 10 + n) for n in range(9)]]
    rows = []
    for place, name in enumerate(names):
        day = born[place].day + 40 * (place == 1)
        nik = f"367107{day:02}{born[place]:%m%y}{number:04}"
        person: Row = {
            **NOTHING,
            "nik": nik,
            "name_key": name,
            "birth_date": born[place],
            "kelurahan_code": "36.71.07.1001",
            "kecamatan_code": "36.71.07",
            "family_card_number": card,
            "street_key": f"JLMAWARNO{number}",
            "neighbourhood": "1/2",
        }
        if place > 1:
            person |= {"parent_name_key": names[0], "other_parent_name_key": names[1]}
        rows.append(mention("siak", f"{card}/{place}", person))
    return rows


def test_who_signs_for_a_child_is_on_its_family_card(match: Match) -> None:
    families = _family(1, "A", "ASEP SUNARYA", "YUYUN YUNINGSIH", "CECEP SUNARYA") + _family(
        2, "B", "ASEP SUNARYA", "ENTIN SURYATIN", "DEDEH SUNARYA"
    )
    child = {**families[2], "kelurahan_code": None, "kecamatan_code": None}
    signs = {**NOTHING, "child_table": "orang"}

    links = match(
        [
            *families,
            mention("sekolah", "cecep", {**NOTHING, **{k: child[k] for k in NOTHING}}),
            mention("wali", "cecep", {**NOTHING, **{k: child[k] for k in NOTHING}}),
            mention("wali", "father", signs, name_key="H ASEP", child_key="cecep"),
            mention("wali", "mother", signs, name_key="YUYUN YUNINGSIH", child_key="cecep"),
            mention("wali", "stranger", signs, name_key="TATANG", child_key="cecep"),
            mention("wali", "child", signs, name_key="CECEP SUNARYA", child_key="cecep"),
        ]
    )

    assert _same(links, ("wali", "mother"), ("siak", "A/1"))
    assert links["wali", "mother"]["method"] == "household"
    assert "the same words" in str(links["wali", "mother"]["evidence"])
    assert _same(links, ("wali", "father"), ("siak", "A/0"))  # and not his namesake on card B
    assert links["wali", "stranger"]["method"] == "single"
    assert not _same(links, ("wali", "child"), ("siak", "A/2"))  # nobody signs for himself


def test_a_mother_and_a_home_tell_who_has_no_number(match: Match) -> None:
    families = _family(1, "A", "ASEP SUNARYA", "YUYUN YUNINGSIH", "CECEP SUNARYA") + _family(
        2, "B", "UJANG SOBANDI", "ENTIN SURYATIN", "DEDEH SOBANDI", "DIDIN SOBANDI"
    )
    twin = {**families[-1], "source_app": "siak", "birth_date": families[-2]["birth_date"]}
    families[-1] = twin
    newborn = {**NOTHING, "birth_date": families[2]["birth_date"], "kecamatan_code": "36.71.07"}
    home = {**NOTHING, "street_key": "JLMAWARNO2", "neighbourhood": "1/2"}

    links = match(
        [
            *families,
            mention("posyandu", "a", newborn, parent_name_key="YUYUN YUNINGSIH"),
            mention("posyandu", "b", newborn, parent_name_key="ENTIN SURYATIN"),
            mention("posyandu", "none", newborn),
            mention("pajak", "home", home, name_key="UJANG SOBANDI"),
            mention("pajak", "other", home, name_key="ASEP SUNARYA"),
            mention("laksa", "owner", families[3], phone="+62811", family_card_number=None),
            mention("darurat", "given name", NOTHING, name_key="UJANG", phone="+62811"),
            mention("darurat", "wife", NOTHING, name_key="ENTIN", phone="+62811"),
        ]
    )

    assert _same(links, ("posyandu", "a"), ("siak", "A/2"))
    assert "parent: same words" in str(links["posyandu", "a"]["evidence"])
    assert links["posyandu", "b"]["method"] == "single"  # which of the twins?
    assert links["posyandu", "none"]["method"] == "single"
    assert _same(links, ("pajak", "home"), ("siak", "B/0"))
    assert "area: same address" in str(links["pajak", "home"]["evidence"])
    assert not _same(links, ("pajak", "other"), ("siak", "B/0"))
    # The given name and the number together; the number alone is the whole family's.
    assert _same(links, ("darurat", "given name"), ("laksa", "owner"), ("siak", "B/0"))
    assert links["darurat", "wife"]["method"] == "single"


def test_what_looks_alike_is_not_one_person_by_that_alone(match: Match) -> None:
    name = {**NOTHING, "name_key": "YUYUN YUNINGSIH", "kelurahan_code": "36.71.07.1001"}
    name["kecamatan_code"] = "36.71.07"
    born = {"name_key": "TATANG SUTARMAN", "birth_date": date(1980, 4, 4), "sex": "male"}
    here, there = (
        {**NOTHING, **born, "nik": f"{area}0404800001", "street_key": f"JL{area}NO1"}
        for area in ("367101", "367102")
    )
    typed = {**NOTHING, "nik": townsman(9)["nik"]}
    misspelt = " ".join(str(townsman(9)["name_key"]).split()[:2]) + " XQZ"

    links = match(
        [
            mention("pajak", "name", name),
            mention("klinik", "name", name, birth_date=date(2024, 1, 2)),
            mention("siak", "here", here, kecamatan_code="36.71.01", family_card_number="A"),
            mention("siak", "there", there, kecamatan_code="36.71.02", family_card_number="B"),
            mention("pajak", "misspelt", typed, name_key=misspelt),
            mention("pajak", "somebody", typed, name_key="SOMEBODY ELSE"),
        ]
    )

    assert links["pajak", "name"]["method"] == "single"  # nothing but name and area
    assert not _same(links, ("siak", "here"), ("siak", "there"))  # two numbers, two homes
    assert _same(links, ("pajak", "misspelt"), ("siak", "9"))  # the number, and two words
    assert not _same(links, ("pajak", "somebody"), ("siak", "9"))
