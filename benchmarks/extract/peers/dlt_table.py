"""dlt with one of its backends, into a folder: dlt_table.py BACKEND FORMAT TABLE FOLDER."""

import os
import sys
from pathlib import Path

import dlt
from dlt.destinations import filesystem
from dlt.sources.sql_database import sql_table

CHUNK_ROWS = 50_000
DRIVERS = {"mysql": "mysql+pymysql", "postgresql": "postgresql+psycopg2"}


def main(backend: str, table_format: str, table: str, folder: str) -> None:
    """Read from ``BENCHMARK_URI``. The format is ``delta`` or ``parquet``."""
    uri = os.environ["BENCHMARK_URI"]
    scheme, rest = uri.split(":", 1)
    options = {}
    if backend == "connectorx":
        # connectorx does not know the driver's name that SQLAlchemy wants.
        options = {"return_type": "arrow_stream", "conn": uri}
    source = sql_table(
        credentials=f"{DRIVERS[scheme]}:{rest}",
        table=table,
        backend=backend,
        chunk_size=CHUNK_ROWS,
        backend_kwargs=options,
    )
    pipeline = dlt.pipeline(
        "benchmark",
        destination=filesystem(bucket_url=Path(folder).absolute().as_uri()),
        dataset_name="lake",
        pipelines_dir=f"{folder}.state",
    )
    how = {"table_format": "delta"} if table_format == "delta" else {}
    done = pipeline.run(source, loader_file_format="parquet", write_disposition="append", **how)
    done.raise_on_failed_jobs()


if __name__ == "__main__":
    main(*sys.argv[1:5])
