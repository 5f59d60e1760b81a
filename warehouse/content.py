"""What is in a table, as one short text: the same rows in any order give the same text."""

import duckdb

from lake.columns import quoted


def content_hash(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The sum of the rows' hashes, 32 hexadecimal digits. ``table`` is a quoted name.

    DuckDB's hash may change with its version, which the manifest names.
    """
    row = con.execute(
        f"select coalesce(sum(cast(hash(content) as hugeint)), 0) from {table} as content"
    ).fetchone()
    return f"{int(row[0]) if row else 0:032x}"


def content_hashes(con: duckdb.DuckDBPyConnection, *schemas: str) -> dict[str, str]:
    """The hash of every table and view of these schemas, by ``schema.table``."""
    names = con.execute(
        "select table_schema, table_name from information_schema.tables "
        "where list_contains(?, table_schema) order by all",
        [list(schemas)],
    ).fetchall()
    return {
        f"{schema}.{table}": content_hash(con, f"{quoted(schema)}.{quoted(table)}")
        for schema, table in names
    }
