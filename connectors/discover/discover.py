"""Look at a database and propose how to take it in. Reads only, a few rows of each table."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import available_timezones

from connectors.connection import Connection
from connectors.discover.catalog import Catalog
from connectors.discover.classify import classified
from connectors.discover.cursors import find_reading
from connectors.discover.draft import Draft, TableDraft
from connectors.discover.facts import ServerFacts, TableFacts
from connectors.discover.keys import find_key
from connectors.discover.names import staging_names
from connectors.discover.progress import Progress
from connectors.discover.references import find_references
from connectors.discover.sample import take
from connectors.discover.session import TECHNOLOGIES, open_catalog
from connectors.discover.sort_out import sort_out
from connectors.reader import SourceError
from kota.settings import Settings

DEFAULT_SAMPLE = 5_000


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
    with open_catalog(connection, settings, connection_id=connection_id, schema=schema) as catalog:
        server = catalog.server()
        facts = catalog.tables()
        if not facts:
            raise SourceError(_nothing_there(catalog))

        def look(table: TableFacts, name: str, number: int) -> TableDraft:
            return _look(catalog, server, table, name, sample_rows, number)

        taken, left = sort_out(facts, look, progress)
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
