"""A large table, side by side: kota, its peers, and the floor below which nothing can be."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.extract.contenders import Contender, Job, contenders
from benchmarks.extract.environments import NotInstalledError
from benchmarks.extract.measure import Measurement
from benchmarks.extract.report import Section, megabytes
from benchmarks.extract.sources import Source, large_table

COLUMNS = 14


@dataclass
class Runs:
    """All runs of one contender."""

    contender: Contender
    measured: list[Measurement] = field(default_factory=list)
    failure: str = ""

    @property
    def seconds(self) -> float:
        """The median."""
        return median(run.seconds for run in self.measured)


def run(rows: int, repeat: int, only: Sequence[str], sources: Sequence[str]) -> list[Section]:
    """Measure every contender, round by round, so that all meet the same weather."""
    chosen = [one for name, one in contenders().items() if not only or name in only]
    sections = []
    for name in sources:
        with large_table(name, rows) as source:
            all_runs = _measure(chosen, source, rows, repeat)
            sections.append(_section(source, rows, repeat, all_runs))
    return sections


def _measure(chosen: Sequence[Contender], source: Source, rows: int, repeat: int) -> list[Runs]:
    all_runs = [Runs(contender) for contender in chosen]
    for each in all_runs:
        try:
            each.contender.prepare()
        except NotInstalledError as error:
            each.failure = f"could not be installed: {error}"
    # Whoever came first would read the table from the disk, and the others from memory.
    _once(Runs(contenders()["floor"]), Job(source, source.folder / "out"), rows)
    for number in range(repeat):
        # Every other round goes backwards: nobody is always first after the same neighbour.
        for each in all_runs if number % 2 == 0 else reversed(all_runs):
            if each.failure:
                continue
            print(f"{source.name}, round {number + 1}: {each.contender.name} …", file=sys.stderr)
            _once(each, Job(source, source.folder / "out"), rows)
    return all_runs


def _once(each: Runs, job: Job, rows: int) -> None:
    job.folder.mkdir()
    try:
        measurement = each.contender.run(job)
        if measurement.failure:
            each.failure = measurement.failure
        elif each.contender.writes and (found := each.contender.count(job)) != rows:
            each.failure = f"wrote {found} of {rows} rows"
        else:
            each.measured.append(measurement)
    finally:
        shutil.rmtree(job.folder)


def _section(source: Source, rows: int, repeat: int, all_runs: Sequence[Runs]) -> Section:
    floor = next((r for r in all_runs if not r.contender.writes and r.measured), None)
    section = Section(
        title=f"{source.name}: {rows:,} rows × {COLUMNS} columns",
        about=f"{source.name} {source.version}. Median of {repeat} interleaved runs, "
        "start of the program included. Every run's rows were counted.",
        columns=[
            "",
            "version",
            "writes",
            "rows/s",
            "of floor",
            "seconds",
            "CPU s",
            "server CPU s",
            "peak memory",
        ],
    )
    done = [each for each in all_runs if each.measured and not each.failure]
    for each in sorted(done, key=lambda runs: runs.seconds):
        contender, runs = each.contender, each.measured
        section.rows.append(
            [
                contender.name,
                contender.version,
                contender.target,
                f"{rows / each.seconds:,.0f}",
                f"{floor.seconds / each.seconds:.2f}" if floor else "",
                f"{each.seconds:.1f}",
                f"{median(run.cpu_seconds for run in runs):.1f}",
                f"{median(run.server_cpu_seconds for run in runs):.1f}",
                megabytes(max(run.peak_bytes for run in runs)),
            ]
        )
    for each in all_runs:
        if each.failure:
            failed = f"failed: {each.failure}"
            contender = each.contender
            section.rows.append(
                [contender.name, contender.version, contender.target, failed, *[""] * 5]
            )
        section.measurements[each.contender.name] = each.measured
    return section
