"""The whole audit on a real DuckDB file: what is wrong is found, named, and hides nothing else."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from expectations.audit import audit
from expectations.suite import SUITES_DIR
from expectations.verdict import Finding, Verdict
from kota.settings import Settings
from warehouse.candidate import NoCandidateError

# Importing Great Expectations alone takes longer than all tests of `make check` may.
pytestmark = pytest.mark.integration

NIK = "3671014505900001"

# What a bug upstream would do → the critical checks that must name it, and no others.
FAULTS = {
    "insert into marts.dim_areas select * from marts.dim_areas where area_level = 'kelurahan'": {
        ("marts.dim_areas", "no code is used twice"),
    },
    "update marts.fct_complaints set department_code = 'dinas-x' where complaint_id = 1": {
        ("marts.fct_complaints", "the department exists"),
    },
    "update marts.fct_complaints set closed_at = reported_at - interval 1 hour, "
    "resolution_hours = -1 where complaint_id = 3": {
        ("marts.fct_complaints", "closing follows the report"),
    },
    "update marts.fct_permit_applications set fee_paid_rupiah = 150001 where application_id = 2": {
        ("marts.fct_permit_applications", "nobody paid more than was billed"),
    },
    "update marts.fct_commodity_prices set price_rupiah = 0 where previous_price_rupiah is null": {
        ("marts.fct_commodity_prices", "prices are positive"),
        ("marts.fct_commodity_prices", "the previous price is the one of the row before"),
    },
    "delete from marts.fct_service_requests where request_id = 'laksa:2'": {
        ("marts.fct_service_requests", "every complaint is a request"),
        ("marts.fct_service_requests_daily", "the counts are those of the requests"),
        ("marts.rpt_service_performance", "the counts are those of the requests"),
    },
    f"update marts.fct_service_requests set service_name = 'Aduan {NIK}' "
    "where request_id = 'laksa:1'": {
        ("marts.fct_service_requests", "no NIK, phone number or e-mail address"),
    },
    "update marts.rpt_app_register set row_count = 99 where app_id = 'segar'": {
        ("marts.rpt_app_register", "an app in the lake shows all of its rows"),
    },
    "update ops.lake_tables set source_rows = 4 where app = 'laksa'": {
        ("laksa.pengaduan", "rows at source = rows in the lake"),
    },
    "update marts.fct_health_visits set visit_count = 4 where clinic_department = 'pooled'": {
        ("marts.fct_health_visits", "no group is smaller than five"),
    },
    "alter table marts.fct_vaccinations add column patient_id bigint": {
        ("marts.fct_vaccinations", "nothing that leads to one person is here"),
    },
    "update marts.fct_permit_stages set left_at = left_at + interval 1 hour where stage_id = 1": {
        ("marts.fct_permit_stages", "an application is in one stage at a time"),
    },
    "create table marts.fct_unwatched as select 1 as id": {
        ("marts.fct_unwatched", "the mart has a suite"),
    },
}


@pytest.fixture
def suites(candidate: Path, tmp_path: Path) -> Path:
    """The suites of the marts that the city of a few rows has."""
    with duckdb.connect(candidate / "kota.duckdb", read_only=True) as con:
        marts = con.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
    folder = tmp_path / "suites"
    folder.mkdir()
    for (mart,) in marts:
        shutil.copy(SUITES_DIR / f"{mart}.yml", folder)
    return folder


def _named(findings: list[Finding], severity: str = "critical") -> set[tuple[str, str]]:
    return {(found.table, found.check) for found in findings if found.severity == severity}


def _pages(settings: Settings) -> dict[Path, str]:
    docs = settings.audit_dir / "data_docs"
    return {path: path.read_text("utf-8") for path in docs.rglob("*") if path.is_file()}


def test_a_clean_candidate_passes_and_its_record_is_complete(
    settings: Settings, candidate: Path, suites: Path, inject: Callable[[str], None]
) -> None:
    verdict = audit(settings, None, suites)

    assert verdict.sentence() == f"all {verdict.check_count} checks passed"
    assert Verdict.load(candidate / "verdict.json") == verdict
    lines = (candidate / "checks.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == verdict.check_count
    assert {json.loads(line)["part"] for line in lines} == {
        "expectations",
        "reconciliation",
        "privacy",
    }
    assert verdict.covers(candidate / "kota.duckdb")

    inject("delete from marts.fct_complaints")
    assert not verdict.covers(candidate / "kota.duckdb")


def test_each_fault_is_named_and_no_identifier_is_repeated(
    settings: Settings, candidate: Path, suites: Path, inject: Callable[[str], None]
) -> None:
    for sql in FAULTS:
        inject(sql)

    verdict = audit(settings, candidate.name, suites)

    assert verdict.blocks
    assert _named(verdict.failed) == set().union(*FAULTS.values())
    written = "".join(
        [
            (candidate / "verdict.json").read_text("utf-8"),
            (candidate / "checks.jsonl").read_text("utf-8"),
            *_pages(settings).values(),
        ]
    )
    assert NIK not in written


def test_soft_faults_warn_and_do_not_block(
    settings: Settings, candidate: Path, suites: Path, inject: Callable[[str], None]
) -> None:
    inject(
        """update marts.fct_complaints
        set area_match_method = 'unresolved', kecamatan_code = 'unknown', kelurahan_code = 'unknown'
        where complaint_id = 1;
        update marts.fct_commodity_prices set price_rupiah = 17000, change_percent = 125.0 / 3
        where previous_price_rupiah is not null;
        update marts.rpt_app_freshness
        set is_stale = true, last_checked_at = as_of - interval 30 hour,
            last_loaded_at = as_of - interval 30 hour where app = 'segar';
        update marts.rpt_app_register
        set kota_app = null, is_in_lake = false where app_id = 'perizinan'"""
    )

    verdict = audit(settings, candidate.name, suites)

    assert (verdict.status, verdict.critical_count) == ("warn", 0)
    assert _named(verdict.failed, "warning") == {
        ("marts.fct_complaints", "at most a fifth of the complaints has no kecamatan"),
        ("marts.fct_commodity_prices", "no price jumps by more than two fifths"),
        ("marts.rpt_app_freshness", "every app keeps its promise"),
        ("marts.rpt_app_register", "every app in the lake is in the register"),
        ("marts.rpt_app_register", "every integrated app is in the lake"),
    }


BROKEN = f"""
  - name: an expectation that does not exist
    expect: ExpectWonders
    severity: critical
    reason: Nobody wrote it
  - name: a column that does not exist
    expect: ExpectColumnValuesToNotBeNull
    arguments: {{column: nothing}}
    severity: critical
    reason: Somebody renamed it
  - name: a query that fails on a value
    expect: UnexpectedRowsExpectation
    arguments:
      unexpected_rows_query: select * from {{batch}} where cast('{NIK}x' as int) = complaint_id
    severity: critical
    reason: Somebody typed text
