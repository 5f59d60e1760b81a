"""The whole chain brought up: legacy apps, Airflow, Superset, Data Docs; ended with the block."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connectors.registry import load_registry
from demo.airflow_api import AirflowApi
from demo.airflow_server import AirflowServer
from demo.chain import Chain
from demo.credentials import Credentials
from demo.docs_server import serve_docs
from demo.environment import NO_TELEMETRY, environment, write_env_file
from demo.legacy_apps import LegacyApps
from demo.ports import Ports, PortTakenError
from demo.postgres import PostgresServer
from demo.process import Programs
from demo.progress import Steps
from demo.superset_server import SupersetServer
from kota.settings import Settings


@dataclass(frozen=True)
class RunningCity:
    """A city that is up, with one pass of the chain behind it."""

    settings: Settings
    credentials: Credentials
    apps: LegacyApps
    airflow: AirflowServer
    superset: SupersetServer
    docs_url: str
    env_file: Path
    chain: Chain
    programs: Programs

    @property
    def published(self) -> Path:
        """The snapshot that readers see."""
        return self.settings.published_dir / "current" / "kota.duckdb"

    def pass_through(self) -> bool:
        """Run the whole chain once more; True if a new snapshot was published."""
        return self.chain.run(load_registry(self.settings))

    def advance(self) -> None:
        """Let one day pass in the legacy apps."""
        self.apps.advance(self.programs)

    def check(self) -> None:
        """Raise ``StepFailedError`` if one of the servers has ended."""
        self.programs.check()
        self.apps.check()


@contextmanager
def running_city(
    settings: Settings,
    ports: Ports,
    steps: Steps,
    *,
    citizens: int = 20_000,
    seed: int | None = None,
) -> Iterator[RunningCity]:
    """Bring everything up, run the chain once, and yield the city; end it all with the block.

    What an earlier run left in ``settings.home`` is used again. While it is up, this process's
    environment names the city, as ``env.sh`` does. Raises ``PortTakenError``,
    ``AlreadyRunningError``, ``StepFailedError``, ``ServerError`` or ``AirflowError``, each with a
    sentence for people.
    """
    folder = settings.home / "demo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as stack:
        stack.enter_context(steps.live())
        programs = Programs(folder / "running.json", settings.logs_dir / "demo")
        stack.callback(programs.close)
        ports.check()
        stack.callback(steps.say, "Every server is stopped.")
        credentials = Credentials.load_or_create(folder / "secrets.json")
        postgres = _start_postgres(settings, ports, credentials, steps, stack)
        apps = LegacyApps(settings, ports, credentials, postgres)
        airflow = AirflowServer(
            settings, credentials, ports.airflow, postgres.uri("airflow", "airflow")
        )
        superset = SupersetServer(
            settings, credentials, ports.superset, postgres.uri("superset", "superset")
        )
        variables = _variables(settings, credentials, apps, superset)
        write_env_file(folder / "env.sh", variables)
        stack.enter_context(environment(variables))
        if apps.mariadb:
            stack.callback(apps.mariadb.stop)

        pool = stack.enter_context(ThreadPoolExecutor(max_workers=3))
        stack.callback(programs.close)  # before the pool waits for those who wait for programs
        was_published = (settings.published_dir / "current").exists()
        api = AirflowApi(airflow.url, credentials.airflow_admin)
        stack.callback(api.close)
        app_ids = list(load_registry(settings))
        reports = pool.submit(_start_superset, superset, programs, steps, deploy=was_published)
        needed: list[Future[None]] = [
            pool.submit(_start_airflow, airflow, api, app_ids, programs, steps, apps),
            pool.submit(_start_apps, apps, programs, steps, citizens, seed),
        ]
        _wait_for(*needed, alongside=reports)

        def check() -> None:
            programs.check()
            apps.check()
            if reports.done():
                reports.result()

        chain = Chain(api, settings, airflow.home / "logs", steps, check)
        chain.run(app_ids)
        reports.result()
        if not was_published:
            with steps.step("Superset: deploy the dashboards"):
                superset.deploy(programs)
        readers = {"auditor": credentials.superset_auditor}
        docs = settings.audit_dir / "data_docs"
        docs_url = stack.enter_context(serve_docs(docs, ports.docs, readers))
        yield RunningCity(
            settings,
            credentials,
            apps,
            airflow,
            superset,
            docs_url,
            folder / "env.sh",
            chain,
            programs,
        )


def _wait_for(*needed: Future[None], alongside: Future[None]) -> None:
    """Wait for all that is needed; the first failure, also of what runs alongside, ends it."""
    waiting = {*needed, alongside}
    while waiting & set(needed):
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()


def _start_postgres(
    settings: Settings, ports: Ports, credentials: Credentials, steps: Steps, stack: ExitStack
) -> PostgresServer:
    postgres = PostgresServer(
        settings.home / "postgres",
        ports.postgres,
        admin_password=credentials.postgres_admin,
        reader_password=credentials.reader,
        log=settings.logs_dir / "demo" / "postgres.log",
    )
    with steps.step("PostgreSQL: for the permits, Airflow and Superset"):
        try:
            stack.enter_context(postgres)
        except PortTakenError:
            raise PortTakenError(ports.taken("postgres")) from None
        for role, password in (
            ("airflow", credentials.airflow_database),
            ("superset", credentials.superset_database),
        ):
            postgres.create_role(role, password)
            postgres.create_database(role, owner=role)
    return postgres


def _start_apps(
    apps: LegacyApps, programs: Programs, steps: Steps, citizens: int, seed: int | None
) -> None:
    with steps.step(f"legacy apps: {citizens:,} citizens; LAKSA in {apps.laksa_engine}"):
        try:
            apps.load(programs, citizens, seed)
        except PortTakenError:
            raise PortTakenError(apps.ports.taken("mariadb")) from None
        apps.start_services(programs, os.environ)


def _start_airflow(
    airflow: AirflowServer,
    api: AirflowApi,
    app_ids: list[str],
    programs: Programs,
    steps: Steps,
    apps: LegacyApps,
) -> None:
    connections = {f"AIRFLOW_CONN_{name}": uri for name, uri in apps.connections().items()}
    own = {name: value for name, value in os.environ.items() if not name.startswith("KOTA_CONN_")}
    env = {**own, **airflow.environment(), **connections}
    with steps.step("Airflow: metadata"):
        airflow.prepare(programs, env)
    with steps.step("Airflow: API server, DAG processor, scheduler"):
        since = datetime.now(UTC)
        airflow.start(programs, env)
        api.wait_until_healthy(programs.check)
        api.sign_in()
        api.ensure_pool("duckdb_writer", 1, "DuckDB has one writer")
        api.wait_for_dags(
            {"warehouse", *(f"extract_{app_id}" for app_id in app_ids)}, since, programs.check
        )


def _start_superset(
    superset: SupersetServer, programs: Programs, steps: Steps, *, deploy: bool
) -> None:
    """A deploy needs a snapshot to describe: before the first one only the long part is done."""
    if deploy:
        with steps.step("Superset: deploy the dashboards"):
            superset.deploy(programs)
    else:
        with steps.step("Superset: metadata"):
            superset.prepare(programs)
    with steps.step("Superset: web server"):
        superset.start(programs)


def _variables(
    settings: Settings, credentials: Credentials, apps: LegacyApps, superset: SupersetServer
) -> Mapping[str, str]:
    owners = apps.owner_connections()
    return {
        "KOTA_HOME": str(settings.home),
        "KOTA_TOKEN_KEY": credentials.token_key,
        **{f"KOTA_CONN_{name}": uri for name, uri in apps.connections().items()},
        **{f"KOTA_DEMO_{name}": uri for name, uri in owners.items()},
        **superset.environment(),
        **NO_TELEMETRY,
    }
