"""The personal data in the apps, for a test that none of it leaks: one row a person and state."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from demo.app import Personal
from demo.apps import APPS
from demo.city import City
from demo.dice import Ints
from demo.population import Population
from demo.table import CHUNK_ROWS, Change, Table

PEOPLE_FOLDER = "people"


def write_people(
    state_dir: Path, city: City, changes: Mapping[str, Mapping[str, Change] | None]
) -> None:
    """Add a file for the city's day to ``people``, with the persons in the apps named in
    ``changes``: all of them where it says None, else those that are new or different since the
    file before."""
    folder = state_dir / PEOPLE_FOLDER
    if all(change is None for change in changes.values()):
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{city.day.isoformat()}.parquet"
    new = path.with_suffix(".new")
    with pq.ParquetWriter(new, _SCHEMA) as writer:
        for app_id, change in changes.items():
            for personal in APPS[app_id].personal:
                table = next(t for t in city.tables[app_id] if t.name == personal.table)
                at = _positions(table, None if change is None else change[table.name])
                for start in range(0, len(at), CHUNK_ROWS):
                    some = at[start : start + CHUNK_ROWS]
                    writer.write_table(_people(city.population, app_id, personal, table, some))
            if change is None:
                writer.write_table(_staff(app_id))
    new.replace(path)


def read_people(folder: Path) -> pa.Table:
    """All of them. Columns: ``app``; ``nik`` and ``nik_stored`` (some are typed wrongly); ``name``
    as on the identity card and ``name_stored`` as the app has it; ``phone`` (08…) and
    ``phone_stored``; ``email``. What an app does not hold is null. Staff have a name only."""
    return pq.read_table(folder)


_SCHEMA = pa.schema(
    [
        (name, pa.string())
        for name in (
            "app",
            "nik",
            "nik_stored",
            "name",
            "name_stored",
            "phone",
            "phone_stored",
            "email",
        )
    ]
)


def _positions(table: Table, change: Change | None) -> Ints:
    if change is None:
        return np.arange(len(table.ids))
    return np.concatenate([change.inserted, change.changed])


def _people(
    population: Population, app_id: str, personal: Personal, table: Table, at: Ints
) -> pa.Table:
    if table.people is None:
        raise ValueError(f"{app_id}.{table.name} does not say whom its rows are about")
    person = table.people[at]
    somebody = np.maximum(person, 0)
    is_nobody = pa.array(person < 0)
    rows = table.render(at)

    def stored(column: str | None) -> pa.Array:
        return pa.nulls(len(at), pa.string()) if column is None else rows[column].cast(pa.string())

    def true(values: pa.Array) -> pa.Array:
        return pc.if_else(is_nobody, pa.scalar(None, pa.string()), values)

    digits = pc.replace_substring_regex(stored(personal.phone), "[^0-9]", "")
    return pa.table(
        {
            "app": pa.repeat(app_id, len(at)),
            "nik": true(population.nik_text(somebody)),
            "nik_stored": stored(personal.nik),
            "name": true(population.names(somebody)),
            "name_stored": stored(personal.name),
            "phone": pc.replace_substring_regex(digits, "^62", "0"),
            "phone_stored": stored(personal.phone),
            "email": stored(personal.email),
        }
    ).cast(_SCHEMA)


def _staff(app_id: str) -> pa.Table:
    names = pa.array(APPS[app_id].staff, pa.string())
    nobody = pa.nulls(len(names), pa.string())
    columns = [pa.repeat(app_id, len(names)), nobody, nobody, names, names, nobody, nobody, nobody]
    return pa.table(columns, schema=_SCHEMA)
