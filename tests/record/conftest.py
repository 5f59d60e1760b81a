"""A small city whose work is on record: three extractions, two publications."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations.on_record import record_audit
from expectations.verdict import FILE_NAME, CheckResult, Status, Verdict, file_sha256
from kota.settings import Settings, get_settings
from record.verify import verify
from tests.conftest import TOKEN_KEY
from tests.connectors.legacy import LegacyApp
from tests.warehouse.conftest import new_candidate
from warehouse.candidate import Candidate
from warehouse.on_record import record_build
from warehouse.provenance import save_files
from warehouse.publish import publish

NIK = "3671010101900001"
UNIQUE = CheckResult(
    part="expectations",
    severity="critical",
    table="marts.areas",
    check="code is unique",
    reason="A code names one area",
    type="expect_column_values_to_be_unique",
    passed=True,
)
FIRST, SECOND = "20261122T080001Z", "20261122T080002Z"


def audited(settings: Settings, second: int, status: Status = "pass") -> Candidate:
    """A candidate as a build and an audit leave it, both on record."""
    candidate = new_candidate(settings, second, verdict=None)
    save_files(candidate.folder, {"dbt_project/models/stg_a.sql": "0"})
    (candidate.folder / "openlineage.jsonl").write_text('{"eventType": "COMPLETE"}\n')
    record_build(settings, candidate.folder)
    now = datetime.now(UTC)
    verdict = Verdict(
        candidate_id=candidate.id,
        status=status,
        sha256=file_sha256(candidate.path),
        started_at=now,
        finished_at=now,
        check_count=5,
        critical_count=int(status == "fail"),
        warning_count=int(status == "warn"),
        failed=[],
    )
    checks = UNIQUE.model_dump_json().encode() + b"\n"
    (candidate.folder / "checks.jsonl").write_bytes(checks)
    record_audit(settings, candidate, verdict, verdict.content(), checks)
    verdict.save(candidate.folder / FILE_NAME)
    return candidate


def extracted(legacy: LegacyApp, days: int = 3) -> None:
    """So many runs, each of which lands a row; one row has no key and is quarantined."""
    legacy.run(f"insert into requests values (null, '{NIK}', 'x', 1, null, '2026-03-01 07:00:00')")
    for day in range(1, days + 1):
        legacy.run(
            f"insert into requests values (9{day}, null, 'x', 1, null, '2026-03-0{day} 08:00:00')"
        )
        legacy.extract()


def alarms(settings: Settings, **options: object) -> list[str]:
    """What a verification says was changed or removed."""
    return [one.sentence for one in verify(settings, **options).findings.alarms]  # type: ignore[arg-type]


def notes(settings: Settings) -> list[str]:
    """What it says for completeness."""
    return [one.sentence for one in verify(settings).findings.found if not one.is_alarm]


@pytest.fixture(scope="session")
def recorded_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The city's home; tests get copies of it."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "apps").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOTA_HOME", str(folder / "home"))
        patch.setenv("KOTA_APPS_DIR", str(folder / "apps"))
        patch.setenv("KOTA_TOKEN_KEY", TOKEN_KEY)
        settings = Settings()
        extracted(LegacyApp(settings, folder, patch))
        for second in (1, 2):
            publish(settings, audited(settings, second).id)
        yield settings.home


@pytest.fixture
def city(settings: Settings, recorded_home: Path) -> Settings:
    """A city of one's own, to tamper with."""
    shutil.copytree(recorded_home, settings.home, symlinks=True)
    shutil.copytree(recorded_home.parent / "apps", settings.apps_dir, dirs_exist_ok=True)
    assert get_settings().home == settings.home
    return settings
