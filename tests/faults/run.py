"""One extraction in a process of its own, which may be made to suffer, stopped, and killed."""

import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

import duckdb
import pandas  # noqa: F401 - Arrow loads it when it is first asked for a list; every child would

import record.write
from connectors import extract, technologies
from connectors.extract import extract_app
from connectors.registry import App
from connectors.result import AppResult
from kota.settings import Settings
from tests.faults import source, store
from tests.faults.injector import Fault, Injector, activate

PATIENCE_SECONDS = 60.0
_write = os.write


class Run:
    """Forked from a process that has touched neither DuckDB nor Delta, so it costs no start-up."""

    def __init__(
        self,
        app: App,
        settings: Settings,
        fault: Fault,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self.fault = fault
        self.happened = ""
        """What went wrong and where, in words; empty while nothing did."""
        self.result: AppResult | None = None
        """What the run said at its end; None when it did not live to say it."""
        self.crash = ""
        """The traceback of a run that ended with an exception instead of a result."""
        self.steps = 0
        self._rest = b""
        self._ears, mouth = os.pipe()
        signals, self._go = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _suffer(app, settings, fault, prepare, mouth, signals)
        os.close(mouth)
        os.close(signals)

    def goes_on(self) -> bool:
        """Wait until the run hangs (True) or has ended (False)."""
        while True:
            line = self._line()
            if line is None:
                os.waitpid(self.pid, 0)
                os.close(self._ears)
                os.close(self._go)
                if not self.happened and self.result is None and not self.crash:
                    self.happened = "killed by the kernel"
                return False
            what, said = line
            if what in {"fault", "hang"}:
                self.happened = said
                if what == "hang":
                    return True
            elif what == "done":
                self.result = AppResult.model_validate_json(said)
            elif what == "crashed":
                self.crash = said
            elif what == "steps":
                self.steps = int(said)

    def release(self) -> None:
        """Let a run that hangs go on."""
        _write(self._go, b".")

    def kill(self) -> None:
        """End a run that hangs."""
        os.kill(self.pid, signal.SIGKILL)

    def _line(self) -> tuple[str, str] | None:
        while b"\n" not in self._rest:
            if not select.select([self._ears], [], [], PATIENCE_SECONDS)[0]:
                self.kill()
                self.crash = f"nothing was heard for {PATIENCE_SECONDS:.0f} seconds"
            more = os.read(self._ears, 65536)
            if not more:
                return None
            self._rest += more
        line, self._rest = self._rest.split(b"\n", 1)
        what, said = json.loads(line)
        return what, said


def _suffer(
    app: App,
    settings: Settings,
    fault: Fault,
    prepare: Callable[[], None] | None,
    mouth: int,
    signals: int,
) -> None:
    """The life of the child; never returns."""

    def tell(what: str, said: Any) -> None:
        _write(mouth, json.dumps([what, str(said)]).encode() + b"\n")

    injector = Injector(fault, tell, lambda: _wait(signals))
    try:
        sys.unraisablehook = lambda _: None  # a file that can't be closed may say so in vain
        activate(injector)
        _trust_extensions()
        # The run that it meets hangs, and would not end meanwhile.
        extract.PATIENCE_SECONDS = record.write.PATIENCE_SECONDS = 0.0
        technologies.READERS["sqlite"] = f"{source.__name__}:{source.FaultySource.__name__}"
        if prepare is not None:
            prepare()
        store.install(settings.home)
        if fault.kind in {"full", "full_kill"}:
            store.limit_files(fault.bytes, is_deadly=fault.kind == "full_kill")
        result = extract_app(app, settings)
        tell("steps", injector.count)
        tell("done", result.model_dump_json())
    except BaseException:
        tell("crashed", traceback.format_exc())
    finally:
        sys.stdout.flush()
        os._exit(0)


def _trust_extensions() -> None:
    """Don't check the signatures of DuckDB's extensions: half of the time of so short a run."""
    connect: Any = duckdb.connect

    def trusting(*arguments: Any, config: dict[str, Any] | None = None) -> Any:
        return connect(*arguments, config={**(config or {}), "allow_unsigned_extensions": True})

    duckdb.connect = trusting


def _wait(signals: int) -> None:
    os.read(signals, 1)
