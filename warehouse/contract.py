"""What the models were promised of a source, and whether a lake table keeps it.

The contract is the source's YAML in the dbt project, ``_src_<app>.yml``: its columns with their
``data_type``. `kota sources scaffold` writes it; who needs a column no more takes it out there.
"""

from collections.abc import Mapping

import yaml

from connectors.registry import App
from kota.settings import Settings
from lake.drift import is_wider
from lake.table import LakeTable

Columns = Mapping[str, str]
"""DuckDB types by column name."""


def load_contract(settings: Settings, app: App) -> dict[str, dict[str, str]]:
    """The promised columns with their types, by table; none for an app without models."""
    path = settings.dbt_dir / "models" / "staging" / app.app / f"_src_{app.app}.yml"
    if not path.exists():
        return {}
    sources = (yaml.safe_load(path.read_text("utf-8")) or {}).get("sources", [])
    return {
        table["name"]: {
            str(column["name"]): column["data_type"].upper()
            for column in table.get("columns", [])
            if "data_type" in column
        }
        for source in sources
        for table in source.get("tables", [])
    }


def breaches(table: LakeTable, promised: Columns) -> list[str]:
    """What the newest state of a table lacks, in words; a wider type than promised is none."""
    found = table.source_types()
    batch = table.last_batch()
    gone = set(batch.columns_gone if batch else ())
    said = []
    for name, wanted in promised.items():
        there = found.get(name)
        if there is None or name in gone:
            said.append(f"{table.name} has no column {name} any more")
        elif there != wanted and not is_wider(there, wanted):
            said.append(f"{table.name}.{name} is {there} and was promised as {wanted}")
    return said
