"""The sources' YAML is their contract, so every column of it has a type."""

import yaml

from connectors.registry import load_registry
from kota.settings import PROJECT_ROOT, Settings
from warehouse.contract import load_contract


def test_every_column_of_every_registered_table_is_promised_with_its_type() -> None:
    settings = Settings(root=PROJECT_ROOT)
    for app in load_registry(settings).values():
        path = settings.dbt_dir / "models" / "staging" / app.app / f"_src_{app.app}.yml"
        (source,) = yaml.safe_load(path.read_text("utf-8"))["sources"]
        listed = {
            table["name"]: [str(column["name"]) for column in table["columns"]]
            for table in source["tables"]
            if table["name"] in app.tables  # not a view of a table's past
        }
        promised = load_contract(settings, app)
        assert {name: list(promised[name]) for name in app.tables} == listed
