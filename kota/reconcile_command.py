"""`kota reconcile`: which rows of a table differ between its source and the lake."""

from dataclasses import asdict
from typing import Annotated

import typer

from connectors.extract import EXPECTED_ERRORS
from connectors.rows_apart import RowsApart, rows_apart
from kota.console import JsonOption, console, fail, print_json, print_table
from kota.settings import get_settings
from kota.sources_commands import chosen_apps


def reconcile(
    table: Annotated[str, typer.Argument(metavar="APP.TABLE", help="A table of the registry.")],
    most: Annotated[int, typer.Option(min=1, help="So many rows of each kind are named.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Read a table at its source and name the rows that the lake has not, or has otherwise.

    Ends with 1 where there are any. Rows that changed since the last extraction are among them.
    """
    app_name, _, name = table.partition(".")
    app = chosen_apps([app_name])[0]
    if name not in app.tables:
        fail(f"{app_name} has no table {name}; it has {', '.join(app.tables)}")
    try:
        found = rows_apart(app, name, get_settings(), most)
    except EXPECTED_ERRORS as error:
        fail(str(error))
    if as_json:
        print_json(asdict(found))
    else:
        _show(found)
    if not found.is_same:
        raise typer.Exit(1)


def _show(found: RowsApart) -> None:
    told = ", ".join(f"{count:,} {what}" for what, count in found.counts.items())
    console.print(
        f"{found.table}: {found.source_rows:,} rows at the source, {found.lake_rows:,} in the "
        f"lake, {found.quarantined_rows:,} that a rule keeps out: {told}.",
        soft_wrap=True,
        highlight=False,
    )
    if found.columns:
        named = ", ".join(f"{name} ({count:,})" for name, count in found.columns.items())
        console.print(f"Columns that differ: {named}.", soft_wrap=True, highlight=False)
    if found.rows:
        keys = list(found.rows[0].key)
        print_table("Rows", ["what", *keys], [(row.what, *row.key.values()) for row in found.rows])
