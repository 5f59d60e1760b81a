"""Read tables that arrive as files, wherever they lie and whatever their format."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from connectors.connection import Connection
from connectors.files.arrival import Arrival, Arrivals
from connectors.files.formats import open_file
from connectors.files.header import FILE, PSEUDO, ROW
from connectors.files.opened import FileAsked, OpenedFile, text_columns
from connectors.files.places import open_place
from connectors.files.spec import FileSource
from connectors.reader import KeyRange, Reader, Rejected, SourceError
from connectors.registry import App
from kota.settings import Settings
from lake.column import Column
from lake.table import LakeTable

MEMO_SUFFIXES = (".dbt", ".fpt")
LARGEST_TO_COUNT = 20 << 20
"""A file is counted by reading it; a larger one is counted once it has been read anyway."""


class FileReader(Reader):
    """A session with a place that holds files. Implements ``connectors.reader.Reader``.

    ``has_news`` takes the ledger's place and decides which files the session reads; it is asked
    first. Files of a table are matched by column name: a column that one of them lacks is NULL
    there, and a note says so.
    """

    counts_by = "read"

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self._place = open_place(app, connection, settings)
        self._arrivals: dict[tuple[str, str | None], Arrivals] = {}
        self._current: dict[str, Arrivals] = {}
        self._opened: dict[tuple[str, Path], OpenedFile] = {}
        """By table too: several may be in one file, each on a sheet of its own."""
        self._counted: dict[tuple[str, Path], int] = {}
        self._read: dict[str, list[OpenedFile]] = {}
        self._drift: dict[str, list[str]] = {}

    def __enter__(self) -> Self:
        self._place.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._place.__exit__(kind, error, trace)

    def has_news(self, table: str, since: str | None) -> bool:
        """Whether there is a file to read. The first time there has to be one."""
        return since is None or bool(self._files(table, since))

    def describe(self, table: str) -> list[Column]:
        """The columns of all files to read, in the order of the newest, and those asked for.

        ``_file`` and ``_row`` are there where the registry names them. A column that the registry
        names and the lake has, but these files lack, is there too, and NULL. Names that differ in
        case only are one column, spelt as the registry or the lake does.
        """
        files = self._files_now(table)
        if not files:
            waiting = "; ".join(self._current[table].notes())
            raise SourceError(
                f"{self._where(table)}: there is no file {self._source(table).pattern} to read yet"
                + (f" ({waiting})" if waiting else "")
            )
        entry = self.app.tables[table]
        named = dict.fromkeys([*entry.key, *entry.columns])
        landed = self._landed_before(table)
        spelt = {name.casefold(): name for name in [*landed, *named]}
        found: dict[str, Column] = {}
        for arrival in reversed(files):
            for column in self._open(table, arrival).columns:
                folded = column.name.casefold()
                same = replace(column, name=spelt.get(folded, column.name))
                known = found.setdefault(folded, same)
                if known.source_type != column.source_type:
                    found[folded] = replace(known, source_type="VARCHAR")
        pseudo = [Column(FILE, "VARCHAR", "VARCHAR"), Column(ROW, "BIGINT", "BIGINT")]
        absent = [name for name in landed if name in named and name.casefold() not in found]
        return [
            *found.values(),
            *(column for column in pseudo if column.name in named),
            *text_columns(absent),
        ]

    def lost(self, table: str, unseen: Sequence[str]) -> Sequence[str]:
        """What is in no header any more; a record of JSON or XML may leave out what is empty."""
        opened = [self._open(table, arrival) for arrival in self._files_now(table)]
        if not all(file.names_every_column for file in opened):
            return ()
        there = {column.name.casefold() for file in opened for column in file.columns}
        entry = self.app.tables[table]
        named = [name for name in self._landed_before(table) if name in entry.columns]
        return [*unseen, *(name for name in named if name.casefold() not in there)]

    def count(self, table: str) -> int | None:
        """Rows of the newest complete file, or of all that are a table together, malformed ones
        included; None for parts."""
        if self._source(table).content == "part":
            return None
        files = self._whole(table)
        if not files:
            return None
        for file in files:
            if (
                table,
                file.path,
            ) not in self._counted and file.path.stat().st_size <= LARGEST_TO_COUNT:
                for _ in self._batches(table, file, []):
                    pass
        counts = [self._counted.get((table, file.path)) for file in files]
        return None if None in counts else sum(count or 0 for count in counts)

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream the rows of the files that are new since the ledger's place, oldest first."""
        files = self._files(table, since)
        if since is None and not files:
            raise SourceError(f"{self._where(table)}: there is no file to read any more")
        self._read[table] = []
        self._drift[table] = []
        schema = pa.schema([(column.name, _arrow_type(column)) for column in columns])
        for arrival in files:
            opened = self._open(table, arrival)
            self._read[table].append(opened)
            yield from self._projected(table, arrival, opened, columns, schema)

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the keys of the whole table, by reading its files."""
        if self._source(table).content == "part":
            raise SourceError(
                f"{self._where(table)}: files that are parts do not show what was deleted; "
                "set deletions: never"
            )
        key = self.app.tables[table].key
        columns = [column for column in self.describe(table) if column.name in key]
        schema = pa.schema([(column.name, _arrow_type(column)) for column in columns])
        for arrival in self._whole(table):
            yield from self._projected(table, arrival, self._open(table, arrival), columns, schema)

    def place(self, table: str) -> str | None:
        """Names, sizes, times and checksums of what was read, for the ledger."""
        current = self._current.get(table)
        return current.place_after() if current else None

    def rejected(self, table: str) -> Sequence[Rejected]:
        """Malformed records of the files that were read."""
        return [each for opened in self._read.get(table, []) for each in opened.rejected]

    def notes(self, table: str) -> Sequence[str]:
        """What a human should know of the files that were read, skipped or left: sentences."""
        current = self._current.get(table)
        arrived = current.notes() if current else []
        opened = [note for each in self._read.get(table, []) for note in each.notes]
        return list(dict.fromkeys([*arrived, *opened, *self._drift.get(table, [])]))

    def _source(self, table: str) -> FileSource:
        source = self.app.tables[table].files
        if source is None:
            raise SourceError(f"{self._where(table)}: add a `files:` block with its pattern")
        return source

    def _landed_before(self, table: str) -> list[str]:
        """The lake's columns: one that the registry names and only they have is no mistake."""
        schema = LakeTable(self.settings.lake_dir, self.app.app, table).source_schema()
        return [name for name in schema.names if name not in PSEUDO] if schema else []

    def _where(self, table: str) -> str:
        return f"{self.app.app}.{table}"

    def _files(self, table: str, since: str | None) -> list[Arrival]:
        """The files to read, oldest first; of complete ones, only the newest."""
        if (table, since) not in self._arrivals:
            source = self._source(table)
            self._arrivals[table, since] = Arrivals(
                self._place,
                source.pattern,
                source.settle_seconds,
                since,
                marker=source.marker,
                only_newest=source.content == "complete",
                together=source.content == "together",
            )
        self._current[table] = self._arrivals[table, since]
        pending = self._current[table].pending()
        return [each for each in pending if not each.file.name.lower().endswith(MEMO_SUFFIXES)]

    def _files_now(self, table: str) -> list[Arrival]:
        """The files this session reads; all that are there, where nothing was asked for yet."""
        since = next((key[1] for key in reversed(self._arrivals) if key[0] == table), None)
        return self._files(table, since) or self._files(table, None)

    def _whole(self, table: str) -> list[Arrival]:
        """The files that are the whole table now: the newest, or all together."""
        files = self._files_now(table)
        return files if self._source(table).content == "together" else files[-1:]

    def _open(self, table: str, arrival: Arrival) -> OpenedFile:
        if (table, arrival.path) not in self._opened:
            entry = self.app.tables[table]
            named = dict.fromkeys([*entry.columns, *entry.key])
            self._opened[table, arrival.path] = open_file(
                FileAsked(
                    path=arrival.path,
                    name=arrival.file.name,
                    table=self._where(table),
                    source=self._source(table),
                    declared=[name for name in named if name not in PSEUDO],
                    paths={n: said.path for n, said in entry.columns.items() if said.path},
                    companion=lambda suffixes: self._companion(table, arrival, suffixes),
                )
            )
        return self._opened[table, arrival.path]

    def _companion(self, table: str, arrival: Arrival, suffixes: tuple[str, ...]) -> Path | None:
        """The file of the same name with another suffix: taken along, or still at the place."""
        stem = str(PurePosixPath(arrival.file.name).with_suffix("")).lower()
        names = [stem + suffix for suffix in suffixes]
        for other in self._current[table].pending():
            if other.file.name.lower() in names:
                return other.path
        for file in self._place.list(str(PurePosixPath(arrival.file.name).with_suffix(".*"))):
            if file.name.lower() in names:
                return self._place.fetch(file, self._place.scratch)
        return None

    def _batches(
        self, table: str, arrival: Arrival, wanted: Sequence[str]
    ) -> Iterator[pa.RecordBatch]:
        """A file's rows from the start; afterwards their number is known."""
        opened = self._open(table, arrival)
        opened.rejected.clear()
        rows = 0
        for batch in opened.batches(wanted):
            rows += batch.num_rows
            yield batch
        self._counted[table, arrival.path] = rows + len(opened.rejected)

    def _projected(
        self,
        table: str,
        arrival: Arrival,
        opened: OpenedFile,
        columns: Sequence[Column],
        schema: pa.Schema,
    ) -> Iterator[pa.RecordBatch]:
        """A file's rows in the table's columns."""
        own = {column.name.casefold(): column.name for column in opened.columns}
        asked = [column.name for column in columns if column.name not in (FILE, ROW)]
        if missing := [name for name in asked if name.casefold() not in own]:
            self._drift.setdefault(table, []).append(
                f"{self._where(table)}: {arrival.file.name} has no column {', '.join(missing)}"
            )
        wanted = [own[name.casefold()] for name in asked if name.casefold() in own]
        for batch in self._batches(table, arrival, wanted):
            values = [
                self._value(batch, field, own.get(field.name.casefold()), arrival)
                for field in schema
            ]
            yield pa.RecordBatch.from_arrays(values, schema=schema)

    def _value(
        self, batch: pa.RecordBatch, field: pa.Field, name: str | None, arrival: Arrival
    ) -> pa.Array:
        if field.name == FILE:
            return pa.repeat(pa.scalar(arrival.file.name), batch.num_rows)
        if field.name == ROW:
            return batch.column(ROW)
        if name is None:
            return pa.nulls(batch.num_rows, field.type)
        values = batch.column(name)
        return values if values.type == field.type else values.cast(field.type)


def _arrow_type(column: Column) -> pa.DataType:
    """The Arrow type in which values of a column arrive."""
    if column.source_type == "VARCHAR":
        return pa.string()
    null = duckdb.execute(f"select cast(null as {column.source_type}) as value")
    return null.to_arrow_table().schema.field("value").type
