"""`kota trace`: from a published number to the rows at its sources, and back."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kota.console import JsonOption, console, fail, print_json
from kota.settings import get_settings


def trace(
    target: Annotated[
        str,
        typer.Argument(
            metavar="MART[.COLUMN]",
            help="A published table or a column of it; with --reverse, APP.TABLE[.COLUMN].",
        ),
    ],
    where: Annotated[
        str | None,
        typer.Option(help="Which rows of it, as an SQL condition: follows these to the sources."),
    ] = None,
    snapshot: Annotated[
        str | None, typer.Option(metavar="ID", help="A published snapshot; else the current one.")
    ] = None,
    is_reverse: Annotated[
        bool, typer.Option("--reverse", help="What depends on a table or column of an app.")
    ] = False,
    restricted: Annotated[
        bool, typer.Option(help="Show personal columns of the lake, which you may read anyway.")
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it as a page (HTML), without personal data."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a published number is made of, and what was checked on the way."""
    if is_reverse and (where or page or restricted):
        fail("trace: --reverse goes with --snapshot and --json only")
    # The parser of SQL takes longer to import than other commands take to run.
    from connectors.registry import RegistryError
    from kota.trace_view import as_document, show, show_dependents
    from lake.delta_log import UnreadableCommitError
    from warehouse.trace.reverse import reverse
    from warehouse.trace.snapshot import NotTraceableError
    from warehouse.trace.trace import trace as follow

    try:
        if is_reverse:
            dependents = reverse(get_settings(), target, snapshot)
            if as_json:
                print_json(asdict(dependents))
            else:
                show_dependents(dependents, console)
            return
        found = follow(
            get_settings(),
            target,
            where=where,
            snapshot_id=snapshot,
            show_personal=restricted and page is None,
        )
    except (NotTraceableError, RegistryError, UnreadableCommitError) as error:
        fail(f"trace: {error}")
    except PermissionError as error:
        fail(f"trace: {error.filename} is not for you to read: the lake is restricted")
    if page is not None:
        from warehouse.trace.page import trace_page

        page.write_text(trace_page(found, get_settings().city), "utf-8")
        console.print(f"{page} shows it.")
    elif as_json:
        print_json(as_document(found))
    else:
        show(found, console)
