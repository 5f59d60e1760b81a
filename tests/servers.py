"""The demo city's apps as real servers, for tests of more than one room."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from demo.ports import HOST, Ports
from kota.settings import PROJECT_ROOT

SEGAR_USER = "kota_reader"
SEGAR_PASSWORD = "segar-secret"


@contextmanager
def segar_service(database: Path, **settings: float) -> Iterator[str]:
    """Segar in a process of its own on a free port; gives the URI with its account.

    ``settings`` are fields of ``demo.segar_api.SegarSettings``. By default the rate limit is out of
    the way.
    """
    port = Ports.free().segar
    limits = {"requests_per_second": 10_000.0, "burst": 10_000, **settings}
    environment = {f"SEGAR_{name.upper()}": str(value) for name, value in limits.items()}
    service = subprocess.Popen(
        [sys.executable, "-m", "demo.segar", "--database", database, "--port", str(port)],
        cwd=PROJECT_ROOT,
        env={
            **os.environ,
            "SEGAR_USERNAME": SEGAR_USER,
            "SEGAR_PASSWORD": SEGAR_PASSWORD,
            "SEGAR_JWT_SECRET": "a key that is long enough for HS256",
            **environment,
        },
    )
    try:
        _wait_until_it_answers(service, f"http://{HOST}:{port}/api/status")
        yield f"http://{SEGAR_USER}:{SEGAR_PASSWORD}@{HOST}:{port}/api"
    finally:
        service.terminate()
        service.wait(20)


def _wait_until_it_answers(service: "subprocess.Popen[bytes]", url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and service.poll() is None:
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"Segar does not answer at {url} (exit code {service.poll()})")
