"""What tells the rows of a mart apart, as its tests in dbt's YAML say."""

from pathlib import Path
from typing import Any

import yaml

from kota.settings import Settings


def grains(settings: Settings) -> dict[str, list[str]]:
    """The key columns of every mart, by name; a mart whose YAML has no such test is missing."""
    found = {}
    for path in sorted((settings.dbt_dir / "models" / "marts").glob("*.yml")):
        for model in _models(path):
            if key := _key(model):
                found[str(model["name"])] = key
    return found


def _models(path: Path) -> list[dict[str, Any]]:
    return (yaml.safe_load(path.read_text("utf-8")) or {}).get("models") or []


def _key(model: dict[str, Any]) -> list[str]:
    for test in model.get("data_tests") or []:
        if isinstance(test, dict) and "unique_key" in test:
            return list(test["unique_key"]["arguments"]["columns"])
    for column in model.get("columns") or []:
        for test in column.get("data_tests") or []:
            if test == "unique" or (isinstance(test, dict) and "unique" in test):
                return [str(column["name"])]
    return []
