"""Measure the warehouse: ``python -m benchmarks.warehouse --citizens 2000000``.

Loads a city into its apps and extracts them; builds in full; lets days pass until the given share
of rows changed; builds that night, audits and publishes it; builds it once more in full and
compares every table; does the same joins by hand. Prints Markdown. ``--home`` keeps the city, and
goes on with one that is there.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import duckdb

from benchmarks.warehouse.by_hand import by_hand
from benchmarks.warehouse.city import BenchmarkCity, benchmark_city, serving
from benchmarks.warehouse.measure import Measured, measure
from benchmarks.warehouse.models import nodes
from connectors import journal
from connectors.registry import load_registry
from lake.table import LakeTable
from warehouse.candidate import Candidate, find_candidate
from warehouse.content import content_hashes

COMPARED = ("staging", "intermediate", "marts")
MOST_DAYS = 30


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
    steps: list[tuple[str, Measured]] = []
    with serving(city, citizens) as served:
        served.kota("extract", "--json")
        rows = _lake_rows(city)
        steps.append(("full build", measure(["build", "--full"], served.environment)))
        first = find_candidate(city.settings)
        steps += _audit_and_publish(served, "the first")
        changed, days = 0, 0
        while changed < share * rows and days < MOST_DAYS:
            served.demo("advance")
            served.kota("extract", "--json")
            changed, days = changed + _landed(city), days + 1
    title = f"a night with {100 * changed / rows:.2f} % of rows changed ({days} days)"
    steps.append((title, measure(["build"], city.environment)))
    night = find_candidate(city.settings)
    steps += _audit_and_publish(city, "the night")
    steps.append(("the same night in full", measure(["build", "--full"], city.environment)))
    again = find_candidate(city.settings)

    print(f"{citizens:,} citizens, {rows:,} rows in the lake\n")
    print("| step | seconds | memory |\n|---|---:|---:|")
    for step, measured in steps:
        print(f"| {step} | {measured.seconds:.0f} | {measured.peak_bytes / 1e9:.1f} GB |")
    print(f"\ncandidate {_size(night)}, in full {_size(again)}; {_difference(night, again)}\n")
    _print_nodes(first, night)
    by_hand(city.settings, again)


def _audit_and_publish(city: BenchmarkCity, which: str) -> list[tuple[str, Measured]]:
    return [
        (f"audit of {which}", measure(["audit"], city.environment)),
        (f"publication of {which}", measure(["publish"], city.environment)),
    ]


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


def _print_nodes(full: Candidate, night: Candidate) -> None:
    """The models that took longest in the full build, beside the night; tests in one line."""
    took = {(node.kind, node.name): node.seconds for node in nodes(night.folder)}
    every = nodes(full.folder)
    print("| model | full build, seconds | night, seconds |\n|---|---:|---:|")
    for node in [node for node in every if node.kind != "test"][:20]:
        seconds = took.get((node.kind, node.name), 0)
        print(f"| {node.name} | {node.seconds:.1f} | {seconds:.1f} |")
    for kind in ("model", "test"):
        whole = sum(node.seconds for node in every if node.kind == kind)
        later = sum(seconds for (known, _), seconds in took.items() if known == kind)
        print(f"| all {kind}s, added up | {whole:.1f} | {later:.1f} |")
    print()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=200_000)
    parser.add_argument("--change", type=float, default=0.005, help="share of rows that change")
    parser.add_argument("--memory", default="2GB", help="KOTA_MEMORY_LIMIT of each step")
    parser.add_argument("--home", type=Path, help="keep the city there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
