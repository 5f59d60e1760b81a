"""Find what changed: rows read from a source against the lake's current state, inside DuckDB.

The rows come as the relation ``incoming``. They are first *landed*: typed, judged by the contract
and hashed. Then they are compared by key and hash with what the lake has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from lake import columns as c
from lake.column import Column
from lake.decode import land_sql
from lake.row_hash import landed_hash_sql
from lake.rules import (
    DUPLICATE_KEY,
    ERASED,
    UNDECODABLE,
    decoded_name,
    landed_name,
    reason_sql,
    rule_sql,
)
from lake.table import LakeTable

RULE = "_kota_rule"
REASON = "_kota_reason"
RAW = "_kota_raw"
ENTRY = "_kota_entry"
CHANGED = "_kota_changed"
NEW = "_kota_new"
CURSOR = "_kota_cursor"
HELPERS = (RULE, REASON, RAW, ENTRY, CHANGED, NEW, CURSOR)

INCOMING = "incoming"
SOURCE_KEYS = "source_keys"
LANDED = "landed"
KEPT_SOUND = "kept_sound"
DELETED = "deleted"


@dataclass(frozen=True)
class Comparison:
    """What a batch is compared on, and how much of the source it is."""

    key: Sequence[str]
    columns: Sequence[Column]
    """The columns that land, in order."""
    is_whole: bool = False
    """The batch is the whole table, so what it lacks is deleted."""
    has_deleted: bool = False
    """``find_deleted`` ran before."""
    hashed_since: int = 1
    """The first batch whose hashes this DuckDB would compute too."""
    has_cursor: bool = False
    """``landed`` has the cursor as it arrived; only where there is nothing to compare."""


def land_stream(
    con: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    key: Sequence[str],
    withheld: str | None = None,
    cursor: str | None = None,
) -> None:
    """Make ``incoming`` readable as ``landed``, once and in one pass.

    ``withheld`` is the condition that a landed row is one of an erased person. ``cursor`` names a
    column that ``landed`` has as it arrived, too, as ``_kota_cursor``.
    """
    landed = _landed_sql(columns, key, withheld, cursor)
    if not key:
        copies = f"row_number() over (partition by {c.HASH}) as {c.COPY}"
        landed = f"select *, {copies} from ({landed})"
    con.execute(f"create or replace temp view {LANDED} as {landed}")


def land_and_keep(
    con: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    key: Sequence[str],
    cursor: str | None,
    withheld: str | None = None,
) -> int:
    """Read ``incoming`` into ``landed``, of which then one row a key is sound.

    Of several rows with one key the latest by cursor counts, or else the one that came last. Equal
    ones collapse, others break the rule ``duplicate_key``. Returns how many rows collapsed. The key
    must not be empty.
    """
    con.execute(f"drop view if exists {LANDED}")
    con.execute("set preserve_insertion_order = true")
    con.execute(f"create or replace temp table kept as {_landed_sql(columns, key, withheld)}")
    con.execute("set preserve_insertion_order = false")
    con.execute(f"create temp view {LANDED} as select * from kept")
    con.execute(
        f"create or replace temp view {KEPT_SOUND} as select * from kept where {RULE} is null"
    )
    keys = c.quoted_list(key)
    present = " and ".join(f"{c.quoted(name)} is not null" for name in key)
    doubled = f"select {keys} from kept where {present} group by {keys} having count(*) > 1"
    if not _one(con, f"select count(*) from ({doubled})"):
        return 0
    con.execute(f"create or replace temp table doubled as {doubled}")
    by_cursor = f"{c.quoted(cursor)} desc nulls last, " if cursor else ""
    order = f"{RULE} is not null, {by_cursor}rowid desc"
    con.execute(
        f"create or replace temp table extra as select row_id, {c.HASH} = winner as is_equal from ("
        f"select rowid as row_id, {c.HASH}, "
        f"row_number() over same_key as place, first({c.HASH}) over same_key as winner "
        f"from kept semi join doubled using ({keys}) "
        f"window same_key as (partition by {keys} order by {order})) where place > 1"
    )
    reason = c.literal(f"another row has the same key {', '.join(key)}")
    raw = f"cast(to_json(struct_pack({_packed(columns, landed=True)})) as varchar)"
    con.execute(
        f"update kept set {RULE} = {c.literal(DUPLICATE_KEY)}, {REASON} = {reason}, {RAW} = {raw}, "
        f"{ENTRY} = md5({c.literal(DUPLICATE_KEY)} || {raw}) "
        f"where rowid in (select row_id from extra where not is_equal) "
        f"and ({RULE} is null or {RULE} = {c.literal(UNDECODABLE)})"
    )
    con.execute("delete from kept where rowid in (select row_id from extra where is_equal)")
    return _one(con, "select count(*) from extra where is_equal")


def find_deleted(
    con: duckdb.DuckDBPyConnection, table: LakeTable, key: Sequence[str], columns: Sequence[Column]
) -> None:
    """Fill temporary table ``deleted`` with the keys that the lake has and the source has not.

    The source's keys are read from the relation ``source_keys``.
    """
    keys = c.quoted_list(key)
    landed = ", ".join(
        f"{land_sql(col)} as {c.quoted(col.name)}" for col in columns if col.name in key
    )
    con.execute(
        f"create or replace temp table {DELETED} as select {keys} from ({table.hashes(key)}) "
        f"anti join (select {landed} from {SOURCE_KEYS}) using ({keys})"
    )


def changes(
    con: duckdb.DuckDBPyConnection,
    table: LakeTable,
    what: Comparison,
    batch_rows: int,
    *,
    is_new: bool,
) -> Iterator[pa.RecordBatch]:
    """Stream what ``landed`` changes in the lake's current state, and all that breaks a rule.

    ``is_new`` says that the lake has none of these keys, so that there is nothing to compare.

    Each record has the source's columns as landed, ``_kota_op``, ``_kota_hash`` and the helper
    columns: ``_kota_rule`` is NULL for a sound row, ``_kota_changed`` is false for a row that
    breaks a rule as it did before, ``_kota_new`` tells a row whose key the lake does not have.
    """
    if table.exists() and not is_new:
        query = _compared_sql(table, what)
    else:
        cursor = f", h.{CURSOR}" if what.has_cursor else ""
        query = f"select {_upsert_sql(what, 'cast(null as bigint)')}{cursor} from {LANDED} as h"
    if what.has_deleted:
        query += f" union all select {_tombstone_sql(what)} from {DELETED}"
    yield from con.execute(query).to_arrow_reader(batch_rows)


def _compared_sql(table: LakeTable, what: Comparison) -> str:
    """One pass over ``landed``, joined with what the lake knows of these keys.

    In a whole batch, a key that only the lake knows comes out with an empty hash: it is deleted.
    """
    if what.key:
        matched = " and ".join(f"h.{c.quoted(k)} = n.{c.quoted(k)}" for k in what.key)
    else:
        matched = f"h.{c.HASH} = n.known_hash and h.{c.COPY} = n.{c.COPY}"
    within = None if what.is_whole else f"select {c.quoted_list(what.key)} from {LANDED}"
    known = table.hashes(what.key, hashed_since=what.hashed_since, within=within)
    return (
        f"select {_upsert_sql(what, 'n.known_hash')} from {LANDED} as h "
        f"{'full' if what.is_whole else 'left'} join ({known}) as n on {matched} "
        f"where h.{c.HASH} is distinct from n.known_hash or h.{RULE} is not null"
    )


def _upsert_sql(what: Comparison, known_hash: str) -> str:
    is_compared = known_hash.startswith("n.")
    identity = c.identity(what.key)

    def value(name: str) -> str:
        mine = f"h.{c.quoted(name)}"
        if is_compared and name in identity:
            return f"coalesce({mine}, n.{c.quoted(name)}) as {c.quoted(name)}"
        return mine

    names = [*(column.name for column in what.columns), c.HASH]
    if not what.key:
        names.append(c.COPY)
    return (
        f"{', '.join(value(name) for name in names)}, "
        f"case when h.{c.HASH} is null then '{c.DELETE}' else '{c.UPSERT}' end as {c.OP}, "
        f"h.{RULE}, h.{REASON}, h.{RAW}, h.{ENTRY}, "
        f"h.{c.HASH} is distinct from {known_hash} as {CHANGED}, {known_hash} is null as {NEW}"
    )


def _tombstone_sql(what: Comparison) -> str:
    """The key, and nothing else."""
    values = [
        c.quoted(col.name) if col.name in what.key else f"cast(null as {col.lake_type})"
        for col in what.columns
    ]
    nothing = ", ".join(["cast(null as varchar)"] * 4)
    return f"{', '.join(values)}, cast(null as bigint), '{c.DELETE}', {nothing}, true, false"


def _landed_sql(
    columns: Sequence[Column],
    key: Sequence[str],
    withheld: str | None,
    cursor: str | None = None,
) -> str:
    """Incoming rows as landed, with the rule they break, its reason, the raw record, the hash.

    In steps, so that text is decoded once and a raw record is made for rejected rows only.
    """
    decoded = "".join(
        f", {land_sql(col)} as {decoded_name(col)}" for col in columns if col.is_decoded
    )
    judged = (
        f"select *, {rule_sql(columns, key)} as {RULE} from (select *{decoded} from {INCOMING})"
    )
    values = ", ".join(f"{landed_name(col)} as {c.quoted(col.name)}" for col in columns)
    if cursor is not None:
        values += f", {c.quoted(cursor)} as {CURSOR}"
    raw = f"cast(to_json(struct_pack({_packed(columns, landed=False)})) as varchar)"
    landed = (
        f"select {values}, {RULE}, "
        f"case when {RULE} is not null then {reason_sql(columns, key)} end as {REASON}, "
        f"case when {RULE} is not null then {raw} end as {RAW} from ({judged})"
    )
    if withheld is not None:
        rule = f"case when {withheld} then {c.literal(ERASED)} else {RULE} end"
        landed = f"select * replace ({rule} as {RULE}) from ({landed})"
    return (
        f"select *, {landed_hash_sql(columns)} as {c.HASH}, md5({RULE} || {RAW}) as {ENTRY} "
        f"from ({landed})"
    )


def _packed(columns: Sequence[Column], *, landed: bool) -> str:
    """The fields of a raw record: values as they arrived; of a token column, the token."""

    def value(column: Column) -> str:
        is_token = column.policy == "token" and not landed
        return land_sql(column) if is_token else c.quoted(column.name)

    return ", ".join(f"{c.quoted(col.name)} := cast({value(col)} as varchar)" for col in columns)


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
