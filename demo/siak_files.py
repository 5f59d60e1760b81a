"""SIAK's weekly export: ZIPs of three CSV files each, made on Sunday night."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pyarrow as pa
import pyarrow.csv

from demo.days import DAY
from demo.drops import DropFile
from demo.moves import Moves
from demo.population import Population
from demo.siak import export_day, register_tables
from demo.siak_moves import move_table
from demo.siak_schema import FILES
from demo.table import Table

KEPT_WEEKS = 4
_MADE_AT = (23 * 60 + 40) * 60  # seconds into the Sunday


def siak_files(population: Population, day: date) -> Iterator[DropFile]:
    """The files in the folder on the morning of a day, oldest first: an archive of the moves before
    the oldest export at the opening, and the last four exports."""
    first_monday = export_day(population.spec.opened) - 7 * KEPT_WEEKS
    yield DropFile(
        "arsip_pindah.zip", _made(first_monday), partial(_archive, population, first_monday)
    )
    newest = export_day(day)
    for week in reversed(range(KEPT_WEEKS)):
        monday = newest - 7 * week
        year, number, _ = _sunday(monday).isocalendar()
        yield DropFile(
            f"siak_{year}W{number:02d}.zip", _made(monday), partial(_export, population, monday)
        )


def _sunday(monday: int) -> date:
    return date(1970, 1, 1) + timedelta(days=monday - 1)


def _made(monday: int) -> int:
    """Local seconds of the night in which an export is made."""
    return (monday - 1) * DAY + _MADE_AT


def _export(population: Population, monday: int) -> bytes:
    people, families, _ = register_tables(population, monday)
    return _zip([people, families, move_table(Moves(population), monday, monday - 7)], monday)


def _archive(population: Population, monday: int) -> bytes:
    return _zip([move_table(Moves(population), monday)], monday)


def _zip(tables: list[Table], monday: int) -> bytes:
    """A ZIP of the tables; only its compressed bytes are held, the rows come in pieces."""
    sunday = _sunday(monday)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for table in tables:
            columns, delimiter, encoding = FILES[table.name]
            info = zipfile.ZipInfo(
                f"{table.name}.csv", (sunday.year, sunday.month, sunday.day, 23, 30, 0)
            )
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as member:
                member.write((delimiter.join(columns) + "\r\n").encode(encoding))
                for rows in table.chunks():
                    member.write(_lines(rows, delimiter, encoding.removesuffix("-sig")))
    return stream.getvalue()


def _lines(rows: pa.Table, delimiter: str, encoding: str) -> bytes:
    stream = io.BytesIO()
    options = pyarrow.csv.WriteOptions(
        include_header=False, delimiter=delimiter, quoting_style="none"
    )
    pyarrow.csv.write_csv(rows, stream, options)
    return stream.getvalue().decode().replace("\n", "\r\n").encode(encoding)
