"""The same facts in hand-written SQL, beside what kota's models took for them."""

import time
from pathlib import Path

from benchmarks.warehouse.models import nodes
from benchmarks.warehouse.report import Report
from connectors.registry import load_registry
from kota.settings import Settings
from lake.columns import literal, quoted
from lake.engine import connect
from lake.table import LakeTable
from warehouse.candidate import Candidate

APPS = ("laksa", "perizinan", "segar")
MARTS = ("fct_complaints", "fct_permit_applications", "fct_commodity_prices")
SQL = Path(__file__).with_suffix(".sql")


def by_hand(settings: Settings, candidate: Candidate, report: Report) -> None:
    """Run the SQL on the same change logs and report both times and their ratio."""
    target = settings.home / "tmp" / "hand.duckdb"
    target.unlink(missing_ok=True)
    with connect(settings, database=str(target)) as con:
        con.execute(f"attach {literal(str(candidate.path))} as candidate (read_only)")
        con.execute("create schema by_hand; create schema reference")
        con.execute("create table reference.seed_areas as from candidate.reference.seed_areas")
        versions = candidate.manifest.lake
        for app in APPS:
            for name, entry in load_registry(settings)[app].tables.items():
                table = LakeTable(settings.lake_dir, app, name)
                current = table.current(entry.key, versions[table.name])
                con.execute(f"create view {quoted(f'current_{app}_{name}')} as {current}")
        started = time.monotonic()
        con.execute(SQL.read_text("utf-8"))
        hand = time.monotonic() - started
    target.unlink()
    ours = sum(
        node.seconds
        for node in nodes(candidate.folder)
        if node.kind == "model" and _is_needed(node.name)
    )
    report.say("| three facts from the change logs | seconds |\n|---|---:|")
    report.say(f"| hand-written DuckDB SQL | {hand:.1f} |")
    report.say(f"| kota's models of the three apps, places and facts | {ours:.1f} |")
    report.say(f"\nRatio {ours / hand:.1f}")


def _is_needed(model: str) -> bool:
    if model in MARTS or model.startswith(("int_places", "int_areas", "int_departments")):
        return True
    owns = [f"stg_{app}__" for app in APPS]
    return model.startswith((*owns, "int_complaints", "int_permit", "int_prices", "int_markets"))
