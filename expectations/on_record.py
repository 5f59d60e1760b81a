"""Put an audit on record: the verdict, every single result, and how fresh each app was."""

import json
from typing import Any

import duckdb

from expectations.verdict import Verdict
from kota.settings import Settings
from record.evidence import keep, keep_json
from record.write import append
from warehouse.candidate import Candidate
from warehouse.manifest import FILE_NAME as MANIFEST

FRESHNESS = "rpt_app_freshness"


def record_audit(
    settings: Settings, candidate: Candidate, verdict: Verdict, verdict_file: bytes, checks: bytes
) -> None:
    """Before the verdict counts: what `kota publish` goes by can't be rewritten afterwards."""
    manifest = json.loads((candidate.folder / MANIFEST).read_text("utf-8"))
    append(
        settings,
        "audit",
        {
            "candidate": candidate.id,
            "status": verdict.status,
            "sha256": verdict.sha256,
            "checks": verdict.check_count,
            "critical": verdict.critical_count,
            "warnings": verdict.warning_count,
            "as_of": manifest.get("as_of"),
            "held": sorted(manifest.get("held", ())),
            "evidence": {
                "verdict": keep(settings, verdict_file),
                "checks": keep(settings, checks),
                "freshness": keep_json(settings, _freshness(candidate)),
            },
        },
    )


def _freshness(candidate: Candidate) -> list[dict[str, Any]]:
    """The report on freshness as officials would read it; empty where there is none."""
    with duckdb.connect(candidate.path, read_only=True) as con:
        try:
            rows = con.execute(f"select * from marts.{FRESHNESS} order by all")
        except duckdb.CatalogException:
            return []
        names = [column[0] for column in rows.description or ()]
        return [
            {
                name: None if value is None else str(value)
                for name, value in zip(names, row, strict=True)
            }
            for row in rows.fetchall()
        ]
