"""The register holds everybody once, but for its dirt, and weeks change what happened in them."""

import csv
import io
import zipfile
from datetime import date, timedelta

import numpy as np
import pytest

from demo.city import City
from demo.days import NEVER, day_number
from demo.dice import Bools, Ints
from demo.families import Role
from demo.moves import OUTSIDE, Home, Moves
from demo.siak import export_day, siak_tables
from demo.siak_files import KEPT_WEEKS, siak_files
from demo.spec import CitySpec
from demo.table import Table, compare
from demo.vital_events import Births, Deaths, known_since

WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def town() -> City:
    """Large enough for something to happen every week."""
    return City.build(CitySpec(citizens=6_000, seed=11, opened=date(2026, 6, 10)))


def _table(city: City, name: str, day: date) -> Table:
    return next(table for table in siak_tables(city.population, day) if table.name == name)


def test_families_are_plausible(town: City) -> None:
    families, born = town.population.families, town.population.birth_day
    child = np.flatnonzero(families.mother >= 0)
    years = (born[child] - born[families.mother[child]]) / 365.25
    assert years.min() >= 17.9
    assert years.max() <= 42.1
    heads = np.unique(families.head)
    assert (families.role[heads] == Role.HEAD).all()
    married = np.flatnonzero(families.spouse >= 0)
    assert (families.spouse[families.spouse[married]] == married).all()
    assert (families.women[married] != families.women[families.spouse[married]]).all()
    twins = np.flatnonzero(families.is_twin)
    assert 0.002 < 2 * len(twins) / len(born) < 0.015
    assert (born[twins] == born[twins - 1]).all()
    assert (families.household[twins] == families.household[twins - 1]).all()


def test_at_the_opening_residence_is_the_home_and_before_and_after_it_moves(town: City) -> None:
    moves, opened = Moves(town.population), day_number(town.spec.opened)
    assert (moves.residence(opened) == town.population.kelurahan).all()
    year_before, year_after = moves.residence(opened - 365), moves.residence(opened + 365)
    for other in (year_before, year_after):
        assert 0.03 < (other != town.population.kelurahan).mean() < 0.15
        assert 0.005 < (other == OUTSIDE).mean() < 0.06
    day_after = moves.residence(opened + 1)
    moved = np.flatnonzero(moves.later_day == opened)
    changed = np.unique(town.population.household[day_after != town.population.kelurahan])
    assert set(changed) <= set(moved)


def test_family_cards_are_unique_and_tell_the_kecamatan_and_the_day(town: City) -> None:
    moves = Moves(town.population)
    moved = moves.earlier_day != NEVER
    assert (moves.card[Home.EARLIER, ~moved] == moves.card[Home.OPENING, ~moved]).all()
    cards = np.concatenate([moves.card[Home.EARLIER, moved], *moves.card[Home.OPENING :]])
    cards = cards[cards > 0]
    assert len(np.unique(cards)) == len(cards)
    codes = {code.replace(".", "") for code in town.population.areas.kecamatan_codes}
    assert all(len(str(card)) == 16 and str(card)[:6] in codes for card in cards.tolist())


def test_everybody_living_here_is_listed_once_but_for_the_known_dirt(town: City) -> None:
    day = town.spec.opened
    table = _table(town, "penduduk", day)
    dirt = np.concatenate([table.dirt["listed_twice"], table.dirt["second_nik"]])
    assert table.people is not None
    clean = table.people[~np.isin(table.ids, dirt)]
    here = Moves(town.population).residence(export_day(day)) != OUTSIDE
    here &= known_since(town.population) < export_day(day)
    assert sorted(clean[clean >= 0].tolist()) == np.flatnonzero(here).tolist()
    assert 0.001 < len(table.dirt["listed_twice"]) / len(table.ids) < 0.02
    assert len(table.dirt["second_nik"]) > 0
    assert len(table.dirt["dead_but_alive"]) > 0
    keys = table.keys(table.ids)
    assert len(set(keys)) == len(keys)
    rows = table.render(np.arange(len(table.ids))).to_pydict()
    assert {"HIDUP", "MENINGGAL"} <= set(rows["STATUS"]) <= {"HIDUP", "PINDAH", "MENINGGAL"}
    assert [f"{nik}/{kk}" for nik, kk in zip(rows["NIK"], rows["NO_KK"], strict=True)] == keys
    errors = sum(len(table.dirt[kind]) for kind in table.dirt if kind.startswith("name_"))
    assert errors < 0.02 * len(table.ids)


def test_a_dirtier_city_has_a_dirtier_register(town: City) -> None:
    dirtier = City.build(CitySpec(**{**town.spec.model_dump(), "dirtiness": 4.0}))
    clean, dirty = (_table(city, "penduduk", town.spec.opened).dirt for city in (town, dirtier))
    for kind in ("listed_twice", "second_nik", "name_typo"):
        assert len(dirty[kind]) > 2 * len(clean[kind]), kind


