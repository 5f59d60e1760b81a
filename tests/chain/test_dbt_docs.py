"""What dbt's documentation says of the columns, against the columns that a build really made."""

import json

import duckdb
import pytest

from tests.chain.city import RunningCity
from warehouse.candidate import find_candidate

pytestmark = pytest.mark.integration


@pytest.mark.usefixtures("opening")
def test_every_column_that_was_built_is_described(city: RunningCity) -> None:
    candidate = find_candidate(city.settings)
    manifest = json.loads((candidate.folder / "dbt" / "manifest.json").read_text("utf-8"))
    described = {
        (node["alias"], name.lower())
        for node in manifest["nodes"].values()
        for name, column in node.get("columns", {}).items()
        if column["description"]
    }
    with duckdb.connect(candidate.path, read_only=True) as con:
        built = con.execute(
            "select table_name, lower(column_name) from information_schema.columns "
            "where table_schema in ('staging', 'intermediate', 'marts', 'reference')"
        ).fetchall()

    assert built
    assert sorted(set(built) - described) == []
    page = (city.settings.audit_dir / "data_docs" / "dbt" / "index.html").read_text("utf-8")
    assert "fct_complaints" in page
