"""The app registry: one YAML file an app says everything kota knows about it."""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from connectors.bundle.spec import Bundle
from connectors.entry import Entry
from connectors.files.spec import FileSource
from connectors.rest_spec import Rest, RestAuth, RestLogin
from kota.settings import Settings

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
SqlType = Annotated[str, Field(pattern=r"^[A-Za-z]+(\(\d+(, ?\d+)?\))?$")]


class RegistryError(Exception):
    """A registry file is wrong; the message names the file, the field and what is expected."""


class Column(Entry):
    """What has to be said about a column beyond what the source says itself."""

    type: SqlType | None = None
    """The DuckDB type its text is read as; for sources without types (REST, files)."""
    format: str | list[str] | None = None
    """How a date or time is spelt in text: strptime patterns, tried in order (``%d/%m/%Y``)."""
    decimal: Literal[".", ","] = "."
    """The decimal mark of a number in text; beside a comma, points separate thousands."""
    path: str | None = None
    """Where the value is in a nested record: keys joined by dots; by default its own name."""
    personal: Literal["umum", "spesifik"] | None = None
    """The class of personal data, UU PDP 27/2022 article 4: general or specific."""
    policy: Literal["keep", "token", "drop"] = "keep"
    """How it lands: as it is, as a keyed token, or not at all."""
    required: bool = False
    """A row in which it is empty goes to the quarantine."""
    domain: list[str] | None = None
    """The values it may have, as text; a row with another goes to the quarantine."""
    pattern: str | None = None
    """The regular expression its whole text has to match; otherwise, to the quarantine."""
    references: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.\S+$")] | None = None
    """``table.column`` of this app that has to have the value; otherwise, to the quarantine."""

    @field_validator("pattern")
    @classmethod
    def _pattern_is_regular(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value


class Retention(Entry):
    """How long the past of a table is kept; its current state always is."""

    history_days: Annotated[int, Field(ge=1)] | None = None
    """Past versions of a row are removed this long after a newer one came; never by default."""


class Table(Entry):
    """One table (or REST resource) of an app."""

    source: str | None = None
    """Its name at the source, where that differs from its name in the lake."""
    description: str = ""
    key: list[str]
    """The columns that tell its rows apart. Empty where there are none: equal rows are counted."""
    mode: Literal["incremental", "snapshot", "append"]
    cursor: str | None = None
    lookback: Annotated[int, Field(ge=0)] | None = None
    """How far before the watermark to read again: seconds for a time, a distance for a number."""
    deletions: Literal["auto", "every_run", "daily", "weekly", "never"] = "auto"
    """How often all keys are compared with the source, to find deleted rows and missed ones.

    ``auto`` compares at every run while the table is small and daily when it has more than
    100,000 rows. A snapshot reads everything and finds them anyway.
    """
    reread: Literal["auto", "never", "weekly", "monthly"] = "auto"
    """How often an incremental table is read in full, for rows that changed and kept their cursor.

    ``auto`` reads it weekly up to a million rows and never beyond.
    """
    max_deleted_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """A batch that would delete a greater share fails: it is more likely an accident."""
    max_grown_share: Annotated[float, Field(gt=0)] = 0.5
    """A table that grew by a greater share since the last publication is held back at its audit.

    Unless it grew by fewer than a hundred rows, or by no more than three times as many as it ever
    did in one batch: it is more likely to have been loaded twice.
    """
    control: list[str] = Field(default_factory=list)
    """Columns that are added up at the source, in the lake and in staging, and compared.

    Of a number count, sum, least and greatest; of a time count, first and last; of a text count and
    length. Of a personal column only count and sum.
    """
    count_tolerance_share: Annotated[float, Field(ge=0, lt=1)] = 0.001
    """What a source that can't be counted in the instant of reading may differ by, as a share.

    It is shown with every comparison. Other sources have to agree exactly.
    """
    max_rejected_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    """A batch fails when a greater share of its rows, and more than 100 of them, is rejected."""
    retention: Retention = Retention()
    columns: dict[str, Column] = Field(default_factory=dict)
    rest: Rest | None = None
    files: FileSource | None = None

    @model_validator(mode="after")
    def _cursor_matches_mode(self) -> Self:
        if self.mode == "snapshot" and self.cursor:
            raise ValueError("a snapshot table reads everything: remove its cursor")
        if self.files is not None:
            if (self.files.content != "part") != (self.mode == "snapshot"):
                raise ValueError(
                    "files with content: complete or together are mode: snapshot, parts are not"
                )
        elif self.mode != "snapshot" and not self.cursor:
            raise ValueError(f"mode {self.mode} needs a cursor column")
        for name in self.control:
            if self.columns.get(name, Column()).policy != "keep":
                raise ValueError(f"control column {name} is not kept, so it can't be compared")
        if self.mode != "snapshot" and not self.key:
            raise ValueError(f"mode {self.mode} needs a key; without one, use mode: snapshot")
        return self


class Politeness(Entry):
    """How much of a production database we may use."""

    max_connections: Annotated[int, Field(ge=1)] = 1
    statement_timeout_seconds: Annotated[int, Field(ge=1)] = 600
    batch_rows: Annotated[int, Field(ge=1)] = 50_000
    allowed_hours: (
        Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] | None
    ) = None
    """When it may be read, in the app's time zone, such as ``18:00-05:30``; always by default."""
    pause_above: Annotated[int, Field(ge=1)] | None = None
    """Pause while more statements than this run at the source."""
    part_rows: Annotated[int, Field(ge=1000)] = 4_000_000
    """A first load is committed in parts of about so many rows, and resumes after the last."""
    compress: bool = False
    """Compress on the wire: worth it on a slow line, three times slower on a local one."""


