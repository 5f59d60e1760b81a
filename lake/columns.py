"""The columns kota adds to every source table, and the SQL types a lake table may have."""

BATCH = "_kota_batch"
OP = "_kota_op"
AT = "_kota_at"
HASH = "_kota_hash"
SYSTEM = (BATCH, OP, AT, HASH)

UPSERT = "upsert"
DELETE = "delete"


def quoted(name: str) -> str:
    """A column, table or schema name as a DuckDB identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a DuckDB string literal."""
    return "'" + text.replace("'", "''") + "'"


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
