"""Find what changed: rows read from a source against the lake's current state, inside DuckDB."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb
import pyarrow as pa

from lake import columns as c
from lake.table import LakeTable
from lake.token import token_sql

RULE = "_kota_rule"
REASON = "_kota_reason"
RAW = "_kota_raw"
LOADED = "_kota_loaded"
NEW = "_kota_new"
HELPERS = (RULE, REASON, RAW, LOADED, NEW)

INCOMING = "incoming"
SOURCE_KEYS = "source_keys"
ZERO_DATE = "^0000-00-00"


@dataclass(frozen=True)
class Column:
    """A column as it arrives and as the lake keeps it; both are DuckDB types."""

    name: str
    source_type: str
    declared_type: str
    """The type the source declares; differs from ``source_type`` where values arrive as text."""
    policy: Literal["keep", "token", "drop"] = "keep"

    @property
    def lake_type(self) -> str:
        """What the lake stores."""
        return "VARCHAR" if self.policy == "token" else c.lake_type(self.declared_type)

    @property
    def is_decoded(self) -> bool:
        """Whether text has to be understood as something else, which can fail for a value."""
        return self.source_type == "VARCHAR" and self.lake_type != "VARCHAR"


def land_sql(column: Column) -> str:
    """The DuckDB expression that turns an incoming value into the lake's value.

    The session's time zone is the app's, so a naive time means the app's local time. A zero date
    is how MySQL says "none"; an empty text in a typed column likewise.
    """
    value = c.quoted(column.name)
    if column.policy == "token":
        return token_sql(f"cast({value} as varchar)")
    if column.is_decoded:
        return f"try_cast(nullif(trim({value}), '') as {column.lake_type})"
    if column.source_type == column.lake_type:
        return value
    return f"cast({value} as {column.lake_type})"


def undecodable_sql(columns: Sequence[Column]) -> str:
    """Names of the columns whose value is there but can't be decoded, or NULL."""
    tests = [
        f"case when trim({c.quoted(col.name)}) <> '' "
        f"and not regexp_matches({c.quoted(col.name)}, '{ZERO_DATE}') "
        f"and {land_sql(col)} is null then {c.literal(col.name)} end"
        for col in columns
        if col.is_decoded
    ]
    return f"nullif(concat_ws(', ', {', '.join(tests)}), '')" if tests else "cast(null as varchar)"


def row_hash_sql(columns: Sequence[Column]) -> str:
    """A hash of the landed values. NULLs take no part, so a new empty column changes no row."""
    parts = [
        f"{c.literal(col.name + chr(31))} || "
        + (f"hex({c.quoted(col.name)})" if col.lake_type == "BLOB" else _text(col))
        for col in sorted(columns, key=lambda col: col.name)
    ]
    return f"md5(concat_ws(chr(30), {', '.join(parts)}))"


def _text(column: Column) -> str:
    name = c.quoted(column.name)
    if column.lake_type == "TIMESTAMP WITH TIME ZONE":
        return f"epoch_us({name})"  # the printed form depends on the session's time zone
    return f"cast({name} as varchar)"


def find_deleted(
    con: duckdb.DuckDBPyConnection, table: LakeTable, key: Sequence[str], columns: Sequence[Column]
) -> None:
    """Fill temporary table ``deleted`` with the keys that the lake has and the source has not.

    The source's keys are read from the relation ``source_keys``.
    """
    keys = _list(key)
    landed = ", ".join(
        f"{land_sql(col)} as {c.quoted(col.name)}" for col in columns if col.name in key
    )
    con.execute(
        f"create or replace temp table deleted as "
        f"select {keys} from ({table.current(key)}) "
        f"anti join (select {landed} from {SOURCE_KEYS}) using ({keys})"
    )