class App(Entry):
    """One legacy app."""

    app: Name
    name: str
    description: str
    department: Name
    owner: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    """Who is told when it breaks: an e-mail address of the office, not of a person."""
    tier: Annotated[int, Field(ge=1, le=3)]
    """1: an official looks at it every day; 2: every week; 3: nobody waits for it."""
    connection: Name
    timezone: str
    schedule: str
    freshness_hours: Annotated[int, Field(ge=1)]
    alert_quarantined_rows: Annotated[int, Field(ge=1)] = 100
    """The owner is told when so many records are open in the quarantine."""
    schema_: str | None = Field(default=None, alias="schema")
    """The database schema its tables are in, where the technology has schemas."""
    politeness: Politeness = Politeness()
    login: RestLogin | None = None
    auth: RestAuth | None = None
    """How a REST service without sign-in knows us; the secret is in the connection."""
    bundle: Bundle | None = None
    """Who carries it to us, where the app is in a place without internet (docs/bundles.md)."""
    tables: Annotated[dict[Name, Table], Field(min_length=1)]

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"unknown time zone {value!r}, try Asia/Jakarta") from error
        return value

    @model_validator(mode="after")
    def _references_make_an_order(self) -> Self:
        try:
            self.load_order()
        except CycleError as error:
            raise ValueError(f"tables refer to each other in a circle: {error.args[1]}") from error
        return self

    def load_order(self) -> list[str]:
        """The tables, each after those its columns refer to."""
        referred = {
            name: {
                column.references.split(".")[0]
                for column in table.columns.values()
                if column.references and column.references.split(".")[0] != name
            }
            for name, table in self.tables.items()
        }
        if unknown := {other for names in referred.values() for other in names} - {*self.tables}:
            raise ValueError(f"a column refers to {', '.join(sorted(unknown))}, which is no table")
        return list(TopologicalSorter(referred).static_order())

    def personal_columns(self, table: str) -> list[str]:
        """The columns of a table that are classed as personal data."""
        return [name for name, said in self.tables[table].columns.items() if said.personal]

    def source_name(self, table: str) -> str:
        """The table's name at the source."""
        return self.tables[table].source or table


def load_app(path: Path) -> App:
    """One registry file. Raises ``RegistryError`` with one line for each thing that is wrong."""
    try:
        # The safe loader in C: the one in Python takes a fifth of a second for a dozen apps.
        app = App.model_validate(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))
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
