"""A person who was erased is nowhere in the lake, and the lake still adds up."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connectors.erasure import (
    Identity,
    Match,
    NothingToEraseByError,
    erase_person,
    preview,
    targets,
)
from connectors.registry import load_registry
from lake.column import Column
from lake.delta_log import read_log
from lake.engine import connect
from lake.erasures import FILE, Erasure, append, erased_keys, erasures, unfinished, withheld_sql
from lake.maintain import Care, maintain
from lake.quarantine import Quarantine
from lake.rewrite import extraction_lock, is_append_only, maintenance_lock
from lake.table import LakeTable
from lake.token import bind_key, token, token_keys
from lake.verify import verify
from tests.connectors.legacy import REGISTRY, LegacyApp

pytestmark = pytest.mark.integration

NIK = "3671010101900001"
OTHER = "3671014202910002"
TABLES = """  people:
    key: [id]
    mode: snapshot
    columns:
      nik: {personal: umum}
      birth: {personal: umum}
  visits:
    key: [id]
    mode: snapshot
    columns:
      nik: {personal: spesifik, policy: token}
  letters:
    key: [number]
    mode: snapshot
"""


@pytest.fixture
def city(legacy: LegacyApp) -> LegacyApp:
    """Several batches about two persons, with corrections, deletions and unreadable values."""
    legacy.register(REGISTRY[: REGISTRY.index("  requests:")] + TABLES)
    legacy.run(
        "create table people (id integer, nik varchar(16), name text, birth date);"
        "create table visits (id integer, nik varchar(16), reason text);"
        "create table letters (number text, sender text);"
        f"insert into people values (1, '{NIK}', 'Siti', '1990-01-01'),"
        f" (2, '{OTHER}', 'Budi', '31/02/1991'), (3, '{NIK}', 'Siti again', '31/31/1990'),"
        " (4, null, 'Nobody', null);"
        f"insert into visits values (10, '{NIK}', 'flu'), (11, '{OTHER}', 'cough');"
        f"insert into letters values ('L1', '{NIK}'), ('L2', 'x')"
    )
    legacy.extract()
    legacy.run(  # a typing error in another person's row, corrected later; one row goes
        f"update people set name = 'Siti A' where id = 1; update people set nik = '{NIK}' where "
        "id = 4; delete from people where id = 3"
    )
    legacy.extract()
    legacy.run(f"update people set nik = '{OTHER}' where id = 4")
    legacy.extract()
    return legacy


def locks(legacy: LegacyApp) -> Any:
    def of(app: str) -> list[AbstractContextManager[None]]:
        lake = legacy.settings.lake_dir
        return [maintenance_lock(lake, app), extraction_lock(lake, app)]

    return of


def sought(legacy: LegacyApp, *identities: Identity) -> Any:
    return targets(
        load_registry(legacy.settings), identities or [Identity("nik", NIK)], legacy.settings
    )


def erase(legacy: LegacyApp, *identities: Identity) -> Erasure:
    return erase_person(
        sought(legacy, *identities), legacy.settings, "Surat 12/PPID/2026", locks(legacy)
    )


def counted(matches: list[Match]) -> list[tuple[str, int, int, int]]:
    return [
        (m.sought.target.table.name, m.found.rows, m.found.current_rows, m.quarantined)
        for m in matches
    ]


def where_found(folder: Path, text: str) -> Iterator[str]:
    """Every file of a folder in which a text stands, Parquet files unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content += str(pq.read_table(path).to_pylist()).encode()
            if text.encode() in content:
                yield str(path.relative_to(folder))


def test_a_preview_counts_and_changes_nothing(city: LegacyApp) -> None:
    before = sorted(path for path in city.settings.lake_dir.rglob("*") if path.name != ".lock")

    found = preview(sought(city), city.settings)

    # Row 1 in two versions, row 3 with its tombstone, and the typing error in row 4.
    assert counted(found) == [("legacy.people", 5, 1, 1), ("legacy.visits", 1, 1, 0)]
    assert sorted(p for p in city.settings.lake_dir.rglob("*") if p.name != ".lock") == before


