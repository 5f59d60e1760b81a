"""`kota extract`, `build`, `audit`, `publish` and `run`: the steps, and all of them in a row."""

from typing import Annotated

import typer
from rich.markup import escape

from connectors.extract import extract_app
from connectors.registry import RegistryError
from connectors.result import AppResult
from expectations.audit import audit as audit_candidate
from expectations.verdict import Verdict
from kota.alerts_commands import tell_after_a_run
from kota.console import JsonOption, console, error_console, fail, print_json, print_table
from kota.settings import get_settings
from kota.sources_commands import AppsArgument, chosen_apps
from lake.lock import BusyError
from record.chain import RecordError
from warehouse.candidate import Candidate, NoCandidateError, find_candidate
from warehouse.dbt import DbtError
from warehouse.folder import WarehouseFolder
from warehouse.night import Night
from warehouse.pins import NeverLoadedError
from warehouse.publish import NoSnapshotError, NotPublishableError, rollback
from warehouse.publish import publish as publish_candidate
from warehouse.snapshots import Snapshot, UnknownSnapshotError, current
from warehouse.state import unpublished_changes

BUILD_ERRORS = (NeverLoadedError, DbtError, RegistryError, BusyError, RecordError)
PUBLISH_ERRORS = (
    NoCandidateError,
    NotPublishableError,
    NoSnapshotError,
    UnknownSnapshotError,
    BusyError,
    RecordError,
)

CandidateArgument = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="A candidate; the newest when left out.")
]
MassDeletionOption = Annotated[
    bool, typer.Option(help="Accept that a source lost more rows than its registry entry allows.")
]


def extract(
    apps: AppsArgument = None,
    allow_mass_deletion: MassDeletionOption = False,
    as_json: JsonOption = False,
) -> None:
    """Land what changed at the apps since the last run."""
    results = _extract(apps, allow_mass_deletion, quiet=as_json)
    if as_json:
        print_json([result.model_dump(mode="json") for result in results])
    _tell_failed(results)
    _end_if_failed(results)


