"""The project's parsing macros, rendered without dbt."""

from pathlib import Path
from typing import Any

from jinja2 import Environment

_MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"
_NEEDED = (
    "dialect/matches_fully.sql", "dialect/replace_all.sql", "parse_nik.sql", "parse_phone.sql",
    "normalise_person_name.sql",
)  # fmt: skip


class _Adapter:
    """Stands for dbt's ``adapter`` on DuckDB."""

    module: Any = None

    def dispatch(self, name: str) -> Any:
        return getattr(self.module, f"duckdb__{name}")


def parsing_sql(macro: str, column: str) -> str:
    """The DuckDB expression of a macro over a column."""
    texts = "".join((_MACROS / name).read_text("utf-8") for name in _NEEDED)
    adapter = _Adapter()
    environment = Environment(autoescape=False)  # noqa: S701  (SQL, not HTML)
    adapter.module = environment.from_string(texts).make_module({"adapter": adapter})
    return str(getattr(adapter.module, macro)(column))
