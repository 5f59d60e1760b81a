"""No direct identifier in the marts: every text and whole-number column is searched for them."""

import re
from collections.abc import Collection

import duckdb

from expectations.verdict import CheckResult

# A NIK has 16 digits (PP 37/2007, art. 37), written with or without separators. What stands around
# it must not be a hexadecimal digit: a run of digits inside a hash is not a NIK.
_NIK = r"(?:^|[^0-9a-f])[0-9](?:[ .-]?[0-9]){15}(?:[^0-9a-f]|$)"
# Mobile numbers begin with 08 (+62 8), the landlines of Greater Jakarta with 021.
_PHONE = r"(?:^|[^0-9A-Za-z])(?:62[ .-]?|0)(?:8[1-9](?:[ .-]?[0-9]){7,10}|21(?:[ .-]?[0-9]){7,8})(?:[^0-9A-Za-z]|$)"  # noqa: E501
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"

IDENTIFIERS = {"NIK": _NIK, "phone number": _PHONE, "e-mail address": _EMAIL}

_REASON = (
    "Officials read the marts without needing to know who a citizen is; "
    "an identifier there means that a column was not dropped or tokenised on the way"
)
_REGULATION = "UU 27/2022 (Pelindungan Data Pribadi)"

_MAY_HOLD_TEXT = (
    "(data_type like '%VARCHAR%' or data_type in ('JSON', 'BIGINT', 'HUGEINT', 'UBIGINT'))"
)
_QUOTED = re.compile(r"'[^'\n]*'")


def scan_for_identifiers(
    con: duckdb.DuckDBPyConnection, schema: str = "marts", without: Collection[str] = ()
) -> list[CheckResult]:
    """One result per table of a schema. Column names and counts are told, values never.

    ``without`` names columns that are made of numbers only: a sum of sixteen digits is no NIK.
    """
    columns: dict[str, list[str]] = {}
    for table, column in con.execute(
        f"""select table_name, column_name from information_schema.columns
        where table_schema = ? and {_MAY_HOLD_TEXT} order by table_name, ordinal_position""",
        [schema],
    ).fetchall():
        if column not in without:
            columns.setdefault(table, []).append(column)
    return [_scan(con, f"{schema}.{table}", names) for table, names in columns.items()]


def mask(message: str) -> str:
    """A database's error message without the values it may quote."""
    masked = _QUOTED.sub("'…'", message)
    for pattern in IDENTIFIERS.values():
        masked = re.sub(pattern, " … ", masked)
    return masked


def _scan(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> CheckResult:
    anything = "|".join(IDENTIFIERS.values())
    counts = con.execute(_counting(table, [(column, anything) for column in columns])).fetchone()
    suspects = [column for column, count in zip(columns, counts or (), strict=True) if count]
    numbers: dict[str, int | float | None] = {}
    if suspects:
        kinds = [(column, kind) for column in suspects for kind in IDENTIFIERS]
        sql = _counting(table, [(column, IDENTIFIERS[kind]) for column, kind in kinds])
        found = con.execute(sql).fetchone()
        for (column, kind), count in zip(kinds, found or (), strict=True):
            if count:
                numbers[f"values like a {kind} in {column}"] = count
    return CheckResult(
        part="privacy",
        severity="critical",
        table=table,
        check="no NIK, phone number or e-mail address",
        reason=_REASON,
        regulation=_REGULATION,
        type="identifier scan",
        arguments={"columns": columns},
        passed=not suspects,
        numbers=numbers,
    )


def _counting(table: str, searches: list[tuple[str, str]]) -> str:
    counts = ", ".join(
        f"""count(*) filter (where regexp_matches("{column}"::varchar, '{pattern}'))"""
        for column, pattern in searches
    )
    return f"select {counts} from {_quoted(table)}"


def _quoted(table: str) -> str:
    return ".".join(f'"{part}"' for part in table.split(".", 1))