def test_after_an_erasure_the_person_is_nowhere_and_the_lake_adds_up(city: LegacyApp) -> None:
    lake = city.settings.lake_dir
    assert len(list(where_found(lake, NIK))) > 3
    his_token = token(NIK, token_keys())
    assert list(where_found(lake / "legacy", his_token))
    (lake / "legacy" / "people" / "part-0.parquet").write_bytes(b"cut off by a kill")

    record = erase(city, Identity("nik", NIK), Identity("legacy.letters.sender", NIK))

    assert list(where_found(lake, NIK)) == []
    assert NIK not in record.model_dump_json()
    assert list(where_found(lake / "legacy", his_token)) == []
    assert city.current("people", "id, nik, name") == [(2, OTHER, "Budi"), (4, OTHER, "Nobody")]
    assert city.current("visits", "id") == [(11,)]
    assert city.current("letters", "number") == [("L2",)]
    assert [(t.table, t.rows, t.current_rows, t.quarantined) for t in record.tables] == [
        ("legacy.people", 5, 1, 1),
        ("legacy.visits", 1, 1, 0),
        ("legacy.letters", 1, 1, 0),
    ]
    for name in ("people", "visits", "letters"):
        table = city.table(name)
        assert verify(table, city.settings, city.app.tables[name].key).findings == []
        assert is_append_only(table)
        entry = read_log(table.path)[-2].maintenance  # the last puts delta.appendOnly back
        assert entry is not None
        assert entry.erasure == record.id
    assert not any(path.is_dir() for path in (lake / "legacy").glob(".quarantine*"))
    assert verify(LakeTable(lake, "legacy", "_quarantine"), city.settings).findings == []
    (entry,) = Quarantine(lake, "legacy").open_entries()
    assert OTHER in entry.raw
    log = list((lake / "legacy" / "_quarantine" / "_delta_log").glob("*.json"))
    assert all(OTHER not in path.read_text("utf-8") for path in log)  # no record as a statistic


def test_old_files_of_a_compaction_go_too(city: LegacyApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.maintain.MIN_FILES", 2)
    people = city.table("people")
    maintain(people, city.settings, Care(key=["id"]))
    assert len(list(people.path.glob("*.parquet"))) == 4

    erase(city)

    assert list(where_found(people.path, NIK)) == []
    assert verify(people, city.settings, ["id"]).findings == []


def test_doing_it_again_finds_nothing(city: LegacyApp) -> None:
    erase(city)
    version = city.table("people").version()

    again = erase(city)

    assert sum(table.rows + table.quarantined for table in again.tables) == 0
    assert city.table("people").version() == version
    assert [entry.reference for entry in erasures(city.settings.lake_dir)] == [
        "Surat 12/PPID/2026"
    ] * 2


def test_an_erasure_that_was_killed_is_told_and_finished_by_the_next(
    city: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("connectors.erasure.erase_quarantined", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(city)
    lake = city.settings.lake_dir
    (left,) = unfinished(lake)
    assert len(left.withheld) == 3  # rows 1 and 3 of people, row 10 of visits

    erase(city)

    assert unfinished(lake) == []
    assert {path.split("/")[0] for path in where_found(lake / "legacy", NIK)} == {"letters"}


def test_erased_rows_can_be_kept_from_coming_back(city: LegacyApp) -> None:
    erase(city)
    lake = city.settings.lake_dir
    columns = [Column("id", "BIGINT", "BIGINT"), Column("nik", "VARCHAR", "VARCHAR")]
    sought_rows = f"(values (1, '{NIK}'), (1, '{OTHER}'), (5, '{NIK}'), (3, null)) t(id, nik)"
    withheld = withheld_sql(erased_keys(lake, "legacy", "people"), columns, ["id"])

    with connect(city.settings) as con:
        bind_key(con)
        kept = con.execute(f"select id, nik from {sought_rows} where not {withheld}").fetchall()

    # The key given to somebody else lands, and so does the person's new row.
    assert kept == [(1, OTHER), (5, NIK), (3, None)]
    assert withheld_sql(erased_keys(lake, "legacy", "letters"), columns, ["id"]) is None
    visits = [Column("id", "BIGINT", "BIGINT"), Column("nik", "VARCHAR", "VARCHAR", "token")]
    assert withheld_sql(erased_keys(lake, "legacy", "visits"), visits, ["id"]) is not None


def test_the_record_says_when_why_and_how_much_and_never_who(city: LegacyApp) -> None:
    record = erase(city)

    path = city.settings.lake_dir / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert NIK not in path.read_text("utf-8")
    (kept,) = erasures(city.settings.lake_dir)
    assert kept == record
    assert kept.finished_at is not None
    lines = path.read_text("utf-8").splitlines()
    append(city.settings.lake_dir, record)
    assert path.read_text("utf-8").splitlines()[: len(lines)] == lines


def test_a_column_nobody_calls_personal_has_to_be_named(city: LegacyApp) -> None:
    for column in ("sender", "legacy.nothing.nik", "other.people.nik"):
        with pytest.raises(NothingToEraseByError, match=f"personal column {column}; name a column"):
            sought(city, Identity(column, NIK))
