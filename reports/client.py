"""The pipeline's side of Superset: deploy the reports, and say how to serve them.

Superset lives in its own environment, so nothing here imports it. The environment of this process
must hold SUPERSET_SECRET_KEY, SUPERSET_DATABASE_URI (PostgreSQL) and, to deploy,
KOTA_SUPERSET_USERS: a JSON list of {username, password, role, department, email}.
"""

import json
import os
import subprocess
from pathlib import Path

from pydantic import BaseModel

from kota.settings import Settings

SECRETS = ("SUPERSET_SECRET_KEY", "SUPERSET_DATABASE_URI")
USERS = "KOTA_SUPERSET_USERS"
# What a started program needs of the machine, and nothing else of this process's environment.
INHERITED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "SUPERSET_PUBLIC_URL",
    "KOTA_SUPERSET_WORKERS",
)
FAILURE_PREFIX = "deploy failed: "


class ReportsError(RuntimeError):
    """The reports could not be deployed; the message is one sentence and names the log."""

    def __init__(self, sentence: str, log: Path | None = None) -> None:
        super().__init__(f"{sentence} (log: {log})" if log else sentence)
        self.log = log


def superset_url() -> str:
    """Where Superset answers this process. Raises ``ReportsError`` when nobody said."""
    return os.environ.get("KOTA_SUPERSET_URL") or _required("SUPERSET_PUBLIC_URL")


class ReportSummary(BaseModel):
    """What a deploy found in git, and what it had to do."""

    databases: int
    datasets: int
    charts: int
    dashboards: int
    removed: list[str]
    kept: list[str]
    users: int
    translated: int
    upgraded: bool
    seconds: float


def deploy_reports(settings: Settings, assets: Path | None = None) -> ReportSummary:
    """Bring Superset to the assets in ``assets`` (the project's own by default); repeatable.

    Raises ``ReportsError`` when a setting is missing or the deploy fails; the whole output is in
    ``<logs_dir>/superset-deploy.log``.
    """
    command = [str(settings.superset_python), "-m", "reports.superset.deploy"]
    command += [str(assets)] if assets else []
    environment = superset_environment(settings) | {USERS: _required(USERS)}
    settings.logs_dir.mkdir(parents=True, exist_ok=True)
    log = settings.logs_dir / "superset-deploy.log"
    with log.open("w+", encoding="utf-8") as output:
        done = subprocess.run(
            command,
            env=environment,
            cwd=settings.root,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            check=False,
        )
        output.seek(0)
        lines = output.read().splitlines()
    if done.returncode != 0:
        told = [line for line in lines if line.startswith(FAILURE_PREFIX)]
        sentence = told[-1].removeprefix(FAILURE_PREFIX) if told else "Superset ended unexpectedly"
        raise ReportsError(f"reports were not deployed: {sentence}", log)
    return ReportSummary.model_validate(json.loads(done.stdout))


def serve_command(settings: Settings, port: int) -> tuple[list[str], dict[str, str]]:
    """The command and the environment that serve Superset on 127.0.0.1; ready when /health answers.

    Raises ``ReportsError`` when a secret is missing from this process's environment.
    """
    gunicorn = settings.superset_python.with_name("gunicorn")
    config = settings.root / "reports" / "superset" / "gunicorn_conf.py"
    command = [str(gunicorn), "--config", str(config), "--bind", f"127.0.0.1:{port}"]
    environment = superset_environment(settings)
    environment.setdefault("SUPERSET_PUBLIC_URL", f"http://127.0.0.1:{port}")
    return command, environment


def superset_environment(settings: Settings) -> dict[str, str]:
    """Everything ``reports/superset/environment.py`` reads, and no more."""
    config = settings.root / "reports" / "superset" / "config.py"
    view = settings.city.map
    return {
        **{name: os.environ[name] for name in INHERITED if name in os.environ},
        **{name: _required(name) for name in SECRETS},
        "PYTHONPATH": str(settings.root),
        "SUPERSET_CONFIG_PATH": str(config),
        "SUPERSET_HOME": str(settings.home / "superset"),
        "KOTA_HOME": str(settings.home),
        "KOTA_CITY_NAME": settings.city.name,
        "KOTA_TIMEZONE": settings.city.timezone,
        "KOTA_MAP_VIEW": f"{view.latitude} {view.longitude} {view.zoom}",
        "KOTA_PUBLIC_INDICATORS": str(settings.city.public_indicators).lower(),
        "KOTA_THREADS": str(settings.threads),
        "KOTA_MEMORY_LIMIT": settings.memory_limit,
    }


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ReportsError(f"the environment variable {name} must be set")
    return value
