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


class City(BaseModel):
    """The city this installation serves, read from ``city.yml``."""

    model_config = ConfigDict(extra="forbid")

    name: str
    code_kemendagri: Annotated[str, Field(pattern=r"^\d{2}\.\d{2}$")]
    timezone: str
    locale: str = "id"
    map: MapView
    public_indicators: bool = False


class Settings(BaseSettings):
    """Paths and limits. Every field can be set as ``KOTA_<FIELD>`` in the environment."""

    model_config = SettingsConfigDict(env_prefix="KOTA_", extra="ignore")

    root: Path = PROJECT_ROOT
    home: Path = PROJECT_ROOT / "var"
    apps_dir: Path = PROJECT_ROOT / "connectors" / "apps"
    superset_python: Path = PROJECT_ROOT / ".venv" / "superset" / "bin" / "python"
    keep_snapshots: Annotated[int, Field(ge=2)] = 7
    threads: Annotated[int, Field(ge=1)] = 2
    memory_limit: str = "512MB"
    public_indicators: bool | None = None

    def model_post_init(self, _context: Any) -> None:
        """Make paths absolute, so that a subprocess in another folder sees the same."""
        self.root = self.root.absolute()
        self.home = self.home.absolute()

    @property
    def lake_dir(self) -> Path:
        """One Delta table per source table, ``<app>/<table>``; originals, so mode 0700."""
        return self.home / "lake"

    @property
    def candidates_dir(self) -> Path:
        """One folder per build, ``<id>/kota.duckdb`` with its manifest and verdict."""
        return self.home / "warehouse"

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
        """Great Expectations results and Data Docs."""
        return self.home / "audit"

    @property
    def logs_dir(self) -> Path:
        """Logs of every program that kota starts."""
        return self.home / "logs"

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
