"""Steps at which something can go wrong, counted, so that a plan made beforehand can name one.

A step is one thing that a run does with the outside: a call to the source, a batch of its stream, a
file operation, a commit. Everything is decided in the process of the run that is to suffer.
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "calm", "fail", "kill", "hang", "repeat", "page_shift", "cut", "miscount", "full", "full_kill"
]
STREAM_KINDS = ("repeat", "page_shift", "cut", "miscount")
"""Faults of a source that goes on as if nothing had happened; they wait for a fitting step."""


@dataclass(frozen=True)
class Fault:
    """What is to go wrong in one run."""

    kind: Kind = "calm"
    step: int = 0
    is_lasting: bool = False
    """A failure goes on for the rest of the run: the line stays cut, the disk stays full."""
    bytes: int = 0
    """For a full disk: no file grows beyond."""

    def __str__(self) -> str:
        lasting = " and from then on" if self.is_lasting else ""
        return {
            "calm": "nothing goes wrong",
            "fail": f"fails at step {self.step}{lasting}",
            "kill": f"is killed at step {self.step}",
            "hang": f"hangs at step {self.step}",
            "repeat": f"gets a page twice, after step {self.step}",
            "page_shift": f"gets the end of a page again on the next, after step {self.step}",
            "cut": f"sees a stream end early without an error, after step {self.step}",
            "miscount": f"is told a wrong row count, after step {self.step}",
            "full": f"can write no file beyond {self.bytes} bytes",
            "full_kill": f"is killed by the kernel when a file grows beyond {self.bytes} bytes",
        }[self.kind]


class Injector:
    """Counts the steps of this process and lets the planned one go wrong."""

    def __init__(
        self, fault: Fault, tell: Callable[[str, str], None], wait: Callable[[], None]
    ) -> None:
        self.fault = fault
        self.count = 0
        self._tell = tell
        self._wait = wait
        self._failing_room: str | None = None
        self._is_done = False

    def step(self, room: str, name: str, error: Callable[[str], Exception]) -> None:
        """One step of a room: source, store, or freeing, which needs no space and never fails.

        Raises ``error`` if it is the one to fail.
        """
        self.count += 1
        if self._failing_room == room and self.fault.is_lasting:
            raise error(name)
        if self._is_done or self.count < self.fault.step:
            return
        if self.fault.kind == "fail" and room != "freeing":
            self._is_done, self._failing_room = True, room
            self._tell("fault", f"failed at {name}")
            raise error(name)
        if self.fault.kind == "kill":
            self._tell("fault", f"killed at {name}")
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)
        if self.fault.kind == "hang":
            self._is_done = True
            self._tell("hang", f"hung at {name}")
            self._wait()

    def misleads(self, name: str, *kinds: Kind) -> Kind | None:
        """Which of these faults of the source's own is due at this step, told once."""
        if self._is_done or self.fault.kind not in kinds or self.count < self.fault.step:
            return None
        self._is_done = True
        self._tell("fault", f"{self.fault.kind} at {name}")
        return self.fault.kind


class _Active:
    injector: Injector | None = None


def activate(injector: Injector) -> None:
    """From now on the steps of this process are counted by ``injector``."""
    _Active.injector = injector


def active() -> Injector:
    """The injector of this process."""
    assert _Active.injector is not None
    return _Active.injector
