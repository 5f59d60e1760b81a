"""Superset for the demo: deployed from the files in reports/, served by gunicorn."""

import json
import os
import sys
from dataclasses import dataclass
from functools import partial

from demo.credentials import Credentials
from demo.ports import HOST
from demo.process import Programs
from demo.service import answers_web, wait_for_answer
from kota.settings import Settings
from reports.client import serve_command, superset_environment

ROLE_OF = {
    "leader": {"role": "Leadership"},
    "official": {"role": "Official", "department": "dlh"},
    "auditor": {"role": "Auditor"},
    "engineer": {"role": "Engineer"},
}


@dataclass(frozen=True)
class SupersetServer:
    """Where this Superset lives. ``database`` is a ``postgresql://`` address."""

    settings: Settings
    credentials: Credentials
    port: int
    database: str

    @property
    def url(self) -> str:
        """Where people reach it."""
        return f"http://{HOST}:{self.port}"

    def accounts(self) -> dict[str, str]:
        """Passwords by user."""
        return {
            "leader": self.credentials.superset_leader,
            "official": self.credentials.superset_official,
            "auditor": self.credentials.superset_auditor,
            "engineer": self.credentials.superset_engineer,
        }

    def environment(self) -> dict[str, str]:
        """What the reports need to be deployed and served."""
        accounts = [
            {"username": name, "password": password, **ROLE_OF[name]}
            for name, password in self.accounts().items()
        ]
        return {
            "SUPERSET_SECRET_KEY": self.credentials.superset_secret_key,
            "SUPERSET_DATABASE_URI": self.database.replace("postgresql:", "postgresql+psycopg2:"),
            "SUPERSET_PUBLIC_URL": self.url,
            "KOTA_SUPERSET_USERS": json.dumps(accounts),
        }

    def prepare(self, programs: Programs) -> None:
        """Bring its own database to this version: the long part of a first deploy."""
        command = (self.settings.superset_python, "-m", "reports.superset.prepare")
        env = superset_environment(self.settings)
        programs.run("superset-prepare", command, env, cwd=self.settings.root)

    def deploy(self, programs: Programs) -> None:
        """Bring datasets, charts, dashboards, roles and users to what git says."""
        command = (sys.executable, "-m", "kota", "reports", "deploy", "--json")
        programs.run("superset-deploy", command, os.environ, cwd=self.settings.root)

    def start(self, programs: Programs) -> None:
        """Start the web server and wait until it answers. Raises ``StepFailedError``."""
        command, env = serve_command(self.settings, self.port)
        programs.start("superset", command, env, cwd=self.settings.root)
        health = f"{self.url}/health"
        wait_for_answer("superset", health, partial(answers_web, health), programs.check, 180)
