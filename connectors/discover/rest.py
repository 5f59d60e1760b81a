"""Look at a REST resource: a page of it, how it is paged, and what its records hold."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from connectors import rest_send
from connectors.connection import SECRET_OPTION, Connection
from connectors.discover.classify import classified
from connectors.discover.column_types import as_spelt, find_spellings
from connectors.discover.cursors import Reading, named_for_a_change
from connectors.discover.draft import Block, Draft, TableDraft
from connectors.discover.facts import ColumnFacts, ServerFacts, TableFacts
from connectors.discover.held import HeldRows
from connectors.discover.json_rows import find_rows, nested_paths
from connectors.discover.keys import Key, find_key
from connectors.discover.names import lake_name, staging_names
from connectors.discover.progress import Progress
from connectors.discover.rest_paging import (
    OFFSET_PARAMETERS,
    PAGE_PARAMETERS,
    SIZE_PARAMETERS,
    Answer,
    Asked,
    PagingGuess,
    guess_paging,
    rows_of,
)
from connectors.discover.session import stranger
from connectors.discover.spellings import Spelling
from connectors.reader import SourceError
from connectors.rest_json import at, parse, text
from connectors.rest_spec import Rest
from kota.settings import Settings
from lake.engine import connect

TECHNOLOGIES = {"http": "a REST service", "https": "a REST service"}
PATIENCE_SECONDS = 120
EXAMPLE = (
    "write its table by hand, such as `pengaduan: {key: [id], mode: snapshot, rest: {path: "
    "pengaduan, rows: data, paging: {kind: page, parameter: page, size_parameter: per_page}}}`"
)


def discover_rest(
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
    """Draft the registry entry of the resource that the connection's address ends in.

    Raises ``SourceError``.
    """
    if schema is not None:
        raise SourceError("a REST service has no schemas: leave --schema out")
    base, resource = split_resource(connection)
    if not resource:
        raise SourceError("give the address of a resource, such as http://host/api/pengaduan")
    progress(0, 1, resource)
    session = rest_send.Session(stranger(app), base)
    parameters = _parameters(connection)
    try:
        session.open()
        first, guess = _ask(session, resource, parameters)
    finally:
        session.close()
    rest = _rest(resource, first, guess, parameters)
    with connect(settings) as con:
        table = _draft(HeldRows(con, base), resource, first, guess, rest, sample_rows)
    staging = staging_names(app, [table.name])[table.name]
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
        tables=(replace(table, staging=staging),),
        remarks=("The other resources of this service are tables of the same app.",),
    )


def split_resource(connection: Connection) -> tuple[Connection, str]:
    """The connection for all resources of a service, and the one that the address ends in."""
    folder, _, resource = connection.path.rstrip("/").rpartition("/")
    return replace(connection, path=folder, options={}), resource


def _parameters(connection: Connection) -> dict[str, str]:
    """What the address asks for besides a page."""
    paging = {*PAGE_PARAMETERS, *OFFSET_PARAMETERS, *SIZE_PARAMETERS}
    if secret := next(filter(SECRET_OPTION.search, connection.options), None):
        raise SourceError(
            f"the address has a secret in its parameter {secret}: draft without it, or " + EXAMPLE
        )
    return {name: value for name, value in connection.options.items() if name not in paging}


def _ask(
    session: rest_send.Session, resource: str, parameters: Asked
) -> tuple[Answer, PagingGuess]:
    """The first answer, or a longer one where one can be asked for, and the way of paging."""
    errand = rest_send.Errand("the resource", resource, time.monotonic() + PATIENCE_SECONDS)

    def ask(more: Asked) -> Answer:
        return session.get(errand, {**parameters, **more}, _understood)

    def try_to_ask(more: Asked) -> Answer | None:
        try:
            return ask(more)
        except SourceError:
            return None

    first = ask({})
    if not first.rows:
        raise SourceError(f"there is no list of records in the answer of {resource}: {EXAMPLE}")
    guess = guess_paging(first, try_to_ask)
    if guess.paging.size_parameter:
        first = try_to_ask({guess.paging.size_parameter: guess.paging.size}) or first
    return first, guess


def _understood(answer: rest_send.Answer) -> Answer:
    try:
        body = parse(answer.body.decode("utf-8-sig"))
    except ValueError:
        raise SourceError(f"the answer is not JSON (a web page or a feed?): {EXAMPLE}") from None
    return Answer(body, answer.headers, rows_of(body))


def _rest(resource: str, first: Answer, guess: PagingGuess, parameters: dict[str, str]) -> Rest:
    paging = guess.paging.model_dump(exclude_defaults=True)
    said: dict[str, Any] = {
        "path": resource,
        "rows": find_rows(first.body) or "",
        "paging": {"kind": guess.paging.kind, **paging},
    }
    if guess.paging.size_parameter is None and guess.paging.kind in {"page", "offset"}:
        said["paging"]["size_parameter"] = None
    if parameters:
        said["parameters"] = parameters
    if guess.total:
        said["total"] = guess.total
    if guess.total_header:
        said["total_header"] = guess.total_header
    return Rest.model_validate(said)


def _draft(
    held: HeldRows,
    resource: str,
    first: Answer,
    guess: PagingGuess,
    rest: Rest,
    sample_rows: int,
) -> TableDraft:
    records = [row for row in first.rows if isinstance(row, dict)]
    names = list(dict.fromkeys(name for row in records for name in row))
    paths = nested_paths((name, [text(row.get(name)) or "" for row in records]) for name in names)
    parents = {path.partition(".")[0] for path in paths.values()}
    columns = {name: name for name in names if name not in parents} | paths
    batch = pa.RecordBatch.from_pydict(
        {name: [text(at(row, path) if name in paths else row.get(name)) for row in records]
         for name, path in columns.items()},
        schema=pa.schema([(name, pa.string()) for name in columns]),
    )  # fmt: skip
    table = lake_name(resource)
    rows = held.hold(table, list(columns), [batch])
    spellings = find_spellings(held, [table], list(columns))
    facts = TableFacts(
        table,
        columns=tuple(ColumnFacts(name, "text", spellings[name].kind) for name in columns),
        rows=rows,
    )
    sample = held.sample(facts, sample_rows, rows)
    key = find_key(sample)
    if key.columns:
        key = Key(key.columns, "unique and never empty in the page that was looked at")
    personal = classified(sample, key.columns)
    return TableDraft(
        facts=facts,
        name=table,
        staging="",
        key=key,
        reading=Reading("snapshot", None, None, _on_changes(facts, spellings)),
        personal=personal,
        references=(),
        rows=guess.total_rows or (rows if guess.paging.kind == "none" else None),
        is_counted=True,
        sampled=rows,
        block=Block("rest", rest, (re.sub(r"^.", lambda c: c[0].upper(), guess.remark),)),
        spellings=as_spelt(spellings, personal),
        paths=paths,
    )


def _on_changes(facts: TableFacts, spellings: dict[str, Spelling]) -> tuple[str, ...]:
    """Columns by which a service may be asked for changes; only its manual knows how."""
    times = [
        column.name
        for column in facts.columns
        if spellings[column.name].kind == "time" and named_for_a_change(column.name)
    ]
    if not times:
        return ("everything is read each time; no column tells when a row was changed",)
    return (
        "everything is read each time; where the service takes a parameter for changes since a "
        f"time, say mode: incremental, cursor: {times[0]} and rest.since_parameter",
    )
