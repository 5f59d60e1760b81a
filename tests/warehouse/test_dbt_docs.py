"""dbt's page of a candidate: names and types of everything, a value of nothing."""

import json
from pathlib import Path

import duckdb

from tests.warehouse.conftest import MakeCandidate
from warehouse.dbt_docs import write_dbt_docs

NIK = "3671014505900001"


def test_the_page_says_what_there_is_and_nothing_about_anybody(
    make_candidate: MakeCandidate, tmp_path: Path
) -> None:
    candidate = make_candidate(1)
    with duckdb.connect(candidate.path) as con:
        con.execute(f"create or replace table staging.citizens as select '{NIK}' as nik_typed")
    model = {"schema": "staging", "alias": "citizens", "compiled_path": "/home/kota/dbt/x.sql"}
    manifest = {
        "metadata": {"send_anonymous_usage_stats": True},
        "nodes": {"model.kota.citizens": model | {"raw_code": "select '</script>' as end"}},
        "sources": {"source.kota.gone": {"schema": "lake_x", "identifier": "gone"}},
        "unit_tests": {
            "unit_test.kota.a": {
                "given": [{"input": "ref('x')", "rows": [{"nik": NIK}]}],
                "expect": {"rows": [{"nik": NIK}]},
            }
        },
    }
    (candidate.folder / "dbt").mkdir()
    (candidate.folder / "dbt" / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    page = write_dbt_docs(candidate, tmp_path / "dbt").read_text("utf-8")

    assert '"nik_typed": {"name": "nik_typed", "type": "VARCHAR"' in page
    assert "select '\\u003c/script>' as end" in page
    assert '"send_anonymous_usage_stats": false' in page
    for hidden in (NIK, "Siti Aminah", "/home/kota", "INLINE DATA", "favicon"):
        assert hidden not in page
