"""The personal data in the apps, for a test that none of it leaks: one row a person and state."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from demo.city import City
from demo.dice import Ints
from demo.permit_types import OFFICERS
from demo.table import CHUNK_ROWS, Table

_SOURCES = {  # app: table, and its columns for name, phone
    "laksa": ("pengguna", "nama", "no_hp"),
    "perizinan": ("pemohon", "nama", "telepon"),
}


def write_people(folder: Path, city: City, changed: dict[str, Ints] | None = None) -> None:
    """Add a file for the city's day: all people in the apps, or (``changed``: positions by app)
    only those that are new or different since the file before."""
    if changed is None:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{city.day.isoformat()}.parquet"
    new = path.with_suffix(".new")
    with pq.ParquetWriter(new, _SCHEMA) as writer:
        for app, (name, *_) in _SOURCES.items():
            table = next(table for table in city.tables[app] if table.name == name)
            at = np.arange(len(table.ids)) if changed is None else changed[app]
            for start in range(0, len(at), CHUNK_ROWS):
                writer.write_table(_people(city, app, table, at[start : start + CHUNK_ROWS]))
        if changed is None:
            writer.write_table(_officers())
    new.replace(path)


def read_people(folder: Path) -> pa.Table:
    """All of them. Columns: ``app``; ``nik`` and ``nik_stored`` (some are typed wrongly); ``name``
    as on the identity card and ``name_stored`` as the app has it; ``phone`` (08…) and
    ``phone_stored``; ``email``. Officers have a name only."""
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


def _people(city: City, app: str, table: Table, at: Ints) -> pa.Table:
    _, name, phone = _SOURCES[app]
    person = city.users.person if app == "laksa" else city.permits.applicant_person
    rows = table.render(at)
    digits = pc.replace_substring_regex(rows[phone], "[^0-9]", "")
    return pa.table(
        {
            "app": pa.repeat(app, len(at)),
            "nik": city.population.nik_text(person[at]),
            "nik_stored": rows["nik"],
            "name": city.population.names(person[at]),
            "name_stored": rows[name],
            "phone": pc.replace_substring_regex(digits, "^62", "0"),
            "phone_stored": rows[phone],
            "email": rows["email"],
        }
    ).cast(_SCHEMA)


def _officers() -> pa.Table:
    nobody = pa.nulls(len(OFFICERS), pa.string())
    columns = [pa.repeat("perizinan", len(OFFICERS)), nobody, nobody]
    columns += [pa.array(OFFICERS), pa.array(OFFICERS), nobody, nobody, nobody]
    return pa.table(columns, schema=_SCHEMA)
