"""How Superset may open the published warehouse: read-only, sealed, always the newest release."""

import os
from typing import Any

from sqlalchemy.engine.url import URL

from reports.superset import environment

# Read-only alone is not enough: DuckDB would still read any file of this machine for whoever writes
# SQL, and let them switch the protection off again.
SEALED: dict[str, Any] = {
    "read_only": True,
    "config": {
        "enable_external_access": "false",
        "threads": environment.THREADS,
        "memory_limit": environment.MEMORY_LIMIT,
        "lock_configuration": "true",
    },
}


def open_published(
    uri: URL, params: dict[str, Any], _username: str, _security_manager: Any, _source: Any
) -> tuple[URL, dict[str, Any]]:
    """Superset's ``DB_CONNECTION_MUTATOR``: every DuckDB connection is sealed, whoever defined it.

    The ``current`` symlink is resolved at each connection, because DuckDB shares one instance per
    path inside a process and would go on serving the release it opened first.
    """
    if uri.get_backend_name() != "duckdb":
        return uri, params
    sealed_uri = uri.set(database=os.path.realpath(uri.database or ""))
    return sealed_uri, {**params, "connect_args": SEALED}
