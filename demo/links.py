"""Whom and which place the apps' rows are truly about: what matching is measured by."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demo.table import CHUNK_ROWS, Table

LINKS_FOLDER = "links"

_SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("key", pa.string()),
        ("person", pa.int64()),
        ("kelurahan", pa.int64()),
    ]
)


def write_links(state_dir: Path, app_id: str, tables: Sequence[Table]) -> None:
    """Replace ``links/<app>.parquet``: one row a row of those tables that know whom or which place
    they are about, and one, under ``<table>.<part>``, for each citizen a row names besides. The key
    is text; person and kelurahan are positions in ``Population`` and ``Areas``, -1 where there is
    none."""
    path = state_dir / LINKS_FOLDER / f"{app_id}.parquet"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    with pq.ParquetWriter(new, _SCHEMA) as writer:
        for table in tables:
            if table.people is None and table.homes is None:
                continue
            nowhere = np.full(len(table.ids), -1)
            person = nowhere if table.people is None else table.people
            home = nowhere if table.homes is None else table.homes
            beside = {f"{table.name}.{part}": who for part, who in table.beside.items()}
            for start in range(0, len(table.ids), CHUNK_ROWS):
                at = slice(start, start + CHUNK_ROWS)
                keys = table.key_array(table.ids[at]).cast(pa.string())
                for name, who in {table.name: person, **beside}.items():
                    columns = [pa.repeat(name, len(keys)), keys, who[at], home[at]]
                    writer.write_table(pa.table(columns, schema=_SCHEMA))
    new.replace(path)


def read_links(state_dir: Path, app_id: str) -> pa.Table:
    """Columns ``table``, ``key``, ``person``, ``kelurahan``."""
    return pq.read_table(state_dir / LINKS_FOLDER / f"{app_id}.parquet")
