"""Only what passed its audit is published; readers move at once, and can be moved back."""

import stat
from collections.abc import Callable

import duckdb
import pytest

from expectations.verdict import Status, file_sha256
from kota.settings import Settings
from lake.lock import BusyError, exclusive
from tests.warehouse.conftest import MakeCandidate, save_verdict
from warehouse.candidate import Candidate, NoCandidateError
from warehouse.folder import DATABASE
from warehouse.publications import publications
from warehouse.publish import NoSnapshotError, NotPublishableError, publish, rollback
from warehouse.retention import kept_for
from warehouse.snapshots import (
    Snapshot,
    UnknownSnapshotError,
    current,
    is_interrupted,
    known_manifest,
    point_to,
    snapshots,
)


def seen(settings: Settings) -> Snapshot:
    """What readers see."""
    snapshot = current(settings)
    assert snapshot is not None
    return snapshot


def ids(settings: Settings) -> list[str]:
    return [snapshot.id for snapshot in snapshots(settings)]


def test_a_snapshot_holds_the_tables_of_marts_and_nothing_else(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    snapshot = publish(settings, make_candidate(1).id)

    with duckdb.connect(
        snapshot.path, read_only=True, config={"enable_external_access": "false"}
    ) as con:
        relations = con.execute(
            "select table_schema, table_name, table_type from information_schema.tables "
            "order by all"
        ).fetchall()
        rows = con.execute("select count(*) from kota.marts.fct_complaints").fetchall()
    assert relations == [
        ("marts", "dim_areas", "BASE TABLE"),
        ("marts", "fct_complaints", "BASE TABLE"),
    ]
    assert rows == [(3,)]
    assert b"Siti Aminah" not in snapshot.path.read_bytes()


def test_the_manifest_traces_a_snapshot_to_lake_code_and_verdict(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    candidate = make_candidate(1, verdict="warn")
    snapshot = publish(settings)
    manifest = snapshot.manifest

    assert manifest.model_copy(update={"publication": None}) == candidate.manifest
    told = manifest.publication
    assert told is not None
    assert (told.verdict, told.checks, told.warnings) == ("warn", 5, 1)
    assert {name: table.rows for name, table in told.tables.items()} == {
        "dim_areas": 1,
        "fct_complaints": 3,
    }
    assert told.file_sha256 == file_sha256(snapshot.path)
    assert not snapshot.path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


def test_readers_follow_one_link(settings: Settings, make_candidate: MakeCandidate) -> None:
    link = settings.published_dir / "current"
    for second in (1, 2):
        snapshot = publish(settings, make_candidate(second).id)
        assert link.is_symlink()
        assert link.resolve() == snapshot.folder.resolve()
    assert ids(settings) == ["20261122T080001Z", "20261122T080002Z"]


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [(None, "was not audited: run `kota audit"), ("fail", "failed its audit")],
)
def test_a_candidate_that_did_not_pass_is_refused(
    settings: Settings, make_candidate: MakeCandidate, verdict: Status | None, reason: str
) -> None:
    published = publish(settings, make_candidate(1).id)
    with pytest.raises(NotPublishableError, match=reason):
        publish(settings, make_candidate(2, verdict=verdict).id)

    assert seen(settings) == published
    assert ids(settings) == [published.id]


def change(candidate: Candidate) -> None:
    with duckdb.connect(candidate.path) as con:
        con.execute("insert into marts.fct_complaints values (99, 'Sampah')")


def append_log(candidate: Candidate) -> None:
    """A write-ahead log beside the file: what a crash in mid-write leaves."""
    candidate.path.with_name("kota.duckdb.wal").write_bytes(b"")


@pytest.mark.parametrize("tamper", [change, append_log])
def test_a_candidate_that_changed_after_its_audit_is_refused(
    settings: Settings, make_candidate: MakeCandidate, tamper: Callable[[Candidate], None]
) -> None:
    candidate = make_candidate(1)
    tamper(candidate)
    with pytest.raises(NotPublishableError, match="changed after its audit"):
        publish(settings, candidate.id)

    assert current(settings) is None


def test_a_changed_candidate_can_be_audited_again(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    candidate = make_candidate(1)
    change(candidate)
    save_verdict(candidate, "pass")

    assert publish(settings, candidate.id).id == candidate.id


def test_going_back_and_forth(settings: Settings, make_candidate: MakeCandidate) -> None:
    first, second = (publish(settings, make_candidate(second).id) for second in (1, 2))

    assert rollback(settings) == first
    assert seen(settings).id == first.id
    with pytest.raises(NoSnapshotError):
        rollback(settings)
    assert publish(settings, second.id) == second
    assert seen(settings).id == second.id
    rollback(settings)
    third = publish(settings, make_candidate(3).id)
    assert seen(settings).id == third.id


def test_a_kill_before_readers_moved_is_told_from_going_back(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    first, _ = (publish(settings, make_candidate(second).id) for second in (1, 2))
    rollback(settings)
    assert not is_interrupted(settings)

    publish(settings, make_candidate(3).id)
    point_to(settings, first)  # as if killed between the snapshot and the link
    assert is_interrupted(settings)


def test_publishing_again_changes_nothing(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    candidate = make_candidate(1)
    before = publish(settings, candidate.id).manifest

    assert publish(settings, candidate.id).manifest == before
    assert ids(settings) == [candidate.id]


def test_what_a_kill_left_behind_is_made_anew(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    candidate = make_candidate(1)
    half = settings.published_dir / f".{candidate.id}"
    half.mkdir(parents=True)
    (half / "kota.duckdb").write_bytes(b"half a file")
    publish(settings, candidate.id)

    assert not half.exists()
    (settings.published_dir / "current").unlink()  # killed just before readers were moved
    publish(settings, candidate.id)
    assert seen(settings).id == candidate.id


def test_only_the_newest_are_kept_and_never_the_one_in_use_removed(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    few = settings.model_copy(update={"keep_snapshots": 2})
    made = [publish(few, make_candidate(second).id).id for second in (1, 2, 3)]
    assert ids(few) == made[1:]

    again = publish(few, made[0]).id  # its candidate is still there
    assert seen(few).id == again
    assert ids(few) == made
    late = publish(few, make_candidate(4).id).id
    assert ids(few) == [made[2], late]


def test_a_reader_keeps_a_snapshot_that_is_removed(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    few = settings.model_copy(update={"keep_snapshots": 2})
    oldest = publish(few, make_candidate(1, rows=500_000).id)
    with duckdb.connect(oldest.path, read_only=True) as con:
        rows = con.execute("select complaint_id from marts.fct_complaints")
        assert rows.fetchone() is not None
        for second in (2, 3):
            publish(few, make_candidate(second).id)
        assert not oldest.path.exists()
        assert sum(len(some) for some in iter(lambda: rows.fetchmany(50_000), [])) == 499_999
        assert con.execute("select count(*) from marts.dim_areas").fetchall() == [(1,)]


def test_the_last_of_each_month_stays_and_the_manifest_of_every_one(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    few = settings.model_copy(update={"keep_snapshots": 2})
    days = [(9, 1), (9, 2), (10, 1), (11, 1), (11, 2), (11, 3)]
    made = [publish(few, make_candidate(second, month=month).id).id for month, second in days]

    assert ids(few) == [made[1], made[2], *made[4:]]
    assert known_manifest(few, made[0]).lake == {"laksa.pengaduan": 1}
    with pytest.raises(UnknownSnapshotError, match=f"`kota rebuild {made[0]}` makes it again"):
        rollback(few, made[0])
    events = publications(few)
    assert [event.id for event in events if event.event == "forgotten"] == [made[0], made[3]]
    assert kept_for(few)[made[1]] == "the last of 2026-09"


def test_going_back_to_a_named_snapshot_is_on_record(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    made = [publish(settings, make_candidate(second, second).id) for second in (1, 2, 3)]
    count = "select count(*) from marts.fct_complaints"

    with duckdb.connect(settings.published_dir / "current" / DATABASE, read_only=True) as reader:
        assert rollback(settings, made[0].id) == made[0]
        assert reader.execute(count).fetchall() == [(3,)]  # who reads is not disturbed
    with duckdb.connect(settings.published_dir / "current" / DATABASE, read_only=True) as next_one:
        assert next_one.execute(count).fetchall() == [(1,)]
    assert seen(settings).id == made[0].id
    assert not is_interrupted(settings)
    rollback(settings, made[2].id)  # and forth again
    assert seen(settings).id == made[2].id
    assert [(event.event, event.id, event.before) for event in publications(settings)][2:] == [
        ("published", made[2].id, made[1].id),
        ("rolled_back", made[0].id, made[2].id),
        ("rolled_back", made[2].id, made[0].id),
    ]
    with pytest.raises(UnknownSnapshotError, match="no snapshot 2020; there is: 2026"):
        rollback(settings, "2020")


def test_a_torn_line_of_the_record_hides_no_other(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    publish(settings, make_candidate(1).id)
    with (settings.published_dir / "publications.jsonl").open("a") as file:
        file.write('{"at": "2026')  # a full disk, or a kill
    publish(settings, make_candidate(2).id)

    assert [event.id for event in publications(settings)] == ids(settings)


def test_two_cannot_publish_at_once(settings: Settings, make_candidate: MakeCandidate) -> None:
    candidate = make_candidate(1)
    settings.published_dir.mkdir(parents=True)
    with (
        exclusive(settings.published_dir / ".lock", "publishing"),
        pytest.raises(BusyError, match="publishing is already being done by another process"),
    ):
        publish(settings, candidate.id)


def test_an_unknown_candidate_is_told_with_those_there_are(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    known = make_candidate(1).id
    with pytest.raises(NoCandidateError, match=f"no candidate 20990101T000000Z; there is: {known}"):
        publish(settings, "20990101T000000Z")
