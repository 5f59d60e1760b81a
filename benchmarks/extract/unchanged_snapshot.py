"""A table without a cursor in which nothing changed: read it all, compare it all, write nothing."""

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.extract import requests_table as data
from benchmarks.extract.contenders import APP, schema_of
from benchmarks.extract.kota_run import Kota, tables_of
from benchmarks.extract.report import Section, megabytes
from benchmarks.extract.sources import Source, large_table


def run(rows: int, repeat: int, sources: Sequence[str]) -> list[Section]:
    """Load the table once, then extract it again, several times."""
    section = Section(
        title=f"Snapshot of {rows:,} rows in which nothing changed",
        about="Every row is read, hashed and compared with the lake; the lake has the same files "
        "afterwards.",
        columns=[
            "source",
            "seconds",
            "rows read",
            "files written",
            "CPU s",
            "server CPU s",
            "peak memory",
        ],
    )
    for name in sources:
        with large_table(name, rows) as source:
            _measure(section, source, repeat)
    return [section]


def _measure(section: Section, source: Source, repeat: int) -> None:
    kota = Kota(source.folder / "home")
    table = {"key": [data.KEY], "mode": "snapshot"}
    kota.register(APP, source.reader_uri, {data.TABLE: table}, **schema_of(source))
    print(f"{source.name}: first load …", file=sys.stderr)
    tables_of(kota.extract(APP))
    before = _files(kota)
    runs = []
    for number in range(repeat):
        print(f"{source.name}: unchanged snapshot, round {number + 1} …", file=sys.stderr)
        measurement = kota.extract(APP, source.process)
        (result,) = tables_of(measurement)
        runs.append((measurement, result))
    section.measurements[source.name] = [measurement for measurement, _ in runs]
    section.rows.append(
        [
            source.name,
            f"{median(m.seconds for m, _ in runs):.1f}",
            f"{max(result['rows_read'] for _, result in runs):,}",
            f"{len(_files(kota) - before)}",
            f"{median(m.cpu_seconds for m, _ in runs):.1f}",
            f"{median(m.server_cpu_seconds for m, _ in runs):.1f}",
            megabytes(max(m.peak_bytes for m, _ in runs)),
        ]
    )


def _files(kota: Kota) -> set[Path]:
    return {path for path in kota.lake.rglob("*") if path.is_file()}
