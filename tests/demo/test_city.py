"""A city is a function of its spec and the day; a day changes what it should."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from demo.city import City
from demo.complaints import MAX_LATE_SECONDS
from demo.days import ZERO_DATE, midnight
from demo.dice import Ints
from demo.spec import CitySpec
from demo.spellings import Typed
from demo.table import Table, compare
from demo.truth import Truth


def rows_of(table: Table) -> pa.Table:
    return pa.concat_tables(table.chunks())


def table_of(city: City, app: str, name: str) -> Table:
    return next(table for table in city.tables[app] if table.name == name)


def all_tables(city: City) -> list[Table]:
    return [table for tables in city.tables.values() for table in tables]


def by_key(table: Table, at: Ints | None = None) -> dict[Any, dict[str, Any]]:
    """The rows (at positions, default all) by their keys."""
    keys = table.keys(table.ids if at is None else table.ids[at])
    rows = [row for chunk in table.chunks(at) for row in chunk.to_pylist()]
    return dict(zip(keys, rows, strict=True))


def test_the_same_spec_makes_the_same_city(city: City, spec: CitySpec) -> None:
    again = City.build(spec)
    other = City.build(spec.model_copy(update={"seed": spec.seed + 1}))
    for one, two in zip(all_tables(city), all_tables(again), strict=True):
        assert rows_of(one).equals(rows_of(two)), one.name
    users = [rows_of(table_of(c, "laksa", "pengguna")) for c in (city, other)]
    assert not users[0].equals(users[1])


def test_keys_are_unique_and_references_exist(city: City) -> None:
    for table in all_tables(city):
        keys = table.keys(table.ids)
        assert len(set(keys)) == len(keys) == rows_of(table).num_rows, table.name
    references = [
        ("laksa", "pengaduan", "pengguna_id", "pengguna"),
        ("laksa", "disposisi", "pengaduan_id", "pengaduan"),
        ("laksa", "tindak_lanjut", "pengaduan_id", "pengaduan"),
        ("perizinan", "permohonan", "pemohon_id", "pemohon"),
        ("perizinan", "permohonan", "jenis_kode", "jenis_izin"),
        ("perizinan", "tahapan", "permohonan_id", "permohonan"),
        ("segar", "harga", "komoditas_id", "komoditas"),
    ]
    for app, child, column, parent in references:
        known = table_of(city, app, parent)
        parents = set(rows_of(known)[known.key].to_pylist())
        children = set(rows_of(table_of(city, app, child))[column].to_pylist())
        assert children <= parents, (child, column)


def test_what_did_not_change_stays_the_same(city: City) -> None:
    later = city.on(city.day + timedelta(days=9))
    for before, after in zip(all_tables(city), all_tables(later), strict=True):
        change = compare(before, after)
        expected = by_key(before)
        for key in before.keys(change.deleted):
            del expected[key]
        expected |= by_key(after, np.concatenate([change.inserted, change.changed]))
        assert by_key(after) == expected, before.name


def test_every_day_has_news_in_every_app(city: City) -> None:
    week = [city.on(city.day + timedelta(days=n)) for n in range(8)]
    for today, tomorrow in pairwise(week):
        change = {
            (app, before.name): compare(before, after)
            for app in city.tables
            for before, after in zip(today.tables[app], tomorrow.tables[app], strict=True)
        }
        complaints = change["laksa", "pengaduan"]
        assert len(complaints.inserted) and len(complaints.changed) and len(complaints.deleted)
        assert len(change["laksa", "tindak_lanjut"].deleted)
        assert len(change["laksa", "pengguna"].changed)
        assert len(change["perizinan", "permohonan"].inserted)
        assert len(change["perizinan", "pemohon"].changed)
        assert len(change["segar", "harga"].inserted)
        assert len(change["segar", "harga"].changed)


def test_rows_come_with_new_times_and_only_the_late_ones_behind_them(city: City) -> None:
    now = midnight(city.day)
    later = city.on(city.day + timedelta(days=1))
    for app, name, column in (
        ("laksa", "pengaduan", "updated_at"),
        ("laksa", "disposisi", "updated_at"),
        ("perizinan", "permohonan", "diubah_pada"),
        ("segar", "harga", "updated_at"),
    ):
        after = table_of(later, app, name)
        change = compare(table_of(city, app, name), after)
        touched = after.render(np.concatenate([change.inserted, change.changed]))
        seconds = np.array(
            [
                int(datetime.fromisoformat(text[:19] + "+00:00").timestamp())
                for text in touched[column].to_pylist()
            ]
        )
        assert (seconds < midnight(later.day)).all(), name
        assert (seconds >= now - MAX_LATE_SECONDS).all(), name
        if (app, name) in {("laksa", "pengaduan"), ("segar", "harga")}:
            assert (seconds < now).any(), f"{name}: late rows every day"


def test_many_rows_share_one_update_time(city: City) -> None:
    times = rows_of(table_of(city, "laksa", "pengaduan"))["updated_at"].to_pylist()
    assert max(Counter(times).values()) > 1


def test_truth_lists_the_dirt(city: City) -> None:
    truth = Truth.of(city)
    complaints = rows_of(table_of(city, "laksa", "pengaduan")).to_pylist()
    dirt = truth.apps["laksa"]["pengaduan"].dirt

    def ids(wanted: str) -> list[int]:
        return [row["id"] for row in complaints if _matches(row, wanted)]

    assert dirt["kecamatan_blank"] == ids("blank")
    assert dirt["kecamatan_missing"] == ids("missing")
    assert dirt["gps_missing"] == ids("gps")
    zero = dirt["zero_date_unfinished"] + dirt["zero_date_by_mistake"]
    assert sorted(zero) == ids("zero")
    assert all(dirt[f"kecamatan_{kind.name.lower()}"] for kind in Typed if 0 < kind < 10)
    text = [
        row for row in rows_of(table_of(city, "segar", "harga")).to_pylist() if "Rp" in row["harga"]
    ]
    assert truth.apps["segar"]["harga"].dirt["price_as_text"] == [row["id"] for row in text]


def _matches(row: dict[str, object], wanted: str) -> bool:
    return {
        "blank": row["kecamatan"] == "",
        "missing": row["kecamatan"] is None,
        "gps": row["lat"] is None,
        "zero": row["tgl_selesai"] == ZERO_DATE,
    }[wanted]


def test_truth_counts_what_the_marts_should_say(city: City) -> None:
    truth = Truth.of(city).complaints
    complaints = rows_of(table_of(city, "laksa", "pengaduan")).to_pylist()
    real = [row for row in complaints if row["status"] != 9]
    assert truth.expected == len(real) == sum(truth.by_status.values())
    assert truth.spam == len(complaints) - len(real) > 0
    assert sum(truth.by_department.values()) == truth.expected
    # Who typed the official name meant that kecamatan.
    areas = city.population.areas
    codes = dict(zip(areas.kecamatan_names, areas.kecamatan_codes, strict=True))
    named = [row for row in complaints if row["kecamatan"] in codes]
    wrong = [row for row in named if truth.kecamatan[row["id"]] != codes[row["kecamatan"]]]
    assert len(named) > 500
    assert len(wrong) < 0.01 * len(named)


def test_departments_differ_in_lateness(spec: CitySpec) -> None:
    city = City.build(spec.model_copy(update={"citizens": 5000}))
    c = city.complaints
    hours = np.where(c.done < c.now, c.done - c.reported, 0)
    medians = [np.median(hours[(c.department == d) & (hours > 0)]) for d in (1, 2)]  # DPUPR, DLH
    assert medians[0] > 3 * medians[1]
