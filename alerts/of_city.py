"""What is wrong with the whole: nothing can be built, published, or only with warnings."""

from collections.abc import Iterator
from datetime import UTC, datetime

from alerts.trouble import Kind, Trouble, clean
from expectations.verdict import FILE_NAME as VERDICT
from expectations.verdict import Finding, Severity, Verdict
from kota.settings import Settings
from lake.lock import exclusive
from warehouse.candidate import Candidate, candidates
from warehouse.dbt import failed_nodes
from warehouse.snapshots import snapshots

MARTS = "marts."
KINDS: tuple[Kind, ...] = ("build_failed", "publish_blocked", "audit_warned")


def troubles_of_city(settings: Settings) -> list[Trouble]:
    """What the newest build and audit left behind. Raises ``BusyError`` while one is built."""
    published = snapshots(settings)
    built = candidates(settings)
    found = list(_unbuilt(settings, built))
    since = published[-1].id if published else ""
    found += _blocked([candidate for candidate in built if candidate.id > since])
    if published:
        found += _warned(Candidate(settings.candidates_dir / published[-1].id))
    return found


def _unbuilt(settings: Settings, built: list[Candidate]) -> Iterator[Trouble]:
    """A folder newer than every candidate is what a failed build left."""
    if not settings.candidates_dir.is_dir():
        return
    newest = built[-1].id if built else ""
    with exclusive(settings.candidates_dir / ".lock", "building"):
        left = [path for path in settings.candidates_dir.iterdir() if path.is_dir()]
        failed = sorted(path for path in left if path.name > newest)
        if not failed:
            return
        names = [node.name for node in failed_nodes(failed[-1] / "dbt")]
    since = datetime.strptime(failed[0].name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    yield Trouble("build_failed", None, since, [f"dbt: {', '.join(names) or 'see dbt.log'}"])


def _blocked(unpublished: list[Candidate]) -> Iterator[Trouble]:
    """By the newest verdict: one that is still to be audited ends nothing."""
    for candidate in reversed(unpublished):
        if (candidate.folder / VERDICT).exists():
            verdict = Verdict.load(candidate.folder / VERDICT)
            if verdict.blocks:
                yield _told("publish_blocked", verdict, "critical")
            return


def _warned(candidate: Candidate) -> Iterator[Trouble]:
    path = candidate.folder / VERDICT
    if path.exists() and (verdict := Verdict.load(path)).warning_count:
        yield _told("audit_warned", verdict, "warning")


def _told(kind: Kind, verdict: Verdict, severity: Severity) -> Trouble:
    findings = [finding for finding in verdict.failed if finding.severity == severity]
    return Trouble(
        kind,
        None,
        verdict.finished_at,
        [clean(_sentence(finding)) for finding in findings],
        sorted({f.table.removeprefix(MARTS) for f in findings if f.table.startswith(MARTS)}),
    )


def _sentence(finding: Finding) -> str:
    """Without the error of a check that could not run: a database's words may quote a value."""
    return f"{finding.table}: {finding.check}" + (
        " (could not be checked)" if finding.error else _numbers(finding)
    )


def _numbers(finding: Finding) -> str:
    said = ", ".join(f"{name} {value}" for name, value in finding.numbers.items())
    return f" ({said})" if said else ""