"""


def test_broken_checks_fail_by_name_and_hide_no_other_result(
    settings: Settings, candidate: Path, suites: Path, inject: Callable[[str], None]
) -> None:
    with (suites / "fct_complaints.yml").open("a", encoding="utf-8") as file:
        file.write(BROKEN)
    (suites / "dim_areas.yml").write_text("mart: [", "utf-8")
    inject("insert into marts.fct_complaints select * from marts.fct_complaints limit 1")
    inject("drop table marts.fct_commodity_prices")

    verdict = audit(settings, candidate.name, suites)

    named = _named(verdict.failed)
    errors = {found.check for found in verdict.failed if found.error}
    assert ("marts.fct_complaints", "every complaint is listed once") in named
    assert ("marts.dim_areas", "the suite file can be read") in named
    assert {
        "an expectation that does not exist",
        "a column that does not exist",
        "a query that fails on a value",
        "prices are positive",
    } <= errors
    assert not [found for found in verdict.failed if found.table == "marts.fct_permit_applications"]
    assert "every complaint is listed once" not in errors
    assert NIK not in (candidate / "verdict.json").read_text("utf-8")


def test_data_docs_ask_nothing_of_the_internet_and_keep_the_last_audits(
    settings: Settings, candidate: Path, suites: Path
) -> None:
    for _ in range(settings.keep_snapshots + 1):
        audit(settings, candidate.name, suites)

    pages = _pages(settings)
    docs = settings.audit_dir / "data_docs"
    assert len(list(docs.glob("*Z-*"))) == settings.keep_snapshots
    assert "every complaint is listed once" in "".join(pages.values())
    ours = {path: content for path, content in pages.items() if path.parent != docs / "dbt"}
    for path, content in ours.items():
        assert not re.search(r"(https?:)?//[a-z]|<script", content), path
        for target in re.findall(r'(?:href|src)="([^"#]+)"', content):
            assert (path.parent / target).is_file(), f"{path}: {target}"


def test_nothing_to_audit_is_said(settings: Settings) -> None:
    with pytest.raises(NoCandidateError, match="run `kota build` first"):
        audit(settings)
    with pytest.raises(NoCandidateError, match="no candidate x"):
        audit(settings, "x")
