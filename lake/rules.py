"""The contract of a table as SQL: which rule a row breaks, and how that is said."""

from collections.abc import Sequence

from lake import columns as c
from lake.column import Column
from lake.decode import is_lost_sql, land_sql

MISSING_KEY = "missing_key"
UNDECODABLE = "undecodable_value"
DUPLICATE_KEY = "duplicate_key"
ERASED = "erased"
"""No rule of a contract: the row is of a person who was erased, and does not come back."""


def decoded_name(column: Column) -> str:
    """Where the decoded value of a column stands while its row is judged, as an identifier."""
    return c.quoted(f"_kota_decoded_{column.name}")


def landed_name(column: Column) -> str:
    """The SQL of the landed value while a row is judged: text is decoded once."""
    return decoded_name(column) if column.is_decoded else land_sql(column)


def values_relation(table: str, column: str) -> str:
    """The relation that holds the values a reference may have, in its column ``value``."""
    return c.quoted(f"_kota_values_{table}_{column}")


def rule_sql(columns: Sequence[Column], key: Sequence[str]) -> str:
    """The first rule an incoming row breaks, NULL for a sound row.

    All but ``undecodable_value`` keep the row out of the lake; that one costs the value only.
    """
    return _first([(test, c.literal(rule)) for test, rule, _ in _tests(columns, key)])


def reason_sql(columns: Sequence[Column], key: Sequence[str]) -> str:
    """The reason in words, for a row that breaks a rule. It names columns and shows no value."""
    return _first([(test, reason) for test, _, reason in _tests(columns, key)])


def _first(cases: Sequence[tuple[str, str]]) -> str:
    branches = " ".join(f"when {test} then {value}" for test, value in cases)
    return f"case {branches} end" if cases else "cast(null as varchar)"


def _tests(columns: Sequence[Column], key: Sequence[str]) -> list[tuple[str, str, str]]:
    """(condition, rule, reason as SQL) in the order in which they are tried."""
    tests = []
    if key:
        missing = " or ".join(f"{landed_name(col)} is null" for col in columns if col.name in key)
        tests.append(
            (f"({missing})", MISSING_KEY, c.literal(f"the key is empty: {', '.join(key)}"))
        )
    for column in columns:
        tests += _contract_tests(column)
    lost = [(col, is_lost_sql(col, decoded_name(col))) for col in columns if col.is_decoded]
    if lost:
        names = ", ".join(f"case when {test} then {c.literal(col.name)} end" for col, test in lost)
        reason = f"'not readable as declared: ' || concat_ws(', ', {names})"
        tests.append((" or ".join(test for _, test in lost), UNDECODABLE, reason))
    return tests


def _contract_tests(column: Column) -> list[tuple[str, str, str]]:
    contract, name = column.contract, column.name
    text = f"cast({c.quoted(name)} as varchar)"
    tests = []
    if contract.required:
        condition = f"coalesce(trim({text}), '') = ''"
        tests.append((condition, "required", f"{name} is empty and has to be filled"))
    if contract.domain is not None:
        values = ", ".join(c.literal(value) for value in contract.domain)
        reason = f"{name} is none of: {', '.join(contract.domain)}"
        tests.append((f"{text} not in ({values})", "domain", reason))
    if contract.pattern is not None:
        condition = f"not regexp_full_match({text}, {c.literal(contract.pattern)})"
        tests.append((condition, "pattern", f"{name} does not look like {contract.pattern}"))
    if contract.references is not None:
        values = values_relation(*contract.references)
        condition = f"cast({landed_name(column)} as varchar) not in (select value from {values})"
        reason = f"{name} names something that {'.'.join(contract.references)} does not have"
        tests.append((condition, "reference", reason))
    return [(condition, rule, c.literal(reason)) for condition, rule, reason in tests]
