"""Try an app's connection and every registered table, without landing anything.

A problem is what would make an extraction fail. A warning is what makes it slow, impolite, or
quietly wrong: an account that may write, a clock that is off, a cursor that skips rows.
"""

from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from connectors.connection import ConnectionMissingError, find_connection
from connectors.discover.catalog import Catalog
from connectors.discover.cursors import doubts, newest_of_named_times
from connectors.discover.facts import ServerFacts, TableFacts
from connectors.discover.keys import Key
from connectors.discover.sample import COUNTED_ROWS, Sample, take
from connectors.discover.session import is_database, open_catalog
from connectors.reader import Reader, SourceError, landing_columns
from connectors.registry import App
from connectors.technologies import open_reader
from kota.settings import Settings

SAMPLE_ROWS = 5_000
MAX_SKEW = timedelta(seconds=30)
_ZONE_MISTAKE = (timedelta(minutes=5), timedelta(hours=26))


class TableCheck(BaseModel):
    """What was found out about one table."""

    app: str
    table: str
    rows: int | None = None
    columns: int | None = None
    bytes: int | None = None
    load_seconds: float | None = None
    """Estimated time to read all of it once, from a timed sample; None where it was not timed."""
    problem: str = ""
    """One sentence, empty when the table can be read as registered."""
    warnings: list[str] = []


class AppCheck(BaseModel):
    """What was found out about an app."""

    app: str
    server: str = ""
    """The server's version in its own words."""
    server_zone: str = ""
    clock_skew_seconds: float | None = None
    """How far the server's clock is ahead of ours."""
    may_write: list[str] = []
    """What the account may do beyond reading."""
    warnings: list[str] = []
    tables: list[TableCheck] = []

    @property
    def problems(self) -> list[str]:
        """Every sentence about what can't work, once."""
        return list(dict.fromkeys(table.problem for table in self.tables if table.problem))


def check_app(app: App, settings: Settings) -> AppCheck:
    """Look at an app; one that can't be reached gives each of its tables the reason."""
    found = AppCheck(app=app.app)
    try:
        with open_reader(app, settings) as reader:
            found.tables = [_table(app, name, reader) for name in app.tables]
        connection = find_connection(app.connection)
        if is_database(connection):
            with open_catalog(
                connection,
                settings,
                connection_id=app.connection,
                schema=app.schema_,
                politeness=app.politeness,
            ) as catalog:
                _look_closer(app, catalog, found)
        else:
            _count(app, found, settings)
    except (SourceError, ConnectionMissingError) as error:
        if any(not table.problem for table in found.tables):
            found.warnings.append(f"could not look closer: {error}")
        else:
            found.tables = [
                TableCheck(app=app.app, table=name, problem=str(error)) for name in app.tables
            ]
    return found


def _table(app: App, name: str, reader: Reader) -> TableCheck:
    try:
        columns = landing_columns(app, name, reader.describe(name))
    except SourceError as error:
        return TableCheck(app=app.app, table=name, problem=str(error))
    return TableCheck(app=app.app, table=name, columns=len(columns))


def _count(app: App, found: AppCheck, settings: Settings) -> None:
    """Where there is no catalog to ask, the reader counts."""
    with open_reader(app, settings) as reader:
        for table in found.tables:
            if table.problem:
                continue
            try:
                table.rows = reader.count(table.table)
            except SourceError as error:
                table.problem = str(error)


def _look_closer(app: App, catalog: Catalog, found: AppCheck) -> None:
    before = datetime.now(UTC)
    server = catalog.server()
    middle = before + (datetime.now(UTC) - before) / 2
    found.server = server.version
    found.server_zone = server.zone
    found.may_write = list(server.may_write)
    if server.now is not None:
        skew = server.now.replace(tzinfo=UTC) - middle
        found.clock_skew_seconds = round(skew.total_seconds(), 1)
        if abs(skew) > MAX_SKEW:
            way = "ahead of" if skew > timedelta(0) else "behind"
            found.warnings.append(
                f"the server's clock is {abs(skew).total_seconds():,.0f} s {way} ours"
            )
    if server.may_write:
        found.warnings.append(
            f"the account may also {', '.join(server.may_write)}: ask for one that may only read"
        )
    facts = {table.name: table for table in catalog.tables()}
    for number, table in enumerate(found.tables):
        known = facts.get(app.source_name(table.table))
        if table.problem or known is None:
            continue
        try:
            _look_at(app, catalog, server, known, table, f"sample_{number}")
        except SourceError as error:
            table.problem = f"{app.app}.{table.table}: {error}"


def _look_at(
    app: App,
    catalog: Catalog,
    server: ServerFacts,
    facts: TableFacts,
    table: TableCheck,
    name: str,
) -> None:
    started = monotonic()
    sample = take(catalog, facts, SAMPLE_ROWS, name)
    seconds = monotonic() - started
    try:
        table.rows, table.bytes = sample.table_rows, facts.bytes
        if sample.rows:
            table.load_seconds = round(seconds * (table.rows or 0) / sample.rows, 1)
        entry = app.tables[table.table]
        if entry.cursor:
            key = Key(tuple(entry.key), "")
            table.warnings += [
                f"cursor {entry.cursor}: {doubt}"
                for doubt in doubts(sample, entry.cursor, key, server)
            ]
        elif (table.rows or 0) > COUNTED_ROWS:
            table.warnings.append(f"mode snapshot reads all {table.rows:,} rows at each run")
        table.warnings += _zone_mistakes(app, sample, server)
    finally:
        catalog.forget(name)


def _zone_mistakes(app: App, sample: Sample, server: ServerFacts) -> list[str]:
    """Naive times are read in the app's registered zone; none can be in the future there."""
    now = (server.now or datetime.now(UTC)).replace(tzinfo=UTC)
    there = now.astimezone(ZoneInfo(app.timezone)).replace(tzinfo=None)
    least, most = _ZONE_MISTAKE
    return [
        f"{column} goes on to {(newest - there).total_seconds() / 3600:.1f} h from now in "
        f"{app.timezone}: it may be written in another zone"
        for column, newest in newest_of_named_times(sample).items()
        if least < newest - there < most
    ]
