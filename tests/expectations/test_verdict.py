"""A verdict says what failed and is worth something for one file only."""

from datetime import UTC, datetime
from pathlib import Path

from expectations.verdict import CheckResult, Severity, Verdict, file_sha256

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def _result(check: str, *, passed: bool, severity: Severity = "critical") -> CheckResult:
    return CheckResult(
        part="expectations",
        severity=severity,
        table="marts.dim_areas",
        check=check,
        reason="Because",
        type="ExpectColumnValuesToBeUnique",
        passed=passed,
        numbers={"failing": 2, "rows": 1190},
    )


def _verdict(results: list[CheckResult], sha256: str = "") -> Verdict:
    return Verdict.of(
        results, candidate_id="20261122", sha256=sha256, started_at=NOW, finished_at=NOW
    )


def test_one_failed_critical_check_blocks_and_is_named() -> None:
    verdict = _verdict(
        [
            _result("a", passed=True),
            _result("codes are unique", passed=False),
            _result("prices are calm", passed=False, severity="warning"),
        ]
    )

    assert verdict.status == "fail"
    assert verdict.blocks
    assert verdict.sentence() == (
        "1 of 3 checks failed: marts.dim_areas: codes are unique (failing 2, rows 1,190); "
        "1 more gave a warning"
    )


def test_warnings_alone_do_not_block() -> None:
    verdict = _verdict([_result("calm", passed=False, severity="warning")])

    assert (verdict.status, verdict.blocks) == ("warn", False)


def test_a_saved_verdict_covers_the_audited_file_and_no_other(tmp_path: Path) -> None:
    database = tmp_path / "kota.duckdb"
    database.write_bytes(b"audited")
    _verdict([_result("a", passed=True)], file_sha256(database)).save(tmp_path / "verdict.json")
    verdict = Verdict.load(tmp_path / "verdict.json")

    assert verdict.covers(database)

    log = tmp_path / "kota.duckdb.wal"
    log.touch()
    assert not verdict.covers(database), "a write-ahead log changes what readers see"
    log.unlink()

    database.write_bytes(b"changed afterwards")
    assert not verdict.covers(database)
    assert not verdict.covers(tmp_path / "missing.duckdb")
