"""Look at a database behind an ODBC driver: its catalog, and what its rows show.

Few questions are safe to ask every driver, so rows are read as for loading and judged here.
"""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from connectors.connection import Connection
from connectors.discover.classify import classified
from connectors.discover.cursors import Reading, find_reading
from connectors.discover.draft import Draft, TableDraft
from connectors.discover.facts import ColumnFacts, ServerFacts, TableFacts, kind_of
from connectors.discover.held import HeldRows
from connectors.discover.keys import find_key
from connectors.discover.names import staging_names
from connectors.discover.progress import Progress
from connectors.discover.references import find_references
from connectors.discover.session import stranger
from connectors.discover.sort_out import sort_out
from connectors.odbc import open_odbc
from connectors.odbc_driver import NoDriverError, connection_string
from connectors.odbc_native import NativeConnection, OdbcError, installed_drivers
from connectors.reader import Reader, SourceError
from connectors.registry import Table
from kota.settings import Settings
from lake.engine import connect

TECHNOLOGIES = {
    "access": "an Access file",
    "mssql": "SQL Server",
    "odbc": "a database by ODBC",
}
WHOLLY_READ = 100_000
"""A table of so many rows is read as a whole, and keys are proved; of a longer one, a sample."""
USUAL_SCHEMAS = ("dbo", "public")
SYSTEM_SCHEMAS = ("sys", "information_schema", "pg_catalog")


def discover_odbc(
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
    """Draft the registry entry of a database behind ODBC. Raises ``SourceError``."""
    told = schema or connection.options.get("schema")
    server, catalog = _catalog(connection, told)
    chosen, others = _choose_schema(catalog, told)
    tables = {f"t{number}": facts for number, facts in enumerate(catalog[chosen])}
    numbers = {facts.name: name for name, facts in tables.items()}
    registered = {
        name: Table(source=facts.name, key=[], mode="snapshot") for name, facts in tables.items()
    }
    new = stranger(app, schema=chosen or None, tables=registered)
    with ExitStack() as stack:
        reader = stack.enter_context(open_odbc(new, connection, settings))
        held = HeldRows(stack.enter_context(connect(settings)), connection)

        def look(facts: TableFacts, name: str, _number: int) -> TableDraft:
            looked = _Looker(reader, held, server, connection.scheme, sample_rows)
            return looked.draft(facts, name, numbers[facts.name])

        described = [_described(reader, name, facts) for name, facts in tables.items()]
        taken, left = sort_out(described, look, progress)
        keys = {draft.facts.name: draft.key.columns for draft in taken}
        pointers = find_references(held, [draft.facts for draft in taken], keys)
    staging = staging_names(app, [draft.name for draft in taken])
    return Draft(
        app=app,
        connection=connection_id,
        department=department,
        technology=TECHNOLOGIES[connection.scheme],
        schema=chosen or None,
        timezone=settings.city.timezone,
        server=server,
        other_schemas=others,
        drafted_on=datetime.now(UTC).date(),
        tables=tuple(
            replace(
                draft,
                staging=staging[draft.name],
                references=tuple(pointers[draft.facts.name]),
            )
            for draft in taken
        ),
        left=tuple(left),
    )


def _catalog(
    connection: Connection, schema: str | None
) -> tuple[ServerFacts, dict[str, list[TableFacts]]]:
    """The server, and its tables and views with their declared keys, by schema."""
    file = Path("/" + connection.path.lstrip("/"))
    if connection.scheme == "access" and not file.is_file():
        raise SourceError(f"there is no file {file}")
    try:
        string = connection_string(connection, installed_drivers())
        with NativeConnection(string) as native:
            found: dict[str, list[TableFacts]] = {}
            for inside, name, kind in sorted(native.tables()):
                if kind not in {"TABLE", "VIEW", "BASE TABLE"} or _is_system(inside, name):
                    continue
                is_asked = schema is None or inside == schema
                key = native.primary_key(inside, name) if kind != "VIEW" and is_asked else []
                found.setdefault(inside, []).append(
                    TableFacts(
                        name,
                        "view" if kind == "VIEW" else "table",
                        primary_key=tuple(key),
                    )
                )
            version = "" if connection.scheme == "access" else native.database()
            return ServerFacts(version=version), found
    except (OdbcError, NoDriverError) as error:
        reason = connection.redact(str(error)).splitlines()[0]
        raise SourceError(f"can't list its tables by ODBC: {reason}") from None


def _is_system(schema: str, name: str) -> bool:
    return schema.lower() in SYSTEM_SCHEMAS or name.lower().startswith(("msys", "~"))


def _choose_schema(
    catalog: dict[str, list[TableFacts]], asked: str | None
) -> tuple[str, dict[str, int]]:
    """The schema to look at, and the number of tables in the others."""
    usual = next((name for name in USUAL_SCHEMAS if name in catalog), None)
    chosen = asked if asked is not None else usual or next(iter(catalog), "")
    others = {name: len(tables) for name, tables in catalog.items() if name != chosen}
    if chosen not in catalog:
        there = ", ".join(f"{name} ({count})" for name, count in others.items())
        hint = f"; there are in {there}" if there else ""
        raise SourceError(f"there are no tables in {chosen or 'it'}{hint}")
    return chosen, others


def _described(reader: Reader, name: str, facts: TableFacts) -> TableFacts:
    """With its columns; a table that can't be described is left later, for having none."""
    try:
        columns = reader.describe(name)
    except SourceError:
        return facts
    nullable = {column.name for column in columns} - {*facts.primary_key}
    return replace(
        facts,
        columns=tuple(
            ColumnFacts(
                column.name,
                column.declared_type.lower(),
                kind_of(column.declared_type),
                nullable=column.name in nullable,
            )
            for column in columns
        ),
    )


class _Looker:
    """A look at one table of a database behind ODBC."""

    def __init__(
        self, reader: Reader, held: HeldRows, server: ServerFacts, scheme: str, sample_rows: int
    ) -> None:
        self._reader = reader
        self._held = held
        self._server = server
        self._scheme = scheme
        self._sample_rows = sample_rows

    def draft(self, facts: TableFacts, name: str, registered: str) -> TableDraft:
        """What is proposed for it. Raises ``SourceError``."""
        rows = self._reader.count(registered)
        is_small = rows is not None and rows <= WHOLLY_READ
        most = WHOLLY_READ if is_small else self._sample_rows
        columns = self._reader.describe(registered)
        names = [column.name for column in columns]
        batches = self._reader.read(registered, columns, None)
        read = self._held.hold(facts.name, names, batches, most, is_enough=lambda: not is_small)
        if is_small:
            rows = read
        facts = replace(facts, rows=rows)
        sample = self._held.sample(facts, self._sample_rows, rows)
        key = find_key(sample)
        reading = (
            Reading("snapshot", None, None, ("a file of Access is read as a whole",))
            if self._scheme == "access"
            else find_reading(sample, key, self._server)
        )
        cursor = [reading.cursor] if reading.cursor else []
        return TableDraft(
            facts=facts,
            name=name,
            staging="",
            key=key,
            reading=reading,
            personal=classified(sample, {*key.columns, *cursor}),
            references=(),
            rows=rows,
            is_counted=sample.is_counted,
            sampled=sample.rows,
        )