def changes(
    con: duckdb.DuckDBPyConnection,
    table: LakeTable,
    key: Sequence[str],
    columns: Sequence[Column],
    *,
    missing_are_deleted: bool,
    has_deleted: bool,
    batch_rows: int,
    token_pads: dict[str, bytes],
) -> Iterator[pa.RecordBatch]:
    """Stream the changes that the relation ``incoming`` makes to the lake's current state.

    Each record has the source's columns as landed, ``_kota_op``, ``_kota_hash`` and the helper
    columns: ``_kota_rule`` is NULL for a sound row, ``_kota_new`` tells a row that was not there.
    ``missing_are_deleted`` says that incoming is the whole table; ``has_deleted`` that
    ``find_deleted`` ran.
    """
    landed = [col for col in columns if col.policy != "drop"]
    ctes = [f"hashed as ({_hashed_sql(landed)})"]
    if not table.exists():
        source = "hashed"
    else:
        ctes.append(
            f"known as (select {_list(key)}, {c.HASH} as known_hash from ({table.current(key)}))"
        )
        ctes.append(f"joined as ({_joined_sql(landed, key, missing_are_deleted)})")
        source = "joined"
    query = f"{_upserts_sql(landed, key)} from {source} where {c.HASH} is not null"
    if table.exists() and missing_are_deleted:
        query += f" union all {_deletes_sql(landed, key)} from joined where {c.HASH} is null"
    if has_deleted:
        query += f" union all {_deletes_sql(landed, key)} from deleted"
    statement = f"with {', '.join(ctes)} {query}"
    yield from con.execute(statement, token_pads or None).to_arrow_reader(batch_rows)


def _list(names: Iterable[str], prefix: str = "") -> str:
    return ", ".join(prefix + c.quoted(name) for name in names)


def _hashed_sql(columns: Sequence[Column]) -> str:
    """Incoming rows as landed, their hash, what could not be decoded, and the raw record."""
    values = ", ".join(f"{land_sql(col)} as {c.quoted(col.name)}" for col in columns)
    kept = ", ".join(
        f"{c.quoted(col.name)} := cast({c.quoted(col.name)} as varchar)"
        for col in columns
        if col.policy == "keep"
    )
    raw = f"cast(to_json(struct_pack({kept})) as varchar)" if kept else "'{}'"
    landed = (
        f"select {values}, {undecodable_sql(columns)} as undecodable, {raw} as raw, "
        f"cast(null as varchar) as known_hash from {INCOMING}"
    )
    return f"select *, {row_hash_sql(columns)} as {c.HASH} from ({landed})"


def _joined_sql(columns: Sequence[Column], key: Sequence[str], with_gone: bool) -> str:
    """New and changed rows; ``with_gone`` also the keys that are gone (their hash is NULL).

    One pass over the source does both.
    """
    keys = ", ".join(f"coalesce(h.{c.quoted(k)}, n.{c.quoted(k)}) as {c.quoted(k)}" for k in key)
    others = "".join(f", h.{c.quoted(col.name)}" for col in columns if col.name not in key)
    matched = " and ".join(f"h.{c.quoted(k)} = n.{c.quoted(k)}" for k in key)
    return (
        f"select {keys}{others}, h.{c.HASH}, h.undecodable, h.raw, n.known_hash "
        f"from hashed h {'full' if with_gone else 'left'} join known n on {matched} "
        f"where h.{c.HASH} is distinct from n.known_hash"
    )


def _upserts_sql(columns: Sequence[Column], key: Sequence[str]) -> str:
    missing_key = " or ".join(f"{c.quoted(name)} is null" for name in key)
    return (
        f"select {_list(col.name for col in columns)}, '{c.UPSERT}' as {c.OP}, {c.HASH}, "
        f"case when {missing_key} then 'missing_key' "
        f"when undecodable is not null then 'undecodable_value' end as {RULE}, "
        f"case when {missing_key} then 'the key is empty: {', '.join(key)}' "
        f"when undecodable is not null then 'not readable as declared: ' || undecodable "
        f"end as {REASON}, "
        f"case when {missing_key} or undecodable is not null then raw end as {RAW}, "
        f"not ({missing_key}) as {LOADED}, known_hash is null as {NEW}"
    )


def _deletes_sql(columns: Sequence[Column], key: Sequence[str]) -> str:
    """Tombstones: the key, and nothing else."""
    values = ", ".join(
        c.quoted(col.name) if col.name in key else f"cast(null as {col.lake_type})"
        for col in columns
    )
    nothing = "cast(null as varchar), cast(null as varchar), cast(null as varchar)"
    return f"select {values}, '{c.DELETE}', cast(null as varchar), {nothing}, true, false"
