"""Look at a place of files and propose how to take them in: which are one table, and how to read.

Of each table the two newest files are read: what they share tells whether each is all of it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath

from connectors.connection import Connection
from connectors.discover.classify import classified, is_kotas_own
from connectors.discover.cursors import Reading
from connectors.discover.draft import Block, Draft, TableDraft
from connectors.discover.facts import ColumnFacts, ServerFacts, TableFacts, kind_of
from connectors.discover.file_content import Content, find_content
from connectors.discover.file_layout import Layout, NoLayoutError, layouts
from connectors.discover.file_names import (
    MARKERS,
    Copy,
    FileGroup,
    group_files,
    is_finished,
    marker_of,
)
from connectors.discover.held import HeldRows
from connectors.discover.json_rows import nested_paths
from connectors.discover.keys import Key
from connectors.discover.names import lake_names, staging_names
from connectors.discover.personal import Personal
from connectors.discover.progress import Progress
from connectors.discover.references import find_references
from connectors.discover.session import stranger
from connectors.discover.spellings import Spelling
from connectors.discover.column_types import as_spelt, find_spellings, nulls_of
from connectors.files.archive import Archive, BrokenArchiveError
from connectors.files.formats import open_file
from connectors.files.header import FILE, ROW, SHEET
from connectors.files.opened import FileAsked, OpenedFile
from connectors.files.pattern import Pattern
from connectors.files.places import (
    FileUnfinishedError,
    FileUnreadableError,
    Place,
    RemoteFile,
    open_place,
)
from connectors.files.spec import FileSource
from connectors.reader import SourceError
from kota.settings import Settings
from lake.column import Column
from lake.engine import connect

COMPARED = 2
MEMOS = (".dbt", ".fpt")
MOST_LEFT = 20
TECHNOLOGIES = {
    "file": "a folder of files",
    "sftp": "files on an SFTP server",
    "ftp": "files on an FTP server",
    "ftps": "files on an FTP server",
    "s3": "files in an S3 bucket",
}

Left = list[str]
"""Sentences on files that no table takes."""


@dataclass(frozen=True)
class _Candidate:
    """A group of files and one table in them."""

    group: FileGroup
    layout: Layout
    name: str
    marker: str | None


def discover_files(
    connection: Connection,
    settings: Settings,
    *,
    app: str,
    connection_id: str,
    department: str | None = None,
    schema: str | None = None,
    sample_rows: int,
    progress: Progress,
) -> Draft:
    """Draft the registry entry of a place of files. Raises ``SourceError``."""
    if schema is not None:
        raise SourceError("files have no schemas: leave --schema out")
    left: Left = []
    with (
        open_place(stranger(app), connection, settings) as place,
        connect(settings) as con,
    ):
        listed = place.list()
        left += place.remarks
        if not listed:
            raise SourceError("there is no file in it")
        held = HeldRows(con, connection)
        candidates = list(_candidates(place, listed, app, left))
        drafts = []
        for done, candidate in enumerate(candidates):
            progress(done, len(candidates), candidate.group.pattern)
            looker = _Looker(place, held, candidate, listed, sample_rows)
            try:
                drafts.append(looker.draft())
            except SourceError as error:
                left.append(f"{candidate.group.pattern}: {_without_app(str(error), candidate)}")
        if not drafts:
            raise SourceError("nothing to take in: " + "; ".join(left[:5]))
        keys = {draft.facts.name: draft.key.columns for draft in drafts}
        pointers = find_references(held, [draft.facts for draft in drafts], keys)
    staging = staging_names(app, [draft.name for draft in drafts])
    if len(left) > MOST_LEFT:
        left = [*left[:MOST_LEFT], f"and {len(left) - MOST_LEFT} more like these"]
    return Draft(
        app=app,
        connection=connection_id,
        department=department,
        technology=TECHNOLOGIES[connection.scheme],
        schema=None,
        timezone=settings.city.timezone,
        server=ServerFacts(version=""),
        other_schemas={},
        drafted_on=datetime.now(UTC).date(),
        tables=tuple(
            replace(
                draft,
                staging=staging[draft.name],
                references=tuple(pointers[draft.facts.name]),
            )
            for draft in drafts
        ),
        remarks=tuple(f"Left: {sentence}" for sentence in left),
    )


def _candidates(
    place: Place, listed: Sequence[RemoteFile], app: str, left: Left
) -> Iterator[_Candidate]:
    """The tables that the files seem to hold, each with a name of its own."""
    found: list[tuple[FileGroup, Layout, str | None]] = []
    names = [file.name for file in listed]
    for group in group_files(
        Copy(file, partial(_fetched, place, file)) for file in _data_files(listed)
    ):
        is_zip = group.pattern.lower().endswith(".zip")
        marker = marker_of(group, names)
        for inner in _unpacked(place, group, left) if is_zip else [group]:
            try:
                found += [(inner, each, marker) for each in _layouts(inner)]
            except (NoLayoutError, SourceError) as error:
                reason = _without_app(str(error), None, app)
                left.append(f"{inner.pattern} ({len(inner.files)} file(s)): {reason}")
    wanted = _different_names([(group, layout) for group, layout, _ in found], app)
    made = lake_names(wanted)
    for (group, layout, marker), name in zip(found, wanted, strict=True):
        yield _Candidate(group, layout, made[name], marker)


def _different_names(tables: Sequence[tuple[FileGroup, Layout]], app: str) -> list[str]:
    """What their files are called; of two alike, the later one after its folder or archive too."""
    found: list[str] = []
    for group, layout in tables:
        name = f"{group.name or app} {layout.suffix}".strip()
        outer = PurePosixPath(group.pattern.replace("!", "/")).parent.name.replace("*", " ")
        choices = [name, f"{PurePosixPath(outer).stem} {name}".strip(" -_.")]
        choices += [f"{name} {number}" for number in range(2, len(tables) + 2)]
        found.append(next(choice for choice in choices if choice not in found))
    return found


def _data_files(listed: Sequence[RemoteFile]) -> list[RemoteFile]:
    return [
        file
        for file in listed
        if is_finished(file.name) and not file.name.lower().endswith((*MARKERS, *MEMOS))
    ]


def _layouts(group: FileGroup) -> list[Layout]:
    return layouts(group.newest.fetch(), group.newest.file.name.rpartition("!")[2])


def _fetched(place: Place, file: RemoteFile) -> Path:
    return place.fetch(file, place.scratch)


def _unpacked(place: Place, group: FileGroup, left: Left) -> list[FileGroup]:
    """The groups of what is in the newest ZIPs of a group."""
    outer = group.pattern
    copies: list[Copy] = []
    for zipped in group.files[-COMPARED:]:
        try:
            with Archive(place, zipped.file, zipped.fetch()) as archive:
                for member, path in archive.unpack(Pattern("**")):
                    inner = replace(member, name=member.name.partition("!")[2])
                    if is_finished(inner.name) and not inner.name.lower().endswith(MEMOS):
                        copies.append(Copy(inner, lambda path=path: path))  # type: ignore[misc]
        except (BrokenArchiveError, FileUnreadableError, FileUnfinishedError) as error:
            left.append(f"{zipped.file.name}: {_without_app(str(error), None, place.app.app)}")
    groups = group_files(copies)
    if not groups:
        left.append(f"{outer}: no file in the newest of them")
    return [
        replace(inner, pattern=f"{outer}!{inner.pattern}", name=inner.name or group.name)
        for inner in groups
    ]


class _Looker:
    """A look at one table of files."""

    def __init__(
        self,
        place: Place,
        held: HeldRows,
        candidate: _Candidate,
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
            reading=_reading(content, mode),
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

    def _identity(self, content: Content) -> tuple[Key, str]:
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


def _reading(content: Content, mode: str) -> Reading:
    remarks = {
        "snapshot": "the newest file is the table, and rows that it lacks are deleted",
        "incremental": "rows of each new file are added, or correct those with the same key",
        "append": "rows of each new file are added",
    }
    return Reading(mode, None, None, (remarks[mode],))  # type: ignore[arg-type]


def _without_app(text: str, candidate: _Candidate | None, app: str = "") -> str:
    """A reader's sentence without the name of the table that nobody registered yet."""
    for name in (candidate.name if candidate else "", app):
        if name:
            text = text.removeprefix(f"{name}: ")
    return text
