"""The columns that a table's registry entry names add up to the same at the source and in the lake.

A count of rows does not see an amount that changed without its cursor, a unit that changed by a
thousand or a clock that shifted; a sum, a least and a greatest value do.
"""

import json
from typing import Any

import duckdb

from expectations.privacy import mask
from expectations.verdict import CheckResult, Severity
from lake import columns as c
from lake.control import Control, measure

CONTROL_SUM = "control sum"
STAGING_SUM = "staging sum"
_REASON = "A sum sees what a count of rows does not: a changed amount, a unit, a shifted clock"
_HELD_REASON = "Records held back in quarantine may be the difference"
_ERASED_NOTE = "the source still has rows of erased persons, which stay out of the lake"
_LATER_REASON = "The source can't be added up in the instant in which it is read"


def control_sums(con: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """One result per control column in ``ops.lake_controls``."""
    rows = con.execute(
        "select controls.*, tables.erased_rows from ops.lake_controls as controls "
        "left join ops.lake_tables as tables using (app, table_name) "
        "order by app, table_name, column_name"
    )
    names = [column[0] for column in rows.description or ()]
    return [_checked(con, dict(zip(names, row, strict=True))) for row in rows.fetchall()]


def staging_sum(
    con: duckdb.DuckDBPyConnection,
    source: tuple[str, str],
    relation: str,
    column: str,
    expression: str,
) -> CheckResult:
    """Whether a column of staging adds up to what an expression does over the lake's rows.

    Count, sum, least and greatest have to agree; of a time the sum is left out.
    """
    app, table = source
    staged = _summed(con, relation, c.quoted(column))
    lake = _summed(con, f'lake_{app}."{table}"', expression)
    size = 1 if staged[1] is not None or lake[1] is not None else 0
    numbers = {"lake": _told(lake[size]), "staging": _told(staged[size])}
    name = relation.replace('"', "")
    return CheckResult(
        part="reconciliation",
        severity="critical",
        app=app,
        table=f"{app}.{table}",
        check=f"{column} of {name} adds up to {expression} in the lake",
        reason="Cleaning a row must not change what it says",
        type=STAGING_SUM,
        arguments={"column": column, "expression": expression},
        passed=staged == lake,
        numbers=numbers | {"difference": numbers["staging"] - numbers["lake"]},
    )


def _summed(con: duckdb.DuckDBPyConnection, relation: str, value: str) -> tuple[Any, ...]:
    """Count, sum, least and greatest; the sum of what is no number is None."""
    row = con.execute(
        f"select count(v), sum(try_cast(v as decimal(38, 4))), min(v), max(v) "
        f"from (select {value} as v from {relation})"
    ).fetchone()
    return row or (0, None, None, None)


def _told(value: Any) -> int | float:
    whole = int(value or 0)
    return whole if value in (None, whole) else float(value)


def _checked(con: duckdb.DuckDBPyConnection, told: dict[str, Any]) -> CheckResult:
    source = _control(told["source"])
    held = _control(told["held"])
    try:
        lake = _lake(con, told)
    except duckdb.Error as error:
        return _result(told, False, source, None, held, error=mask(str(error)))
    if source is None:
        note = "the source was not added up in the last run"
        return _result(told, True, None, lake, held, note=note)
    accounted = lake if held is None else lake.together(held)
    if source.adds_up_to(accounted):
        return _result(told, True, source, lake, held)
    if _is_erasure(source, accounted, told["erased_rows"] or 0):
        return _result(told, True, source, lake, held, note=_ERASED_NOTE)
    if held is not None:
        return _result(told, False, source, lake, held, "warning", reason=_HELD_REASON)
    if told["tolerance_rows"]:
        return _result(told, False, source, lake, held, "warning", reason=_LATER_REASON)
    note = f"which rows they are says: kota reconcile {told['app']}.{told['table_name']}"
    return _result(told, False, source, lake, held, note=note)


def _is_erasure(source: Control, accounted: Control, erased: int) -> bool:
    """Whether erased rows that the source still has can be all that is missing."""
    return 0 < source.values - accounted.values <= erased


def _lake(con: duckdb.DuckDBPyConnection, told: dict[str, Any]) -> Control:
    columns = {told["column_name"]: told["lake_type"]}
    hidden = list(columns) if told["is_personal"] else []
    relation = f'lake_{told["app"]}."{told["table_name"]}"'
    (control,) = measure(con, relation, columns, hidden)
    return control


def _control(text: str | None) -> Control | None:
    return None if text is None else Control.model_validate(json.loads(text))


def _result(
    told: dict[str, Any],
    passed: bool,
    source: Control | None,
    lake: Control | None,
    held: Control | None,
    severity: Severity = "critical",
    *,
    reason: str = _REASON,
    note: str | None = None,
    error: str | None = None,
) -> CheckResult:
    column = told["column_name"]
    arguments: dict[str, Any] = {"column": column, "basis": told["basis"]}
    for side, control in (("source", source), ("lake", lake)):
        if control is not None:
            arguments |= {
                f"{side}_values": control.values,
                f"{side}_min": control.least,
                f"{side}_max": control.greatest,
            }
    return CheckResult(
        part="reconciliation",
        severity=severity,
        app=told["app"],
        table=f"{told['app']}.{told['table_name']}",
        check=f"{column} adds up to the same at source and in the lake",
        reason=reason,
        type=CONTROL_SUM,
        arguments=arguments,
        passed=passed,
        numbers=_numbers(source, lake, held),
        note=note,
        error=error,
    )


def _numbers(
    source: Control | None, lake: Control | None, held: Control | None
) -> dict[str, int | float | None]:
    """The sums, or of a time how many there are."""
    numbers: dict[str, int | float | None] = {"source": _size(source), "lake": _size(lake)}
    if held is not None:
        numbers["quarantined"] = _size(held)
    if source is not None and lake is not None:
        numbers["difference"] = (_size(lake) or 0) - (_size(source) or 0)
    return numbers


def _size(control: Control | None) -> int | float | None:
    if control is None:
        return None
    if control.kind == "time":
        return control.values
    total = control.total or "0"
    return int(total) if total.lstrip("-").isdigit() else float(total)
