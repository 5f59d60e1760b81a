"""Measure extraction: `make benchmark-extract`, or `python -m benchmarks.extract table --rows N`.

Measures, each runnable alone: ``table`` (kota and its peers), ``changed`` (5,000 changed rows),
``snapshot`` (nothing changed, no cursor), ``many`` (1,740 small tables), ``csv`` (a large file).
The Markdown goes to standard output, and with the JSON into ``--out``.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks.extract import (
    changed_rows,
    large_csv,
    many_tables,
    table_load,
    unchanged_snapshot,
)
from benchmarks.extract.contenders import contenders
from benchmarks.extract.report import Section, markdown, write
from benchmarks.extract.sources import SOURCES
from kota.settings import PROJECT_ROOT

MEASURES: dict[str, Callable[[argparse.Namespace], list[Section]]] = {
    "table": lambda said: table_load.run(said.rows, said.repeat, said.only, said.sources),
    "changed": lambda said: changed_rows.run(said.rows, said.repeat, said.sources),
    "snapshot": lambda said: unchanged_snapshot.run(
        min(said.rows, said.snapshot_rows), said.repeat, said.sources
    ),
    "many": lambda said: many_tables.run(said.apps),
    "csv": lambda said: large_csv.run(said.csv_bytes, said.repeat),
}


def main() -> None:
    """Run the measures asked for."""
    said = _arguments()
    sections: list[Section] = []
    for name in said.measures or MEASURES:
        sections += MEASURES[name](said)
        write(sections, said.out)  # after each: what was measured is not lost
    print(markdown(sections))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.extract", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    parser.add_argument("--rows", type=int, default=5_000_000, help="of the large table")
    parser.add_argument("--snapshot-rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the median counts")
    parser.add_argument("--apps", type=int, default=174, help="of ten tables each")
    parser.add_argument("--csv-bytes", type=int, default=1_000_000_000)
    parser.add_argument("--only", nargs="*", default=[], choices=list(contenders()))
    parser.add_argument("--sources", nargs="*", default=list(SOURCES), choices=list(SOURCES))
    parser.add_argument("--out", type=Path, default=PROJECT_ROOT / "var" / "benchmarks")
    said = parser.parse_args()
    if unknown := [name for name in said.measures if name not in MEASURES]:
        parser.error(f"no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    return said


if __name__ == "__main__":
    main()
