"""The quarantine of a village on its way to the city: each event once, tokens made on arrival."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from connectors.registry import App
from kota.settings import Settings
from lake import log
from lake.columns import literal
from lake.engine import connect
from lake.quarantine import SCHEMA, Quarantine
from lake.token import token, token_keys


@dataclass(frozen=True)
class Events:
    """Events to be sent, and the version of the quarantine they go to."""

    rows: list[dict[str, Any]]
    version: int | None


def events_to_send(
    con: duckdb.DuckDBPyConnection, quarantine: Quarantine, known: int | None
) -> Events:
    """What was noted since the version that the city has; everything where that is gone.

    A closing event gets the record of its entry, from which the city makes its own name of it.
    """
    if not quarantine.exists():
        return Events([], None)
    now = DeltaTable(str(quarantine.path))
    fresh = sorted(set(now.file_uris()) - _files(quarantine, known))
    if not fresh:
        return Events([], now.version())
    names = [name for name in SCHEMA.names if name != "raw"]
    rows = con.execute(
        f"select {', '.join(f'e.{name}' for name in names)}, coalesce(e.raw, o.raw) as raw "
        f"from read_parquet([{', '.join(map(literal, fresh))}]) as e "
        f"left join (select entry, any_value(raw) as raw from {quarantine.relation()} "
        f"where event = 'open' group by entry) as o using (entry) order by e.noted_at, e.entry"
    ).to_arrow_table()
    return Events(rows.select(SCHEMA.names).cast(SCHEMA).to_pylist(), now.version())


def as_stream(events: Sequence[dict[str, Any]]) -> pa.RecordBatch:
    """Events as rows."""
    return pa.RecordBatch.from_pylist(list(events), schema=SCHEMA)


def take_over(
    app: App, events: Sequence[dict[str, Any]], settings: Settings, shift: dict[str, int]
) -> None:
    """Add to the city's quarantine what it does not have yet.

    ``shift`` is, by table, how much greater the number of a batch is here than in the village. An
    event is known by entry, kind and instant, so doing it again adds nothing.
    """
    quarantine = Quarantine(settings.lake_dir, app.app)
    known: set[tuple[Any, ...]] = set()
    if quarantine.exists():
        with connect(settings) as con:
            query = f"select entry, event, epoch_us(noted_at) from {quarantine.relation()}"
            known = set(con.execute(query).fetchall())
    fresh = []
    for event in events:
        if event["table_name"] not in app.tables:
            continue
        ours = _as_ours(app, event)
        ours["batch"] += shift.get(event["table_name"], 0)
        instant = pa.scalar(ours["noted_at"], SCHEMA.field("noted_at").type)
        if (ours["entry"], ours["event"], instant.cast(pa.int64()).as_py()) not in known:
            fresh.append(ours)
    if fresh:
        quarantine.add([as_stream(fresh)])


def _as_ours(app: App, event: dict[str, Any]) -> dict[str, Any]:
    """The event with tokens for values of token columns, and its entry named accordingly."""
    ours = dict(event)
    raw = event["raw"] or ""
    columns = app.tables[event["table_name"]].columns
    if raw.startswith("{"):
        record = json.loads(raw)
        hidden = [name for name in record if name in columns and columns[name].policy != "keep"]
        for name in hidden:
            if columns[name].policy == "drop":
                del record[name]
            elif record[name] is not None:
                record[name] = token(record[name], token_keys())
        if hidden:
            ours["raw"] = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
            named = (event["rule"] + ours["raw"]).encode()
            ours["entry"] = hashlib.md5(named, usedforsecurity=False).hexdigest()
    if ours["event"] != "open":
        ours["raw"] = None  # as everywhere: the record itself is not repeated
    return ours


def _files(quarantine: Quarantine, version: int | None) -> set[str]:
    if version is None or version not in log.versions(quarantine.path):
        return set()
    try:
        return set(DeltaTable(str(quarantine.path), version=version).file_uris())
    except DeltaError:
        return set()
