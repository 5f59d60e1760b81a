"""5,000 changed rows all over a large table: what a run costs, and how many rows it reads."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

from benchmarks.extract import requests_table as data
from benchmarks.extract.contenders import APP, schema_of
from benchmarks.extract.kota_run import Kota, tables_of
from benchmarks.extract.measure import Measurement
from benchmarks.extract.report import Section, megabytes
from benchmarks.extract.sources import Source, large_table

CHANGED = 5_000
CHANGED_AT = datetime(2025, 6, 1, tzinfo=UTC)
"""Later than every row of the table; each round is a minute later again."""


def run(rows: int, repeat: int, sources: Sequence[str]) -> list[Section]:
    """Load the table once, then change rows and extract, several times."""
    section = Section(
        title=f"{CHANGED:,} changed rows out of {rows:,}",
        about="Rows changed all over the table, cursor indexed. Rows read as kota counts them and "
        "as the server does, index entries and the count of the table included.",
        columns=[
            "source",
            "seconds",
            "of them start",
            "rows read",
            "server read",
            "rows landed",
            "CPU s",
            "server CPU s",
            "peak memory",
        ],
    )
    for name in sources:
        with large_table(name, rows) as source:
            _measure(section, source, rows, repeat)
    return [section]


def _measure(section: Section, source: Source, rows: int, repeat: int) -> None:
    kota = Kota(source.folder / "home")
    table = {"key": [data.KEY], "mode": "incremental", "cursor": data.CURSOR}
    kota.register(APP, source.reader_uri, {data.TABLE: table}, **schema_of(source))
    print(f"{source.name}: first load …", file=sys.stderr)
    tables_of(kota.extract(APP))
    runs: list[tuple[Measurement, dict[str, float]]] = []
    for number in range(repeat):
        _change(source, rows, number)
        before = source.rows_touched()
        print(f"{source.name}: changed rows, round {number + 1} …", file=sys.stderr)
        measurement = kota.extract(APP, source.process)
        touched = source.rows_touched() - before
        (result,) = tables_of(measurement)
        if result["rows_landed"] != CHANGED:
            raise RuntimeError(f"{result['rows_landed']} rows landed instead of {CHANGED}")
        runs.append((measurement, {**result, "touched": touched}))
    section.measurements[source.name] = [measurement for measurement, _ in runs]
    seconds = median(measurement.seconds for measurement, _ in runs)
    section.rows.append(
        [
            source.name,
            f"{seconds:.2f}",
            f"{median(m.seconds - result['seconds'] for m, result in runs):.2f}",
            f"{max(result['rows_read'] for _, result in runs):,}",
            f"{max(result['touched'] for _, result in runs):,}",
            f"{CHANGED:,}",
            f"{median(m.cpu_seconds for m, _ in runs):.2f}",
            f"{median(m.server_cpu_seconds for m, _ in runs):.2f}",
            megabytes(max(m.peak_bytes for m, _ in runs)),
        ]
    )


def _change(source: Source, rows: int, number: int) -> None:
    ids = ", ".join(map(str, data.changed_ids(rows, CHANGED, number)))
    at = CHANGED_AT + timedelta(minutes=number)
    source.run(
        [
            f"update {data.TABLE} set amount = amount + 1, "
            f"{data.CURSOR} = '{at:%Y-%m-%d %H:%M:%S}' where {data.KEY} in ({ids})"
        ]
    )
