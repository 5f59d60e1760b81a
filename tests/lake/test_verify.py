"""Whatever is done to the lake behind kota's back is found, and what is harmless is not damage."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lake.delta_log import files_at, read_log
from lake.table import LakeTable
from lake.verify import Verified, verify
from tests.connectors.legacy import LegacyApp


@pytest.fixture
def table(legacy: LegacyApp) -> LakeTable:
    """A table of three batches."""
    for number in range(3):
        legacy.run(
            f"insert into requests values (9{number}, null, 'x', 1, null, "
            f"'2026-03-0{number + 1} 08:00:00')"
        )
        legacy.extract()
    return legacy.table("requests")


def look(legacy: LegacyApp, table: LakeTable, **options: bool | int) -> Verified:
    return verify(table, legacy.settings, ["id"], **options)  # type: ignore[arg-type]


def damages(legacy: LegacyApp, table: LakeTable, **options: bool | int) -> list[str]:
    found = look(legacy, table, **options)
    return [finding.sentence for finding in found.findings if finding.is_damage]


def newest(table: LakeTable) -> Path:
    files = files_at(read_log(table.path)).values()
    return table.path / max(files, key=lambda file: file.version).name


def log_entry(table: LakeTable, version: int) -> Path:
    return table.path / "_delta_log" / f"{version:020d}.json"


def edit(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    """Change the ledger entry in a commit."""
    lines = []
    for line in path.read_text("utf-8").splitlines():
        action = json.loads(line)
        if "commitInfo" in action and "kota.batch" in action["commitInfo"]:
            batch = json.loads(action["commitInfo"]["kota.batch"])
            change(batch)
            action["commitInfo"]["kota.batch"] = json.dumps(batch)
        lines.append(json.dumps(action))
    path.write_text("\n".join(lines), "utf-8")


def test_a_sound_table_is_whole(legacy: LegacyApp, table: LakeTable) -> None:
    found = look(legacy, table, seen_version=table.version())

    assert found.findings == []
    assert (found.files, found.batches, found.rows) == (3, 3, 5)
    assert found.bytes_hashed == sum(path.stat().st_size for path in table.path.glob("*.parquet"))


def test_one_byte_is_found_and_quick_only_looks_at_sizes(
    legacy: LegacyApp, table: LakeTable
) -> None:
    path = newest(table)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    assert damages(legacy, table) == [
        f"legacy.requests: file {path.name} is not what was written: its checksum differs from "
        "the ledger's"
    ]
    assert damages(legacy, table, quick=True) == []


def test_a_file_cut_short_is_found(legacy: LegacyApp, table: LakeTable) -> None:
    path = newest(table)
    size = path.stat().st_size
    os.truncate(path, size - 10)

    for quick in (True, False):
        assert damages(legacy, table, quick=quick) == [
            f"legacy.requests: file {path.name} has {size - 10} bytes and was written with {size}"
        ]


def test_a_missing_file_is_found(legacy: LegacyApp, table: LakeTable) -> None:
    path = newest(table)
    path.unlink()

    assert damages(legacy, table, quick=True) == [
        f"legacy.requests: file {path.name} with 1 rows is missing"
    ]


def test_a_hole_in_the_log_is_found(legacy: LegacyApp, table: LakeTable) -> None:
    log_entry(table, 1).unlink()

    found = damages(legacy, table)
    assert found[0] == "legacy.requests: commit 1 is missing from the log"
    assert "legacy.requests: batch 1 is followed by batch 3" in found


def test_a_log_that_lost_its_end_is_found_by_who_saw_it(
    legacy: LegacyApp, table: LakeTable
) -> None:
    seen = table.version()
    log_entry(table, seen).unlink()

    assert damages(legacy, table, seen_version=seen) == [
        f"legacy.requests: commit {seen} is missing from the log"
    ]
    notes = [finding.sentence for finding in look(legacy, table).findings]
    assert any("belong to no commit" in note for note in notes)


def test_a_commit_that_is_no_json_is_found(legacy: LegacyApp, table: LakeTable) -> None:
    log_entry(table, 2).write_bytes(b"\x00" * 100)

    assert damages(legacy, table)[0].startswith(
        "legacy.requests: commit 2 of the log can't be read"
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("watermark_before", "2020-01-01", "batch 3 began at watermark 2020-01-01 and batch 2 had"),
        ("rows_upserted", 7, "batch 3 says 7 rows and its files have 1"),
        ("lake_rows", 99, "the ledger counts 99 rows in the current state and there are 5"),
        ("number", 5, "batch 2 is followed by batch 5"),
    ],
)
def test_a_changed_ledger_is_found(
    legacy: LegacyApp, table: LakeTable, field: str, value: object, sentence: str
) -> None:
    edit(log_entry(table, table.version()), lambda batch: batch.update({field: value}))

    assert any(sentence in found for found in damages(legacy, table))


def test_what_a_killed_run_left_is_no_damage(legacy: LegacyApp, table: LakeTable) -> None:
    (table.path / "part-0.parquet").write_bytes(b"half a fi")

    found = look(legacy, table)

    assert not found.is_damaged
    (finding,) = found.findings
    assert finding.sentence.startswith("legacy.requests: 1 files (9 bytes) belong to no commit")


def test_a_lake_that_is_gone_is_found(legacy: LegacyApp) -> None:
    assert damages(legacy, legacy.table("requests"), seen_version=4) == [
        "legacy.requests: was at version 4 and its log is gone"
    ]
