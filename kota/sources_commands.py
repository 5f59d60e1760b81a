"""`kota sources`: the registered apps, and whether they can be reached."""

from typing import Annotated, Any

import typer

from connectors.check import check_app
from connectors.registry import App, RegistryError, load_registry
from connectors.schema import registry_schema
from kota.console import JsonOption, console, error_console, fail, print_json, print_table
from kota.settings import get_settings

sources = typer.Typer(help="The registered apps.", no_args_is_help=True)

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
    """Connect to apps and look whether every registered table can be read."""
    found: list[dict[str, Any]] = []
    for app in chosen_apps(apps):
        found += [entry.model_dump() for entry in check_app(app, get_settings())]
    if as_json:
        print_json(found)
    else:
        print_table(
            "Sources",
            ["app", "table", "rows", "columns", "result"],
            [(e["app"], e["table"], e["rows"], e["columns"], e["problem"] or "ok") for e in found],
        )
    if problems := [entry["problem"] for entry in found if entry["problem"]]:
        for problem in dict.fromkeys(problems):
            error_console.print(f"[bold red]✗[/] {problem}", highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    if not as_json:
        console.print(f"{len(found)} tables can be read.")


@sources.command("schema")
def schema() -> None:
    """Print the JSON Schema of a registry file, which editors use to complete and check it."""
    typer.echo(registry_schema(), nl=False)
