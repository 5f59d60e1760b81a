"""A seeded story: a source that changes, runs that go wrong, and at last one that does not."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from connectors.result import AppResult
from kota.settings import Settings
from lake.table import LakeTable
from tests.faults.injector import STREAM_KINDS, Fault, Kind
from tests.faults.oracle import differences
from tests.faults.run import Run
from tests.faults.town import State, Town
from tests.faults.variants import VARIANTS

TABLES = ("letters", "streets", "stalls", "events")
TOKEN_KEY = "a key for tests, long enough to be taken"
KINDS: dict[Kind, int] = {
    "calm": 1,
    "fail": 6,
    "kill": 8,
    "hang": 3,
    "repeat": 1,
    "page_shift": 1,
    "cut": 2,
    "miscount": 1,
    "full": 2,
    "full_kill": 2,
}
"""How often each kind of fault is planned, against the others."""
BUSY = "is already being done by another process"


@dataclass
class Story:
    """Plays one seed. The same seed tells the same story."""

    seed: int
    folder: Path
    variant: str | None = None
    """A deliberately broken piece of the machine, to see whether the oracle notices."""
    kinds: Sequence[Kind] = tuple(KINDS)
    """The faults that may be planned."""
    tables: Sequence[str] = TABLES
    """The tables it may be about."""
    words: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def play(self) -> None:
        """Play it to the end; ``problems`` says what then is wrong."""
        os.environ["KOTA_TOKEN_KEY"] = TOKEN_KEY
        self.random = Random(self.seed)  # noqa: S311 - the seed is what makes it replayable
        number = min(self.random.choice((1, 1, 2)), len(self.tables))
        tables = self.random.sample(self.tables, number)
        self.town = Town(self.folder, self.random, sorted(tables))
        os.environ["KOTA_CONN_TOWN"] = f"sqlite:///{self.town.path}"
        self.settings = Settings(home=self.folder / "home", threads=1)
        self.observed: list[dict[str, State]] = []
        self.steps = 45 * len(tables)
        self.words.append(f"tables: {', '.join(self.town.tables)}")
        if self.random.random() < 0.4:
            rows = self.random.randint(8, 30)
            self.town.loads_in_parts(rows)
            self.words.append(f"a first load is in parts of {rows} rows")
        for number in range(1, self.random.randint(2, 4) + 1):
            if number > 1:
                self._tell(f"round {number}: {self._change()}")
            self._attempt()
        self._finish()

    def _change(self) -> str:
        said = self.town.change()
        return f"{said}; {self.town.alter()}" if self.random.random() < 0.15 else said

    def _attempt(self) -> None:
        fault = self._fault()
        run = self._start(fault)
        is_hanging = run.goes_on()
        self._tell(f"a run {fault}: {run.happened or 'the moment did not come'}")
        if is_hanging:
            self._meanwhile(run)
        self._judge(run)

    def _meanwhile(self, run: Run) -> None:
        """While one run hangs, perhaps the source changes, perhaps another run comes."""
        if self.random.random() < 0.4:
            self._tell(f"meanwhile {self._change()}")
            self.observed.append(self.town.states())
        if self.random.random() < 0.7:
            other = self._start(Fault())
            other.goes_on()
            self._tell("meanwhile another run comes")
            self._judge(other, may_be_busy=True)
        if self.random.random() < 0.5:
            self._tell("the run that hangs is killed")
            run.kill()
        else:
            self._tell("the run that hangs goes on")
            run.release()
        run.goes_on()

    def _finish(self) -> None:
        """Two runs without faults: the first makes everything right, the second finds nothing.

        A first load that is resumed leaves what changed meanwhile in its earlier parts to a run
        of its own.
        """
        if self._is_half_loaded():
            self._calm()
        first, second = self._calm(), self._calm()
        for name, result in (("first", first), ("second", second)):
            if result is None or result.failed:
                said = result.sentence() if result else "no result"
                self.problems.append(f"the {name} run without faults failed: {said}")
        for table in second.tables if second else ():
            if table.rows_landed or table.rows_deleted or table.rows_quarantined:
                self.problems.append(
                    f"{table.table}: the second run without faults landed something "
                    f"({table.rows_landed} rows, {table.rows_deleted} deleted, "
                    f"{table.rows_quarantined} in quarantine)"
                )
        self.problems += differences(self.town.app, self.settings, self.observed)

    def _is_half_loaded(self) -> bool:
        app = self.town.app
        lasts = [
            LakeTable(self.settings.lake_dir, app.app, name).last_batch() for name in app.tables
        ]
        return any(last is not None and not last.is_complete for last in lasts)

    def _calm(self) -> AppResult | None:
        run = self._start(Fault())
        run.goes_on()
        self._judge(run)
        return run.result

    def _start(self, fault: Fault) -> Run:
        self.observed.append(self.town.states())
        prepare = VARIANTS[self.variant] if self.variant else None
        return Run(self.town.app, self.settings, fault, prepare)

    def _judge(self, run: Run, *, may_be_busy: bool = False) -> None:
        """A run that lives to its end says what it did, and what it did not in a sentence."""
        self.steps = run.steps or self.steps
        if run.crash:
            self.problems.append(f"a run that {run.fault} ended with a traceback:\n{run.crash}")
        if run.result is None:
            return
        for table in run.result.tables:
            self.words.append(f"    {table.table}: {table.outcome} {table.message}".rstrip())
            if table.outcome == "failed" and not table.message:
                self.problems.append(f"{table.table} failed without a word")
            is_busy = may_be_busy and BUSY in table.message
            if table.outcome == "failed" and run.fault.kind == "calm" and not is_busy:
                self.problems.append(f"{table.table} failed without a fault: {table.message}")

    def _fault(self) -> Fault:
        kind = self.random.choices(self.kinds, [KINDS[kind] for kind in self.kinds])[0]
        if kind in {"full", "full_kill"}:
            return Fault(kind, bytes=int(10 ** self.random.uniform(1, 4)))
        # Faults of the source wait for a fitting step, so they are planned early enough.
        last = self.steps // 2 if kind in STREAM_KINDS else self.steps
        return Fault(kind, self.random.randint(1, last), self.random.random() < 0.5)

    def _tell(self, said: str) -> None:
        self.words.append(said)
