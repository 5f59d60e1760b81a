"""What a reader of dbt's documentation may rely on: everything is described, owned and checked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.suite import SUITES_DIR
from kota.settings import PROJECT_ROOT
from warehouse.trace.dashboards import dashboards

DBT = PROJECT_ROOT / "dbt_project"
ASSETS = PROJECT_ROOT / "reports" / "assets"
MARTS = sorted(path.stem for path in (DBT / "models" / "marts").glob("*.sql"))


def _load(path: Path) -> Any:
    """A YAML file as dbt reads it: by the C loader, which forgives more than Python's."""
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or {}


def _described(kind: str) -> Iterator[dict[str, Any]]:
    for path in sorted(DBT.glob("*/**/*.yml")):
        yield from _load(path).get(kind) or []


@pytest.fixture(scope="module")
def models() -> dict[str, dict[str, Any]]:
    """What the YAML files say of each model and seed."""
    return {entry["name"]: entry for kind in ("models", "seeds") for entry in _described(kind)}


def test_every_model_and_seed_and_each_of_its_columns_is_described(
    models: dict[str, dict[str, Any]],
) -> None:
    files = [path for end in ("sql", "py") for path in (DBT / "models").rglob(f"*.{end}")]
    files += (DBT / "seeds").glob("*.csv")

    assert [file.stem for file in files if not models.get(file.stem, {}).get("description")] == []
    undescribed = [
        f"{name}.{column['name']}"
        for name, entry in models.items()
        for column in entry.get("columns", [])
        if not column.get("description")
    ]
    assert undescribed == []


@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_says_its_grain_keeps_a_contract_and_has_a_suite(
    mart: str, models: dict[str, dict[str, Any]]
) -> None:
    entry = models[mart]

    assert entry["description"].startswith("One row per ")
    assert (entry.get("config") or {}).get("contract", {}).get("enforced", True)
    assert [column["name"] for column in entry["columns"] if not column.get("data_type")] == []
    assert (SUITES_DIR / f"{mart}.yml").is_file()


def test_every_suite_has_its_mart() -> None:
    assert sorted(path.stem for path in SUITES_DIR.glob("*.yml")) == MARTS


def test_contracts_are_kept_and_access_is_given_by_folder() -> None:
    folders = _load(DBT / "dbt_project.yml")["models"]["kota"]
    owners = {group["name"]: group["owner"]["name"] for group in _described("groups")}

    assert folders["marts"]["+contract"]["enforced"]
    assert {name: folder["+access"] for name, folder in folders.items()} == {
        "staging": "protected",
        "intermediate": "private",
        "marts": "public",
    }
    assert all(owners[folder["+group"]] for folder in folders.values())


def test_every_dashboard_is_an_exposure_of_the_marts_it_shows() -> None:
    exposures = {
        exposure["name"]: {re.sub(r"ref\('(.+)'\)", r"\1", ref) for ref in exposure["depends_on"]}
        for exposure in _described("exposures")
    }
    marts = {path.stem for path in (PROJECT_ROOT / "dbt_project/models/marts").glob("*.sql")}
    shown = {
        Path(dashboard.file).stem: {mart for chart in dashboard.charts for mart in chart.marts}
        for dashboard in dashboards(ASSETS, marts)
    }

    assert exposures == shown
