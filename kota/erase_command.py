"""`kota erase`: remove a person from the lake, and leave a record of having done so."""

from typing import Annotated

import typer

from connectors.erasure import (
    Identity,
    Match,
    NothingToEraseByError,
    erase_person,
    preview,
    targets,
)
from kota.console import JsonOption, console, fail, print_json, print_table
from kota.lake_commands import EXPECTED_ERRORS, remove_candidates
from kota.patience import patiently
from kota.settings import get_settings
from kota.sources_commands import chosen_apps
from lake.lock import exclusive
from lake.rewrite import extraction_lock, maintenance_lock
from lake.token import TokenKeyError
from record.work import on_record


def erase(
    columns: Annotated[
        list[str],
        typer.Option(
            "--column",
            metavar="[APP.TABLE.]COLUMN=VALUE",
            help="Who: nik=…, or a column of one table. The value '-' is asked for, unseen.",
        ),
    ],
    apps: Annotated[
        list[str] | None, typer.Option("--app", help="Only in this app; all when left out.")
    ] = None,
    reference: Annotated[
        str, typer.Option(help="The request this answers: a file number, never a name.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it, only count.")] = False,
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait for running work.")] = 600,
    as_json: JsonOption = False,
) -> None:
    """Count, and with --yes remove, all rows of a person, from old files and quarantine too."""
    settings = get_settings()
    identities = [_identity(column) for column in columns]
    if yes and not reference.strip():
        fail("erase: say with --reference which request this answers")
    try:
        sought = targets({app.app: app for app in chosen_apps(apps)}, identities, settings)
        if not yes:
            _show(preview(sought, settings), as_json)
            return
        touched = sorted({one.target.table.app for one in sought})
        with (
            patiently(lambda: exclusive(settings.candidates_dir / ".lock", "building"), wait),
            on_record(settings, "erasure", touched, may_rebuild=True) as entry,
        ):
            record = erase_person(
                sought,
                settings,
                reference.strip(),
                lambda app: [
                    patiently(lambda: maintenance_lock(settings.lake_dir, app), wait),
                    patiently(lambda: extraction_lock(settings.lake_dir, app), wait),
                ],
            )
            entry["erasure"] = record.id
            remove_candidates(settings)
    except (NothingToEraseByError, TokenKeyError) as error:
        fail(f"erase: {error}")
    except EXPECTED_ERRORS as error:
        fail(f"erase: not finished ({type(error).__name__}): {_first_line(error)}; run it again")
    if as_json:
        print_json(record.model_dump(mode="json", exclude={"withheld"}))
        return
    print_table(
        f"Erasure {record.id}",
        ["table", "rows", "of these current", "in quarantine", "files rewritten", "files removed"],
        [
            (t.table, t.rows, t.current_rows, t.quarantined, t.files_rewritten, t.files_removed)
            for t in record.tables
        ],
    )
    console.print(
        "Candidates are removed. Snapshots hold no direct identifier; run `kota run` to publish "
        "one without this person.",
        highlight=False,
    )


def _identity(text: str) -> Identity:
    column, equals, value = text.partition("=")
    if not equals or not column or not value:
        fail("erase: write --column NAME=VALUE, such as --column nik=-")
    if value == "-":
        value = str(typer.prompt(f"Value of {column}", hide_input=True, err=True))
    return Identity(column.strip(), value)


def _show(matches: list[Match], as_json: bool) -> None:
    rows = [
        {
            "table": match.sought.target.table.name,
            "column": match.sought.target.column,
            "rows": match.found.rows,
            "current_rows": match.found.current_rows,
            "quarantined": match.quarantined,
        }
        for match in matches
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        "What would be erased",
        ["table", "column", "rows", "of these current", "in quarantine"],
        [list(row.values()) for row in rows],
    )
    console.print("Nothing was changed; --yes with --reference erases.", highlight=False)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "")
