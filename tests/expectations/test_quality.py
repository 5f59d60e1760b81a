"""The tables about quality say what the audit found, in Indonesian, and nobody's data."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from expectations.quality import words
from expectations.quality.material import Material
from expectations.quality.page import write_page
from expectations.quality.tables import PersonalDataError, write_quality
from expectations.reconciliation import reconcile
from expectations.verdict import CheckResult, Verdict
from kota.settings import Settings
from warehouse.candidate import Candidate

NIK = "3671014505900001"


@pytest.fixture
def audited(candidate: Path, settings: Settings) -> Callable[..., Material]:
    """Give the candidate the results of reconciliation, and others, as its audit."""

    def audit(*others: CheckResult) -> Material:
        with duckdb.connect(candidate / "kota.duckdb", read_only=True) as con:
            results = [*reconcile(con, candidate / "dbt" / "manifest.json"), *others]
        now = datetime(2026, 11, 22, 1, 5, tzinfo=UTC)
        Verdict.of(
            results, candidate_id=candidate.name, sha256="0" * 64, started_at=now, finished_at=now
        ).save(candidate / "verdict.json")
        lines = "".join(result.model_dump_json() + "\n" for result in results)
        (candidate / "checks.jsonl").write_text(lines, "utf-8")
        return Material(settings, Candidate(candidate))

    return audit


def _check(**changes: object) -> CheckResult:
    known = CheckResult(
        part="expectations",
        severity="warning",
        table="marts.fct_complaints",
        check="no complaint is from the future",
        reason="A clock is wrong",
        type="x",
        passed=False,
        numbers={"failing": 1250, "rows": 1000000},
    )
    return known.model_copy(update=changes)


def test_every_table_of_the_sources_is_told(audited: Callable[..., Material]) -> None:
    with duckdb.connect() as con:
        write_quality(con, audited(), is_published=True)
        rows = con.execute(
            "select app, status_name, source_row_count, lake_row_count, deduplicated_row_count, "
            "staging_row_count from quality.reconciliation order by app"
        ).fetchall()
        history = con.execute(
            "select snapshot_id, verdict_name, is_current, audited_on::varchar, table_count "
            "from quality.history"
        ).fetchall()

    assert rows == [
        ("laksa", "Cocok", 3, 3, 0, 3),
        ("perizinan", "Cocok", 2, 2, 0, 2),
        ("segar", "Tidak dapat dihitung", None, 3, 1, 2),
    ]
    assert history == [("20261122T010000Z", "Lulus", True, "2026-11-22", 3)]


def test_a_difference_is_named_with_its_department_and_its_numbers(
    audited: Callable[..., Material], inject: Callable[[str], None]
) -> None:
    inject("update ops.lake_tables set source_rows = 1253 where app = 'laksa'")
    with duckdb.connect() as con:
        write_quality(con, audited(_check()), is_published=False)
        (row,) = con.execute(
            "select status_name, difference_row_count, explanation from quality.reconciliation "
            "where app = 'laksa'"
        ).fetchall()
        verdicts = con.execute(
            "select department_code, verdict_name, critical_count from quality.departments "
            "where department_code = 'diskominfo'"
        ).fetchall()
        (numbers,) = con.execute(
            "select numbers_text from quality.checks where part = 'expectations'"
        ).fetchall()

    assert row == (
        "Selisih",
        -1250,
        "Sumber 1.253 baris, lake 3, staging 3. "
        "Baris yang berbeda: kota reconcile laksa.pengaduan.",
    )
    assert verdicts == [("diskominfo", "Gagal", 1)]
    assert numbers == ("tidak lulus 1.250 · baris 1.000.000",)


def test_nothing_that_looks_like_a_person_is_published(audited: Callable[..., Material]) -> None:
    material = audited(_check(reason=f"NIK {NIK} is there twice"))
    with duckdb.connect() as con, pytest.raises(PersonalDataError, match=r"quality\.checks"):
        write_quality(con, material, is_published=True)


def test_a_large_sum_is_no_identifier(audited: Callable[..., Material]) -> None:
    material = audited(_check(numbers={"source": 3671014505900001, "lake": 62812345678}))
    with duckdb.connect() as con:
        write_quality(con, material, is_published=True)
        (text,) = con.execute(
            "select numbers_text from quality.checks where not is_passed"
        ).fetchall()

    assert text == ("sumber 3.671.014.505.900.001 · lake 62.812.345.678",)


def test_the_page_is_one_file_in_indonesian_that_asks_for_nothing(
    audited: Callable[..., Material], settings: Settings
) -> None:
    material = audited(_check())
    with duckdb.connect() as con:
        write_quality(con, material, is_published=True)
        page = write_page(con, material, settings.audit_dir / "data_docs").read_text("utf-8")

    assert '<html lang="id">' in page
    assert "Lulus dengan catatan" in page
    assert "Keadaan data 22 Nov 2026 08.00 · diperiksa " in page
    assert "<script" not in page
    assert "http" not in page.replace('href="index.html"', "")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1250000, "1.250.000"), (98.5, "98,5"), (None, "–"), (-3, "-3"), (1234.567, "1.234,57")],
)
def test_numbers_are_written_as_indonesians_write_them(value: float | None, text: str) -> None:
    assert words.number(value) == text
