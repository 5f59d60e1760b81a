"""Are verdicts, snapshots and what readers see the ones on record."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from kota.settings import Settings
from lake.columns import quoted
from lake.engine import connect
from record.evidence import evidence_path, is_intact
from record.findings import Findings
from record.ledger import Ledger
from record.origin import file_hash
from record.verify_lake import Progress
from warehouse.candidate import candidates
from warehouse.content import content_hash
from warehouse.folder import DATABASE, WarehouseFolder
from warehouse.manifest import Publication
from warehouse.snapshots import CURRENT, MANIFESTS, snapshots

CHANGED = "is not what was written"


def verify_candidates(
    settings: Settings, ledger: Ledger, found: Findings, *, is_fast: bool, progress: Progress
) -> None:
    """The candidates that are still there: manifest, verdict, results, and the file itself."""
    for candidate in candidates(settings):
        subject = f"candidate {candidate.id}"
        progress(subject)
        if candidate.id not in ledger.builds:
            found.note(subject, "is not on record")
        _verify_papers(subject, candidate.folder, ledger.builds.get(candidate.id, {}), found)
        verdict = ledger.verdicts.get(candidate.id)
        if verdict is None:
            if (candidate.folder / "verdict.json").exists():
                found.alarm(subject, "it has a verdict that no audit put on record")
            continue
        for name, sha256 in verdict["files"].items():
            path = candidate.folder / name
            if not path.exists():
                found.note(
                    subject,
                    f"its {name} is gone: an audit of it broke off, or somebody removed it; the "
                    f"verdict on record is {verdict['status']}",
                )
            elif file_hash(path) != sha256:
                found.alarm(
                    subject,
                    f"its {name} was rewritten after the audit, whose verdict on record is "
                    f"{verdict['status']}",
                )
        if not is_fast and file_hash(candidate.path) != verdict["sha256"]:
            found.alarm(subject, f"its {DATABASE} was changed after its audit")


def verify_snapshots(
    settings: Settings, ledger: Ledger, found: Findings, *, is_fast: bool, progress: Progress
) -> None:
    """Every snapshot that was ever shown and not removed by retention; and the link to one."""
    there = {snapshot.id: snapshot for snapshot in snapshots(settings)}
    for name, papers in sorted(ledger.snapshots.items()):
        subject = f"snapshot {name}"
        progress(subject)
        _verify_verdict(name, ledger, found)
        snapshot = there.get(name)
        if snapshot is None and name in ledger.forgotten:
            _verify_papers(subject, settings.published_dir / MANIFESTS / name, papers, found)
            continue
        if snapshot is None:
            found.alarm(subject, "it was published and is gone, and no retention removed it")
            continue
        found.snapshots += 1
        if not _verify_papers(subject, snapshot.folder, papers, found):
            continue
        _verify_file(settings, snapshot, found, is_fast and name != ledger.current)
    for name in sorted(there.keys() - ledger.snapshots.keys()):
        found.note(f"snapshot {name}", "it lies there and was never shown")
    _verify_current(settings, ledger, found)


def verify_evidence(
    settings: Settings, ledger: Ledger, found: Findings, *, progress: Progress
) -> None:
    """The results in full that entries name by their hash."""
    progress("evidence")
    for digest, what in ledger.evidence.items():
        found.evidence += 1
        try:
            if not is_intact(evidence_path(settings, digest), digest):
                found.alarm("evidence", f"the {what} {CHANGED}")
        except FileNotFoundError:
            found.alarm("evidence", f"the {what} was removed")


def _verify_papers(subject: str, folder: Path, papers: Mapping[str, str], found: Findings) -> bool:
    """Whether what says how a warehouse file was made is as it was."""
    before = len(found.alarms)
    for name, sha256 in papers.items():
        if not (folder / name).exists():
            found.alarm(subject, f"its {name} was removed; `kota record export` still has it")
        elif file_hash(folder / name) != sha256:
            found.alarm(subject, f"its {name} {CHANGED}")
    return len(found.alarms) == before


def _verify_verdict(name: str, ledger: Ledger, found: Findings) -> None:
    if name in ledger.inherited:
        return
    verdict = ledger.verdicts.get(name)
    if verdict is None or verdict["status"] == "fail":
        said = "no audit" if verdict is None else "an audit that failed"
        found.alarm(f"snapshot {name}", f"it was published on {said}")


def _verify_file(
    settings: Settings, snapshot: WarehouseFolder, found: Findings, is_fast: bool
) -> None:
    subject, told = f"snapshot {snapshot.id}", snapshot.manifest.publication
    if not snapshot.path.exists():
        found.alarm(subject, f"its {DATABASE} was removed")
        return
    if told is None or is_fast:
        return
    found.bytes_hashed += snapshot.path.stat().st_size
    if snapshot.path.with_name(f"{DATABASE}.wal").exists():
        found.alarm(subject, f"a log beside its {DATABASE} changes what readers see")
    if file_hash(snapshot.path) != told.file_sha256:
        differing = _differing_tables(settings, snapshot, told)
        found.alarm(subject, f"its {DATABASE} {CHANGED}{differing}")


def _differing_tables(settings: Settings, snapshot: WarehouseFolder, told: Publication) -> str:
    """Which tables have another content than the manifest says, as far as can be told."""
    if snapshot.manifest.duckdb_version != duckdb.__version__:
        return ""
    try:
        with connect(settings) as con:
            con.execute(f"attach '{snapshot.path}' as changed (read_only)")
            names = [
                row[0]
                for row in con.execute(
                    "select table_name from duckdb_tables() where database_name = 'changed' "
                    "and schema_name = 'marts'"
                ).fetchall()
            ]
            now = {name: content_hash(con, f"changed.marts.{quoted(name)}") for name in names}
    except duckdb.Error:
        return ", and it can't be opened"
    was = {name: table.content for name, table in told.tables.items() if table.content}
    differing = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    return (
        f": {', '.join(differing)} differ"
        if differing
        else ", though its tables have the same rows"
    )


def _verify_current(settings: Settings, ledger: Ledger, found: Findings) -> None:
    link = settings.published_dir / CURRENT
    seen = link.readlink().name if link.is_symlink() else None
    if seen == ledger.current:
        return
    shown = f"snapshot {ledger.current}" if ledger.current else "nothing"
    if seen is None:
        found.alarm(CURRENT, f"readers see nothing, and {shown} is what was published last")
    else:
        found.alarm(
            CURRENT,
            f"readers see snapshot {seen}, and on record {shown} was published last: the link was "
            "moved by hand, or publishing was killed (then publish again)",
        )
