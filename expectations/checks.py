"""Run the suites on a candidate: pushed down to DuckDB, each check's trouble kept to itself."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.great import open_database
from expectations.privacy import mask
from expectations.suite import Check, Suite, SuiteError, load_suite
from expectations.verdict import CheckResult
from kota.settings import Settings

# Counts only: a sample of failing values could be somebody's data.
_NO_SAMPLES = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


@dataclass
class SuiteRun:
    """One suite's results, and what Great Expectations needs to render a page of them."""

    mart: str
    about: str
    results: list[CheckResult]
    validation: Any = None


def run_suites(database: Path, suites_dir: Path, settings: Settings) -> list[SuiteRun]:
    """Run every suite file of a folder on a DuckDB file, which is opened read-only.

    A file that cannot be read, an expectation that does not exist and a query that raises each
    become one failed result; everything else still runs.
    """
    with open_database(
        database,
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        timezone=settings.city.timezone,
    ) as source:
        return [_run_file(source, path) for path in sorted(suites_dir.glob("*.yml"))]


def _run_file(source: Any, path: Path) -> SuiteRun:
    try:
        suite = load_suite(path)
    except SuiteError as error:
        return SuiteRun(path.stem, "", [_unreadable(path, str(error))])
    try:
        asset = source.add_table_asset(suite.mart, table_name=suite.mart, schema_name="marts")
        batch = asset.add_batch_definition_whole_table("all").get_batch()
    except Exception as error:
        broken = [_result(suite, check, error=mask(str(error))) for check in suite.checks]
        return SuiteRun(suite.mart, suite.about, broken)
    return _run_suite(batch, suite)


def _run_suite(batch: Any, suite: Suite) -> SuiteRun:
    from great_expectations import ExpectationSuite

    results: dict[str, CheckResult] = {}
    expectations = []
    for check in suite.checks:
        try:
            expectations.append(_expectation(check))
        except Exception as error:
            results[check.name] = _result(suite, check, error=mask(str(error)))
    validation = batch.validate(
        ExpectationSuite(name=suite.mart, expectations=expectations), result_format=_NO_SAMPLES
    )
    checks = {check.name: check for check in suite.checks}
    for outcome in validation.results:
        check = checks[outcome.expectation_config.meta["check"]]
        if _exception(outcome):
            # Metrics are computed in shared queries and one transaction: an innocent neighbour of
            # the broken check passes on its own, after a rollback.
            with batch.data.execution_engine.get_connection() as connection:
                connection.rollback()
            again = batch.validate(_expectation(check), result_format=_NO_SAMPLES)
            outcome.success, outcome.result = again.success, again.result
            outcome.exception_info = again.exception_info
        _without_values(outcome)
        results[check.name] = _result(suite, check, outcome)
    ordered = [results[check.name] for check in suite.checks]
    return SuiteRun(suite.mart, suite.about, ordered, validation)


def _expectation(check: Check) -> Any:
    """Raises ``AttributeError`` for an unknown name, ``ValueError`` for arguments it refuses."""
    import great_expectations.expectations as known

    described = f"{check.name}. {check.reason}." + (
        f" [{check.regulation}]" if check.regulation else ""
    )
    return getattr(known, check.expect)(
        **check.arguments,
        severity=check.severity,
        description=described,
        meta={"check": check.name},
    )


def _exception(outcome: Any) -> str | None:
    """The first message of a result's exceptions, which come flat or one per metric."""
    info = outcome.exception_info or {}
    for part in [info, *info.values()]:
        if isinstance(part, dict) and part.get("raised_exception"):
            message = str(part.get("exception_message")).split("\n", 1)[0]
            return mask(message)
    return None


def _without_values(outcome: Any) -> None:
    """Leave counts in a result that is going to be rendered; exceptions without their trace."""
    outcome.result = _numbers_only(outcome.result)
    message = _exception(outcome)
    outcome.exception_info = {
        "raised_exception": message is not None,
        "exception_message": message or "",
        "exception_traceback": "",
    }


def _numbers_only(result: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in result.items()
        if isinstance(value, int | float) and not (isinstance(value, float) and math.isnan(value))
    }


def _result(
    suite: Suite, check: Check, outcome: Any = None, error: str | None = None
) -> CheckResult:
    raw = outcome.result if outcome is not None else {}
    if outcome is not None:
        error = outcome.exception_info["exception_message"] or None
    numbers: dict[str, int | float | None] = {}
    if "unexpected_count" in raw:
        numbers = {"failing": raw["unexpected_count"], "rows": raw["element_count"]}
    elif "observed_value" in raw:
        is_query = check.expect == "UnexpectedRowsExpectation"
        numbers = {"failing" if is_query else "observed": raw["observed_value"]}
    return CheckResult(
        part="expectations",
        severity=check.severity,
        table=f"marts.{suite.mart}",
        check=check.name,
        reason=check.reason,
        regulation=check.regulation,
        type=check.expect,
        arguments=check.arguments,
        passed=outcome is not None and bool(outcome.success) and error is None,
        numbers=numbers,
        error=error,
    )


def _unreadable(path: Path, message: str) -> CheckResult:
    return CheckResult(
        part="expectations",
        severity="critical",
        table=f"marts.{path.stem}",
        check="the suite file can be read",
        reason="A mart whose rules cannot be read has not been checked",
        type="suite",
        passed=False,
        error=message,
    )
