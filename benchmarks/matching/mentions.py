"""What the apps would hold of the people they met, as a table of mentions with the truth beside."""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.matching.apps import APPS, App, people_of
from benchmarks.matching.macros import parsing_sql
from demo.population import Population
from demo.registration import Registration

_CHUNK = 200_000


def make_mentions(con: duckdb.DuckDBPyConnection, population: Population) -> None:
    """Make the tables ``mentions`` (as ``int_persons__mentions``) and ``truth`` (``source_app``,
    ``record_key``, ``person``: the position of the citizen)."""
    con.execute("create or replace table written as select * from (select 1 as x) where false")
    is_first = True
    for app in APPS:
        people = people_of(app, population)
        entries = np.arange(len(people))
        wrote = Registration(population, f"matching/{app.name}", app.habits)
        for start in range(0, len(people), _CHUNK):
            rows = _rows(  # noqa: F841  (DuckDB finds it by name)
                app,
                population,
                wrote,
                entries[start : start + _CHUNK],
                people[start : start + _CHUNK],
            )
            con.execute(
                "create or replace table written as from rows"
                if is_first
                else "insert into written from rows"
            )
            is_first = False
    con.execute(f"""
        create or replace table mentions as
        select
            source_app, source_table, record_key,
            {parsing_sql("parse_nik", "nik_raw")} as nik, nik_raw,
            {parsing_sql("normalise_person_name", "name_raw")} as name_key, name_raw,
            birth_date, birth_date is not null as is_birth_date_sure, sex,
            kelurahan_code, kecamatan_code,
            {parsing_sql("parse_phone", "phone_raw")} as phone,
            timestamptz '2026-01-01 00:00:00+00' as recorded_at
        from written
    """)
    con.execute(
        "create or replace table truth as select source_app, record_key, person from written"
    )
    con.execute("drop table written")


def _rows(
    app: App, population: Population, wrote: Registration, entries: np.ndarray, people: np.ndarray
) -> pa.Table:
    count = len(entries)
    text = pa.nulls(count, pa.string())
    born = wrote.birth_day(entries, people).astype("datetime64[D]")
    women = pa.array(wrote.is_woman(entries, people))
    kelurahan, kecamatan = _places(app, population, entries, people)
    return pa.table(
        {
            "source_app": pa.repeat(app.name, count),
            "source_table": pa.repeat("orang", count),
            "record_key": pa.array(entries).cast(pa.string()),
            "nik_raw": wrote.nik(entries, people) if app.has_nik else text,
            "name_raw": wrote.name(entries, people) if app.has_name else text,
            "birth_date": pa.array(born) if app.has_birth_date else pa.nulls(count, pa.date32()),
            "sex": pc.if_else(women, "female", "male") if app.has_sex else text,
            "kelurahan_code": kelurahan,
            "kecamatan_code": kecamatan,
            "phone_raw": wrote.phone(entries, people) if app.has_phone else text,
            "person": pa.array(people),
        }
    )


def _places(
    app: App, population: Population, entries: np.ndarray, people: np.ndarray
) -> tuple[pa.Array, pa.Array]:
    """Codes as place matching leaves them: a tenth knows the kecamatan only, some are wrong."""
    dice, areas, dirt = population.dice, population.areas, population.spec.dirtiness
    label = f"matching/{app.name}/place"
    home = population.kelurahan[people]
    other = dice.below(f"{label}/other", entries, len(areas.kelurahan_codes))
    home = np.where(dice.chance(f"{label}/wrong", entries, 0.01 * dirt), other, home)
    coarse = dice.chance(f"{label}/coarse", entries, 0.1 * dirt)
    missing = dice.chance(f"{label}/missing", entries, 0.03 * dirt)
    kelurahan = pa.array(np.array(areas.kelurahan_codes)[home], mask=coarse | missing)
    kecamatan = pa.array(np.array(areas.kecamatan_codes)[areas.kecamatan_of[home]], mask=missing)
    return kelurahan.cast(pa.string()), kecamatan.cast(pa.string())
