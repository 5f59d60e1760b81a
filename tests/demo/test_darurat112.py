"""The emergency line's files: what every city's list looks like, and what a day changes in it."""

import csv
import io
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from demo.call_files import darurat112_files
from demo.calls import CALL_DAYS, Calls
from demo.city import City
from demo.darurat112 import COLUMNS, darurat112_tables
from demo.days import midnight, month_index
from demo.spec import CitySpec
from demo.table import Table, compare

OPENED = date(2026, 6, 10)
Row = dict[str, str]


@pytest.fixture(scope="module")
def city() -> City:
    """Big enough for shares to mean something."""
    return City.build(CitySpec(citizens=20_000, seed=7, opened=OPENED))


def calls_on(city: City, days: int = 0) -> Calls:
    return Calls(city.population, city.day + timedelta(days=days))


def table_of(calls: Calls) -> Table:
    (table,) = darurat112_tables(calls)
    return table


def rows_of(table: Table) -> list[Row]:
    rows: list[Row] = pa.concat_tables(table.chunks()).to_pylist()
    return rows


def read(content: bytes) -> list[Row]:
    text = io.StringIO(content.decode("cp1252"), newline="")
    rows = csv.DictReader(text, delimiter=";")
    return [{name.lower(): value for name, value in row.items()} for row in rows]


def test_the_files_hold_the_table_and_each_its_own_day(city: City) -> None:
    calls = calls_on(city)
    files = list(darurat112_files(calls))
    assert len(files) == CALL_DAYS
    found = []
    for file in files:
        content = file.content()
        assert content.startswith(b"ID_PANGGILAN;WAKTU;")
        assert content.endswith(b"\r\n")
        assert file.modified < calls.now
        for row in read(content):
            day, month, year = row["waktu"][:10].split("/")
            assert file.path == f"112_{year}{month}{day}.csv"
            found.append(row)
    expected = [{name: row[name] or "" for name in COLUMNS} for row in rows_of(table_of(calls))]
    assert found == expected
    assert any("\r\n" in row["catatan"] for row in found)
    assert any(";" in row["catatan"] for row in found)


def test_the_same_city_and_day_give_the_same_bytes(city: City) -> None:
    again = City.build(city.spec)
    one, two = ([f.content() for f in darurat112_files(calls_on(c))] for c in (city, again))
    assert one == two


def test_half_are_ghosts_and_the_rain_brings_floods(city: City) -> None:
    calls = calls_on(city)
    table = table_of(calls)
    assert len(table.ids) / CALL_DAYS == pytest.approx(6, rel=0.1)
    assert len(table.dirt["ghost"]) / len(table.ids) == pytest.approx(0.5, abs=0.04)
    real = ~calls.is_ghost
    flood = calls.emergency == 3
    month = month_index(calls.called)
    rainy, dry = np.isin(month, (0, 1)), np.isin(month, range(3, 11))
    share = [flood[real & at].mean() for at in (rainy, dry)]
    assert share[0] > 4 * share[1]


def test_dirt_is_what_the_rows_show(city: City) -> None:
    table = table_of(calls_on(city))
    rows = rows_of(table)
    keys = set(table.keys(table.ids))
    assert len(keys) == len(rows)

    def named(kind: str) -> set[str]:
        return set(table.keys(table.dirt[kind]))

    assert named("gps_zero") == {r["id_panggilan"] for r in rows if r["lat"] == "0"}
    swapped = {r["id_panggilan"] for r in rows if (r["lat"] or "").startswith("106,")}
    assert swapped == named("gps_swapped") and len(swapped) > 10
    assert named("phone_missing") == {r["id_panggilan"] for r in rows if not r["telp"]}
    assert named("left_open") == {r["id_panggilan"] for r in rows if not r["selesai"]}
    assert 0 < len(named("left_open")) < 0.05 * len(rows)


def test_ghosts_are_nobody_and_callers_are_who_they_say(city: City) -> None:
    calls = calls_on(city)
    table = table_of(calls)
    assert table.people is not None
    assert table.homes is not None
    ghost = np.isin(table.ids, table.dirt["ghost"])
    assert (table.people[ghost] == -1).all()
    assert (table.homes[ghost] == -1).all()
    known = ~ghost & (table.people >= 0)
    assert known.sum() > 0.85 * (~ghost).sum()
    names = city.population.names(table.people[known]).to_pylist()
    heard = [r["nama_pelapor"] for r, k in zip(rows_of(table), known, strict=True) if k]
    full = [(n, h) for n, h in zip(names, heard, strict=True) if h and " " in h]
    assert sum(h.lower() == n.lower() for n, h in full) > 0.2 * len(full)
    assert any(h.startswith(("Bpk ", "Ibu ")) for h in heard if h)


def test_a_day_adds_its_file_and_replaces_only_corrected_ones(city: City) -> None:
    resent = 0
    for days in range(12):
        before, after = calls_on(city, days), calls_on(city, days + 1)
        old = {file.path: file for file in darurat112_files(before)}
        new = {file.path: file for file in darurat112_files(after)}
        added = new.keys() - old.keys()
        assert added == {f"112_{before.today:%Y%m%d}.csv"}
        changed = {path for path in old if old[path].modified != new[path].modified}
        for path in list(old)[-5:]:
            assert (old[path].content() != new[path].content()) == (path in changed)
        assert changed <= {f"112_{before.today - timedelta(days=1):%Y%m%d}.csv"}
        assert all(new[path].modified >= midnight(before.today) for path in changed)
        resent += len(changed)
    assert 0 < resent < 6


def test_what_did_not_change_stays_the_same(city: City) -> None:
    corrected = 0
    for days in range(12):
        before, after = (table_of(calls_on(city, n)) for n in (days, days + 1))
        change = compare(before, after)
        assert not len(change.deleted)
        assert len(change.inserted)
        old = {row["id_panggilan"]: row for row in rows_of(before)}
        new = {row["id_panggilan"]: row for row in rows_of(after)}
        touched = set(after.keys(after.ids[change.changed]))
        assert touched == {key for key, row in old.items() if new[key] != row}
        for key in touched:
            differing = {name for name in COLUMNS if old[key][name] != new[key][name]}
            # A correction that only the note shows would never reach the lake, which drops notes.
            assert differing - {"catatan"}
        corrected += len(touched)
    assert corrected


def test_a_corrected_file_brings_calls_from_paper(city: City) -> None:
    calls = calls_on(city, 40)
    table = table_of(calls)
    paper = table.dirt["from_paper"]
    assert len(paper)
    assert calls.is_resent(calls.day[paper]).all()
