"""The servers themselves: a folder is used again, a taken port is said, a leftover is ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pymysql
import pytest

from demo.ports import PortTakenError
from demo.server import Server, ServerError
from tests.demo.conftest import Servers

pytestmark = pytest.mark.integration


@pytest.fixture
def stopped(tmp_path: Path) -> Servers:
    return Servers(tmp_path)


@pytest.mark.parametrize("name", ["mariadb", "postgres"])
def test_a_folder_is_used_again(stopped: Servers, name: str) -> None:
    server: Server = getattr(stopped, name)
    for start in (1, 2):
        with server:
            assert server.process is not None
            pid = server.process.pid
            if start == 1:
                write(stopped, name)
            else:
                assert read(stopped, name) == 1
        assert not is_alive(pid)


def write(servers: Servers, name: str) -> None:
    for statement in ("CREATE TABLE kept (x INT)", "INSERT INTO kept VALUES (1)"):
        run(servers, name, statement)


def read(servers: Servers, name: str) -> int:
    return run(servers, name, "SELECT x FROM kept")


def run(servers: Servers, name: str, statement: str) -> int:
    if name == "mariadb":
        connection = pymysql.connect(
            host="127.0.0.1",
            port=servers.mariadb.port,
            user="laksa_app",
            password="owner-secret",
            database="laksa",
            autocommit=True,
        )
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
    else:
        with psycopg.connect(servers.postgres.uri("postgres"), autocommit=True) as session:
            answer = session.execute(statement)
            row = answer.fetchone() if answer.description else None
    return int(row[0]) if row else 0


@pytest.mark.parametrize("name", ["mariadb", "postgres"])
def test_a_second_server_on_the_port_or_the_folder_is_refused(
    stopped: Servers, tmp_path: Path, name: str
) -> None:
    server: Server = getattr(stopped, name)
    with server:
        other: Server = getattr(Servers(tmp_path / "other"), name)
        other.port = server.port
        with pytest.raises(PortTakenError, match=str(server.port)):
            other.start()
        same_folder: Server = getattr(Servers(tmp_path), name)
        with pytest.raises(ServerError, match="already runs"):
            same_folder.start()


@pytest.mark.parametrize("name", ["mariadb", "postgres"])
def test_what_a_killed_run_left_behind_is_ended(tmp_path: Path, name: str) -> None:
    program = (
        "import os, signal, sys, pathlib\n"
        "from tests.demo.conftest import Servers\n"
        f"server = Servers(pathlib.Path(sys.argv[1])).{name}\n"
        "server.start()\n"
        "print(server.process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL
    leftover = int(killed.stdout)
    assert is_alive(leftover)
    with getattr(Servers(tmp_path), name):
        assert not is_alive(leftover)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be buried does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
