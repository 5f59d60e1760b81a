"""A published snapshot comes out again, and what changed since is told with its reason."""

from typing import Any

import pytest

from tests.chain.city import RunningCity
from tests.chain.conftest import Day, PartialDay

pytestmark = pytest.mark.integration

LAKSA = ("laksa.pengaduan", "laksa.disposisi", "laksa.tindak_lanjut")


@pytest.fixture(scope="module")
def told(city: RunningCity, opening: Day, without_permits: PartialDay) -> Any:
    """What `kota diff` says of the day that passed."""
    done = city.kota("diff", opening.snapshot.name, without_permits.snapshot.name, "--json")
    assert done.code == 0, done.err
    return done.json


def change(told: Any, mart: str) -> Any:
    (found,) = [one for one in told["changed"] if one["difference"]["table"] == mart]
    return found


def test_a_former_snapshot_is_made_again_hash_by_hash(
    city: RunningCity, without_permits: PartialDay, recovered: Day
) -> None:
    assert without_permits.snapshot != recovered.snapshot  # the lake went on since
    again = city.kota("rebuild", without_permits.snapshot.name, "--json")

    assert again.code == 0, again.err
    assert (again.json["is_equal"], again.json["differing"], again.json["notes"]) == (True, [], [])
    status = city.kota("status", "--json").json["published"]["publication"]
    assert again.json["tables"] == len(status["tables"])
    assert list(city.settings.rebuilds_dir.iterdir()) == []  # no staging row stays


def test_the_rows_of_a_mart_are_counted_by_what_became_of_them(told: Any) -> None:
    difference = change(told, "fct_complaints")["difference"]

    assert difference["key"] == ["complaint_id"]
    came, went = difference["added"]["count"], difference["removed"]["count"]
    assert came > 0
    assert difference["changed"]["count"] > 0
    assert difference["rows_before"] + came - went == difference["rows_after"]
    for total in difference["totals"].values():
        moved = total["by_added"] + total["by_removed"] + total["by_changed"]
        assert total["before"] + moved == pytest.approx(total["after"])


def test_the_reason_is_what_happened_at_the_source(told: Any, without_permits: PartialDay) -> None:
    why = change(told, "fct_complaints")["why"]
    lake = {one["table"]: one for one in why["lake"]}

    for name in LAKSA:
        app, table = name.split(".")
        truth = without_permits.truth.apps[app][table]
        seen = lake[name]
        assert seen["new"] + seen["late"] == len(truth.inserted)
        assert seen["corrected"] == len(truth.changed)
        assert seen["deleted"] == len(truth.deleted)
    assert why["files"] == why["held"] == []
    assert why["is_of_time"]
    assert "siak.penduduk" not in lake  # by way of persons only


def test_each_row_of_a_mart_is_looked_up_in_the_change_log(told: Any) -> None:
    found = change(told, "fct_complaints")
    fates, difference = found["fates"], found["difference"]

    assert found["source"] == "laksa.pengaduan"
    assert {kind: sum(counts.values()) for kind, counts in fates.items()} == {
        kind: difference[kind]["count"]
        for kind in ("added", "removed", "changed")
        if difference[kind]["count"]
    }
    assert fates["added"].keys() <= {"new", "late", "corrected"}  # one that was taken for spam
    assert fates["changed"]["corrected"] > 0


def test_a_column_is_explained_by_the_tables_in_its_value_first(
    city: RunningCity, opening: Day, without_permits: PartialDay
) -> None:
    ids = (opening.snapshot.name, without_permits.snapshot.name)
    for column in ("status", "response_hours"):
        told = city.kota("diff", *ids, f"fct_complaints.{column}", "--json").json
        tables = [one["table"] for one in change(told, "fct_complaints")["why"]["lake"]]
        answered = tables.index("laksa.tindak_lanjut")
        forwarded = tables.index("laksa.disposisi")
        assert (answered < forwarded) == (column == "response_hours")


def test_a_mart_of_an_app_that_did_not_come_is_the_same(told: Any) -> None:
    assert "fct_permit_applications" in told["same"]
    assert "fct_complaints" not in told["same"]
    assert "dim_dates" in told["same"]


def test_it_is_told_in_words(city: RunningCity, opening: Day, without_permits: PartialDay) -> None:
    ids = (opening.snapshot.name, without_permits.snapshot.name)
    words = city.kota("diff", *ids, "fct_complaints.is_open")

    assert words.code == 0, words.err
    assert "The rules are the same: code, models, seeds, registry." in words.out
    assert "because of laksa.pengaduan: " in words.out
    assert "is_open = true: " in words.out
    same = city.kota("diff", *ids, "dim_dates")
    assert "dim_dates has the same content in both." in same.out
    wrong = city.kota("diff", *ids, "fct_complaints.nik")
    assert "fct_complaints has no column nik; it has: complaint_id" in wrong.err
