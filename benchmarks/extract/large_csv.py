"""A large CSV as departments export it: cp1252, semicolons, quoted line ends, broken records.

kota against DuckDB's own reader, in two ways: its extension decodes the file, or it gets the file
transcoded to UTF-8, which is done first and counted. All type the same columns and write Parquet.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import duckdb
import numpy as np

from benchmarks.extract.environments import NotInstalledError, environment
from benchmarks.extract.kota_run import Kota, tables_of
from benchmarks.extract.measure import Measurement, measure
from benchmarks.extract.report import Section, megabytes
from kota.settings import PROJECT_ROOT

ENCODING = "cp1252"
TYPES = {
    "id": "BIGINT",
    "kode": "VARCHAR",
    "nama": "VARCHAR",
    "alamat": "VARCHAR",
    "catatan": "VARCHAR",
    "tanggal": "DATE",
    "jumlah": "DECIMAL(14,2)",
    "status": "VARCHAR",
}
BAD_EVERY = 1000
BLOCK_ROWS = 200_000
APP = "berkas"
TABLE = "laporan"
QUARANTINE = "_quarantine"


@dataclass(frozen=True)
class LargeCsv:
    """A file that was written, and what a reader has to find in it."""

    path: Path
    size: int
    rows: int
    bad_lines: frozenset[int]
    """The physical line on which each broken record starts."""


def run(size: int, repeat: int) -> list[Section]:
    """Write the file, then read it in each way, several times in turn."""
    with tempfile.TemporaryDirectory(prefix="kota-benchmark-") as folder:
        print("writing the CSV …", file=sys.stderr)
        file = write_csv(Path(folder) / "in" / "laporan.csv", size)
        ways = {"kota": _kota, **{f"DuckDB, {how}": how for how in ("decoding", "transcoded")}}
        runs: dict[str, list[tuple[Measurement, str]]] = {name: [] for name in ways}
        for number in range(repeat):
            for name, way in ways.items():
                print(f"CSV, round {number + 1}: {name} …", file=sys.stderr)
                out = Path(folder) / f"out-{number}-{name}".replace(" ", "-").replace(",", "")
                out.mkdir()
                runs[name].append(
                    _kota(file, out) if name == "kota" else _duckdb(file, out, str(way))
                )
        return [_section(file, repeat, runs)]


def write_csv(path: Path, size: int) -> LargeCsv:
    """Write rows until the file has ``size`` bytes. Every thousandth record is broken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    bad_lines: set[int] = set()
    rows = good = 0
    line = 2
    with path.open("wb") as out, duckdb.connect() as con:
        out.write((";".join(TYPES) + "\r\n").encode())
        while out.tell() < size:
            records = con.execute(_records_sql(rows + 1, BLOCK_ROWS)).fetchnumpy()
            lines = np.where(records["has_break"], 2, 1)
            starts = line + np.concatenate(([0], np.cumsum(lines)[:-1]))
            bad_lines.update(starts[records["is_bad"]].tolist())
            out.write("".join(records["record"]).encode(ENCODING))
            line += int(lines.sum())
            rows += BLOCK_ROWS
            good += int((~records["is_bad"]).sum())
        written = out.tell()
    return LargeCsv(path, written, good, frozenset(bad_lines))


def _records_sql(first: int, count: int) -> str:
    """Records as text, with quotes where they are needed. A broken one lacks its last columns."""
    breaks = "hash(id, 1) % 20 = 0"
    bad = f"id % {BAD_EVERY} = {BAD_EVERY // 2}"
    note = (
        "'Usulan “perbaikan” – ' || (hash(id, 2) % 100000) || ' café naïve ' "
        "|| repeat('mohon ditindaklanjuti ', 1 + (hash(id, 3) % 3)::int)"
    )
    return f"""
        select {breaks} and not {bad} as has_break, {bad} as is_bad,
            id || ';K-' || (hash(id, 4) % 1000000) || ';' || case when {bad} then 'terpotong' else
                'Nama ' || (hash(id, 5) % 100000)
                || ';"Jl. Merdeka No. ' || (hash(id, 6) % 500) || '; RT 0' || (hash(id, 7) % 9)
                || '";"' || {note} || case when {breaks} then chr(10) || 'baris kedua' else '' end
                || '";' || (date '2015-01-01' + (hash(id, 8) % 3600)::int)
                || ';' || (hash(id, 9) % 10000000) || '.' || (10 + hash(id, 10) % 90)
                || ';' || ['baru', 'proses', 'selesai'][1 + (hash(id, 11) % 3)::int]
            end || chr(13) || chr(10) as record
        from range({first}, {first + count}) as numbers(id)
    """


