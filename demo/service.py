"""A program that stands between an app's data and its readers: a web service, a file server."""

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

from demo.ports import HOST
from demo.process import StepFailedError


@dataclass(frozen=True)
class Site:
    """Where one app's program runs, and what it is given."""

    port: int
    data: Path
    """The app's SQLite file or its folder of files."""
    keys: Path
    """A folder for what it keeps for itself, such as a server's own key; not there at first."""
    user: str
    password: str
    """The one account that may read."""
    secret: str
    """What it may sign its tokens with."""


@dataclass(frozen=True)
class Service:
    """``python -m <module>`` with options; what is secret goes by the environment."""

    module: str
    options: Callable[[Site], list[str]]
    environment: Callable[[Site], Mapping[str, str]]
    uri: Callable[[Site], str]
    """The address kota reads it by."""
    answers: Callable[[Site], bool]
    """Whether it is up."""


def answers_web(url: str) -> bool:
    """Whether there is a good answer at ``url``."""
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def wait_for_answer(
    name: str,
    where: str,
    answers: Callable[[], bool],
    check: Callable[[], None],
    timeout: float,
) -> None:
    """Wait until it ``answers``.

    ``check`` is called all along and raises when waiting has become pointless. Raises
    ``StepFailedError`` after ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        check()
        if answers():
            return
        time.sleep(0.3)
    raise StepFailedError(f"{name} did not answer at {where} within {timeout:.0f} s.")


def answers_ssh(port: int) -> bool:
    """Whether an SSH server greets on the port."""
    try:
        with socket.create_connection((HOST, port), timeout=5) as line:
            return line.recv(4) == b"SSH-"
    except OSError:
        return False


def segar_service() -> Service:
    """Segar's REST service on its SQLite file."""
    return Service(
        module="demo.segar",
        options=lambda site: ["--database", str(site.data), "--port", str(site.port)],
        environment=lambda site: {
            "SEGAR_USERNAME": site.user,
            "SEGAR_PASSWORD": site.password,
            "SEGAR_JWT_SECRET": site.secret,
        },
        uri=lambda site: f"http://{site.user}:{site.password}@{HOST}:{site.port}/api",
        answers=lambda site: answers_web(f"http://{HOST}:{site.port}/api/status"),
    )


def news_service() -> Service:
    """The news feed, served as it lies in its folder."""
    return Service(
        module="demo.news_server",
        options=lambda site: ["--folder", str(site.data), "--port", str(site.port)],
        environment=lambda _: {},
        uri=lambda site: f"http://{HOST}:{site.port}",
        answers=lambda site: answers_web(f"http://{HOST}:{site.port}/status"),
    )


def register_service() -> Service:
    """SIAK's SFTP server; it writes its own key where kota finds it."""

    def known_hosts(site: Site) -> Path:
        return site.keys / "known_hosts"

    return Service(
        module="demo.sftp_server",
        options=lambda site: [
            *("--root", str(site.data), "--port", str(site.port)),
            *("--host-key", str(site.keys / "host_key"), "--known-hosts", str(known_hosts(site))),
        ],
        environment=lambda site: {"SFTP_USERNAME": site.user, "SFTP_PASSWORD": site.password},
        uri=lambda site: (
            f"sftp://{site.user}:{site.password}@{HOST}:{site.port}/"
            f"?known_hosts={quote(str(known_hosts(site)))}"
        ),
        answers=lambda site: answers_ssh(site.port) and known_hosts(site).exists(),
    )
