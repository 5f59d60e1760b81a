"""A disk that is full and a process that dies, at every file operation and around every commit.

Python's own file operations are seen by an audit hook, those of libraries before and after the
call; inside a call the kernel's limit on the size of a file stops them half-way (``limit_files``).
"""

import errno
import functools
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import deltalake
import deltalake.table
import pyarrow.parquet

import lake.quarantine
import lake.table
from tests.faults.injector import active

FILE_EVENTS = ("open", "os.mkdir", "os.rename", "os.remove", "os.link", "fcntl.flock")
FREEING_EVENTS = ("os.remove", "os.rmdir")


def install(home: Path) -> None:
    """Make every operation below ``home`` a step of this process. It can't be undone."""
    inside = str(home)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in FILE_EVENTS:
            return
        path = str(arguments[0])
        if event == "fcntl.flock" or path.startswith(inside):
            name = "" if event == "fcntl.flock" else Path(path).name
            is_frugal = event in FREEING_EVENTS
            active().step("freeing" if is_frugal else "store", f"{event} {name}", _no_space)

    sys.addaudithook(heard)
    _around(os, "fsync", "fsync")
    _around(os, "write", "write")
    _around(pyarrow.parquet.ParquetWriter, "close", "Parquet close")
    _around(lake.table, "create_table_with_add_actions", "create table")
    _around(lake.quarantine, "write_deltalake", "quarantine commit")
    _around(deltalake.DeltaTable, "create_write_transaction", "commit")
    _around(deltalake.DeltaTable, "create_checkpoint", "checkpoint")
    _around(deltalake.table.TableAlterer, "add_columns", "add columns")
    _around(deltalake.table.TableAlterer, "set_table_properties", "set properties")


def limit_files(size: int, *, is_deadly: bool) -> None:
    """Let no file of this process grow beyond ``size``, whichever library writes it.

    What fits is written; the rest fails, or kills the process in the middle of the file.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if is_deadly else signal.SIG_IGN)


def _around(owner: Any, name: str, said: str) -> None:
    """Make a step before and one after a function."""
    real: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(real)
    def call(*arguments: Any, **named: Any) -> Any:
        active().step("store", f"before {said}", _no_space)
        result = real(*arguments, **named)
        active().step("store", f"after {said}", _no_space)
        return result

    setattr(owner, name, call)


def _no_space(_: str) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
