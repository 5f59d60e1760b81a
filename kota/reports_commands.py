"""`kota reports`: Superset as code."""

import typer

from kota.console import JsonOption, console, fail, print_json
from kota.settings import get_settings
from reports.client import ReportsError, deploy_reports

reports = typer.Typer(help="Superset's datasets, charts, dashboards and roles.")


@reports.callback()
def _reports() -> None:
    """Superset's datasets, charts, dashboards and roles."""


@reports.command("deploy")
def deploy(as_json: JsonOption = False) -> None:
    """Make Superset what the files in reports/assets say, and prune what is no longer there."""
    try:
        summary = deploy_reports(get_settings())
    except ReportsError as error:
        fail(str(error))
    if as_json:
        print_json(summary.model_dump(mode="json"))
    else:
        removed = f"; removed {', '.join(summary.removed)}" if summary.removed else ""
        console.print(
            f"Superset has {summary.dashboards} dashboards, {summary.charts} charts and "
            f"{summary.datasets} datasets as in git{removed}.",
            highlight=False,
        )
