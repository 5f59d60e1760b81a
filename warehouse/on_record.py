"""Put on record what the warehouse does: builds, moves of what readers see, removals."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kota.settings import Settings
from record.chain import chain_path, newest_first
from record.evidence import keep, keep_json
from record.ledger import PAPERS
from record.pins import PERSONS, pin_new
from record.write import append, writing
from warehouse.folder import WarehouseFolder
from warehouse.manifest import FILE_NAME as MANIFEST
from warehouse.manifest import Manifest


def record_build(settings: Settings, folder: Path) -> None:
    """A candidate with its manifest, the results of dbt's tests, and the lineage they ran on.

    One without a manifest was not built to the end. dbt's messages are left out: they may quote a
    value of a row.
    """
    results, manifest = _json(folder / "dbt" / "run_results.json"), folder / MANIFEST
    nodes = [
        {"node": one["unique_id"], "status": one["status"], "failures": one.get("failures")}
        for one in results.get("results", [])
    ]
    payload: dict[str, Any] = {
        "candidate": folder.name,
        "outcome": "built" if manifest.exists() else "failed",
        "dbt": _counts(one["status"] for one in nodes),
        "failed": [one["node"] for one in nodes if one["status"] in {"error", "fail"}],
        "evidence": {
            "dbt_results": keep_json(settings, nodes),
            "lineage": keep_json(settings, _lineage(folder)),
        },
    }
    if manifest.exists():
        payload["evidence"] |= _kept(settings, folder)
        payload["lake"] = Manifest.load(folder).lake
    append(settings, "build", payload)


def record_shown(settings: Settings, snapshot: WarehouseFolder, *, is_rollback: bool) -> None:
    """Before readers are moved to a snapshot: what they will see, by hash."""
    publication = snapshot.manifest.publication
    with writing(settings) as writer:
        payload = {
            "snapshot": snapshot.id,
            "verdict": publication.verdict if publication else None,
            "sha256": publication.file_sha256 if publication else None,
            "evidence": _kept(settings, snapshot.folder),
            "tables": pin_new(settings, [PERSONS], writer.newest_first()),
        }
        writer.append("rollback" if is_rollback else "publication", payload)


def recorded_verdict(settings: Settings, candidate_id: str) -> str | None:
    """The hash of the verdict that the last audit of a candidate put on record, if any did."""
    for entry in newest_first(chain_path(settings)):
        if entry.payload.get("candidate") != candidate_id:
            continue
        if entry.kind == "audit":
            return str(entry.payload["evidence"]["verdict"])
        if entry.kind == "build":
            return None
    return None


def record_retention(settings: Settings, ids: Iterable[str]) -> None:
    """Before snapshots are removed, because there are more than the city keeps."""
    append(settings, "retention", {"snapshots": sorted(ids)})


def _kept(settings: Settings, folder: Path) -> dict[str, str]:
    """What says how a warehouse file was made, kept as evidence; its hash by what it is."""
    return {
        what: keep(settings, (folder / name).read_bytes())
        for what, name in PAPERS.items()
        if (folder / name).exists()
    }


def _lineage(folder: Path) -> dict[str, Any]:
    """What each model and test is made of, with the checksum of its code."""
    nodes = _json(folder / "dbt" / "manifest.json").get("nodes", {})
    return {
        name: {
            "code": (node.get("checksum") or {}).get("checksum"),
            "made_of": sorted((node.get("depends_on") or {}).get("nodes", [])),
        }
        for name, node in nodes.items()
    }


def _counts(statuses: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for status in statuses:
        counts[status] = counts.get(status, 0) + 1
    return counts


def _json(path: Path) -> dict[str, Any]:
    """A file that dbt wrote; empty where it did not get that far."""
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content
