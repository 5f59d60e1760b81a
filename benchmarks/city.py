"""A demo city of any size, seed and dirtiness in its real apps, extracted and cleaned by kota.

What is measured on it is what kota would make of those apps tonight: the rows went through the
databases, the files, the readers, the lake and the staging models.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.extract import extract_app
from connectors.registry import load_registry
from demo.apps import APPS
from demo.credentials import Credentials
from demo.environment import environment
from demo.legacy_apps import LegacyApps
from demo.links import read_links
from demo.loading import AppUris, load_city
from demo.ports import Ports
from demo.postgres import PostgresServer
from demo.process import Programs
from demo.spec import CitySpec
from demo.truth import Truth
from kota.settings import Settings
from lake.engine import connect
from warehouse.build import variables
from warehouse.dbt import dbt_build
from warehouse.folder import DATABASE
from warehouse.lake_views import as_of, attach_lake
from warehouse.persons.history import attach_history
from warehouse.pins import pin

_SEGAR = {"SEGAR_REQUESTS_PER_SECOND": "10000", "SEGAR_BURST": "10000"}


def extracted_city(spec: CitySpec, home: Path) -> Settings:
    """The city, loaded into its apps and extracted into the lake of ``home``.

    What is there already is taken as it is if it is of the same city. Raises ``RuntimeError`` when
    an app could not be extracted.
    """
    settings = Settings(home=home)
    state = home / "demo"
    if (done := Truth.read(state)) and done.spec == spec and (home / "extracted").exists():
        return settings
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _servers(settings) as apps:
        owners = apps.owner_connections()
        load_city(spec, AppUris({app: owners[app.upper()] for app in APPS}), state, print)
        with _services(settings, apps):
            for name, app in load_registry(settings).items():
                run = extract_app(app, settings)
                print(run.sentence(), flush=True)
                if run.failed:
                    raise RuntimeError(f"{name} was not extracted")
    (home / "extracted").touch()
    return settings


def cleaned(settings: Settings, *models: str) -> Path:
    """A database with these models and all they need, made from the lake."""
    database = settings.home / "cleaned" / DATABASE
    database.parent.mkdir(exist_ok=True, mode=0o700)
    database.unlink(missing_ok=True)
    apps = load_registry(settings)
    with connect(settings, database=str(database)) as con:
        attach_lake(con, settings, apps, pin(settings, apps, {}, datetime.now(UTC)))
        attach_history(con, settings, None)
    dbt_build(
        settings,
        database,
        variables(settings, as_of(settings, apps)),
        [f"+{model}" for model in models],
    )
    return database


def add_truth(con: duckdb.DuckDBPyConnection, state: Path, apps: Sequence[str]) -> None:
    """Make the table ``links``: ``app``, ``table``, ``key``, ``person``, ``kelurahan``, as in
    ``demo.links``, of the city whose truth lies in ``state``."""
    parts = []
    for app in apps:
        links = read_links(state, app)
        parts.append(links.append_column("app", pa.repeat(app, len(links))))
    links = pa.concat_tables(parts)  # DuckDB finds it by name
    con.execute("create or replace table links as from links")


@contextmanager
def _servers(settings: Settings) -> Iterator[LegacyApps]:
    """The apps' database servers on free ports, started."""
    credentials = Credentials.load_or_create(settings.home / "demo" / "secrets.json")
    ports = Ports.free()
    logs = settings.logs_dir / "demo"
    logs.mkdir(parents=True, exist_ok=True)
    postgres = PostgresServer(
        settings.home / "postgres",
        ports.postgres,
        admin_password=credentials.postgres_admin,
        reader_password=credentials.reader,
        log=logs / "postgres.log",
    )
    apps = LegacyApps(settings, ports, credentials, postgres)
    with ExitStack() as stack:
        stack.enter_context(postgres)
        if apps.mariadb:
            stack.enter_context(apps.mariadb)
        apps.create_databases()
        connections = {f"KOTA_CONN_{name}": uri for name, uri in apps.connections().items()}
        stack.enter_context(environment({**connections, "KOTA_TOKEN_KEY": credentials.token_key}))
        yield apps


@contextmanager
def _services(settings: Settings, apps: LegacyApps) -> Iterator[None]:
    """The apps' own services, without the limits that would slow the loading down."""
    with Programs(settings.home / "running.json", settings.logs_dir).closing() as programs:
        apps.start_services(programs, {**os.environ, **_SEGAR})
        yield
