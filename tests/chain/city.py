"""A demo city with all its apps served, and kota's command line pointed at it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from demo.loading import AppUris, advance_city, load_city
from demo.people import PEOPLE_FOLDER
from demo.spec import CitySpec
from demo.truth import Truth
from kota.settings import PROJECT_ROOT, Settings
from tests.conftest import TOKEN_KEY
from tests.demo.conftest import Servers
from warehouse.folder import DATABASE

SPEC = CitySpec(citizens=500, seed=3, opened=date(2026, 6, 10))
KEEP_SNAPSHOTS = 3


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed with ``--json``."""
        return json.loads(self.out)


class RunningCity:
    """The apps, and what kota makes of them in a home of its own."""

    def __init__(self, folder: Path, servers: Servers) -> None:
        self.servers = servers
        self.uris: AppUris = servers.uris()
        self.state = folder / "state"
        self.settings = Settings(home=folder / "home", keep_snapshots=KEEP_SNAPSHOTS)
        self.connections = {
            f"KOTA_CONN_{name}": uri for name, uri in servers.apps.connections().items()
        }

    @property
    def truth(self) -> Truth:
        """What is in the apps now."""
        truth = Truth.read(self.state)
        assert truth is not None
        return truth

    @property
    def people(self) -> Path:
        """The folder with the personal data of everyone in the apps."""
        return self.state / PEOPLE_FOLDER

    def keep_candidate(self) -> Path:
        """A name of its own for the file that the current snapshot was made from: later builds
        forget their candidates."""
        snapshot = self.current.resolve().name
        kept = self.state / f"{snapshot}.duckdb"
        if not kept.exists():
            kept.hardlink_to(self.settings.candidates_dir / snapshot / DATABASE)
        return kept

    def keep_published(self) -> Path:
        """The same for the file that officials read now: later publications push it out."""
        kept = self.state / f"published-{self.current.resolve().name}.duckdb"
        if not kept.exists():
            kept.hardlink_to(self.current / DATABASE)
        return kept

    def advance(self) -> Truth:
        """Let a day pass in the apps."""
        return advance_city(self.uris, self.state)

    def kota(self, *arguments: str, changes: Mapping[str, str] | None = None) -> Done:
        """Run a command of kota to its end, as an operator would."""
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KOTA_", "AIRFLOW_CONN_"))
        }
        done = subprocess.run(
            [sys.executable, "-m", "kota", *arguments],
            cwd=PROJECT_ROOT,
            env={
                **clean,
                **self.connections,
                "KOTA_HOME": str(self.settings.home),
                "KOTA_KEEP_SNAPSHOTS": str(KEEP_SNAPSHOTS),
                "KOTA_TOKEN_KEY": TOKEN_KEY,
                **(changes or {}),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    @cached_property
    def current(self) -> Path:
        """The link that readers follow."""
        return self.settings.published_dir / "current"


@contextmanager
def running_city(folder: Path) -> Iterator[RunningCity]:
    """Start the databases, load the city, and start the apps' services."""
    with Servers(folder / "servers").running() as servers:
        city = RunningCity(folder, servers)
        load_city(SPEC, city.uris, city.state)
        with servers.services():
            yield city
