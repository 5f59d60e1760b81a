"""Look at a database and propose how to take it in. Reads only, a few rows of each table."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import available_timezones

from connectors.connection import Connection
from connectors.discover.catalog import Catalog
from connectors.discover.classify import classified, is_kotas_own
from connectors.discover.cursors import find_reading
from connectors.discover.draft import Draft, LeftTable, TableDraft
from connectors.discover.facts import ServerFacts, TableFacts
from connectors.discover.keys import find_key
from connectors.discover.leave import why_leave
from connectors.discover.names import lake_names, staging_names
from connectors.discover.personal import by_name_only
from connectors.discover.references import find_references
from connectors.discover.sample import take
from connectors.discover.session import TECHNOLOGIES, open_catalog
from connectors.reader import SourceError
from kota.settings import Settings

DEFAULT_SAMPLE = 5_000
EMPTY = "empty"

Progress = Callable[[int, int, str], None]
"""Told before each table: how many are done, how many there are, and which one is next."""


def discover(
    connection: Connection,
    settings: Settings,
    *,
    app: str,
    connection_id: str,
    department: str | None = None,
    schema: str | None = None,
    sample_rows: int = DEFAULT_SAMPLE,
    progress: Progress = lambda _done, _total, _table: None,
) -> Draft:
    """Draft the registry entry of a database.

    Raises ``SourceError`` when it can't be reached or there is nothing in it to take.
    """
    with open_catalog(connection, settings, schema=schema) as catalog:
        server = catalog.server()
        facts = catalog.tables()
        if not facts:
            raise SourceError(_nothing_there(catalog))
        taken, left = _sort_out(catalog, server, facts, sample_rows, progress)
        if not taken:
            raise SourceError(
                f"nothing to take in: of {len(facts)} tables, "
                + "; ".join(f"{entry.facts.name}: {entry.reason}" for entry in left[:5])
            )
        keys = {draft.facts.name: draft.key.columns for draft in taken}
        references = find_references(catalog, [draft.facts for draft in taken], keys)
        staging = staging_names(app, [draft.name for draft in taken])
        return Draft(
            app=app,
            connection=connection_id,
            department=department,
            technology=TECHNOLOGIES[connection.scheme],
            schema=_said_schema(catalog, connection),
            timezone=_zone(server, settings),
            server=server,
            other_schemas=catalog.other_schemas(),
            drafted_on=datetime.now(UTC).date(),
            tables=tuple(
                replace(
                    draft,
                    staging=staging[draft.name],
                    references=tuple(references[draft.facts.name]),
                )
                for draft in taken
            ),
            left=tuple(left),
        )


def _sort_out(
    catalog: Catalog,
    server: ServerFacts,
    facts: Sequence[TableFacts],
    sample_rows: int,
    progress: Progress,
) -> tuple[list[TableDraft], list[LeftTable]]:
    names = lake_names(table.name for table in facts)
    taken: list[TableDraft] = []
    left: list[LeftTable] = []
    empty: list[TableDraft] = []
    for done, table in enumerate(facts):
        progress(done, len(facts), table.name)
        reason = why_leave(table, facts)
        rows = table.rows
        if reason is None:
            try:
                draft = _look(catalog, server, table, names[table.name], sample_rows, done)
            except SourceError as error:
                reason = _unreadable(str(error))
            else:
                reason, rows = _not_worth(draft), draft.rows
                if reason is None:
                    taken.append(draft)
                    continue
                if reason == EMPTY:
                    empty.append(draft)
        personal = by_name_only(table.name, table.columns)
        left.append(LeftTable(table, names[table.name], reason, rows, personal))
    if not taken and empty:
        # A new app: its tables are worth registering before anybody has used it.
        return empty, [entry for entry in left if entry.reason != EMPTY]
    return taken, left


def _look(
    catalog: Catalog,
    server: ServerFacts,
    table: TableFacts,
    name: str,
    sample_rows: int,
    number: int,
) -> TableDraft:
    sample = take(catalog, table, sample_rows, f"sample_{number}")
    try:
        key = find_key(sample)
        reading = find_reading(sample, key, server)
        cursor = [reading.cursor] if reading.cursor else []
        personal = classified(sample, {*key.columns, *cursor})
    finally:
        catalog.forget(sample.name)
    return TableDraft(
        facts=table,
        name=name,
        staging="",
        key=key,
        reading=reading,
        personal=personal,
        references=(),
        rows=sample.table_rows,
        is_counted=sample.is_counted,
        sampled=sample.rows,
    )


def _not_worth(draft: TableDraft) -> str | None:
    if clash := [name for name in draft.key.columns if is_kotas_own(name)]:
        return f"its key {', '.join(clash)} is called like a column of kota's own"
    return EMPTY if draft.sampled == 0 else None


def _unreadable(reason: str) -> str:
    """Why a sample could not be read; a database's own words can hold values, so they stay out."""
    if "denied" in reason.lower() or "permission" in reason.lower():
        return "this account may not read it"
    return "a sample of it could not be read"


def _nothing_there(catalog: Catalog) -> str:
    others = ", ".join(f"{name} ({count})" for name, count in catalog.other_schemas().items())
    return f"there are no tables in {catalog.schema}" + (
        f"; there are in {others}" if others else ""
    )


def _said_schema(catalog: Catalog, connection: Connection) -> str | None:
    is_usual = catalog.schema in {"main", "public", connection.path}
    return None if is_usual else catalog.schema


def _zone(server: ServerFacts, settings: Settings) -> str:
    """The server's zone where it names a real place; else the city's."""
    if "/" in server.zone and server.zone in available_timezones() - {"Etc/UTC"}:
        return server.zone
    return settings.city.timezone
