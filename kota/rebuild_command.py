"""`kota rebuild`: make a published snapshot again, and prove that it is the same."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from connectors.registry import RegistryError
from kota.console import JsonOption, console, error_console, fail, print_json
from kota.settings import get_settings
from lake.history import NoSuchPastError
from lake.lock import BusyError
from warehouse.dbt import DbtError
from warehouse.old_code import NoOldCodeError, old_code, run_there, same_requirements
from warehouse.rebuild import CannotRebuildError, rebuild
from warehouse.snapshots import UnknownSnapshotError, known_manifest

ERRORS = (
    UnknownSnapshotError,
    CannotRebuildError,
    NoSuchPastError,
    NoOldCodeError,
    DbtError,
    BusyError,
    RegistryError,
)
Told = dict[str, Any]


def rebuild_snapshot(
    snapshot_id: Annotated[str, typer.Argument(metavar="ID", help="A snapshot; `kota snapshots`.")],
    code: Annotated[
        bool, typer.Option("--code", help="With the code of then, from this project's git.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep what was built, staging rows included, to look.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a published snapshot again from the lake and compare every table by its content.

    Ends with 0 when all are equal, and with 1 naming those that are not.
    """
    try:
        told = _with_old_code(snapshot_id, keep) if code else _here(snapshot_id, keep)
    except ERRORS as error:
        fail(f"rebuild: {error}")
    if as_json:
        print_json(told)
    else:
        _show(told, code)
    if not told["is_equal"]:
        raise typer.Exit(1)


def _here(snapshot_id: str, keep: bool) -> Told:
    made = rebuild(get_settings(), snapshot_id, is_kept=keep)
    return {
        "id": made.id,
        "is_equal": not made.differing,
        "notes": made.notes,
        "tables": len(made.tables),
        "rows": sum(table.rebuilt.rows for table in made.tables if table.rebuilt),
        "differing": [
            {
                "table": table.name,
                "published_rows": table.published.rows if table.published else None,
                "rebuilt_rows": table.rebuilt.rows if table.rebuilt else None,
                "difference": asdict(table.difference) if table.difference else None,
            }
            for table in made.differing
        ],
        "folder": str(made.folder) if made.folder else None,
    }


def _with_old_code(snapshot_id: str, keep: bool) -> Told:
    settings = get_settings()
    manifest = known_manifest(settings, snapshot_id)
    with old_code(settings, manifest) as folder:
        if not same_requirements(folder):
            error_console.print(
                f"[yellow]![/] commit {manifest.code_version} was locked to other packages than "
                "are installed here; the tables will tell whether it matters",
                highlight=False,
            )
        options = ["--keep"] * keep
        done = run_there(settings, folder, "rebuild", snapshot_id, "--json", *options)
        try:
            told: Told = json.loads(done.stdout)
        except ValueError:
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise NoOldCodeError(f"the code of {manifest.code_version} says: {last}") from None
        return told


def _show(told: Told, code: bool) -> None:
    for note in told["notes"]:
        console.print(f"[yellow]![/] {note}.", highlight=False, soft_wrap=True)
    if told["is_equal"]:
        console.print(
            f"[bold green]equal[/] Snapshot {told['id']} was made again from the lake: all "
            f"{told['tables']} tables, {told['rows']:,} rows, have the same content.",
            highlight=False,
        )
    for table in told["differing"]:
        error_console.print(f"[bold red]✗[/] {_sentence(table)}", highlight=False, soft_wrap=True)
    if told["notes"] and not told["is_equal"] and not code:
        console.print("With the code of then: add --code.", highlight=False)
    if told["folder"]:
        console.print(f"It stays in {told['folder']} until the next build.", highlight=False)


def _sentence(table: Told) -> str:
    name = table["table"]
    if table["rebuilt_rows"] is None:
        return f"{name}: published with {table['published_rows']:,} rows, not there again"
    if table["published_rows"] is None:
        return f"{name}: not in the snapshot, {table['rebuilt_rows']:,} rows now"
    said = f"{name}: {table['published_rows']:,} rows published, {table['rebuilt_rows']:,} rebuilt"
    differs = table["difference"]
    if differs is None:
        return f"{said}, and their content differs"
    parts = [
        f"{differs[kind]['count']:,} {word} (such as {_keys(differs[kind]['keys'])})"
        for kind, word in (("removed", "missing"), ("added", "more"), ("changed", "different"))
        if differs[kind]["count"]
    ]
    columns = ", ".join(differs["columns"])
    return f"{said}; by {', '.join(differs['key'])}: {'; '.join(parts)}" + (
        f"; they differ in {columns}" if columns else ""
    )


def _keys(keys: list[list[str]]) -> str:
    return ", ".join(" / ".join(key) for key in keys)
