"""Measure the warehouse: ``python -m benchmarks.warehouse --citizens 2000000``.

Loads a city into its apps and extracts them; builds in full; lets days pass until the given share
of rows changed; builds that night, and once more in full, and compares every table; does the same
joins by hand; audits and publishes the night. Prints Markdown, and appends it to
``results.md`` as it comes. ``--home`` keeps the city, and goes on with one that is there.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.warehouse.by_hand import by_hand
from benchmarks.warehouse.city import BenchmarkCity, benchmark_city, serving
from benchmarks.warehouse.measure import measure
from benchmarks.warehouse.models import nodes
from benchmarks.warehouse.report import Report
from connectors import journal
from connectors.registry import load_registry
from expectations.verdict import FILE_NAME as VERDICT
from expectations.verdict import Verdict
from lake.table import LakeTable
from warehouse.candidate import Candidate, find_candidate
from warehouse.content import content_hashes

COMPARED = ("staging", "intermediate", "marts")
MOST_DAYS = 5


def main() -> None:
    """Run it all and print the tables."""
    arguments = _arguments()
    home = arguments.home or Path(tempfile.mkdtemp(prefix="kota-warehouse-"))
    try:
        _run(benchmark_city(home, arguments.memory), arguments.citizens, arguments.change)
    finally:
        if arguments.home is None:
            shutil.rmtree(home)


def _run(city: BenchmarkCity, citizens: int, share: float) -> None:
    report = Report(city.settings.home)
    started = time.monotonic()
    with serving(city, citizens, days_ahead=MOST_DAYS) as served:
        report.say(f"city of {citizens:,} loaded after {time.monotonic() - started:.0f} s")
        served.kota("extract", "--json")
        rows = _lake_rows(city)
        report.say(f"{rows:,} rows in the lake after {time.monotonic() - started:.0f} s\n")
        report.say("| step | seconds | processor seconds | memory |\n|---|---:|---:|---:|")
        _step(report, "full build", served, "build", "--full")
        first = find_candidate(city.settings)
        _audit_and_publish(report, served, "the first", first)
        changed, days = 0, 0
        while changed < share * rows and days < MOST_DAYS:
            served.demo("advance")
            served.kota("extract", "--json")
            changed, days = changed + _landed(city), days + 1
    title = f"a night with {100 * changed / rows:.2f} % of rows changed ({days} days)"
    _step(report, title, city, "build")
    night = find_candidate(city.settings)
    # Before the night is published: persons' ids are built on what was published last.
    _step(report, "the same night in full", city, "build", "--full")
    again = find_candidate(city.settings)
    report.say(f"\ncandidate {_size(night)}, in full {_size(again)}; {_difference(night, again)}\n")
    _report_nodes(report, first, night)
    by_hand(city.settings, again, report)
    report.say("\n| step | seconds | processor seconds | memory |\n|---|---:|---:|---:|")
    _audit_and_publish(report, city, "the night", night)


def _step(
    report: Report, name: str, city: BenchmarkCity, *command: str, may_fail: bool = False
) -> None:
    took = measure(command, city.environment, may_fail=may_fail)
    report.say(
        f"| {name} | {took.seconds:.0f} | {took.processor_seconds:.0f} "
        f"| {took.peak_bytes / 1e9:.1f} GB |"
    )


def _audit_and_publish(
    report: Report, city: BenchmarkCity, which: str, candidate: Candidate
) -> None:
    """A verdict that blocks is told: it costs the same, and the builds to come are measured."""
    _step(report, f"audit of {which}", city, "audit", candidate.id, may_fail=True)
    if Verdict.load(candidate.folder / VERDICT).blocks:
        report.say(f"| {which} failed its audit and is not published | | | |")
    else:
        _step(report, f"publication of {which}", city, "publish", candidate.id)


def _lake_rows(city: BenchmarkCity) -> int:
    lake = city.settings.lake_dir
    return sum(
        batch.lake_rows
        for app in load_registry(city.settings).values()
        for table in app.tables
        if (batch := LakeTable(lake, app.app, table).last_batch())
    )


def _landed(city: BenchmarkCity) -> int:
    """Rows that came, changed or went in the last run of each app."""
    return sum(
        table.rows_landed + table.rows_deleted
        for app in load_registry(city.settings)
        if (run := journal.last_success(city.settings, app))
        for table in run.tables
    )


def _difference(night: Candidate, full: Candidate) -> str:
    known = []
    for candidate in (night, full):
        with duckdb.connect(candidate.path, read_only=True) as con:
            known.append(content_hashes(con, *COMPARED))
    differing = [name for name in known[0] if known[0][name] != known[1].get(name)]
    if differing or known[0].keys() != known[1].keys():
        return f"DIFFERENT: {', '.join(differing)}"
    return f"{len(known[0])} tables have the same content"


def _size(candidate: Candidate) -> str:
    return f"{candidate.path.stat().st_size / 1e9:.2f} GB"


def _report_nodes(report: Report, full: Candidate, night: Candidate) -> None:
    """The models that took longest in the full build, beside the night; tests in one line."""
    took = {(node.kind, node.name): node.seconds for node in nodes(night.folder)}
    every = nodes(full.folder)
    report.say("\n| model | full build, seconds | night, seconds |\n|---|---:|---:|")
    for node in [node for node in every if node.kind != "test"][:20]:
        seconds = took.get((node.kind, node.name), 0)
        report.say(f"| {node.name} | {node.seconds:.1f} | {seconds:.1f} |")
    for kind in ("model", "test"):
        whole = sum(node.seconds for node in every if node.kind == kind)
        later = sum(seconds for (known, _), seconds in took.items() if known == kind)
        report.say(f"| all {kind}s, added up | {whole:.1f} | {later:.1f} |")
    report.say("")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=200_000)
    parser.add_argument("--change", type=float, default=0.005, help="share of rows that change")
    parser.add_argument("--memory", default="2GB", help="KOTA_MEMORY_LIMIT of each step")
    parser.add_argument("--home", type=Path, help="keep the city there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
