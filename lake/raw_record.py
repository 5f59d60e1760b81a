"""A quarantined record as columns again: its raw JSON, read as what the table declares now."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import pyarrow as pa

from lake import columns as c
from lake.column import Column
from lake.decode import land_sql
from lake.quarantine import Entry
from lake.table import LakeTable

ENTRIES = "_kota_entries"
KEYLESS_RULES = ("missing_key", "duplicate_key")


def as_text(column: Column) -> Column:
    """The column as a raw record holds it: text; a token is a token, and hides what it was."""
    if column.policy == "token":
        contract = replace(column.contract, domain=None, pattern=None)
        return replace(
            column,
            source_type="VARCHAR",
            declared_type="VARCHAR",
            policy="keep",
            contract=contract,
        )
    return replace(column, source_type="VARCHAR")


def register(con: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> None:
    """Make entries readable as the relation ``_kota_entries``."""
    table = {
        "entry": [entry.id for entry in entries],
        "batch": [entry.batch for entry in entries],
        "rule": [entry.rule for entry in entries],
        "is_loaded": [entry.is_loaded for entry in entries],
        "raw": [entry.raw for entry in entries],
    }
    con.register(ENTRIES, pa.table(table))


def fields_sql(columns: Sequence[Column]) -> str:
    """The columns of a raw record as a select list, all text."""
    return ", ".join(
        f"raw ->> {c.literal(_path(column.name))} as {c.quoted(column.name)}" for column in columns
    )


def is_hidden(entry: Entry, columns: Sequence[Column]) -> bool:
    """Whether it broke a rule about a value of which only the token was kept."""
    tokens = tuple(f"{column.name} " for column in columns if column.policy == "token")
    return entry.rule in {"domain", "pattern"} and entry.reason.startswith(tokens)


def with_columns(entries: Sequence[Entry]) -> list[Entry]:
    """Those whose record came apart into columns; a malformed line did not."""
    return [entry for entry in entries if entry.raw.startswith("{")]


def last_seen(
    con: duckdb.DuckDBPyConnection,
    table: LakeTable,
    key: Sequence[str],
    columns: Sequence[Column],
    entries: Sequence[Entry],
    landing: tuple[str, int] | None = None,
) -> dict[str, tuple[int, str]]:
    """By entry, the last batch and operation that the lake has for the key of its record.

    ``landing`` is a relation of rows about to land, with the number of their batch.
    """
    keyed = [entry for entry in with_columns(entries) if entry.rule not in KEYLESS_RULES]
    if not keyed or not key or not table.exists():
        return {}
    register(con, keyed)
    texts = [as_text(column) for column in columns if column.name in key]
    landed = ", ".join(f"{land_sql(column)} as {c.quoted(column.name)}" for column in texts)
    keys = c.quoted_list(key)
    con.execute(
        f"create or replace temp table sought as select entry, {landed} "
        f"from (select entry, {fields_sql(texts)} from {ENTRIES})"
    )
    log = f"select {keys}, {c.BATCH} as batch, {c.OP} as op from {table.relation()}"
    if landing is not None:
        relation, number = landing
        log += f" union all select {keys}, {number}, '{c.UPSERT}' from {relation}"
    order = f"batch * 2 + (op = '{c.UPSERT}')::int"
    rows = con.execute(
        f"select entry, max(batch), arg_max(op, {order}) from sought join ({log}) using ({keys}) "
        "group by entry"
    ).fetchall()
    return {entry: (batch, op) for entry, batch, op in rows}


def _path(name: str) -> str:
    return '$."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
