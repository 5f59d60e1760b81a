"""Great Expectations, quiet and able to work on DuckDB; imported late because it takes seconds."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

_CONNECTION = "duckdb"


class _DuckDB(str):
    """Looks like a member of Great Expectations' enumeration of dialects."""

    __slots__ = ()
    value = _CONNECTION


@contextmanager
def open_database(path: Path, *, memory_limit: str, threads: int, timezone: str) -> Iterator[Any]:
    """A Great Expectations data source on a DuckDB file, read-only, in a context of its own.

    ``timezone`` is the session's: a cast from an instant to a date gives the city's date.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        great_expectations: Any = import_module("great_expectations")
        _keep_connections_open()
        context = great_expectations.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_or_update_sql(
            "kota",
            connection_string=f"{_CONNECTION}:///{path}",
            kwargs={
                "connect_args": {
                    "read_only": True,
                    "config": {"memory_limit": memory_limit, "threads": threads},
                }
            },
        )
        execution = source.get_execution_engine()
        try:
            with execution.get_connection() as connection:
                connection.exec_driver_sql(f"set global TimeZone = '{timezone}'")
            yield source
        finally:
            # Great Expectations leaves both of its connections open, and the file locked with them.
            with execution.get_connection() as connection:
                connection.close()
            execution.engine.dispose()
            source.get_engine().dispose()


def _keep_connections_open() -> None:
    """Make results readable: without this every metric fails with 'list index out of range'.

    Great Expectations 1.24 reads a result after it closed the connection; duckdb-engine has
    dropped the rows by then. For some dialects it keeps one connection: DuckDB becomes one.
    """
    engine: Any = import_module("great_expectations.execution_engine.sqlalchemy_execution_engine")
    if _CONNECTION not in engine._PERSISTED_CONNECTION_DIALECTS:
        engine._PERSISTED_CONNECTION_DIALECTS = (
            *engine._PERSISTED_CONNECTION_DIALECTS,
            _DuckDB(_CONNECTION),
        )
