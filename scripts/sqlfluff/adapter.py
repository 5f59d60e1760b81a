"""dbt's ``adapter`` for sqlfluff, which renders macros without dbt: DuckDB's, else the default."""

from collections.abc import Callable

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, name: str, namespace: str | None = None) -> Callable[..., str]:  # noqa: ARG001
    """The macro of that name for DuckDB, as dbt's ``adapter.dispatch`` finds it."""
    macro: Callable[..., str] = context.get(f"duckdb__{name}") or context[f"default__{name}"]
    return macro
