"""`kota lake`: keep the lake in shape, look into its past, prove that it is whole."""

import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import typer
from deltalake.exceptions import DeltaError

from connectors import journal
from connectors.registry import App
from kota.console import JsonOption, console, error_console, fail, print_json, print_table
from kota.lake_past import Past, PastError, read_past
from kota.patience import patiently
from kota.settings import Settings, get_settings
from kota.sources_commands import chosen_apps
from lake.delta_log import UnreadableCommitError, read_log
from lake.erasures import unfinished
from lake.history import NoSuchPastError, as_of, batch_at, batch_of, erasures, row_versions
from lake.lock import BusyError, exclusive
from lake.maintain import Care, CompactionError, Maintained, maintain
from lake.quarantine import TABLE as QUARANTINE
from lake.quarantine import Quarantine
from lake.rewrite import extraction_lock, maintenance_lock
from lake.rotate import (
    TokenKeyMismatchError,
    TokenTable,
    rotate_erasures,
    rotate_quarantine,
    rotate_table,
)
from lake.table import LakeTable
from lake.token import TokenKeyError, token, token_key_id, token_keys
from lake.vacuum import GRACE
from lake.verify import Verified, verify
from record.chain import RecordError
from record.work import on_record
from warehouse.candidate import candidates
from warehouse.snapshots import snapshots

lake = typer.Typer(help="The lake: its shape, its past, its wholeness.", no_args_is_help=True)

EXPECTED_ERRORS = (
    BusyError,
    RecordError,
    CompactionError,
    UnreadableCommitError,
    DeltaError,
    duckdb.Error,
    pa.ArrowException,
    OSError,
)
TablesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[APP[.TABLE]]...", help="Apps or tables; all when left out."),
]
TableArgument = Annotated[str, typer.Argument(metavar="APP.TABLE")]
ShowPersonalOption = Annotated[
    bool, typer.Option("--show-personal", help="Show personal columns instead of masking them.")
]
Chosen = tuple[App, str]


