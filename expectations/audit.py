"""Audit a candidate: suites, reconciliation and privacy, to one verdict in the candidate's folder.

Great Expectations takes seconds to import and keeps state in the process: a caller that lives
long runs ``kota audit`` as a subprocess.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from expectations.checks import run_suites
from expectations.data_docs import write_data_docs
from expectations.on_record import record_audit
from expectations.privacy import mask, scan_for_identifiers
from expectations.quality.publication import write_mutu_data
from expectations.quality.tables import PersonalDataError
from expectations.reconciliation import reconcile
from expectations.suite import SUITES_DIR
from expectations.verdict import FILE_NAME, CheckResult, Part, Verdict, file_sha256
from kota.settings import Settings
from warehouse.candidate import Candidate, find_candidate
from warehouse.dbt_docs import FOLDER as DBT_DOCS
from warehouse.dbt_docs import write_dbt_docs
from warehouse.trace.pages import FOLDER as TRACES
from warehouse.trace.pages import NoTracePagesError, write_trace_pages


def audit(
    settings: Settings, candidate_id: str | None = None, suites_dir: Path = SUITES_DIR
) -> Verdict:
    """Check a candidate (the latest when none is named) and write its verdict.

    Writes ``verdict.json`` and ``checks.jsonl`` (every result) beside the candidate, the Data Docs
    of the last ``keep_last`` audits, and dbt's documentation beside those. Only reads the
    candidate. Raises ``NoCandidateError``, and ``OSError``, ``BusyError`` or ``RecordError`` where
    the verdict can't be put on record.
    """
    candidate = find_candidate(settings, candidate_id)
    folder, database = candidate.folder, candidate.path
    verdict_path = folder / FILE_NAME
    verdict_path.unlink(missing_ok=True)  # an audit that dies must not leave an old verdict
    started_at = datetime.now(UTC)
    sha256 = file_sha256(database)
    others = _other_checks(database, folder / "dbt" / "manifest.json", suites_dir, settings)
    runs = run_suites(database, suites_dir, settings)
    results = [result for run in runs for result in run.results] + others
    verdict = Verdict.of(
        results,
        candidate_id=folder.name,
        sha256=sha256,
        started_at=started_at,
        finished_at=datetime.now(UTC),
    )
    checks = "".join(result.model_dump_json() + "\n" for result in results).encode()
    (folder / "checks.jsonl").write_bytes(checks)
    traced = _trace_pages(settings, candidate, verdict)
    write_data_docs(
        settings.audit_dir / "data_docs",
        verdict,
        runs,
        others,
        city=settings.city.name,
        keep=settings.keep_last,
        traced=traced,
    )
    with suppress(OSError, ValueError):  # without a manifest: reconciliation has failed by that
        write_dbt_docs(candidate, settings.audit_dir / "data_docs" / DBT_DOCS)
    record_audit(settings, candidate, verdict, verdict.content(), checks)
    verdict.save(verdict_path)
    with suppress(PersonalDataError):  # publishing refuses it then, and says why
        write_mutu_data(settings, candidate)
    return verdict


def _trace_pages(settings: Settings, candidate: Candidate, verdict: Verdict) -> set[str]:
    """The marts that have a page of what they are made of: none without a lineage."""
    folder = settings.audit_dir / "data_docs" / TRACES
    try:
        return write_trace_pages(settings, candidate, verdict, folder)
    except NoTracePagesError:
        return set()


def _other_checks(
    database: Path, dbt_manifest: Path, suites_dir: Path, settings: Settings
) -> list[CheckResult]:
    """What is not an expectation about one mart, on a connection closed before those begin."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.memory_limit,
        "threads": settings.threads,
    }
    with duckdb.connect(database, read_only=True, config=config) as con:
        return [
            *_guarded("reconciliation", lambda: reconcile(con, dbt_manifest)),
            *_guarded("privacy", lambda: scan_for_identifiers(con)),
            *_guarded("expectations", lambda: _every_mart_has_a_suite(con, suites_dir)),
        ]


def _guarded(part: Part, checks: Callable[[], list[CheckResult]]) -> list[CheckResult]:
    """The results, or one failed result when the part as a whole cannot run."""
    try:
        return checks()
    except (OSError, ValueError, KeyError, duckdb.Error) as error:
        return [
            CheckResult(
                part=part,
                severity="critical",
                table="candidate",
                check=f"{part} can run",
                reason="What has not been checked is not published",
                type=part,
                passed=False,
                error=mask(f"{type(error).__name__}: {error}".split("\n", 1)[0]),
            )
        ]


def _every_mart_has_a_suite(con: duckdb.DuckDBPyConnection, suites_dir: Path) -> list[CheckResult]:
    marts = con.execute(
        """select table_name from information_schema.tables
        where table_schema = 'marts' order by table_name"""
    ).fetchall()
    return [
        CheckResult(
            part="expectations",
            severity="critical",
            table=f"marts.{mart}",
            check="the mart has a suite",
            reason="What has not been checked is not published",
            type="suite",
            passed=(suites_dir / f"{mart}.yml").is_file(),
        )
        for (mart,) in marts
    ]
