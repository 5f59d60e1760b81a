"""Measure `kota verify` on years of daily batches: `python -m benchmarks.record [DAYS] [TABLES]`.

Makes a lake through its own interface, every run put on record as an extraction does, and verifies
all of it. Writes a Markdown table to standard output.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pyarrow as pa

from connectors.on_record import on_record
from connectors.result import AppResult, TableResult
from kota.settings import Settings
from lake import columns as c
from lake.batch import Batch
from lake.table import LakeTable
from record.chain import chain_path
from record.verify import verify

TABLES_PER_APP = 4
ROWS = 500
BEGAN = datetime(2025, 12, 1, tzinfo=UTC)


def main(days: int, tables: int) -> None:
    """Make, verify, tell."""
    with tempfile.TemporaryDirectory(prefix="kota-benchmark-") as folder:
        settings = Settings(home=Path(folder))
        clock = time.monotonic()
        recording = _make(settings, days, tables)
        making = time.monotonic() - clock
        size = chain_path(settings).stat().st_size
        print(f"{days} days, {tables} tables: made in {making:.0f} s, of which {recording:.0f} s")
        print(
            f"putting {days * tables // TABLES_PER_APP:,} runs on record; chain of {size:,} bytes"
        )
        print(
            "\n| verify | seconds | processor seconds | commits | files | bytes hashed | memory |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|")
        for name, is_fast in (("all of it", False), ("--fast", True)):
            before, clock = sum(os.times()[:2]), time.monotonic()
            found = verify(settings, is_fast=is_fast).findings
            seconds, cpu = time.monotonic() - clock, sum(os.times()[:2]) - before
            if found.found:
                raise SystemExit(found.found[0].sentence)
            memory = psutil.Process().memory_info().rss
            print(
                f"| {name} | {seconds:.1f} | {cpu:.1f} | {found.commits:,} | {found.files:,} | "
                f"{found.bytes_hashed:,} | {memory / 2**20:.0f} MB |"
            )


def _make(settings: Settings, days: int, tables: int) -> float:
    """A run of every app a day; the seconds it took to put them on record."""
    seconds = 0.0
    for day in range(days):
        at = BEGAN + timedelta(days=day)
        for app in range(tables // TABLES_PER_APP):
            names = [f"table_{number}" for number in range(TABLES_PER_APP)]
            for name in names:
                _land(LakeTable(settings.lake_dir, f"app_{app}", name), day + 1, at)
            result = AppResult(
                app=f"app_{app}",
                started_at=at,
                finished_at=at,
                tables=[
                    TableResult(app=f"app_{app}", table=name, outcome="landed", rows_landed=ROWS)
                    for name in names
                ],
            )
            clock = time.monotonic()
            on_record(settings, result)
            seconds += time.monotonic() - clock
    return seconds


def _land(table: LakeTable, number: int, at: datetime) -> None:
    """A batch of so many rows, each with some text that does not compress to nothing."""
    rows = pa.record_batch(
        {
            "id": pa.array(range(number * ROWS, (number + 1) * ROWS), pa.int64()),
            "description": pa.array([os.urandom(40).hex() for _ in range(ROWS)]),
            c.BATCH: pa.array([number] * ROWS, pa.int64()),
            c.OP: pa.array([c.UPSERT] * ROWS),
            c.AT: pa.array([at] * ROWS, pa.timestamp("us", tz="UTC")),
            c.HASH: pa.array(range(ROWS), pa.int64()),
        }
    )
    batch = Batch(
        app=table.app,
        table=table.table,
        number=number,
        mode="incremental",
        extracted_at=at,
        rows_read=ROWS,
        rows_upserted=ROWS,
        lake_rows=number * ROWS,
        log_rows=number * ROWS,
    )
    table.commit(batch, table.write_files([rows]), rows.schema)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:] or ("365", "40")))
