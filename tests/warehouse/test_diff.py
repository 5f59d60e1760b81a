"""Two publications of one mart, between which it is known what happened at the source."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kota.diff_words import told
from kota.settings import Settings
from tests.connectors.legacy import LegacyApp
from tests.warehouse.conftest import MakeCandidate, save_verdict
from warehouse.candidate import Candidate
from warehouse.diff import NoSuchMartError, SnapshotDiff, diff
from warehouse.manifest import Observed
from warehouse.publish import publish

pytestmark = pytest.mark.integration

LOOKED_AT = datetime(2026, 2, 1, tzinfo=UTC)
DBT = {
    "nodes": {
        "model.kota.fct_complaints": {
            "depends_on": {
                "nodes": ["source.kota.lake_legacy.requests"],
                "macros": ["macro.kota.as_of"],
            },
            "original_file_path": "models/marts/fct_complaints.sql",
        }
    },
    "sources": {"source.kota.lake_legacy.requests": {"schema": "lake_legacy", "name": "requests"}},
    "macros": {
        "macro.kota.as_of": {"original_file_path": "macros/as_of.sql", "depends_on": {"macros": []}}
    },
}
MARTS = (
    "values (1, 10.5, false), (2, 20, false), (9, 5, false)",
    "values (1, 11, false), (3, 1, false), (4, 2, false), (5, 3, false), (9, 5, true)",
)
"""Request 9 is one that only time changed; it was in the lake all along."""


def lineage(key: str) -> str:
    """One event: the key of the mart is that of the lake table, or made of another column."""
    made_of = {
        "namespace": "x-kota://lake",
        "name": "legacy.requests",
        "field": key,
        "transformations": [{"subtype": "IDENTITY", "masking": False}],
    }
    mart = {
        "namespace": "x-kota://warehouse",
        "name": "marts.fct_complaints",
        "facets": {"columnLineage": {"fields": {"complaint_id": {"inputFields": [made_of]}}}},
    }
    return json.dumps({"eventType": "COMPLETE", "outputs": [mart]}) + "\n"


@pytest.fixture
def two(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_candidate: MakeCandidate,
) -> Callable[..., SnapshotDiff]:
    """Publish before and after the edits, and compare."""
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.run("insert into requests values (9, null, '', 5, '2026-01-01', '2026-01-02 08:00:00')")
    legacy.extract()
    legacy.run(
        "update requests set amount = 11, updated_at = '2026-03-01' where id = 1;"
        "delete from requests where id = 2;"
        "insert into requests values"
        " (3, null, '', 1, '2026-01-15 08:00:00', '2026-03-01 08:00:00'),"
        " (4, null, '', 2, '2026-02-20 08:00:00', '2026-03-01 08:00:00'),"
        " (5, null, '', 3, '2026-02-21 08:00:00', '2026-03-01 08:00:00')"
    )
    legacy.extract()

    def made(key: str = "id", **after: Any) -> SnapshotDiff:
        ids = []
        for version, rows in enumerate(MARTS):
            candidate: Candidate = make_candidate(version + 1, verdict=None)
            with duckdb.connect(candidate.path) as con:
                con.execute(
                    "create or replace table marts.fct_complaints as select complaint_id, "
                    "cast(amount as decimal(10, 2)) as amount, is_late "
                    f"from ({rows}) t (complaint_id, amount, is_late)"
                )
            facts: dict[str, Any] = {
                "lake": {"legacy.requests": version},
                "observed": {"legacy.requests": Observed(checked_at=LOOKED_AT)},
            }
            manifest = candidate.manifest.model_copy(update=facts | (after if version else {}))
            manifest.save(candidate.folder)
            (candidate.folder / "dbt").mkdir()
            (candidate.folder / "dbt" / "manifest.json").write_text(json.dumps(DBT), "utf-8")
            (candidate.folder / "openlineage.jsonl").write_text(lineage(key), "utf-8")
            save_verdict(candidate, "pass")
            ids.append(publish(settings, candidate.id).id)
        return diff(settings, ids[0], ids[1])

    return made


def test_every_row_is_told_with_what_became_of_it(two: Callable[..., SnapshotDiff]) -> None:
    found = two()
    (change,) = found.changed

    assert found.same == ["dim_areas"]
    assert change.source == "legacy.requests"
    assert change.fates == {
        "added": {"late": 1, "new": 2},
        "changed": {"corrected": 1, "untouched": 1},
        "removed": {"deleted": 1},
    }
    assert change.why.is_of_time
    assert change.why.files == change.why.held == []
    words = list(told(change, None, found))
    assert words[0] == "fct_complaints: 3 rows, then 5"
    assert "  3 came (complaint_id: 3, 4, 5)" in words
    assert (
        "    in legacy.requests: 1 late (they happened before the first snapshot looked), 2 new"
        in (words)
    )
    assert "  1 went (complaint_id: 2)" in words
    assert (
        "    in legacy.requests: 1 corrected at the source, "
        "1 untouched there, so for another reason below"
    ) in words
    assert (
        "  sum of amount: 35.5, then 22.0 "
        "(+6.0 by rows that came, -20.0 by rows that went, +0.5 by rows that changed)"
    ) in words
    assert (
        "  because of legacy.requests: "
        "2 new, 1 late, 1 corrected at the source, 1 deleted at the source"
    ) in words


def test_a_key_that_came_from_elsewhere_gets_no_fate(two: Callable[..., SnapshotDiff]) -> None:
    (change,) = two(key="amount").changed

    assert (change.source, change.fates) == (None, {})
    assert [one.table for one in change.why.lake] == ["legacy.requests"]


def test_rules_that_nobody_kept_are_said_to_be_unknown(two: Callable[..., SnapshotDiff]) -> None:
    found = two(config_hash="another")
    (change,) = found.changed

    assert change.why.is_rule_unknown
    assert any("which files differ is not known" in line for line in told(change, None, found))


def test_a_mart_that_is_not_there_is_told_with_those_that_are(
    two: Callable[..., SnapshotDiff], settings: Settings
) -> None:
    found = two()

    with pytest.raises(NoSuchMartError, match="no mart fct_dreams; there is: dim_areas, fct_compl"):
        diff(settings, found.before.id, found.after.id, "fct_dreams")
