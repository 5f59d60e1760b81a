"""A real Airflow for the demo: API server, DAG processor, scheduler, metadata in PostgreSQL."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psycopg

from demo.credentials import Credentials, write_private
from demo.ports import HOST
from demo.process import Programs
from kota.settings import Settings

AIRFLOW = (sys.executable, "-m", "airflow")


@dataclass(frozen=True)
class AirflowServer:
    """Where this Airflow lives. ``database`` is a ``postgresql://`` address."""

    settings: Settings
    credentials: Credentials
    port: int
    database: str

    @property
    def home(self) -> Path:
        """AIRFLOW_HOME: its configuration and the logs of its tasks."""
        return self.settings.home / "airflow"

    @property
    def url(self) -> str:
        """Where people and programs reach it."""
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Airflow's whole configuration."""
        secret = self.credentials
        address = self.database.removeprefix("postgresql")
        return {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.settings.root / "dags"),
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "3",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "5",
            "AIRFLOW__CORE__FERNET_KEY": secret.airflow_fernet,
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__API__HOST": HOST,
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__SECRET_KEY": secret.airflow_secret_key,
            "AIRFLOW__API_AUTH__JWT_SECRET": secret.airflow_jwt,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2{address}",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": f"postgresql+asyncpg{address}",
            "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "60",
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
            # What a killed run left as running is noticed in a minute, not in five.
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
            # Also how long the end of a task can go unnoticed: five seconds by default.
            "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        }

    def prepare(self, programs: Programs, env: Mapping[str, str]) -> None:
        """Bring the metadata database to this version's shape, unless it has it already."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(
            self.home / "simple_auth_manager_passwords.json.generated",
            json.dumps({"admin": self.credentials.airflow_admin}),
        )
        # `airflow db migrate` takes ten seconds to find out that there is nothing to do.
        stamp = self.home / "migrated.json"
        installed = version("apache-airflow-core")
        if not stamp.exists() or json.loads(stamp.read_text()) != [installed, self._revision()]:
            programs.run(
                "airflow-migrate", (*AIRFLOW, "db", "migrate"), env, cwd=self.settings.root
            )
            stamp.write_text(json.dumps([installed, self._revision()]))

    def start(self, programs: Programs, env: Mapping[str, str]) -> None:
        """Start the three servers; the scheduler last, because what starts last is ended first.

        A scheduler that outlives the API server waits for it in vain.
        """
        for name, arguments in (
            ("airflow-api-server", ("api-server",)),
            ("airflow-dag-processor", ("dag-processor",)),
            # The API server reads the logs from the same disk: no log server, no port for it.
            ("airflow-scheduler", ("scheduler", "--skip-serve-logs")),
        ):
            programs.start(name, (*AIRFLOW, *arguments), env, cwd=self.settings.root)

    def _revision(self) -> str | None:
        with psycopg.connect(self.database) as connection:
            found = connection.execute("select to_regclass('alembic_version')::text").fetchone()
            if found is None or found[0] is None:
                return None
            row = connection.execute("select version_num from alembic_version").fetchone()
            return None if row is None else str(row[0])
