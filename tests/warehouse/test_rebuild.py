"""What came out otherwise is named, table by table, with keys and never with a person."""

from pathlib import Path

import duckdb
import pytest

from kota.settings import PROJECT_ROOT, Settings
from tests.warehouse.conftest import MakeCandidate
from warehouse.manifest import Manifest
from warehouse.old_code import NoOldCodeError, old_code
from warehouse.origin import files_between, origin_differs
from warehouse.provenance import config_hash, configuration, save_files
from warehouse.publish import publish
from warehouse.rebuild import CannotRebuildError, compared, rebuild
from warehouse.snapshots import UnknownSnapshotError, known_manifest


def again(make_candidate: MakeCandidate, change: str) -> Path:
    """A candidate that a rebuild might have come to."""
    folder = make_candidate(2).folder
    with duckdb.connect(folder / "kota.duckdb") as con:
        con.execute(change)
    return folder


def test_a_table_that_differs_is_named_with_rows_and_keys(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    snapshot = publish(settings, make_candidate(1).id)
    folder = again(
        make_candidate,
        "update marts.fct_complaints set category_name = 'Air' where complaint_id = 2;"
        "insert into marts.fct_complaints values (7, 'Jalan');"
        "drop table marts.dim_areas; create table marts.dim_more as select 1 as x",
    )
    areas, more, complaints = compared(settings, snapshot.manifest, folder)

    assert (areas.name, areas.is_equal, areas.rebuilt) == ("dim_areas", False, None)
    assert (more.name, more.is_equal, more.published) == ("dim_more", False, None)
    assert complaints.difference is not None
    assert complaints.difference.added.keys == [["7"]]
    assert complaints.difference.changed.keys == [["2"]]
    assert complaints.difference.columns == {"category_name": 1}


def test_the_same_rows_are_equal_when_only_the_manifest_is_left(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    few = settings.model_copy(update={"keep_snapshots": 2})
    first = publish(few, make_candidate(1).id)
    for second in (3, 4):
        publish(few, make_candidate(second).id)
    assert not first.path.exists()

    made = compared(few, known_manifest(few, first.id), again(make_candidate, ""))
    assert [table.is_equal for table in made] == [True, True]


def test_what_the_lake_does_not_have_is_said_before_anything_is_built(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    snapshot = publish(settings, make_candidate(1).id)

    with pytest.raises(CannotRebuildError, match=r"laksa\.pengaduan: version 1 is not in this"):
        rebuild(settings, snapshot.id)
    with pytest.raises(UnknownSnapshotError, match=f"no snapshot 2020; there is: {snapshot.id}"):
        rebuild(settings, "2020")


def test_other_rules_are_said_with_the_files(
    settings: Settings, make_candidate: MakeCandidate
) -> None:
    files = configuration(settings)
    model = "dbt_project/models/marts/fct_complaints.sql"
    manifests = []
    for second, changed in ((1, {}), (2, {model: "another", "gone.sql": "x"})):
        candidate = make_candidate(second)
        told = {"config_hash": config_hash(settings) if not changed else "other"}
        candidate.manifest.model_copy(update=told).save(candidate.folder)
        save_files(candidate.folder, {**files, **changed})
        manifests.append(publish(settings, candidate.id).manifest)
    same, other = manifests

    assert files_between(settings, same, other) == [model, "gone.sql"]
    assert origin_differs(settings, same) == []
    (said,) = origin_differs(settings, other)
    assert said.startswith(f"{other.id} was built by code abc and this is ")
    assert f"models or configuration differ: {model}, gone.sql;" in said


@pytest.mark.parametrize(
    ("commit", "reason"),
    [
        ("abc-dirty", "was built from files that differed from commit abc"),
        ("0123456789ab", "is not in the repository"),
    ],
)
def test_code_that_cannot_be_had_is_explained(
    settings: Settings, make_candidate: MakeCandidate, commit: str, reason: str
) -> None:
    manifest: Manifest = make_candidate(1).manifest.model_copy(update={"code_version": commit})
    if not (PROJECT_ROOT / ".git").exists():
        reason = "there is no git repository" if "dirty" not in commit else reason

    with pytest.raises(NoOldCodeError, match=reason), old_code(settings, manifest):
        pass