@lake.command("maintain")
def maintain_lake(
    tables: TablesArgument = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would be done, and do nothing.")] = False,
    grace_hours: Annotated[
        int, typer.Option(min=0, help="How long a replaced file stays for those who read it.")
    ] = int(GRACE.total_seconds() // 3600),
    as_json: JsonOption = False,
) -> None:
    """Merge small files, forget history past its retention, write checkpoints, remove leftovers.

    Extractions may go on meanwhile. What snapshots and candidates were made of stays.
    """
    settings = get_settings()
    chosen = _with_quarantine(tables)
    apps = sorted({app.app for app, _ in chosen})
    done: list[Maintained] = []
    problems: list[str] = []
    try:
        noting: AbstractContextManager[dict[str, Any]] = (
            nullcontext({}) if dry_run else on_record(settings, "maintenance", apps)
        )
        with noting as said:
            _maintain(chosen, settings, timedelta(hours=grace_hours), dry_run, done, problems)
            said["done"] = {
                one.table: {"files": one.files_after, "rows_forgotten": one.rows_forgotten}
                for one in done
            }
    except (BusyError, RecordError) as error:
        problems.append(str(error))
    if as_json:
        print_json([asdict(one) for one in done])
    else:
        _show_maintained(done, dry_run)
    _end(problems)


@lake.command("verify")
def verify_lake(
    tables: TablesArgument = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Compare sizes and the log, not checksums.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look whether everything is there as it was written: files, log, ledger, counts, schema."""
    settings = get_settings()
    pinned = pinned_versions(settings)
    found: list[Verified] = []
    for app, name in _with_quarantine(tables):
        table = LakeTable(settings.lake_dir, app.app, name)
        seen = max([*pinned.get(table.name, ()), *_journalled(settings, table)], default=None)
        if not table.exists() and seen is None:
            continue
        entry = app.tables.get(name)
        key = entry.key if entry else None
        found.append(verify(table, settings, key, quick=quick, seen_version=seen))
    findings = [finding for one in found for finding in one.findings]
    open_erasures = [
        f"erasure {entry.id} ({entry.reference}) was begun and not finished: run it again"
        for entry in unfinished(settings.lake_dir)
    ]
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_table(
            "",
            ["table", "files", "bytes read", "batches", "rows", "result"],
            [
                (
                    one.table,
                    one.files,
                    one.bytes_hashed,
                    one.batches,
                    one.rows,
                    "damaged" if one.is_damaged else "whole",
                )
                for one in found
            ],
        )
        for finding in findings:
            if not finding.is_damage:
                console.print(f"[yellow]![/] {finding.sentence}", highlight=False)
    _end([finding.sentence for finding in findings if finding.is_damage] + open_erasures)


@lake.command("as-of")
def as_of_table(
    table: TableArgument,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="ISO time, in the app's zone; now if left out."),
    ] = None,
    batch: Annotated[int | None, typer.Option(help="The batch after which.")] = None,
    version: Annotated[int | None, typer.Option(help="The Delta version, as in manifests.")] = None,
    where: Annotated[str | None, typer.Option(help="An SQL condition on the rows.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many rows.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write a .csv or .parquet file instead of showing rows.")
    ] = None,
    show_personal: ShowPersonalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show a table as it was at a time or after a batch, made from the newest files."""
    app, name = _one_table(table)
    source = LakeTable(get_settings().lake_dir, app.app, name)
    try:
        number = _batch_number(app, source, at, batch, version)
        past = as_of(source, number)
        key = app.tables[name].key
        query = past.current(key)
        if erased := erasures(source):
            error_console.print(
                f"[yellow]![/] {source.name}: persons were erased since (erasure "
                f"{', '.join(erased)}); they are missing in its past too",
                highlight=False,
            )
        rows = Past(
            app, name, query, where=where, limit=limit, show_personal=show_personal, order=key
        )
        if out is not None:
            written = rows.write(get_settings(), out)
            console.print(f"{out}: {written} rows of {source.name} as after batch {number}.")
        else:
            read_past(rows, get_settings(), f"{source.name} after batch {number}", as_json)
    except (NoSuchPastError, PastError, UnreadableCommitError) as error:
        fail(str(error))


@lake.command("history")
def history_of_table(
    table: TableArgument,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="VALUE", help="All versions of the row with this key; one a column."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many batches.")] = 50,
    show_personal: ShowPersonalOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the batches of a table with their counts, or every version of one row."""
    app, name = _one_table(table)
    source = LakeTable(get_settings().lake_dir, app.app, name)
    if not source.exists():
        fail(f"{source.name} was never loaded: run `kota extract {app.app}`")
    if key is None:
        _show_batches(source, limit, as_json)
        return
    columns = app.tables[name].key
    if len(key) != len(columns):
        fail(f"{source.name} has the key {', '.join(columns) or '(none)'}: give --key for each")
    try:
        values = {
            f"key_{place}": _landed(app, name, column, value)
            for place, (column, value) in enumerate(zip(columns, key, strict=True), start=1)
        }
        rows = Past(
            app, name, row_versions(source, columns), parameters=values, show_personal=show_personal
        )
        read_past(rows, get_settings(), f"Versions of one row of {source.name}", as_json)
    except (PastError, TokenKeyError) as error:
        fail(str(error))


@lake.command("rotate-key")
def rotate_key(
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait for running work.")] = 600,
) -> None:
    """Bring all tokens under the key added as KOTA_TOKEN_KEY_2 (or _3 …); sources are not read."""
    settings = get_settings()
    try:
        keys = token_keys()
        apps = chosen_apps(None)
        with (
            patiently(lambda: exclusive(settings.candidates_dir / ".lock", "building"), wait),
            on_record(settings, "rotation", [app.app for app in apps], may_rebuild=True) as said,
        ):
            said["token_key_id"] = token_key_id(keys)
            for app in apps:
                _rotate_app(app, settings, wait)
            rotate_erasures(settings.lake_dir)
            remove_candidates(settings)
    except (TokenKeyError, TokenKeyMismatchError, *EXPECTED_ERRORS) as error:
        fail(_sentence("rotate-key", error))
    console.print(
        f"All tokens are under key {token_key_id(keys)} ({len(keys)} in the chain). Candidates "
        "with earlier tokens are removed: run `kota build`.",
        highlight=False,
    )


def _maintain(
    chosen: Sequence[Chosen],
    settings: Settings,
    grace: timedelta,
    dry_run: bool,
    done: list[Maintained],
    problems: list[str],
) -> None:
    """Each table by itself: what went well and what did not are added to the lists."""
    pinned = pinned_versions(settings)
    for app, name in chosen:
        table = LakeTable(settings.lake_dir, app.app, name)
        if not table.exists():
            continue
        entry = app.tables.get(name)
        care = Care(
            key=entry.key if entry else (),
            history_days=entry.retention.history_days if entry else None,
            pinned=pinned.get(table.name, set()),
            grace=grace,
        )
        try:
            with maintenance_lock(settings.lake_dir, app.app):
                done.append(maintain(table, settings, care, dry_run=dry_run))
        except EXPECTED_ERRORS as error:
            problems.append(_sentence(table.name, error))


def pinned_versions(settings: Settings) -> dict[str, set[int]]:
    """The versions that kept candidates and snapshots were made of, by ``app.table``."""
    pinned: dict[str, set[int]] = {}
    for folder in [*candidates(settings), *snapshots(settings)]:
        for table, version in folder.manifest.lake.items():
            pinned.setdefault(table, set()).add(version)
    return pinned


def remove_candidates(settings: Settings) -> None:
    """Remove the candidates, which hold staging rows, and snapshots that were made again.

    The caller holds the lock of building.
    """
    shutil.rmtree(settings.rebuilds_dir, ignore_errors=True)
    for candidate in candidates(settings):
        shutil.rmtree(candidate.folder)


def _rotate_app(app: App, settings: Settings, wait: int) -> None:
    what = _token_tables(app, settings)
    if not what:
        return
    with (
        patiently(lambda: maintenance_lock(settings.lake_dir, app.app), wait),
        patiently(lambda: extraction_lock(settings.lake_dir, app.app), wait),
    ):
        rotate_quarantine(Quarantine(settings.lake_dir, app.app), what, settings)
        for one in what:
            if one.table.exists():
                console.print(f"{one.table.name}: {rotate_table(one, settings)} rows rewritten.")


def _token_tables(app: App, settings: Settings) -> list[TokenTable]:
    found = []
    for name, entry in app.tables.items():
        columns = [column for column, said in entry.columns.items() if said.policy == "token"]
        if columns:
            found.append(
                TokenTable(LakeTable(settings.lake_dir, app.app, name), entry.key, columns)
            )
    return found


def _chosen_tables(names: Sequence[str] | None) -> list[Chosen]:
    """``app`` stands for all its tables. Ends the command when a name is wrong."""
    if not names:
        return [(app, table) for app in chosen_apps(None) for table in app.tables]
    chosen: list[Chosen] = []
    for name in names:
        app_name, _, table = name.partition(".")
        (app,) = chosen_apps([app_name])
        if table and table not in app.tables:
            fail(f"{app_name} has no table {table}; it has {', '.join(app.tables)}")
        chosen += [(app, table)] if table else [(app, each) for each in app.tables]
    return chosen


def _with_quarantine(names: Sequence[str] | None) -> list[Chosen]:
    """The chosen tables, and the quarantine of each app that is chosen as a whole."""
    chosen = _chosen_tables(names)
    whole = [
        app for app in dict.fromkeys(app.app for app, _ in chosen) if not names or app in names
    ]
    by_name = {app.app: app for app, _ in chosen}
    return chosen + [(by_name[app], QUARANTINE) for app in whole]


def _one_table(name: str) -> Chosen:
    chosen = _chosen_tables([name])
    if "." not in name:
        fail(f"name one table of {name}, such as {name}.{chosen[0][1]}")
    return chosen[0]


def _batch_number(
    app: App, table: LakeTable, at: str | None, batch: int | None, version: int | None
) -> int:
    if sum(said is not None for said in (at, batch, version)) > 1:
        fail("give one of --at, --batch and --version")
    if version is not None:
        return batch_of(table, version).number
    if at is not None:
        try:
            instant = datetime.fromisoformat(at)
        except ValueError:
            fail(f"{at!r} is not a time; write it as 2026-11-22T08:00")
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=ZoneInfo(app.timezone))
        return batch_at(table, instant).number
    if batch is not None:
        return batch
    last = table.last_batch()
    if last is None:
        raise NoSuchPastError(f"{table.name} was never loaded: run `kota extract {app.app}`")
    return last.number


def _landed(app: App, table: str, column: str, value: str) -> str:
    """A key value as the lake has it."""
    said = app.tables[table].columns.get(column)
    return token(value, token_keys()) if said and said.policy == "token" else value.strip()


def _journalled(settings: Settings, table: LakeTable) -> list[int]:
    """The newest version of a table that a run saw."""
    for run in journal.runs(settings, table.app):
        for seen in run.tables:
            if seen.table == table.table and seen.lake_version is not None:
                return [seen.lake_version]
    return []


def _show_batches(table: LakeTable, limit: int, as_json: bool) -> None:
    rows: list[dict[str, Any]] = []
    try:
        log = read_log(table.path)
    except UnreadableCommitError as error:
        fail(f"{table.name}: {error}; run `kota lake verify {table.name}`")
    for commit in reversed(log):
        if commit.batch is None and commit.maintenance is None:
            continue
        batch, entry = commit.batch, commit.maintenance
        rows.append(
            {
                "batch": batch.number if batch else None,
                "version": commit.version,
                "at": batch.extracted_at if batch else commit.at,
                "what": entry.kind if entry else "batch",
                "read": batch.rows_read if batch else None,
                "landed": batch.rows_upserted if batch else None,
                "deleted": batch.rows_deleted if batch else None,
                "rejected": batch.rows_quarantined if batch else None,
                "rows": batch.lake_rows if batch else None,
                "note": (batch.note if batch else None)
                or (f"{entry.rows_after} rows of {entry.rows_before}" if entry else ""),
            }
        )
    if as_json:
        print_json(rows[:limit])
        return
    shown = [{**row, "at": f"{row['at']:%Y-%m-%d %H:%M:%S}"} for row in rows[:limit]]
    print_table(
        f"{table.name}: {len(rows)} commits, newest first (UTC)",
        list(shown[0]) if shown else ["batch"],
        [list(row.values()) for row in shown],
    )


def _show_maintained(done: Sequence[Maintained], dry_run: bool) -> None:
    print_table(
        "What would be done" if dry_run else "",
        ["table", "files", "then", "history rows removed", "files removed", "bytes freed"],
        [
            (
                one.table,
                one.files_before,
                one.files_after,
                one.rows_forgotten,
                one.files_removed,
                one.bytes_freed,
            )
            for one in done
        ],
    )
    for one in done:
        for note in one.notes:
            console.print(f"[yellow]![/] {note}", highlight=False)


def _sentence(name: str, error: BaseException) -> str:
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return reason if reason.startswith(name) else f"{name}: {reason}"


def _end(problems: Sequence[str]) -> None:
    for problem in dict.fromkeys(problems):
        error_console.print(f"[bold red]✗[/] {problem}", highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