def build(
    full: Annotated[
        bool, typer.Option(help="Build every table anew instead of following what changed.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Build a candidate from the lake: dbt models and their tests."""
    candidate = _build(Night(get_settings(), is_full=full))
    if as_json:
        print_json(candidate.manifest.model_dump(mode="json"))
    else:
        console.print(f"Candidate {candidate.id} is built.")
    _tell_held(candidate)


def audit(candidate_id: CandidateArgument = None, as_json: JsonOption = False) -> None:
    """Check a candidate: expectations, reconciliation with the sources, personal data."""
    verdict = _audit(candidate_id)
    if as_json:
        print_json(verdict.model_dump(mode="json"))
    else:
        _show_verdict(verdict)
    _tell_held(find_candidate(get_settings(), verdict.candidate_id))
    if verdict.blocks:
        raise typer.Exit(1)


def publish(
    candidate_id: CandidateArgument = None,
    go_back: Annotated[
        bool, typer.Option("--rollback", help="Return to snapshot ID, or to the one before.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Let officials see an audited candidate, or go back to a former snapshot."""
    snapshot = _publish(candidate_id, go_back)
    if as_json:
        print_json(snapshot.manifest.model_dump(mode="json"))
    else:
        console.print(f"Readers now see snapshot {snapshot.id}.")


def run(
    apps: AppsArgument = None,
    allow_mass_deletion: MassDeletionOption = False,
    as_json: JsonOption = False,
) -> None:
    """Extract, build, audit and publish. Without a change nothing is built.

    An app that would make it fail is held at its last good state, and the others are published.
    """
    try:
        _run(apps, allow_mass_deletion, as_json)
    finally:
        tell_after_a_run()


def _run(apps: list[str] | None, allow_mass_deletion: bool, as_json: bool) -> None:
    results = _extract(apps, allow_mass_deletion, quiet=as_json)
    _tell_failed(results)  # now: a build that fails as well must not hide why
    snapshot = current(get_settings())
    is_held = False
    if unpublished_changes(get_settings()):
        if not as_json:
            console.print("Building …")
        night = Night(get_settings())
        candidate, verdict = _audited(night, _build(night))
        is_held = _tell_held(candidate)
        if verdict.blocks:
            fail(f"audit: candidate {candidate.id} is not published: {verdict.sentence()}")
        if not as_json:
            _show_verdict(verdict)
        snapshot = _publish(candidate.id)
        if not as_json:
            console.print(f"Readers now see snapshot {snapshot.id}.")
    elif snapshot is not None:
        is_held = _tell_held(snapshot)
        if not as_json:
            console.print(f"Nothing changed: snapshot {snapshot.id} stands.")
    if as_json:
        print_json(
            {
                "apps": [result.model_dump(mode="json") for result in results],
                "snapshot": snapshot.id if snapshot else None,
            }
        )
    _end_if_failed(results)
    if is_held:
        raise typer.Exit(1)


def _extract(apps: list[str] | None, allow_mass_deletion: bool, quiet: bool) -> list[AppResult]:
    results = []
    for app in chosen_apps(apps):
        if not quiet:
            console.print(f"Reading {app.app} …", highlight=False)
        result = extract_app(app, get_settings(), allow_mass_deletion=allow_mass_deletion)
        results.append(result)
        if not quiet:
            _show_result(result)
    return results


def _show_result(result: AppResult) -> None:
    print_table(
        "",
        ["table", "outcome", "read", "landed", "deleted", "rejected", "at source", "seconds"],
        [
            (
                table.table,
                table.outcome,
                table.rows_read,
                table.rows_landed,
                table.rows_deleted,
                table.rows_quarantined,
                table.source_rows,
                f"{table.seconds:.1f}",
            )
            for table in result.tables
        ],
    )
    for table in result.tables:
        if table.message and table.outcome != "failed":
            console.print(f"[yellow]![/] {table.message}", highlight=False)
    if not result.failed:
        console.print(result.sentence(), highlight=False)


def _tell_failed(results: list[AppResult]) -> None:
    messages = [table.message for result in results for table in result.failed]
    for message in dict.fromkeys(messages):
        error_console.print(f"[bold red]✗[/] {message}", highlight=False, soft_wrap=True)


def _end_if_failed(results: list[AppResult]) -> None:
    if any(result.failed for result in results):
        raise typer.Exit(1)


def _build(night: Night | None = None) -> Candidate:
    try:
        return (night or Night(get_settings())).build()
    except BUILD_ERRORS as error:
        fail(f"build: {error}")


def _audited(night: Night, candidate: Candidate) -> tuple[Candidate, Verdict]:
    """The candidate that passed, which may be a later one without what failed."""
    try:
        return night.audit(candidate, _audit)
    except BUILD_ERRORS as error:
        fail(f"build: {error}")


def _audit(candidate_id: str | None) -> Verdict:
    try:
        return audit_candidate(get_settings(), candidate_id)
    except (NoCandidateError, BusyError, RecordError) as error:
        fail(f"audit: {error}")


def _publish(candidate_id: str | None, go_back: bool = False) -> Snapshot:
    try:
        if go_back:
            return rollback(get_settings(), candidate_id)
        return publish_candidate(get_settings(), candidate_id)
    except PUBLISH_ERRORS as error:
        fail(f"publish: {error}")


def _tell_held(made: WarehouseFolder) -> bool:
    """One sentence for each app that is held back; whether there is one."""
    held = made.manifest.held
    for app, entry in held.items():
        error_console.print(
            f"[bold red]✗[/] {escape(entry.sentence(app))}", highlight=False, soft_wrap=True
        )
    return bool(held)


def _show_verdict(verdict: Verdict) -> None:
    colour = {"pass": "green", "warn": "yellow", "fail": "red"}[verdict.status]
    console.print(f"[bold {colour}]{verdict.status}[/] {verdict.sentence()}", highlight=False)
