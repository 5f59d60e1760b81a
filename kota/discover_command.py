"""`kota sources discover`: draft the registry file of an app from what it shows."""

import re
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from connectors.connection import Connection, ConnectionMissingError, find_connection
from connectors.discover.address import app_name, named_or_given, shown, variable
from connectors.discover.any_source import TECHNOLOGIES, discover_any
from connectors.discover.discover import DEFAULT_SAMPLE
from connectors.discover.draft import Draft
from connectors.discover.render import render
from connectors.discover.rest import TECHNOLOGIES as REST
from connectors.discover.rest import split_resource
from connectors.reader import SourceError
from connectors.registry import App
from kota.console import console, error_console, fail, print_table
from kota.settings import get_settings

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def discover_source(
    source: Annotated[
        str,
        typer.Argument(
            metavar="URL|CONNECTION_ID",
            help="A connection by its id, or a URI; of a REST service, that of a resource: "
            "http://host/api/pengaduan or CONNECTION_ID/pengaduan. "
            "The shell keeps a URI in its history: for one with a password, set KOTA_CONN_<ID> "
            "and give the id.",
        ),
    ],
    sample: Annotated[
        int, typer.Option(min=100, help="Rows of each table to look at.")
    ] = DEFAULT_SAMPLE,
    app: Annotated[
        str | None,
        typer.Option(help="The app's name; by default that of its database, folder or resource."),
    ] = None,
    department: Annotated[str | None, typer.Option(help="The department that owns it.")] = None,
    schema: Annotated[
        str | None, typer.Option(help="The schema to look at, where there are several.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; by default where apps are registered.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Look at a database, a place of files or a REST resource, and draft its registry file."""
    settings = get_settings()
    try:
        name = app or (out.stem if out else app_name(source))
        connection_id = source.partition("/")[0] if "://" not in source else name
        if "://" not in source and source.count("/") > 1:
            fail(f"{source}: below a connection, a resource has one name: CONNECTION_ID/pengaduan")
        connection = named_or_given(source, connection_id)
    except ConnectionMissingError as error:
        fail(str(error))
    for what, value in (("app", name), ("department", department), ("connection", connection_id)):
        if value is not None and not _NAME.fullmatch(value):
            fail(f"{what} {value!r} must be lower-case letters, digits and _, a letter first")
    if connection.scheme not in TECHNOLOGIES:
        fail(f"can't look into {connection.scheme!r}; it can into {', '.join(TECHNOLOGIES)}")
    file = out or settings.apps_dir / f"{name}.yml"
    if file.stem != name:
        fail(f"app {name} is registered in {name}.yml: choose another --out or another --app")
    if file.exists() and not force:
        fail(f"{file} is there: give another --out or --app, or --force to replace it")
    try:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=error_console,
            transient=True,
            disable=not error_console.is_terminal,
        ) as bar:
            task = bar.add_task("connecting", total=None)
            draft = discover_any(
                connection,
                settings,
                app=name,
                connection_id=connection_id,
                department=department,
                schema=schema,
                sample_rows=sample,
                progress=lambda done, total, table: bar.update(
                    task, completed=done, total=total, description=table
                ),
            )
    except SourceError as error:
        fail(f"{name}: {str(error).removeprefix(f'{name}: ')}")
    text = render(draft)
    App.model_validate(yaml.safe_load(text))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    base = split_resource(connection)[0] if connection.scheme in REST else connection
    _tell(draft, file, base)


def _tell(draft: Draft, file: Path, connection: Connection) -> None:
    print_table(
        f"{draft.app}: {_tables(len(draft.tables))} to take",
        ["table", "rows", "key", "mode", "cursor", "personal"],
        [
            (
                table.name,
                table.rows,
                ", ".join(table.key.columns) or "none",
                table.reading.mode,
                table.reading.cursor,
                len(table.personal),
            )
            for table in draft.tables
        ],
    )
    if draft.left:
        print_table(
            f"{_tables(len(draft.left))} to leave",
            ["table", "why"],
            [(entry.facts.name, entry.reason) for entry in draft.left],
        )
    console.print(f"Wrote {file}", highlight=False, soft_wrap=True)
    try:
        find_connection(draft.connection)
    except ConnectionMissingError:
        console.print(
            f"Set the connection, with the password for ***:\n"
            f"  export {variable(draft.connection)}='{shown(connection)}'",
            highlight=False,
            soft_wrap=True,
            markup=False,
        )
    console.print(
        f"Read it through, then: kota sources check {draft.app}; kota extract {draft.app}; "
        f"kota sources scaffold {draft.app}",
        highlight=False,
        soft_wrap=True,
    )


def _tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count} tables"
