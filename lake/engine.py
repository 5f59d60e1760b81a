"""DuckDB connections with kota's limits and the extensions that came as wheels."""

import importlib.util
from functools import cache
from pathlib import Path

import duckdb

from kota.settings import Settings
from lake.columns import literal


def connect(
    settings: Settings, timezone: str = "UTC", database: str = ":memory:"
) -> duckdb.DuckDBPyConnection:
    """A connection that spills to disk instead of growing, and downloads nothing."""
    spill = settings.home / "tmp"
    spill.mkdir(parents=True, exist_ok=True, mode=0o700)
    con = duckdb.connect(
        database,
        config={
            "threads": settings.threads,
            "memory_limit": settings.memory_limit,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # `load_extension` has the signature checked, once a process instead of every time.
            "allow_unsigned_extensions": True,
            "preserve_insertion_order": False,
        },
    )
    con.execute(f"set TimeZone = {literal(timezone)}")
    return con


def load_extension(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension from its PyPI package, such as ``mysql_scanner``.

    Raises ``ModuleNotFoundError`` when the package is not installed.
    """
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"package duckdb-extension-{name.replace('_', '-')} is missing")
    folder = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}"
    path = str(folder / f"{name}.duckdb_extension")
    _check_signature(path)
    con.load_extension(path)


@cache
def _check_signature(path: str) -> None:
    """Reading 39 MB to check its signature takes 0.15 s, for each of a city's 174 apps."""
    with duckdb.connect() as con:
        con.load_extension(path)
