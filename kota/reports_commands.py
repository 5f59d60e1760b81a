"""`kota reports`: Superset as code."""

from pathlib import Path
from typing import Annotated

import typer

from kota.console import JsonOption, console, fail, print_json
from kota.settings import get_settings
from reports.client import ReportsError, deploy_reports, superset_url

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


@reports.command("send")
def send(as_json: JsonOption = False) -> None:
    """Send the morning report to everybody who is to have it and has not had today's."""
    from delivery.morning import send_morning_reports

    try:
        delivered = send_morning_reports(get_settings(), superset_url())
    except ReportsError as error:
        fail(str(error))
    if as_json:
        print_json({"sent": delivered.sent, "problems": delivered.problems})
    else:
        console.print(f"Sent to {len(delivered.sent)} people.", highlight=False)
    if delivered.problems:
        fail("\n".join(delivered.problems))


@reports.command("preview")
def preview(
    username: Annotated[str, typer.Argument(help="Whose report: an account of Superset.")],
    folder: Annotated[Path, typer.Option("--to", help="Where the PDF goes.")] = Path(),
    as_json: JsonOption = False,
) -> None:
    """Write the morning report of one person as PDF; nothing is sent."""
    from delivery.morning import morning_report_of

    try:
        report = morning_report_of(get_settings(), superset_url(), username)
    except ReportsError as error:
        fail(str(error))
    path = folder / f"{username}-{report.name}"
    path.write_bytes(report.content)
    if as_json:
        print_json({"file": path, "bytes": len(report.content)})
    else:
        console.print(f"Written to {path}.", highlight=False)


@reports.command("warm")
def warm_up(as_json: JsonOption = False) -> None:
    """Open every dashboard once, so that nobody waits for the first look after a publish."""
    from delivery.warm import warm

    try:
        warmed = warm(superset_url())
    except ReportsError as error:
        fail(str(error))
    if as_json:
        print_json({"dashboards": warmed.dashboards, "problems": warmed.problems})
    else:
        console.print(f"{len(warmed.dashboards)} dashboards are warm.", highlight=False)
    if warmed.problems:
        fail("\n".join(warmed.problems))
