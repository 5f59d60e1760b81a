"""The relations of a warehouse file."""

import duckdb

from lake.columns import literal
from warehouse.trace.field import Catalog, Relation


def catalog_of(con: duckdb.DuckDBPyConnection, database: str) -> Catalog:
    """Every relation of an attached database with its columns, as they are spelt."""
    catalog: dict[Relation, dict[str, str]] = {}
    for schema, name, column, kind in con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        f"where not internal and database_name = {literal(database)} "
        "order by table_oid, column_index"
    ).fetchall():
        catalog.setdefault(Relation(schema, name), {})[column] = kind
    return catalog
