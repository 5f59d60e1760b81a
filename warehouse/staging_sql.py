"""The staging model of one table as SQL: the house's own form, lint-clean whatever the names."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import duckdb

from connectors.discover.names import base_name, underscored
from lake.columns import quoted

WIDTH = 100
LANDED = "landed_at"
_ID_NAME = re.compile(r"(^|_)(id|uuid|guid|kode|kd|code|no|nomor|nik|nip)(_|$)")
_RESERVED = {"reserved", "type_function"}
# Reserved to sqlfluff, or a function to DuckDB where no column has the name.
_LINTERS = frozenset(
    {"commutator", "connect", "grant", "hashes", "merges", "negator", "rightarg"}
    | {"current_catalog", "current_date", "current_role", "current_schema", "current_time"}
    | {"current_timestamp", "current_user", "user", "localtime", "localtimestamp", "session_user"}
)
_GROUPS = ("ids", "strings", "numbers", "booleans", "bytes", "times")


@dataclass(frozen=True)
class StagingColumn:
    """A column in the lake and its name in staging."""

    name: str
    lake_type: str
    alias: str
    is_key: bool = False

    @property
    def group(self) -> str:
        """Columns stand in groups, by what they are."""
        if self.is_key or (self.lake_type in {"BIGINT", "VARCHAR"} and _ID_NAME.search(self.alias)):
            return "ids"
        if self.lake_type == "DATE" or self.lake_type.startswith("TIMESTAMP"):
            return "times"
        if self.lake_type in {"BIGINT", "DOUBLE"} or self.lake_type.startswith("DECIMAL"):
            return "numbers"
        return {"BOOLEAN": "booleans", "BLOB": "bytes"}.get(self.lake_type, "strings")


def model_sql(source: str, table: str, columns: Sequence[StagingColumn]) -> str:
    """``source``, ``renamed``, and everything from it."""
    blocks = []
    for group in _GROUPS:
        items = [_item(column) for column in columns if column.group == group]
        if group == "times":
            items.append((f"        _kota_at as {LANDED}", ""))
        if items:
            blocks.append((f"        -- {group}", items))
    lines = []
    for number, (heading, items) in enumerate(blocks, 1):
        lines.append(heading)
        for place, (item, remark) in enumerate(items, 1):
            is_last = number == len(blocks) and place == len(items)
            lines.append(item + ("" if is_last else ",") + remark)
        lines.append("")
    body = "\n".join(lines[:-1])
    return (
        "with\n\n"
        f"source as (\n    select * from {{{{ source('{source}', '{table}') }}}}\n),\n\n"
        f"renamed as (\n    select\n{body}\n    from source\n)\n\n"
        "select * from renamed\n"
    )


def alias_of(name: str, table: str, taken: set[str]) -> str:
    """A name that needs no quotes: lower case, no reserved word, not taken yet; then it is."""
    alias = underscored(name) or "column"
    if alias in _reserved() or not alias[0].isalpha():
        alias = f"{base_name(table)}_{alias}"
    made, number = alias, 2
    while made in taken:
        made, number = f"{alias}_{number}", number + 1
    taken.add(made)
    return made


def _item(column: StagingColumn) -> tuple[str, str]:
    """A line of the select list, and what the linter has to be told about it.

    A name at the source can't be chosen: it may have to stand in quotes where the linter sees no
    need for them, or hold signs that the linter would not have.
    """
    name = column.name.lower()
    is_plain = bool(re.fullmatch(r"[a-z_][a-z0-9_]*", name))
    # Case says nothing to DuckDB.
    identifier = name if is_plain and name not in _reserved() else quoted(column.name)
    told = []
    if not is_plain:
        told += ["RF05", "RF06"]
    elif identifier != name:
        told.append("RF06")
    if re.search(r"\{[{%#]", identifier):
        # dbt would take it for its own language.
        identifier = f"{{{{ {json.dumps(identifier)} }}}}"
    item = f"        {identifier}"
    if identifier != column.alias:
        item += f" as {column.alias}"
        if column.alias in _words():
            told.insert(0, "RF04")
    if len(item) >= WIDTH:
        told.append("LT05")
    return item, f"  -- noqa: {', '.join(told)}" if told else ""


@lru_cache(maxsize=1)
def _reserved() -> frozenset[str]:
    """Words that can't stand as a column's name without quotes."""
    return frozenset(word for word, kind in _words().items() if kind in _RESERVED) | _LINTERS


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Every word of DuckDB's SQL with its category."""
    with duckdb.connect() as con:
        return dict(
            con.execute("select keyword_name, keyword_category from duckdb_keywords()").fetchall()
        )
