"""A folder that holds a warehouse file and the manifest that says what it was made of."""

from dataclasses import dataclass
from pathlib import Path

from warehouse.manifest import Manifest

DATABASE = "kota.duckdb"
"""One constant file name: DuckDB qualifies stored views with the file's stem."""


@dataclass(frozen=True)
class WarehouseFolder:
    """What a candidate and a snapshot have in common."""

    folder: Path

    @property
    def id(self) -> str:
        """When it was built, ``20261122T081500Z``; a snapshot keeps the id of its candidate."""
        return self.folder.name

    @property
    def path(self) -> Path:
        """The DuckDB file."""
        return self.folder / DATABASE

    @property
    def manifest(self) -> Manifest:
        """What it was made of, and for a snapshot how it passed."""
        return Manifest.load(self.folder)
