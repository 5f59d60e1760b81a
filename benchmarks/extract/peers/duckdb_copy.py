"""DuckDB alone: COPY a table to one Parquet file: duckdb_copy.py TABLE FILE."""

import os
import sys

import duckdb

from kota.settings import Settings
from lake.engine import load_extension


def main(table: str, file: str) -> None:
    """Copy from ``BENCHMARK_URI``."""
    uri = os.environ["BENCHMARK_URI"]
    is_mysql = uri.startswith("mysql")
    con = duckdb.connect(config={"threads": Settings().threads, "memory_limit": "512MB"})
    con.execute("set preserve_insertion_order = false")
    load_extension(con, "mysql_scanner" if is_mysql else "postgres_scanner")
    if is_mysql:
        con.execute(f"attach '{uri}?compression=disabled' as source (type mysql, read_only)")
        table = f"source.{table}"
    else:
        con.execute(f"attach '{uri}' as source (type postgres, read_only)")
        table = f"source.public.{table}"
    con.execute(f"copy {table} to '{file}' (format parquet, compression zstd)")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
