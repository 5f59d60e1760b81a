"""Candidates of a few rows, built and audited, for what happens to them afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import duckdb
import pytest

from expectations.verdict import FILE_NAME, Status, Verdict, file_sha256
from kota.settings import Settings
from warehouse.candidate import Candidate
from warehouse.manifest import Manifest

MakeCandidate = Callable[..., Candidate]

CONTENT = """
create schema marts; create schema staging; create schema ops;
create table staging.citizens as select 'Siti Aminah' as name;
create view staging.current as from staging.citizens;
create table marts.fct_complaints as
select range as complaint_id, 'Jalan' as category_name from range({rows});
create table marts.dim_areas as select '36.71' as area_code;
create view marts.shortcut as from staging.citizens;
create table ops.lake_tables as select 1 as lake_version;
"""


@pytest.fixture
def make_candidate(settings: Settings) -> MakeCandidate:
    """Make a candidate; ``verdict`` None leaves it without an audit."""

    return partial(new_candidate, settings)


def new_candidate(
    settings: Settings,
    second: int,
    rows: int = 3,
    verdict: Status | None = "pass",
    month: int = 11,
) -> Candidate:
    """A candidate built at a second of a certain hour."""
    now = datetime(2026, month, 22, 8, 0, second, tzinfo=UTC)
    candidate = Candidate(settings.candidates_dir / f"{now:%Y%m%dT%H%M%SZ}")
    candidate.folder.mkdir(parents=True)
    with duckdb.connect(candidate.path) as con:
        con.execute(CONTENT.format(rows=rows))
    Manifest(
        id=candidate.id,
        built_at=now,
        as_of=now,
        lake={"laksa.pengaduan": second},
        code_version="abc",
        config_hash="def",
        duckdb_version=duckdb.__version__,
    ).save(candidate.folder)
    if verdict is not None:
        save_verdict(candidate, verdict)
    return candidate


def save_verdict(candidate: Candidate, status: Status) -> None:
    """The verdict of an audit of the file as it is."""
    now = datetime.now(UTC)
    Verdict(
        candidate_id=candidate.id,
        status=status,
        sha256=file_sha256(candidate.path),
        started_at=now,
        finished_at=now,
        check_count=5,
        critical_count=int(status == "fail"),
        warning_count=int(status == "warn"),
        failed=[],
    ).save(candidate.folder / FILE_NAME)
