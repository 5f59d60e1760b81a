"""Legacy apps in, what officials read out: by the command line, against the city's truth."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from demo.people import read_people
from demo.truth import Truth
from tests.chain.city import RunningCity
from tests.chain.conftest import Day, PartialDay, QuietRun
from tests.chain.leaks import leaks

pytestmark = pytest.mark.integration


def test_the_first_run_publishes_every_app(opening: Day) -> None:
    assert opening.run.code == 0, opening.run.err
    assert opening.run.json["snapshot"] == opening.snapshot.name
    assert {
        table["table"]: table["rows_landed"]
        for app in opening.run.json["apps"]
        for table in app["tables"]
    } == {
        name: table.rows for tables in opening.truth.apps.values() for name, table in tables.items()
    }


def test_the_marts_say_what_is_true(opening: Day) -> None:
    assert_true(opening.snapshot, opening.truth)


def test_a_run_without_news_builds_nothing(quiet: QuietRun, opening: Day) -> None:
    assert quiet.run.code == 0, quiet.run.err
    assert f"Nothing changed: snapshot {opening.snapshot.name} stands." in quiet.run.out
    assert quiet.candidates == {opening.snapshot.name}
    assert quiet.snapshot == opening.snapshot


def test_an_app_that_is_down_is_named_and_stops_no_other(without_permits: PartialDay) -> None:
    run = without_permits.run

    assert run.code == 1
    (sentence,) = run.err.splitlines()
    assert "perizinan: can't connect to its PostgreSQL database" in sentence
    assert "Hunter2" not in run.err + run.out
    complaints = query(without_permits.snapshot, "select count(*) from marts.fct_complaints")
    assert complaints == [(without_permits.truth.complaints.expected,)]


def test_a_reader_at_work_is_not_disturbed(without_permits: PartialDay, opening: Day) -> None:
    complaints = opening.truth.complaints.expected

    assert without_permits.truth.complaints.expected != complaints
    assert without_permits.read_before == without_permits.read_afterwards == complaints
    assert without_permits.read_meanwhile == complaints * 2000


def test_what_was_missed_comes_with_the_next_run(recovered: Day) -> None:
    assert recovered.run.code == 0, recovered.run.err
    outcomes = {
        table["table"]: table["outcome"]
        for app in recovered.run.json["apps"]
        for table in app["tables"]
    }
    assert outcomes["permohonan"] == "landed"
    assert outcomes["pengaduan"] == outcomes["harga"] == "unchanged"
    assert_true(recovered.snapshot, recovered.truth)


def test_a_published_file_has_tables_of_marts_and_quality_and_nothing_else(recovered: Day) -> None:
    tables = query(
        recovered.snapshot,
        "select table_schema, table_type from information_schema.tables group by all order by all",
    )
    assert tables == [("marts", "BASE TABLE"), ("quality", "BASE TABLE")]
    assert query(recovered.snapshot, "select count(*) from duckdb_views() where not internal") == [
        (0,)
    ]


def test_no_citizen_can_be_found_in_a_published_file(recovered: Day, city: RunningCity) -> None:
    assert leaks(recovered.snapshot / "kota.duckdb", city.people) == set()


@pytest.mark.parametrize("column", ["nik", "name_stored", "phone_stored", "email"])
def test_a_citizen_in_a_published_file_would_be_found(
    recovered: Day, city: RunningCity, tmp_path: Path, column: str
) -> None:
    file = tmp_path / "kota.duckdb"
    shutil.copy(recovered.snapshot / "kota.duckdb", file)
    file.chmod(0o600)
    somebody = next(value for value in read_people(city.people)[column].to_pylist() if value)
    with duckdb.connect(file) as con:
        con.execute(
            "update marts.dim_areas set area_name = area_name || ? where area_level = 'city'",
            [f" (lapor: {somebody})"],
        )

    found = leaks(file, city.people)
    assert "marts.dim_areas.area_name: somebody of the city" in found


def test_status_tells_what_is_fresh_and_what_is_published(
    recovered: Day, city: RunningCity
) -> None:
    status = city.kota("status", "--json")

    assert status.code == 0, status.err
    apps = {app["app"]: app for app in status.json["apps"]}
    rows = {
        name: sum(table.rows for table in tables.values())
        for name, tables in recovered.truth.apps.items()
    }
    # A news feed forgets what is older than its last items, and the lake does not.
    assert apps["berita"]["rows"] >= rows.pop("berita")
    assert {name: apps[name]["rows"] for name in rows} == rows
    assert all(app["is_fresh"] for app in apps.values())
    assert status.json["published"]["id"] == recovered.snapshot.name
    assert status.json["published"]["publication"]["verdict"] in ("pass", "warn")
    assert city.kota("status").code == 0


def test_sources_can_be_checked(city: RunningCity) -> None:
    checked = city.kota("sources", "check", "--json")

    assert checked.code == 0, checked.err
    tables = [table for app in checked.json for table in app["tables"]]
    counted = {(table["app"], table["table"]): table["rows"] for table in tables}
    # What comes in parts can't be counted at its source: a day's files, the items of a feed.
    parts = [("berita", "berita"), ("darurat112", "panggilan"), ("siak", "perpindahan")]
    assert [counted.pop(name) for name in parts] == [None] * len(parts)
    assert counted == {
        (app, name): table.rows
        for app, truth in city.truth.apps.items()
        for name, table in truth.items()
        if (app, name) not in parts
    }


def test_going_back_shows_the_snapshot_before(
    recovered: Day, without_permits: PartialDay, city: RunningCity
) -> None:
    back = city.kota("publish", "--rollback", "--json")
    seen = city.current.resolve()
    forward = city.kota("publish", recovered.snapshot.name, "--json")

    assert (back.code, back.json["id"]) == (0, without_permits.snapshot.name)
    assert seen == without_permits.snapshot
    assert (forward.code, city.current.resolve()) == (0, recovered.snapshot)


def test_a_command_that_is_misused_exits_with_2(city: RunningCity) -> None:
    assert city.kota("run", "--nonsense").code == 2
    assert city.kota("nonsense").code == 2


def assert_true(snapshot: Path, truth: Truth) -> None:
    """Every count in the marts is the one of the city."""
    complaints = truth.complaints
    assert facts(snapshot, "fct_complaints", "status") == complaints.by_status
    assert facts(snapshot, "fct_complaints", "department_code") == complaints.by_department
    applications = truth.apps["perizinan"]["permohonan"].rows
    prices = truth.apps["segar"]["harga"].rows
    assert total(snapshot, "fct_complaints") == complaints.expected
    assert total(snapshot, "fct_permit_applications") == applications
    assert total(snapshot, "fct_commodity_prices") == prices
    assert facts(snapshot, "fct_service_requests", "source_app") == truth.requests
    assert query(snapshot, "select sum(request_count) from marts.fct_service_requests_daily") == [
        (sum(truth.requests.values()),)
    ]
    places = query(
        snapshot,
        "select complaint_id, kecamatan_code from marts.fct_complaints "
        "where kecamatan_code <> 'unknown'",
    )
    right = sum(complaints.kecamatan[number] == code for number, code in places)
    # Wrong is worse than unknown; some complaints say nothing of their place at all.
    assert len(places) - right <= 0.002 * complaints.expected
    assert right / complaints.expected > 0.97


def facts(snapshot: Path, mart: str, column: str) -> dict[str, int]:
    """Rows of a mart by the values of a column."""
    return dict(query(snapshot, f"select {column}, count(*) from marts.{mart} group by all"))


def total(snapshot: Path, mart: str) -> int:
    return int(query(snapshot, f"select count(*) from marts.{mart}")[0][0])


def query(snapshot: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask a published snapshot."""
    with duckdb.connect(snapshot / "kota.duckdb", read_only=True) as con:
        return con.execute(sql).fetchall()
