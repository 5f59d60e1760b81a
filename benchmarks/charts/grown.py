"""The published snapshot with many times its facts."""

import shutil
from pathlib import Path

import duckdb

FACTS = "select table_name, estimated_size from duckdb_tables() where table_name like 'fct_%'"


def grown(published: Path, folder: Path, rows: int) -> int:
    """Copy the snapshot to ``folder`` and repeat its facts until they are about ``rows``.

    Every fact table grows alike, summaries by day among them. Returns how many rows there are.
    """
    shutil.copytree(published.resolve(), folder)
    with duckdb.connect(str(folder / "kota.duckdb")) as con:
        sizes = {str(name): int(size) for name, size in con.execute(FACTS).fetchall()}
        times = max(1, round(rows / sum(sizes.values())))
        for name in sizes:
            con.execute(
                f"create or replace table marts.{name} as "
                f"select facts.* from marts.{name} as facts, range({times})"
            )
    return sum(sizes.values()) * times
