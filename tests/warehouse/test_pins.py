"""Which versions a candidate is made from: the newest, the last good ones, or none."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from kota.cli import app as command
from kota.settings import PROJECT_ROOT, Settings, get_settings
from lake.engine import connect
from tests.connectors.legacy import LegacyApp
from tests.warehouse.conftest import save_verdict
from warehouse.candidate import Candidate
from warehouse.growth import most_rows
from warehouse.lake_state import empty_state, held_state
from warehouse.manifest import Manifest
from warehouse.pins import NeverLoadedError, Pins, changed_apps, pin
from warehouse.publish import publish

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def legacy(
    settings: Settings,  # noqa: ARG001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> LegacyApp:
    """An app with a contract for its table ``kinds``: name is a text."""
    shutil.copy(PROJECT_ROOT / "city.yml", tmp_path)
    monkeypatch.setenv("KOTA_ROOT", str(tmp_path))
    get_settings.cache_clear()
    app = LegacyApp(get_settings(), tmp_path, monkeypatch)
    promise(app, "varchar")
    return app


def promise(legacy: LegacyApp, kind: str) -> None:
    """Write the contract."""
    folder = legacy.settings.dbt_dir / "models" / "staging" / "legacy"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "_src_legacy.yml").write_text(
        "version: 2\nsources:\n  - name: lake_legacy\n    tables:\n      - name: kinds\n"
        "        columns:\n          - {name: code, data_type: varchar}\n"
        f"          - {{name: name, data_type: {kind}}}\n",
        "utf-8",
    )


def pinned(legacy: LegacyApp, reason: str | None = None) -> Pins:
    """What a build would be made from."""
    blamed = {"legacy": reason} if reason else {}
    return pin(legacy.settings, {"legacy": legacy.app}, blamed, NOW)


def publish_now(legacy: LegacyApp) -> Pins:
    """Publish a snapshot of what is pinned; nothing of it matters but its manifest."""
    pins = pinned(legacy)
    candidate = Candidate(legacy.settings.candidates_dir / f"{len(pins.versions)}")
    candidate.folder.mkdir(parents=True)
    with duckdb.connect(candidate.path) as con:
        con.execute("create schema marts; create table marts.t as select 1 as x")
    Manifest(
        id=candidate.id,
        built_at=NOW,
        as_of=NOW,
        lake=pins.versions,
        held=pins.held,
        code_version="",
        config_hash="",
        duckdb_version="",
    ).save(candidate.folder)
    save_verdict(candidate, "pass")
    publish(legacy.settings)
    return pins


def test_nothing_in_the_lake_is_nothing_to_build_from(legacy: LegacyApp) -> None:
    with pytest.raises(NeverLoadedError, match=r"never loaded: legacy\.requests, legacy\.kinds"):
        pinned(legacy)


def test_a_table_that_was_never_loaded_is_empty_with_its_promised_columns(
    legacy: LegacyApp,
) -> None:
    legacy.run("alter table requests rename to gone")
    legacy.extract_table("kinds")
    pins = pinned(legacy)

    assert pins.versions == {"legacy.kinds": 0}
    held = pins.held["legacy"]
    assert (held.tables, held.is_blamed) == (["legacy.requests"], False)
    assert held.reason == "never loaded: legacy.requests; run `kota extract legacy`"
    with connect(legacy.settings) as con:
        empty = con.execute(empty_state(pins.contracts["legacy"]["kinds"])).description
    assert [(name, str(kind)) for name, kind, *_ in empty or []][:2] == [
        ("code", "VARCHAR"),
        ("name", "VARCHAR"),
    ]


def test_a_column_that_is_gone_holds_the_app_until_it_is_back(legacy: LegacyApp) -> None:
    legacy.extract()
    good = publish_now(legacy)
    legacy.run("alter table kinds rename name to label")
    legacy.extract()
    held = pinned(legacy)

    assert held.versions == good.versions
    assert held.held["legacy"].reason == "legacy.kinds has no column name any more"
    assert changed_apps(legacy.settings, {"legacy": legacy.app}, held) == set()
    legacy.run("alter table kinds rename label to name")
    legacy.extract()
    assert pinned(legacy).held == {}
    assert legacy.current("kinds", "code, name") == [("A", "Jalan"), ("B", "Sampah")]


def test_rows_that_landed_without_a_column_get_it_when_it_is_back(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run(
        "alter table requests rename amount to total;"
        "update requests set updated_at = '2026-01-03 08:00:00' where id = 1"
    )
    legacy.extract()
    assert ("1", None) in legacy.current("requests", "id::varchar, amount")
    legacy.run("alter table requests rename total to amount")
    legacy.extract()

    assert [row[1] for row in legacy.current("requests", "id, amount")] == [10.5, 20]


@pytest.mark.parametrize(
    ("kind", "holds"), [("varchar", False), ("bigint", True), ("timestamp with time zone", True)]
)
def test_a_type_that_was_not_promised_holds_the_app(
    legacy: LegacyApp, kind: str, holds: bool
) -> None:
    promise(legacy, kind)
    legacy.extract()
    pins = pinned(legacy)

    assert ("legacy" in pins.held) is holds
    if holds:  # nothing good was ever published of it
        assert pins.versions == {}
        assert pins.held["legacy"].reason == (
            f"legacy.kinds.name is VARCHAR and was promised as {kind.upper()}"
        )


def test_a_blamed_app_stays_where_it_was_published(legacy: LegacyApp) -> None:
    legacy.extract()
    good = publish_now(legacy)
    legacy.run("insert into kinds values ('C', 'Air')")
    legacy.extract()
    pins = pinned(legacy, "a test failed")

    assert pins.versions == good.versions
    assert pins.held["legacy"].refused == {"legacy.kinds": 1}
    assert pins.held["legacy"].since == NOW
    assert changed_apps(legacy.settings, {"legacy": legacy.app}, pinned(legacy)) == {"legacy"}


def test_a_held_state_is_told_when_its_files_are_gone_and_columns_came_since(
    legacy: LegacyApp,
) -> None:
    legacy.extract()
    table, key = legacy.table("kinds"), ["code"]
    legacy.run("update kinds set name = 'Got'")
    legacy.extract()
    for _ in range(5):
        legacy.run("insert into kinds values (hex(randomblob(4)), 'x')")
        legacy.extract()
    promised = {"code": "VARCHAR", "name": "VARCHAR", "later": "BIGINT"}
    with connect(legacy.settings) as con:
        state = "select code, name, later from ({}) order by code"
        before = con.execute(state.format(held_state(con, table, key, 0, promised))).fetchall()
    done = CliRunner().invoke(command, ["lake", "maintain", "--grace-hours", "0"])
    assert done.exit_code == 0
    with connect(legacy.settings) as con:
        after = con.execute(state.format(held_state(con, table, key, 0, promised))).fetchall()

    assert len(list(table.path.glob("*.parquet"))) == 1
    assert before == after == [("A", "Jalan", None), ("B", "Sampah", None)]


def test_a_table_that_doubles_is_not_believed_and_a_busy_one_is(legacy: LegacyApp) -> None:
    def grow(rows: int) -> None:
        legacy.run(
            f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows}) "
            "insert into kinds select hex(randomblob(8)), 'x' from n"
        )
        legacy.extract()

    table = legacy.table("kinds")
    grow(998)
    assert most_rows(table, table.version(), 0.5) == 1500
    assert most_rows(table, table.version(), 0.01) == 1100  # a hundred rows are never much
    assert most_rows(table, None, 0.5) is None
    grow(400)
    assert most_rows(table, table.version(), 0.5) == 1400 + 1200  # three times its busiest night
