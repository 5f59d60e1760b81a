"""The state kept in a candidate is the state told from the change log, whatever happened to it."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from kota.settings import Settings
from lake.engine import connect
from lake.maintain import Care, maintain
from lake.rewrite import maintenance_lock
from tests.connectors.legacy import LegacyApp
from warehouse.kept_state import begin, keep_state, news_since

CHANGED = "select code, name from changes_lake_legacy.kinds order by all"


@pytest.fixture
def legacy(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LegacyApp:
    """A legacy app in a SQLite file, extracted once."""
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.extract()
    return legacy


class Kept:
    """The table of kinds in a candidate."""

    def __init__(self, legacy: LegacyApp) -> None:
        self.legacy = legacy
        self.con = connect(legacy.settings)
        self.con.execute("create schema ops")
        self.batch: int | None = None

    def follow(self, version: int | None = None, *, knows_batch: bool = True) -> str:
        """Bring it to a version (the newest by default); what kind of change that was."""
        table = self.legacy.table("kinds")
        version = table.version() if version is None else version
        begin(self.con)
        news = news_since(table, version, self.batch if knows_batch else None)
        keep_state(self.con, table, ["code"], table.current(["code"], version), news)
        batch = table.last_batch(version)
        self.batch = batch.number if batch else None
        assert self.rows("from lake_legacy.kinds order by all") == self.rows(
            f"from ({table.current(['code'], version)}) order by all"
        )
        ((state,),) = self.rows("select state from ops.changes")
        return str(state)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.con.execute(query).fetchall()


@pytest.fixture
def kept(legacy: LegacyApp) -> Kept:
    """The table, built in full."""
    kept = Kept(legacy)
    assert kept.follow() == "rebuilt"
    return kept


def test_only_what_differs_is_told(kept: Kept, legacy: LegacyApp) -> None:
    legacy.run("update kinds set name = 'Jalan raya' where code = 'A'")
    legacy.extract()
    legacy.run("insert into kinds values ('C', 'Air'), ('D', 'Api')")
    legacy.extract()
    legacy.run("delete from kinds where code in ('B', 'D')")
    legacy.extract(allow_mass_deletion=True)

    assert kept.follow() == "changed"
    assert kept.rows(CHANGED) == [
        ("A", "Jalan"), ("A", "Jalan raya"), ("B", "Sampah"), ("C", "Air"),
    ]  # fmt: skip
    assert kept.follow() == "same"


def test_a_row_that_went_and_came_back_is_there(kept: Kept, legacy: LegacyApp) -> None:
    legacy.run("delete from kinds where code = 'B'")
    legacy.extract()
    legacy.run("insert into kinds values ('B', 'Sampah liar')")
    legacy.extract()

    assert kept.follow() == "changed"
    assert kept.rows(CHANGED) == [("B", "Sampah"), ("B", "Sampah liar")]


def test_a_version_before_is_compared(kept: Kept, legacy: LegacyApp) -> None:
    before = legacy.table("kinds").version()
    legacy.run("insert into kinds values ('C', 'Air')")
    legacy.extract()
    kept.follow()

    assert kept.follow(before, knows_batch=False) == "changed"
    assert kept.rows(CHANGED) == [("C", "Air")]
    assert kept.follow(before, knows_batch=False) == "same"


def test_a_new_column_changes_every_row(kept: Kept, legacy: LegacyApp) -> None:
    legacy.run("alter table kinds add column icon text; update kinds set icon = 'x'")
    legacy.extract()

    assert kept.follow() == "rebuilt"
    with pytest.raises(duckdb.CatalogException):
        kept.rows(CHANGED)


def test_merged_files_are_no_change(kept: Kept, legacy: LegacyApp) -> None:
    for number in range(6):
        legacy.run(f"insert into kinds values ('K{number}', 'new')")
        legacy.extract()
    kept.follow()
    with maintenance_lock(legacy.settings.lake_dir, "legacy"):
        maintain(legacy.table("kinds"), legacy.settings, Care(key=["code"], grace=timedelta(0)))

    assert kept.follow() == "same"
    legacy.run("insert into kinds values ('L', 'new')")
    legacy.extract()
    assert kept.follow() == "changed"
    assert kept.rows(CHANGED) == [("L", "new")]
