"""The command `kota`: the same functions that Airflow calls."""

import typer

from kota.late_group import LateGroup

COMMANDS = {
    "sources": "kota.sources_commands:sources",
    "lake": "kota.lake_commands:lake",
    "quarantine": "kota.quarantine_commands:quarantine",
    "erase": "kota.erase_command:erase",
    "extract": "kota.pipeline_commands:extract",
    "build": "kota.pipeline_commands:build",
    "audit": "kota.pipeline_commands:audit",
    "reconcile": "kota.reconcile_command:reconcile",
    "publish": "kota.pipeline_commands:publish",
    "run": "kota.pipeline_commands:run",
    "status": "kota.status_command:status",
    "verify": "kota.record_commands:verify",
    "record": "kota.record_commands:record",
    "trace": "kota.trace_command:trace",
    "snapshots": "kota.snapshots_command:list_snapshots",
    "diff": "kota.diff_command:diff_snapshots",
    "rebuild": "kota.rebuild_command:rebuild_snapshot",
    "bundle": "kota.bundle_commands:bundle",
    "alerts": "kota.alerts_commands:alerts",
    "reports": "kota.reports_commands:reports",
    "areas": "kota.areas_commands:areas",
}
"""Every command, in the order of the help, and where it is: only the one that is called is
imported, since all of them together take two seconds."""


class Commands(LateGroup):
    """The commands of kota."""

    places = COMMANDS


app = typer.Typer(
    name="kota",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # local variables can hold citizens' data
)


@app.callback()
def kota() -> None:
    """Legacy apps in, audited reports out."""


def main() -> None:
    """Entry point of the `kota` script."""
    app()
