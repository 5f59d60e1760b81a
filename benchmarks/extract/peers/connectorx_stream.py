"""connectorx, streaming, into a Delta table: connectorx_stream.py TABLE FOLDER."""

import os
import sys

import connectorx
from deltalake import write_deltalake

BATCH_ROWS = 50_000


def main(table: str, folder: str) -> None:
    """Read from ``BENCHMARK_URI``."""
    rows = connectorx.read_sql(
        os.environ["BENCHMARK_URI"],
        f"select * from {table}",
        return_type="arrow_stream",
        batch_size=BATCH_ROWS,
    )
    write_deltalake(folder, rows, mode="append")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
