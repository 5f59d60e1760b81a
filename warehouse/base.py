"""The candidate that a new one starts from: a night's cost then follows the change."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from expectations.verdict import FILE_NAME as VERDICT
from expectations.verdict import Verdict
from kota.settings import Settings
from lake import log
from lake.maintenance import Maintenance
from lake.table import LakeTable
from warehouse.candidate import Candidate, candidates
from warehouse.provenance import config_hash

MOVES_ONLY = {"compaction"}
"""Maintenance after which the rows of the log and their batches are as before."""

FORGETS = {"erasure", "rotation"}
"""Maintenance after which a copy of the former state must not be kept."""


@dataclass(frozen=True)
class Base:
    """A candidate whose file can be copied, and from which batch on each lake table is news."""

    candidate: Candidate
    batches: Mapping[str, int]
    """The newest batch in it by ``app.table``; a table that must be read anew is missing."""


def find_base(settings: Settings, versions: Mapping[str, int]) -> Base | None:
    """The newest candidate that this code and configuration would make again from its versions.

    None where there is none, or where somebody was erased from the lake or the tokens got another
    key since: what was removed there must not live on in a copy. One that failed its audit is
    passed over, so that whatever was wrong with it is not inherited.
    """
    ours = config_hash(settings)
    for candidate in reversed(candidates(settings)):
        manifest = candidate.manifest
        if manifest.config_hash != ours:
            continue
        if manifest.duckdb_version != duckdb.__version__ or _failed(candidate):
            continue
        tables = {
            name: LakeTable(settings.lake_dir, *name.split(".", 1))
            for name in versions
            if name in manifest.lake
        }
        kinds = {
            name: _maintenance_after(table, manifest.lake[name]) for name, table in tables.items()
        }
        if any(kinds[name] & FORGETS for name in kinds):
            return None
        return Base(
            candidate,
            {
                name: batch.number
                for name, table in tables.items()
                if manifest.lake[name] <= versions[name]
                and kinds[name] <= MOVES_ONLY
                and (batch := table.last_batch(manifest.lake[name]))
            },
        )
    return None


def _failed(candidate: Candidate) -> bool:
    path = candidate.folder / VERDICT
    return path.exists() and Verdict.load(path).blocks


def _maintenance_after(table: LakeTable, version: int) -> set[str]:
    """What kinds of maintenance the log saw after a version."""
    kinds = set()
    for number, commit in log.commits(table.path):
        if number <= version:
            break
        if entry := Maintenance.from_commit(commit):
            kinds.add(str(entry.kind))
    return kinds