def _kota(file: LargeCsv, out: Path) -> tuple[Measurement, str]:
    kota = Kota(out / "home")
    columns = {name: {"type": kind} for name, kind in TYPES.items() if kind != "VARCHAR"}
    kota.register(
        APP,
        f"file://{file.path.parent}",
        {
            TABLE: {
                "key": ["id"],
                "mode": "snapshot",
                "columns": columns,
                "files": {
                    "pattern": file.path.name,
                    "content": "complete",
                    "encoding": ENCODING,
                    "settle_seconds": 0,
                    "csv": {"delimiter": ";"},
                },
            }
        },
    )
    measurement = kota.extract(APP)
    (result,) = tables_of(measurement)
    entries = duckdb.execute(
        f"select reason from read_parquet('{kota.lake / APP / QUARANTINE}/*.parquet')"
    ).fetchall()
    found = {line for (reason,) in entries if (line := _line_in(reason)) is not None}
    missed = len(file.bad_lines - found)
    landed = result["rows_landed"]
    if landed != file.rows or missed or len(entries) != len(file.bad_lines):
        raise RuntimeError(
            f"{landed} of {file.rows} rows landed, {len(entries)} of {len(file.bad_lines)} broken "
            f"records are in quarantine, {missed} of them without their line number"
        )
    return measurement, f"{len(entries):,} of {len(file.bad_lines):,}, each with its line"


def _line_in(reason: str) -> int | None:
    words = reason.replace(",", " ").replace(":", " ").split()
    numbers = [w for before, w in pairwise(words) if before == "line"]
    return int(numbers[0]) if numbers and numbers[0].isdigit() else None


def _duckdb(file: LargeCsv, out: Path, how: str) -> tuple[Measurement, str]:
    try:
        peer = environment("duckdb")
    except NotInstalledError as error:
        failure = f"could not be installed: {error}"
        return Measurement(0, 0, 0, 0, "", failure), ""
    command = [
        peer.python,
        "-m",
        "benchmarks.extract.peers.duckdb_csv",
        file.path,
        out / "table.parquet",
        json.dumps(TYPES),
        ENCODING,
        how,
    ]
    measurement = measure(command, {}, PROJECT_ROOT)
    if measurement.failure:
        return measurement, ""
    rows, rejected = json.loads(measurement.output)
    return measurement, f"{rejected:,} of {len(file.bad_lines):,} rejected, {rows:,} rows"


def _section(
    file: LargeCsv, repeat: int, runs: dict[str, list[tuple[Measurement, str]]]
) -> Section:
    section = Section(
        title=f"CSV of {file.size / 1e9:.2f} GB: {file.rows:,} rows × {len(TYPES)} columns",
        about=f"{ENCODING}, semicolons, a quoted line end in every twentieth row, every thousandth "
        f"record broken. Median of {repeat} interleaved runs. kota writes a committed Delta table "
        "with row hashes and the quarantine, DuckDB a Parquet file.",
        columns=["", "seconds", "MB/s", "of the fastest DuckDB", "broken", "CPU s", "peak memory"],
    )
    done = {name: taken for name, taken in runs.items() if not any(m.failure for m, _ in taken)}
    times = {name: median(m.seconds for m, _ in taken) for name, taken in done.items()}
    theirs = [seconds for name, seconds in times.items() if name != "kota"]
    for name, taken in runs.items():
        section.measurements[name] = [measurement for measurement, _ in taken]
        if name not in done:
            failure = next(m.failure for m, _ in taken if m.failure)
            section.rows.append([name, f"failed: {failure}", *[""] * 5])
            continue
        section.rows.append(
            [
                name,
                f"{times[name]:.1f}",
                f"{file.size / 1e6 / times[name]:.0f}",
                f"{min(theirs) / times[name]:.2f}" if theirs else "",
                taken[-1][1],
                f"{median(m.cpu_seconds for m, _ in taken):.1f}",
                megabytes(max(m.peak_bytes for m, _ in taken)),
            ]
        )
    return section
