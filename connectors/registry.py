"""The app registry: one YAML file an app says everything kota knows about it."""

from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from connectors.entry import Entry
from connectors.rest_spec import Rest, RestLogin
from kota.settings import Settings

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
SqlType = Annotated[str, Field(pattern=r"^[A-Za-z]+(\(\d+(, ?\d+)?\))?$")]


class RegistryError(Exception):
    """A registry file is wrong; the message names the file, the field and what is expected."""


class Column(Entry):
    """What has to be said about a column beyond what the source says itself."""

    type: SqlType | None = None
    """The DuckDB type its text is read as; for sources without types (REST)."""
    personal: Literal["umum", "spesifik"] | None = None
    """The class of personal data, UU PDP 27/2022 article 4: general or specific."""
    policy: Literal["keep", "token", "drop"] = "keep"
    """How it lands: as it is, as a keyed token, or not at all."""


class Table(Entry):
    """One table (or REST resource) of an app."""

    source: str | None = None
    """Its name at the source, where that differs from its name in the lake."""
    description: str = ""
    key: Annotated[list[str], Field(min_length=1)]
    mode: Literal["incremental", "snapshot", "append"]
    cursor: str | None = None
    lookback: Annotated[int, Field(ge=0)] | None = None
    """How far before the watermark to read again: seconds for a time, a distance for a number."""
    deletions: Literal["every_run", "never"] = "every_run"
    """Whether rows missing at the source are looked for; a snapshot finds them anyway."""
    max_deleted_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """A batch that would delete a greater share fails: it is more likely an accident."""
    columns: dict[str, Column] = Field(default_factory=dict)
    rest: Rest | None = None

    @model_validator(mode="after")
    def _cursor_matches_mode(self) -> Self:
        if self.mode == "snapshot" and self.cursor:
            raise ValueError("a snapshot table reads everything: remove its cursor")
        if self.mode != "snapshot" and not self.cursor:
            raise ValueError(f"mode {self.mode} needs a cursor column")
        return self


class Politeness(Entry):
    """How much of a production database we may use."""

    max_connections: Annotated[int, Field(ge=1)] = 1
    statement_timeout_seconds: Annotated[int, Field(ge=1)] = 600
    batch_rows: Annotated[int, Field(ge=1)] = 50_000
    compress: bool = False
    """Compress on the wire: worth it on a slow line, three times slower on a local one."""


class App(Entry):
    """One legacy app."""

    app: Name
    name: str
    description: str
    department: Name
    owner: str
    """Who is told when it breaks: an e-mail address of the office, not of a person."""
    tier: Annotated[int, Field(ge=1, le=3)]
    """1: an official looks at it every day; 2: every week; 3: nobody waits for it."""
    connection: Name
    timezone: str
    schedule: str
    freshness_hours: Annotated[int, Field(ge=1)]
    schema_: str | None = Field(default=None, alias="schema")
    """The database schema its tables are in, where the technology has schemas."""
    politeness: Politeness = Politeness()
    login: RestLogin | None = None
    tables: Annotated[dict[Name, Table], Field(min_length=1)]

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"unknown time zone {value!r}, try Asia/Jakarta") from error
        return value

    def source_name(self, table: str) -> str:
        """The table's name at the source."""
        return self.tables[table].source or table


def load_app(path: Path) -> App:
    """One registry file. Raises ``RegistryError`` with one line for each thing that is wrong."""
    try:
        app = App.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except yaml.YAMLError as error:
        raise RegistryError(f"{path.name}: not YAML: {error}") from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()]
        raise RegistryError(f"{path.name}: " + "; ".join(lines)) from error
    if app.app != path.stem:
        raise RegistryError(f"{path.name}: app is {app.app!r}, so the file must be {app.app}.yml")
    return app


def load_registry(settings: Settings) -> dict[str, App]:
    """All apps by name. Raises ``RegistryError`` naming every file that is wrong."""
    apps: dict[str, App] = {}
    errors: list[str] = []
    for path in sorted(settings.apps_dir.glob("*.yml")):
        try:
            app = load_app(path)
            apps[app.app] = app
        except RegistryError as error:
            errors.append(str(error))
    if errors:
        raise RegistryError("\n".join(errors))
    if not apps:
        raise RegistryError(f"no app is registered in {settings.apps_dir}")
    return apps
