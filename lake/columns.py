"""The columns kota adds to every source table, and the SQL types a lake table may have."""

from collections.abc import Iterable, Sequence

BATCH = "_kota_batch"
OP = "_kota_op"
AT = "_kota_at"
HASH = "_kota_hash"
UNTIL = "_kota_until"
"""In no file: where states of the past are shown, when each ended."""
COPY = "_kota_copy"
"""In tables without a key: 1 for the first of several equal rows, 2 for the second."""
SYSTEM = (BATCH, OP, AT, HASH, COPY)

UPSERT = "upsert"
DELETE = "delete"


def quoted(name: str) -> str:
    """A column, table or schema name as a DuckDB identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a DuckDB string literal."""
    return "'" + text.replace("'", "''") + "'"


def identity(key: Sequence[str]) -> list[str]:
    """The columns that tell a table's rows apart: its key, or else content and copy number."""
    return list(key) or [HASH, COPY]


def quoted_list(names: Iterable[str], prefix: str = "") -> str:
    """Names as DuckDB identifiers, joined by commas."""
    return ", ".join(prefix + quoted(name) for name in names)


def lake_type(source_type: str) -> str:
    """The DuckDB type in which the lake keeps a column of DuckDB type ``source_type``.

    All integers become BIGINT (UBIGINT and HUGEINT a DECIMAL), so that a source that widens a
    column is no event; instants become TIMESTAMP WITH TIME ZONE; whatever Delta or Spark can't
    hold (time of day, interval, uuid, nested types) becomes text.
    """
    kind = source_type.upper()
    if kind in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}:
        return "BIGINT"
    if kind == "UBIGINT":
        return "DECIMAL(20,0)"
    if kind in {"HUGEINT", "UHUGEINT"}:
        return "DECIMAL(38,0)"
    if kind in {"FLOAT", "DOUBLE"}:
        return "DOUBLE"
    if kind.startswith("TIMESTAMP"):
        return "TIMESTAMP WITH TIME ZONE"
    if kind.startswith("DECIMAL") or kind in {"BOOLEAN", "DATE", "BLOB"}:
        return kind
    return "VARCHAR"
