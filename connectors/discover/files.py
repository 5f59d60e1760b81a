"""Look at a place of files and propose how to take them in: which are one table, and how to read.

Of each table the two newest files are read: what they share tells whether each is all of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath

from connectors.connection import Connection
from connectors.discover.draft import Draft
from connectors.discover.facts import ServerFacts
from connectors.discover.file_layout import Layout, NoLayoutError, layouts
from connectors.discover.file_names import (
    MARKERS,
    Copy,
    FileGroup,
    group_files,
    is_finished,
    marker_of,
)
from connectors.discover.file_table import COMPARED, Candidate, FileTable
from connectors.discover.held import HeldRows
from connectors.discover.names import lake_names, staging_names
from connectors.discover.progress import Progress
from connectors.discover.references import find_references
from connectors.discover.session import stranger
from connectors.files.archive import Archive, BrokenArchiveError
from connectors.files.pattern import Pattern
from connectors.files.places import (
    FileUnfinishedError,
    FileUnreadableError,
    Place,
    RemoteFile,
    open_place,
)
from connectors.reader import SourceError
from kota.settings import Settings
from lake.engine import connect

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
            table = FileTable(place, held, candidate, listed, sample_rows)
            try:
                drafts.append(table.draft())
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
) -> Iterator[Candidate]:
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
        yield Candidate(group, layout, made[name], marker)


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


def _without_app(text: str, candidate: Candidate | None, app: str = "") -> str:
    """A reader's sentence without the name of the table that nobody registered yet."""
    for name in (candidate.name if candidate else "", app):
        if name:
            text = text.removeprefix(f"{name}: ")
    # Where our own copy lies says nothing about the source.
    return re.sub(r"'/[^']*'", "it", text)
