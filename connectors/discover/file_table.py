"""Look at one table that arrives as files: its columns, what they hold, and how it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal

from connectors.discover.classify import classified, is_kotas_own
from connectors.discover.column_types import as_spelt, find_spellings, nulls_of
from connectors.discover.cursors import Reading
from connectors.discover.draft import Block, TableDraft
from connectors.discover.facts import ColumnFacts, TableFacts, kind_of
from connectors.discover.file_content import Content, find_content
from connectors.discover.file_layout import Layout
from connectors.discover.file_names import Copy, FileGroup
from connectors.discover.held import HeldRows
from connectors.discover.json_rows import nested_paths
from connectors.discover.keys import Key
from connectors.discover.personal import Personal
from connectors.discover.spellings import Spelling
from connectors.files.formats import open_file
from connectors.files.header import FILE, ROW, SHEET
from connectors.files.opened import FileAsked, OpenedFile
from connectors.files.places import Place, RemoteFile
from connectors.files.spec import FileSource
from connectors.reader import SourceError
from lake.column import Column

COMPARED = 2
"""Files of a table that are read: the newest, and the one before it."""

Mode = Literal["incremental", "snapshot", "append"]


@dataclass(frozen=True)
class Candidate:
    """A group of files and one table in them."""

    group: FileGroup
    layout: Layout
    name: str
    marker: str | None


class FileTable:
    """A look at one table of files."""

    def __init__(
        self,
        place: Place,
        held: HeldRows,
        candidate: Candidate,
        listed: Sequence[RemoteFile],
        sample_rows: int,
    ) -> None:
        self._place = place
        self._held = held
        self._candidate = candidate
        self._listed = listed
        self._sample_rows = sample_rows
        self._source = FileSource.model_validate(
            {"pattern": candidate.group.pattern, "content": "part", **candidate.layout.said}
        )

    def draft(self) -> TableDraft:
        """What is proposed for it. Raises ``SourceError``."""
        files, name = self._candidate.group.files, self._candidate.name
        opened = self._open(files[-1], self._source, {})
        columns = opened.columns
        rows = self._hold(name, opened, columns)
        if not rows:
            raise SourceError("its newest file has no rows")
        older, note = self._hold_older(files, columns)
        paths = self._nested(columns)
        if paths:
            # What is nested is read once more, as the columns that it will be.
            self._held.drop(name)
            opened = self._open(files[-1], self._source, paths)
            columns = opened.columns
            rows = self._hold(name, opened, columns)
            older, note = self._hold_older(files, columns, paths)
        spellings = self._spellings(columns, older)
        facts = self._facts(columns, spellings, rows)
        content = find_content(
            self._held, facts, older, self._sample_rows, varies=self._candidate.group.varies
        )
        key, mode = self._identity(content)
        sample = self._held.sample(facts, self._sample_rows, rows)
        personal = classified(sample, key.columns)
        self._hide_parents(paths, personal)
        spellings = as_spelt(spellings, personal)
        if clash := [column for column in key.columns if is_kotas_own(column)]:
            raise SourceError(f"its key {', '.join(clash)} is called like a column of kota's own")
        return TableDraft(
            facts=facts,
            name=name,
            staging="",
            key=key,
            reading=_reading(mode),
            personal=personal,
            references=(),
            rows=rows,
            is_counted=True,
            sampled=sample.rows,
            block=self._block(content, spellings, [*opened.notes, *note]),
            spellings=spellings,
            paths=paths,
            names_all=self._source.header == 0,
        )

    def _open(self, copy: Copy, source: FileSource, paths: dict[str, str]) -> OpenedFile:
        return open_file(
            FileAsked(
                path=copy.fetch(),
                name=copy.file.name,
                table=self._candidate.name,
                source=source,
                declared=[],
                paths=paths,
                companion=partial(self._companion, copy),
            )
        )

    def _companion(self, copy: Copy, suffixes: tuple[str, ...]) -> Path | None:
        stem = str(PurePosixPath(copy.file.name).with_suffix("")).lower()
        for file in self._listed:
            if file.name.lower() in [stem + suffix for suffix in suffixes]:
                return self._place.fetch(file, self._place.scratch)
        return None

    def _hold(self, table: str, opened: OpenedFile, columns: Sequence[Column]) -> int:
        names = [column.name for column in columns]
        return self._held.hold(table, names, opened.batches(names))

    def _hold_older(
        self, files: Sequence[Copy], columns: Sequence[Column], paths: dict[str, str] | None = None
    ) -> tuple[str | None, list[str]]:
        """Hold the file before the newest, where it has the same columns."""
        if len(files) < COMPARED:
            return None, []
        table = f"{self._candidate.name} before"
        try:
            opened = self._open(files[-COMPARED], self._source, paths or {})
            theirs = {column.name for column in opened.columns}
            ours = [column.name for column in columns]
            if missing := [name for name in ours if name not in theirs]:
                return None, [f"LOOK: the file before has no column {', '.join(missing)}"]
            self._held.hold(table, ours, opened.batches(ours))
        except SourceError:
            return None, ["LOOK: the file before it can't be read in the same way"]
        return (table, []) if self._held.held(table) else (None, [])

    def _nested(self, columns: Sequence[Column]) -> dict[str, str]:
        name = self._candidate.group.newest.file.name.lower()
        if not name.endswith((".json", ".jsonl", ".ndjson")):
            return {}
        return nested_paths(
            (column.name, self._held.values(self._candidate.name, column.name))
            for column in columns
        )

    def _hide_parents(self, paths: dict[str, str], personal: dict[str, Personal]) -> None:
        """What is not to be seen in a column of its own must not be seen in what it was in."""
        for column, path in paths.items():
            if column in personal and personal[column].policy != "keep":
                parent = path.partition(".")[0]
                personal[parent] = Personal(
                    None, "drop", f"what is in it comes as columns, and {column} is not to be seen"
                )

    def _spellings(self, columns: Sequence[Column], older: str | None) -> dict[str, Spelling]:
        """Of text columns; a format with types of its own has said what the others are."""
        texts = [column.name for column in columns if column.declared_type == "VARCHAR"]
        tables = [self._candidate.name, *([older] if older else [])]
        found = find_spellings(self._held, tables, [name for name in texts if name != SHEET])
        if self._candidate.layout.has_types:
            # Whoever declared digits as text meant text; only a date has no other way in there.
            found = {name: each for name, each in found.items() if each.kind in {"date", "time"}}
        return found

    def _facts(
        self, columns: Sequence[Column], spellings: dict[str, Spelling], rows: int
    ) -> TableFacts:
        return TableFacts(
            name=self._candidate.name,
            columns=tuple(
                ColumnFacts(
                    column.name,
                    "text" if column.declared_type == "VARCHAR" else column.declared_type.lower(),
                    spellings[column.name].kind
                    if column.name in spellings
                    else kind_of(column.declared_type),
                )
                for column in columns
            ),
            rows=rows,
            bytes=None,
        )

    def _identity(self, content: Content) -> tuple[Key, Mode]:
        """The key, and the mode that goes with what the files are."""
        key = content.key
        if content.content == "complete":
            return key, "snapshot"
        if key.columns:
            return key, "incremental"
        has_sheets = self._source.sheets is not None
        names = (FILE, SHEET, ROW) if has_sheets else (FILE, ROW)
        remark = f"{key.remark.partition(', so that')[0]}; rows are told apart by where they are"
        return Key(names, remark), "append"

    def _block(
        self, content: Content, spellings: dict[str, Spelling], notes: Sequence[str]
    ) -> Block:
        group = self._candidate.group
        said = {
            "pattern": group.pattern,
            "content": content.content,
            **({"marker": self._candidate.marker} if self._candidate.marker else {}),
            **self._candidate.layout.said,
        }
        if nulls := nulls_of(spellings):
            said["nulls"] = nulls
        files = f"{len(group.files)} file{'' if len(group.files) == 1 else 's'}"
        if "!" in group.pattern:
            files += " in the newest archives"
        remarks = [f"{files}. {content.remark}", *self._candidate.layout.remarks, *notes]
        return Block("files", FileSource.model_validate(said), tuple(remarks))


def _reading(mode: Mode) -> Reading:
    remarks: dict[Mode, str] = {
        "snapshot": "the newest file is the table, and rows that it lacks are deleted",
        "incremental": "rows of each new file are added, or correct those with the same key",
        "append": "rows of each new file are added",
    }
    return Reading(mode, None, None, (remarks[mode],))
