"""`kota sources`: take an app in, look at it, list those that are registered."""

from typing import Annotated

import typer
from rich.filesize import decimal
from rich.markup import escape

from connectors.check import AppCheck, check_app
from connectors.connection import ConnectionMissingError
from connectors.reader import SourceError
from connectors.registry import App, RegistryError, load_registry
from connectors.schema import registry_schema
from kota.console import JsonOption, console, error_console, fail, print_json, print_table
from kota.discover_command import discover_source
from kota.settings import get_settings
from warehouse.scaffold import scaffold

sources = typer.Typer(help="The registered apps.", no_args_is_help=True)
sources.command("discover")(discover_source)

AppsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[APP]...", help="Apps by name; all when left out.")
]


def chosen_apps(names: list[str] | None) -> list[App]:
    """The named apps, or all of them. Ends the command when a name or the registry is wrong."""
    try:
        registry = load_registry(get_settings())
    except RegistryError as error:
        fail(str(error))
    if unknown := [name for name in names or [] if name not in registry]:
        fail(f"no app {', '.join(unknown)}; registered are {', '.join(registry)}")
    return [registry[name] for name in names or registry]


@sources.command("list")
def list_sources(as_json: JsonOption = False) -> None:
    """List the registered apps."""
    apps = chosen_apps(None)
    if as_json:
        print_json([app.model_dump(mode="json", by_alias=True) for app in apps])
        return
    print_table(
        "Registered apps",
        ["app", "name", "department", "tier", "schedule", "promise", "tables"],
        [
            (
                app.app,
                app.name,
                app.department,
                str(app.tier),
                app.schedule,
                f"{app.freshness_hours} h",
                len(app.tables),
            )
            for app in apps
        ],
    )


@sources.command("check")
def check(apps: AppsArgument = None, as_json: JsonOption = False) -> None:
    """Connect to apps: can every table be read, by a modest account, with a sound cursor?"""
    found = [check_app(app, get_settings()) for app in chosen_apps(apps)]
    if as_json:
        print_json([entry.model_dump() for entry in found])
    else:
        for entry in found:
            _show_check(entry)
    if problems := [problem for entry in found for problem in entry.problems]:
        for problem in dict.fromkeys(problems):
            error_console.print(
                f"[bold red]✗[/] {escape(problem)}", highlight=False, soft_wrap=True
            )
        raise typer.Exit(1)
    if not as_json:
        console.print(f"{sum(len(entry.tables) for entry in found)} tables can be read.")


def _show_check(found: AppCheck) -> None:
    about = [found.app, found.server, f"zone {found.server_zone}" if found.server_zone else ""]
    if found.clock_skew_seconds is not None:
        about.append(f"clock {found.clock_skew_seconds:+.1f} s")
    print_table(
        ", ".join(part for part in about if part),
        ["table", "rows", "columns", "size", "first read", "result"],
        [
            (
                table.table,
                table.rows,
                table.columns,
                None if table.bytes is None else decimal(table.bytes),
                None if table.load_seconds is None else f"{table.load_seconds:,.1f} s",
                "fails"
                if table.problem
                else f"{len(table.warnings)} to look at"
                if table.warnings
                else "ok",
            )
            for table in found.tables
        ],
    )
    warnings = [f"{found.app}: {warning}" for warning in found.warnings]
    for table in found.tables:
        warnings += [f"{found.app}.{table.table}: {warning}" for warning in table.warnings]
    for warning in warnings:
        console.print(f"[bold yellow]![/] {escape(warning)}", highlight=False, soft_wrap=True)
    seconds = sum(table.load_seconds or 0 for table in found.tables)
    if rows := sum(table.rows or 0 for table in found.tables):
        console.print(f"First load: {rows:,} rows, about {seconds:,.0f} s of reading.")


@sources.command("scaffold")
def scaffold_app(
    app: Annotated[str, typer.Argument(help="The app by name.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that are there and differ.")
    ] = False,
) -> None:
    """Write the dbt sources and staging models of an app that are not there yet."""
    settings = get_settings()
    try:
        files = scaffold(chosen_apps([app])[0], settings, force=force)
    except (SourceError, ConnectionMissingError) as error:
        fail(str(error))
    folder = settings.dbt_dir / "models" / "staging" / app
    print_table(
        str(folder.relative_to(settings.root)),
        ["file", "outcome", "note"],
        [(file.path.name, file.outcome, file.note) for file in files],
    )
    console.print(f"Then: kota extract {app}; kota build", highlight=False)


@sources.command("schema")
def schema() -> None:
    """Print the JSON Schema of a registry file, which editors use to complete and check it."""
    typer.echo(registry_schema(), nl=False)
