"""A city of any size in its twelve apps, and `kota` pointed at it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from demo.credentials import Credentials
from demo.legacy_apps import LegacyApps
from demo.loading import city_spec
from demo.ports import Ports
from demo.postgres import PostgresServer
from demo.process import Programs
from demo.spec import today
from demo.truth import Truth
from kota.settings import PROJECT_ROOT, Settings

POLITENESS_LIFTED = {"SEGAR_REQUESTS_PER_SECOND": "10000", "SEGAR_BURST": "10000"}


@dataclass(frozen=True)
class BenchmarkCity:
    """Where the city is, and the environment in which a command finds it."""

    settings: Settings
    environment: dict[str, str]

    def demo(self, *arguments: str) -> None:
        """A command of ``python -m demo``."""
        self._run([sys.executable, "-m", "demo", *arguments])

    def kota(self, *arguments: str) -> str:
        """A command of kota, and what it printed."""
        return self._run([sys.executable, "-m", "kota", *arguments])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout


def benchmark_city(home: Path, memory: str) -> BenchmarkCity:
    """The city whose apps, lake and warehouse are in a folder."""
    settings = Settings(home=home)
    home.mkdir(parents=True, exist_ok=True)
    credentials = Credentials.load_or_create(home / "demo" / "secrets.json")
    return BenchmarkCity(
        settings,
        {
            **os.environ,
            "KOTA_HOME": str(home),
            "KOTA_TOKEN_KEY": credentials.token_key,
            "KOTA_MEMORY_LIMIT": memory,
        },
    )


@contextmanager
def serving(city: BenchmarkCity, citizens: int, days_ahead: int) -> Iterator[BenchmarkCity]:
    """The same city, loaded, while its databases and the apps' services run.

    A new one opened ``days_ahead`` days ago, so that as many can pass before its clocks are ahead
    of this machine's, which an audit refuses.
    """
    home = city.settings.home
    state = home / "demo"
    credentials = Credentials.load_or_create(home / "demo" / "secrets.json")
    ports = Ports.free()
    postgres = PostgresServer(
        home / "postgres",
        ports.postgres,
        admin_password=credentials.postgres_admin,
        reader_password=credentials.reader,
        log=home / "postgres.log",
    )
    apps = LegacyApps(city.settings, ports, credentials, postgres)
    if apps.mariadb is None:
        sys.exit("this benchmark needs a MariaDB server on this machine")
    environment = {
        **city.environment,
        **POLITENESS_LIFTED,
        **{f"KOTA_CONN_{name}": uri for name, uri in apps.connections().items()},
        **{f"KOTA_DEMO_{name}": uri for name, uri in apps.owner_connections().items()},
    }
    with apps.mariadb, postgres:
        apps.create_databases()
        loaded = BenchmarkCity(city.settings, environment)
        truth = Truth.read(state)
        is_known = truth is not None and truth.spec == city_spec(state, citizens)
        opening = [] if is_known else ["--day", str(today() - timedelta(days=days_ahead))]
        loaded.demo("load", "--citizens", str(citizens), *opening)
        with Programs(home / "running.json", home / "logs").closing() as programs:
            apps.start_services(programs, environment)
            yield loaded
