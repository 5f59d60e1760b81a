"""The command `kota`: the same functions that Airflow calls."""

import typer

from kota.alerts_commands import alerts
from kota.areas_commands import areas
from kota.bundle_commands import bundle
from kota.diff_command import diff_snapshots
from kota.erase_command import erase
from kota.lake_commands import lake
from kota.pipeline_commands import audit, build, extract, publish, run
from kota.quarantine_commands import quarantine
from kota.rebuild_command import rebuild_snapshot
from kota.record_commands import record, verify
from kota.reports_commands import reports
from kota.snapshots_command import list_snapshots
from kota.sources_commands import sources
from kota.status_command import status
from kota.trace_command import trace

app = typer.Typer(
    name="kota",
    help="Legacy apps in, audited reports out.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # local variables can hold citizens' data
)
app.add_typer(sources, name="sources")
app.add_typer(lake, name="lake")
app.add_typer(quarantine, name="quarantine")
app.command()(erase)
app.command()(extract)
app.command()(build)
app.command()(audit)
app.command()(publish)
app.command()(run)
app.command()(status)
app.command()(verify)
app.add_typer(record, name="record")
app.command()(trace)
app.command("snapshots")(list_snapshots)
app.command("diff")(diff_snapshots)
app.command("rebuild")(rebuild_snapshot)
app.add_typer(bundle, name="bundle")
app.add_typer(alerts, name="alerts")
app.add_typer(reports, name="reports")
app.add_typer(areas, name="areas")


def main() -> None:
    """Entry point of the `kota` script."""
    app()
