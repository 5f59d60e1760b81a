"""What is wrong with the whole: nothing can be built, published, or only with warnings."""

from collections.abc import Iterator
from datetime import UTC, datetime

from alerts.trouble import Trouble, clean
from expectations.verdict import FILE_NAME as VERDICT
from expectations.verdict import Finding, Verdict
from kota.settings import Settings
from lake.lock import BusyError, exclusive
from warehouse.candidate import Candidate, candidates
from warehouse.dbt import failed_nodes
from warehouse.snapshots import snapshots

MARTS = "marts."


def troubles_of_city(settings: Settings) -> Iterator[Trouble]:
    """What the newest build and audit left behind."""
    published = snapshots(settings)
    built = candidates(settings)
    yield from _unbuilt(settings, built)
    if built and (not published or built[-1].id > published[-1].id):
        yield from _blocked(built[-1])
    if published:
        yield from _warned(Candidate(settings.candidates_dir / published[-1].id))


def _unbuilt(settings: Settings, built: list[Candidate]) -> Iterator[Trouble]:
    """A folder newer than every candidate is what a failed build left, unless one is under way."""
    if not settings.candidates_dir.is_dir():
        return
    newest = built[-1].id if built else ""
    left = [path for path in settings.candidates_dir.iterdir() if path.is_dir()]
    failed = sorted(path for path in left if path.name > newest)
    if not failed:
        return
    try:
        with exclusive(settings.candidates_dir / ".lock", "building"):
            names = [node.name for node in failed_nodes(failed[-1] / "dbt")]
    except BusyError:
        return
    since = datetime.strptime(failed[0].name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    yield Trouble("build_failed", None, since, [f"dbt: {', '.join(names) or 'see dbt.log'}"])


def _blocked(candidate: Candidate) -> Iterator[Trouble]:
    path = candidate.folder / VERDICT
    if path.exists() and (verdict := Verdict.load(path)).blocks:
        yield _told("publish_blocked", verdict, "critical")


def _warned(candidate: Candidate) -> Iterator[Trouble]:
    path = candidate.folder / VERDICT
    if path.exists() and (verdict := Verdict.load(path)).warning_count:
        yield _told("audit_warned", verdict, "warning")


def _told(kind: str, verdict: Verdict, severity: str) -> Trouble:
    findings = [finding for finding in verdict.failed if finding.severity == severity]
    return Trouble(
        "publish_blocked" if kind == "publish_blocked" else "audit_warned",
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
