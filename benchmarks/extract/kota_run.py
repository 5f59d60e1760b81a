"""kota, set up in a folder of its own: a registry, connections, a lake, and a run in a process."""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

from benchmarks.extract.measure import Measurement, measure
from kota.settings import PROJECT_ROOT


@dataclass
class Kota:
    """One installation of kota with the apps that were registered here."""

    home: Path
    connections: dict[str, str] = field(default_factory=dict)

    @property
    def lake(self) -> Path:
        """Its lake."""
        return self.home / "lake"

    @property
    def environment(self) -> dict[str, str]:
        """Where it finds everything."""
        return {
            "KOTA_HOME": str(self.home),
            "KOTA_APPS_DIR": str(self.home / "apps"),
            "KOTA_THREADS": str(os.cpu_count()),
            **self.connections,
        }

    def register(self, app: str, uri: str, tables: dict[str, Any], **more: Any) -> None:
        """Write an app's registry file and set its connection."""
        entry = {
            "app": app,
            "name": app,
            "description": "An app of the benchmark.",
            "department": "diskominfo",
            "owner": "benchmark@kota.example",
            "tier": 3,
            "connection": app,
            "timezone": "Asia/Jakarta",
            "schedule": "0 1 * * *",
            "freshness_hours": 24,
            "tables": tables,
            **more,
        }
        folder = self.home / "apps"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{app}.yml").write_text(yaml.safe_dump(entry, sort_keys=False), "utf-8")
        self.connections[f"KOTA_CONN_{app.upper()}"] = uri

    def extract(self, app: str, server: psutil.Process | None = None) -> Measurement:
        """``extract_app`` in a process: what a task of Airflow does."""
        command = [sys.executable, "-m", "benchmarks.extract.peers.kota_app", app]
        return measure(command, self.environment, PROJECT_ROOT, server=server)

    def extract_all(self) -> Measurement:
        """The command line for all apps."""
        command = [Path(sys.executable).with_name("kota"), "extract", "--json"]
        return measure(command, self.environment, PROJECT_ROOT)


def tables_of(measurement: Measurement) -> list[dict[str, Any]]:
    """The results table by table. Raises ``RuntimeError`` with what failed."""
    if measurement.failure and not measurement.output:
        raise RuntimeError(measurement.failure)
    apps = json.loads(measurement.output)
    tables = [table for app in apps for table in app["tables"]]
    if failed := [table["message"] for table in tables if table["outcome"] == "failed"]:
        raise RuntimeError(f"{len(failed)} tables failed, the first: {failed[0]}")
    return tables
