"""What a candidate or snapshot was made of, so that it can be traced and made again."""

from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

FILE_NAME = "manifest.json"


class PublishedTable(BaseModel):
    """One table of a snapshot."""

    model_config = ConfigDict(frozen=True)

    rows: int
    content: str = ""
    """Hash of the rows in any order (``warehouse.content``); empty in snapshots of former days."""


class Publication(BaseModel):
    """What publishing adds to the manifest of a candidate."""

    model_config = ConfigDict(frozen=True)

    published_at: datetime
    verdict: str
    """``pass`` or ``warn``; a failed candidate is never published."""
    checks: int
    warnings: int
    tables: dict[str, PublishedTable]
    file_sha256: str


class Manifest(BaseModel):
    """The origin of a warehouse file."""

    model_config = ConfigDict(frozen=True)

    id: str
    built_at: datetime
    as_of: datetime
    """When the sources were last seen; ages and lateness are counted to this instant."""
    lake: dict[str, int]
    """Delta version of each lake table, by ``app.table``."""
    person_history: int | None = None
    """Version of the history of persons' ids that this was built on; None before the first."""
    base: str | None = None
    """The candidate whose tables this one went on from; None where it was built in full."""
    code_version: str
    config_hash: str
    """SHA-256 over city.yml, the app registry and the dbt project."""
    duckdb_version: str
    publication: Publication | None = None

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The manifest in a candidate's or snapshot's folder."""
        return cls.model_validate_json((folder / FILE_NAME).read_text("utf-8"))

    def save(self, folder: Path) -> None:
        """Write it into the folder."""
        (folder / FILE_NAME).write_text(self.model_dump_json(indent=2) + "\n", "utf-8")
