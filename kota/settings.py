"""Where things are and how much of the machine may be used: from the environment, with defaults."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class MapView(BaseModel):
    """Where a map of the city opens: degrees (WGS 84) and a web-map zoom level."""

    model_config = ConfigDict(extra="forbid")

    latitude: float
    longitude: float
    zoom: float = 11


class SnapshotPolicy(BaseModel):
    """Which published snapshots stay; the manifest of every one stays for ever."""

    model_config = ConfigDict(extra="forbid")

    keep_last: Annotated[int, Field(ge=2)] = 7
    """The newest so many, so that one can go back."""
    keep_months: Annotated[int, Field(ge=0)] = 12
    """And the last one of each of so many months, in the city's time zone."""


class AlertPolicy(BaseModel):
    """Who is told beside the owner of an app; how mail goes out is in the environment."""

    model_config = ConfigDict(extra="forbid")

    data_engineer: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None
    """An e-mail address of the office: told of every incident."""
    open_complaints_per_kecamatan: Annotated[int, Field(ge=1)] | None = None
    """More than so many that are not closed are told to ``told_of_limits``."""
    told_of_limits: list[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]] = []


class City(BaseModel):
    """The city this installation serves, read from ``city.yml``."""

    model_config = ConfigDict(extra="forbid")

    name: str
    code_kemendagri: Annotated[str, Field(pattern=r"^\d{2}\.\d{2}$")]
    timezone: str
    locale: str = "id"
    map: MapView
    public_indicators: bool = False
    morning_report: dict[str, str] = {"Official": "laporan-pagi", "Leadership": "ruang-kendali"}
    """By role, the slug of the dashboard that goes out by e-mail every morning."""
    snapshots: SnapshotPolicy = SnapshotPolicy()
    alerts: AlertPolicy = AlertPolicy()


class Settings(BaseSettings):
    """Paths and limits. Every field can be set as ``KOTA_<FIELD>`` in the environment."""

    model_config = SettingsConfigDict(env_prefix="KOTA_", extra="ignore")

    root: Path = PROJECT_ROOT
    home: Path = PROJECT_ROOT / "var"
    apps_dir: Path = PROJECT_ROOT / "connectors" / "apps"
    superset_python: Path = PROJECT_ROOT / ".venv" / "superset" / "bin" / "python"
    record_key: Path | None = None
    """The private key that exports of the record are signed with; in ``home`` by default."""
    record_anchors: Path | None = None
    """A file outside ``home`` that remembers the hash of every entry of the record."""
    keep_snapshots: Annotated[int | None, Field(ge=2)] = None
    """Instead of ``keep_last`` in ``city.yml``."""
    threads: Annotated[int, Field(ge=1)] = 2
    memory_limit: str = "512MB"
    public_indicators: bool | None = None

    def model_post_init(self, _context: Any) -> None:
        """Make paths absolute, so that a subprocess in another folder sees the same."""
        self.root = self.root.absolute()
        self.home = self.home.absolute()
        for name in ("record_key", "record_anchors"):
            if path := getattr(self, name):
                setattr(self, name, path.absolute())

    @property
    def lake_dir(self) -> Path:
        """One Delta table per source table, ``<app>/<table>``; originals, so mode 0700."""
        return self.home / "lake"

    @property
    def candidates_dir(self) -> Path:
        """One folder per build, ``<id>/kota.duckdb`` with its manifest and verdict."""
        return self.home / "warehouse"

    @property
    def rebuilds_dir(self) -> Path:
        """Snapshots made again to be compared; staging rows, so mode 0700 and not for long."""
        return self.home / "rebuilds"

    @property
    def persons_dir(self) -> Path:
        """Which pseudonymous id each mention of a person had on published nights; mode 0700."""
        return self.home / "persons"

    @property
    def published_dir(self) -> Path:
        """Immutable snapshots, ``<id>/kota.duckdb``, and the ``current`` symlink readers follow."""
        return self.home / "published"

    @property
    def audit_dir(self) -> Path:
        """Great Expectations results, Data Docs, and the record."""
        return self.home / "audit"

    @property
    def logs_dir(self) -> Path:
        """Logs of every program that kota starts."""
        return self.home / "logs"

    @property
    def keep_last(self) -> int:
        """How many of the newest snapshots stay, and the results of as many audits."""
        return self.keep_snapshots or self.city.snapshots.keep_last

    @property
    def dbt_dir(self) -> Path:
        """The dbt project."""
        return self.root / "dbt_project"

    @property
    def city(self) -> City:
        """The city's own configuration. Raises ``pydantic.ValidationError`` if it is wrong."""
        city = City.model_validate(yaml.safe_load((self.root / "city.yml").read_text("utf-8")))
        if self.public_indicators is None:
            return city
        return city.model_copy(update={"public_indicators": self.public_indicators})


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
