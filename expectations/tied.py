"""What reconciliation asks of dbt's manifest and of the candidate."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

ALL_ROWS = "count(*)"


def load_manifest(path: Path) -> Mapping[str, Any]:
    """dbt's own manifest of the build. Raises ``OSError`` or ``ValueError``."""
    manifest: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    return manifest


def ask(con: duckdb.DuckDBPyConnection, aggregate: str, relation: str, where: str = "true") -> Any:
    """The value of an aggregate over a relation."""
    row = con.execute(f"select {aggregate} from {relation} where {where}").fetchone()
    return row[0] if row else None
