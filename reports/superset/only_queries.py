"""Nothing but queries reaches the published warehouse, whoever wrote them.

The file is read-only and sealed; but ATTACH, USE, SET and their like would still change the one
DuckDB instance that a server process shares among everybody who is signed in.
"""

from typing import Any

import duckdb
from superset.exceptions import SupersetException

ALLOWED = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})


class NotAQueryError(SupersetException):
    """Somebody wrote a statement that is no query."""

    status = 403
    message = "Only queries are allowed here: SELECT, FROM, WITH, DESCRIBE, SHOW, EXPLAIN."


def only_queries(sql: str, **_context: Any) -> str:
    """Superset's ``SQL_QUERY_MUTATOR``: the text as it is, if DuckDB takes it for queries alone."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error:
        return sql  # what DuckDB cannot parse it will not run, and says so where the person looks
    if any(statement.type not in ALLOWED for statement in statements):
        raise NotAQueryError
    return sql