def test_a_family_listed_twice_has_two_cards_that_count(town: City) -> None:
    people, cards = (_table(town, name, town.spec.opened) for name in ("penduduk", "keluarga"))
    twice = np.isin(people.ids, people.dirt["listed_twice"])
    rows = people.render(np.flatnonzero(twice)).to_pydict()
    never_cancelled = set(cards.keys(cards.dirt["never_cancelled"]))
    assert set(rows["NO_KK"]) == never_cancelled
    state = cards.render(np.arange(len(cards.ids))).to_pydict()
    status = dict(zip(state["NO_KK"], state["STATUS_KK"], strict=True))
    assert {status[card] for card in never_cancelled} == {"AKTIF"}
    assert "BATAL" in status.values()


def test_weeks_change_what_happened_in_them_and_days_between_nothing(town: City) -> None:
    opened = town.spec.opened
    monday = export_day(opened)
    before = _table(town, "penduduk", opened)
    sunday = opened + timedelta(days=4)
    assert compare(before, _table(town, "penduduk", sunday)).inserted.size == 0
    after = _table(town, "penduduk", opened + 8 * WEEK)
    change = compare(before, after)
    population = town.population
    moves, deaths = Moves(population), Deaths(population)

    def in_weeks(days: Ints) -> Bools:
        inside: Bools = (days >= monday) & (days < monday + 56)
        return inside

    heard = in_weeks(deaths.registered)
    touched = (in_weeks(moves.earlier_day) | in_weeks(moves.later_day))[population.household]
    touched |= heard | (heard[population.spouse] & (population.spouse >= 0))
    births = Births(moves, monday + 56)
    parents = births.mother[births.known(monday + 56)]
    assert after.people is not None
    assert set(after.people[change.changed].tolist()) - set(np.flatnonzero(touched)) <= {-1}
    assert len(change.changed) > 0
    assert len(change.inserted) >= len(parents) > 0
    assert change.deleted.size == 0
    # A row that did not change is the same text.
    same = np.setdiff1d(np.arange(len(after.ids)), [*change.changed, *change.inserted])
    position = dict(zip(before.ids.tolist(), range(len(before.ids)), strict=True))
    there = np.array([position[row] for row in after.ids[same].tolist()])
    assert after.render(same).equals(before.render(there))


def test_the_folder_holds_the_last_four_exports_of_sunday_night(town: City) -> None:
    day = date(2026, 6, 15)  # a Monday
    files = list(siak_files(town.population, day))
    assert [file.path for file in files] == [
        "arsip_pindah.zip",
        *(f"siak_2026W{week}.zip" for week in (21, 22, 23, 24)),
    ]
    assert len(files) == KEPT_WEEKS + 1
    assert files[-1].modified == (day_number(day) - 1) * 86_400 + (23 * 60 + 40) * 60
    again = list(siak_files(City.build(town.spec).population, day))
    assert files[-1].content() == again[-1].content()
    # The same export a week later is the same file, and the archive never changes.
    later = {file.path: file.content for file in siak_files(town.population, day + WEEK)}
    assert later["siak_2026W24.zip"]() == files[-1].content()
    assert later["arsip_pindah.zip"]() == files[0].content()


def test_every_move_since_the_history_began_is_in_the_archive_or_a_week(town: City) -> None:
    day = town.spec.opened
    letters: list[str] = []
    for file in siak_files(town.population, day):
        with zipfile.ZipFile(io.BytesIO(file.content())) as archive:
            text = archive.read("perpindahan.csv").decode("cp1252")
            rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
            letters += [f"{row['NO_PINDAH']}/{row['NIK']}" for row in rows]
    table = _table(town, "perpindahan", day)
    assert sorted(letters) == sorted(table.keys(table.ids))
    assert len(letters) > 100


def test_the_files_are_written_as_the_register_writes_them(town: City) -> None:
    newest = list(siak_files(town.population, town.spec.opened))[-1]
    with zipfile.ZipFile(io.BytesIO(newest.content())) as archive:
        people = archive.read("penduduk.csv")
        families = archive.read("keluarga.csv")
    assert people.startswith(b"NIK|NO_KK|NAMA_LGKP|")
    assert families.startswith(b"\xef\xbb\xbfNO_KK;")
    assert (
        people.count(b"\r\n")
        == people.count(b"\n")
        == len(_table(town, "penduduk", town.spec.opened).ids) + 1
    )
    assert any(byte > 127 for byte in people)
    neighbourhoods = {line.split("|")[11][:2] for line in people.decode("cp1252").splitlines()[1:]}
    assert {"RT", "-", ""} <= neighbourhoods
