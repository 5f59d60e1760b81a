"""Receive a file in a process that kills itself just before or after a call: for test_kill.py."""

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from connectors.bundle.receive import receive
from connectors.registry import load_registry
from kota.settings import get_settings


def _kill_around(target: str, moment: str, call: int) -> None:
    module, holder, name = target.split(":")
    owner = import_module(module)
    owner = getattr(owner, holder) if holder else owner
    original: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def doomed(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if (moment, calls) == ("before", call):
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **options)
        if (moment, calls) == ("after", call):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, doomed)


if __name__ == "__main__":
    file, target, moment, call = sys.argv[1:]
    _kill_around(target, moment, int(call))
    settings = get_settings()
    receive([Path(file)], settings, load_registry(settings))
