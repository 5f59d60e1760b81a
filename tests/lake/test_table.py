"""A table of the lake: batches that come once, a log that only grows, a state that is its end."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake.exceptions import CommitFailedError

from lake.batch import Batch
from lake.table import BatchAlreadyLandedError, LakeTable

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("status", pa.string()),
        ("_kota_batch", pa.int64()),
        ("_kota_op", pa.string()),
        ("_kota_at", pa.timestamp("us", tz="UTC")),
        ("_kota_hash", pa.string()),
    ]
)

Change = tuple[int, str | None, str]


@pytest.fixture
def table(tmp_path: Path) -> LakeTable:
    return LakeTable(tmp_path, "laksa", "pengaduan")


def write(
    table: LakeTable, number: int, changes: list[Change], schema: pa.Schema = SCHEMA
) -> list[Any]:
    """Write the files of a batch, uncommitted."""
    rows = [
        {
            "id": key,
            "status": status,
            "hint": "new",
            "_kota_batch": number,
            "_kota_op": op,
            "_kota_at": AT,
            "_kota_hash": f"{key}{status}",
        }
        for key, status, op in changes
    ]
    return table.write_files(pa.Table.from_pylist(rows, schema=schema).to_batches())


def commit(table: LakeTable, number: int, files: list[Any], schema: pa.Schema = SCHEMA) -> int:
    batch = Batch(
        app="laksa",
        table="pengaduan",
        number=number,
        mode="incremental",
        extracted_at=AT,
        watermark_after=f"2026-11-2{number} 08:00:00",
        rows_read=len(files),
    )
    return table.commit(batch, files, schema)


def land(table: LakeTable, number: int, changes: list[Change]) -> int:
    return commit(table, number, write(table, number, changes))


def current(table: LakeTable, version: int | None = None) -> list[tuple[Any, ...]]:
    state = table.current(["id"], version)
    return duckdb.sql(f"select id, status from ({state}) order by id").fetchall()


def test_the_last_change_of_a_key_is_its_state(table: LakeTable) -> None:
    land(table, 1, [(1, "new", "upsert"), (2, "new", "upsert"), (3, "new", "upsert")])
    land(table, 2, [(1, "done", "upsert"), (2, None, "delete")])
    # Within one batch, a row that was deleted and is there again is there.
    land(table, 3, [(3, None, "delete"), (3, "again", "upsert")])

    assert current(table) == [(1, "done"), (3, "again")]
    assert duckdb.sql(f"select count(*) from {table.relation()}").fetchall() == [(7,)]


def test_an_earlier_version_stays_readable_as_it_was(table: LakeTable) -> None:
    first = land(table, 1, [(1, "new", "upsert"), (2, "new", "upsert")])
    land(table, 2, [(1, "done", "upsert"), (2, None, "delete")])

    assert current(table, first) == [(1, "new"), (2, "new")]


def test_the_ledger_is_in_the_commits(table: LakeTable) -> None:
    assert table.last_batch() is None
    first = land(table, 1, [(1, "new", "upsert")])
    land(table, 2, [(1, "done", "upsert")])

    last, before = table.batches()
    assert (last.number, before.number) == (2, 1)
    assert last.id == "laksa.pengaduan:2"
    assert last.watermark_after == "2026-11-22 08:00:00"
    assert table.last_batch(version=first) == before
    (name, checksum), *_ = last.file_checksums.items()
    assert (table.path / name).exists()
    assert len(checksum) == 64


def test_a_batch_comes_once(table: LakeTable) -> None:
    land(table, 1, [(1, "new", "upsert")])
    files = write(table, 1, [(1, "twice", "upsert")])
    with pytest.raises(BatchAlreadyLandedError, match=r"laksa.pengaduan:1 is already in the lake"):
        commit(table, 1, files)

    assert current(table) == [(1, "new")]
    assert table.version() == 0


def test_of_two_first_batches_one_is_refused(table: LakeTable, tmp_path: Path) -> None:
    files = write(table, 1, [(1, "mine", "upsert")])
    other = LakeTable(tmp_path, "laksa", "pengaduan")
    land(other, 1, [(1, "theirs", "upsert")])
    with pytest.raises((BatchAlreadyLandedError, CommitFailedError)):
        commit(table, 1, files)

    assert current(table) == [(1, "theirs")]


def test_files_without_a_commit_are_not_there(table: LakeTable) -> None:
    land(table, 1, [(1, "new", "upsert")])
    files = write(table, 2, [(2, "lost", "upsert")])

    assert current(table) == [(1, "new")]
    table.discard(files)
    assert len(list(table.path.glob("*.parquet"))) == 1


@pytest.mark.parametrize("rows_per_file", [1, 1000])
def test_writing_that_breaks_off_leaves_no_file(
    table: LakeTable, monkeypatch: pytest.MonkeyPatch, rows_per_file: int
) -> None:
    monkeypatch.setattr("lake.table.ROWS_PER_FILE", rows_per_file)
    whole = pa.RecordBatch.from_pylist(
        [{"id": 1, "_kota_batch": 1, "_kota_op": "upsert"}], schema=SCHEMA
    )

    def broken() -> Any:
        yield whole
        raise ConnectionError

    with pytest.raises(ConnectionError):
        table.write_files(broken())
    assert list(table.path.glob("*.parquet")) == []


def test_a_table_without_rows_can_be_read(table: LakeTable) -> None:
    commit(table, 1, write(table, 1, []))

    assert table.exists()
    assert current(table) == []
    described = duckdb.sql(f"describe {table.relation()}").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [
        ("id", "BIGINT"),
        ("status", "VARCHAR"),
        ("_kota_batch", "BIGINT"),
        ("_kota_op", "VARCHAR"),
        ("_kota_at", "TIMESTAMP WITH TIME ZONE"),
        ("_kota_hash", "VARCHAR"),
    ]


def test_a_new_column_is_empty_in_older_rows(table: LakeTable) -> None:
    land(table, 1, [(1, "new", "upsert")])
    wider = pa.schema([*SCHEMA, ("hint", pa.string())])
    commit(table, 2, write(table, 2, [(2, "new", "upsert")], wider), wider)

    state = table.current(["id"])
    assert duckdb.sql(f"select id, hint from ({state}) order by id").fetchall() == [
        (1, None),
        (2, "new"),
    ]
    schema = table.source_schema()
    assert schema is not None
    assert schema.names == ["id", "status", "hint"]
    land(table, 3, [(3, "new", "upsert")])
    assert [key for key, _ in current(table)] == [1, 2, 3]
