"""What a candidate or snapshot was made of, so that it can be traced and made again."""

from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from lake.control import Basis, Control

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


class Held(BaseModel):
    """An app whose news is not in a warehouse file, wholly or in part, and why."""

    model_config = ConfigDict(frozen=True)

    reason: str
    """One sentence for the auditor, without a value of any row."""
    since: datetime
    """When the first build left it out; later ones that leave it out again keep the time."""
    tables: list[str]
    """The tables it is about: all of the app, or those that were never loaded."""
    refused: dict[str, int]
    """The versions that were not taken, by ``app.table``: the same ones are no news."""
    is_blamed: bool = False
    """Whether a failed build or audit was put down to it, and not what it looks like by itself."""

    def sentence(self, app: str) -> str:
        """For people."""
        return f"{app} is held back since {self.since:%Y-%m-%d %H:%M} UTC: {self.reason}"


class Observed(BaseModel):
    """What was known of a lake table when it was taken, beside its rows: no value of any row."""

    model_config = ConfigDict(frozen=True)

    checked_at: datetime | None = None
    """When the source was last found to agree with the version that was taken."""
    source_rows: int | None = None
    """Rows at the source then."""
    quarantined_rows: int = 0
    """Records set aside instead of being in the lake."""
    most_rows: int | None = None
    """The greatest believable number of rows, by what was published before."""
    count_basis: Basis = "source"
    """Who counted the rows at the source: the source, or kota while it read them."""
    tolerance_rows: int = 0
    """What a source that can't be counted in the instant of reading may differ by."""
    erased_rows: int = 0
    """Rows of erased persons may still be at the source, so many at most."""
    controls: list[Control] = Field(default=[], exclude=True)
    """What control columns add up to at the source: for the audit alone, in no manifest."""
    control_basis: Basis = Field(default="source", exclude=True)
    """Who added them up."""


class Manifest(BaseModel):
    """The origin of a warehouse file."""

    model_config = ConfigDict(frozen=True)

    id: str
    built_at: datetime
    as_of: datetime
    """When the sources were last seen; ages and lateness are counted to this instant."""
    lake: dict[str, int]
    """Delta version of each lake table, by ``app.table``; without those that were empty here."""
    held: dict[str, Held] = {}
    """The apps that stay at their last good version, or are empty because they have none."""
    person_history: int | None = None
    """Version of the history of persons' ids that this was built on; None before the first."""
    base: str | None = None
    """The candidate whose tables this one went on from; None where it was built in full."""
    code_version: str
    config_hash: str
    """SHA-256 over city.yml, the app registry, the dbt project and the programs behind it."""
    seeds: dict[str, str] = {}
    """SHA-256 of each seed file; ``configuration.json`` beside this has every other file's."""
    variables: dict[str, str] = {}
    """What dbt was told: the instant and the city."""
    observed: dict[str, Observed] = {}
    """What was known of each lake table beside its rows, by ``app.table``."""
    token_key_id: str | None = None
    """Which key chain made tokens and persons' ids; another makes others."""
    duckdb_version: str
    publication: Publication | None = None

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The manifest in a candidate's or snapshot's folder."""
        return cls.model_validate_json((folder / FILE_NAME).read_text("utf-8"))

    def save(self, folder: Path) -> None:
        """Write it into the folder."""
        (folder / FILE_NAME).write_text(self.model_dump_json(indent=2) + "\n", "utf-8")
