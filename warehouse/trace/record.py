"""Write the lineage of a candidate beside it, once it is built."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from connectors.registry import App
from warehouse.folder import WarehouseFolder
from warehouse.trace.catalog import catalog_of
from warehouse.trace.lineage import lineage
from warehouse.trace.models import Models
from warehouse.trace.openlineage import FILE_NAME, write_events


def record_lineage(candidate: WarehouseFolder, apps: Mapping[str, App]) -> Path:
    """Write ``openlineage.jsonl``. Raises ``OSError`` or ``ValueError`` without dbt's manifest."""
    models = Models.load(candidate.folder)
    with duckdb.connect(candidate.path, read_only=True) as con:
        catalog = catalog_of(con, "kota")
    path = candidate.folder / FILE_NAME
    write_events(path, lineage(models, catalog, apps), catalog, candidate.manifest, models)
    return path
