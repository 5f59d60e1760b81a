"""Tables without a key, first loads in parts, cursors that can't be trusted, hours of closing."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors import due, table_run
from connectors.politeness import NotNowError, refuse_outside_hours
from connectors.registry import Table
from lake import row_hash
from lake.engine import connect
from tests.connectors.legacy import REGISTRY, LegacyApp

KEYLESS = """
  notes:
    key: []
    mode: snapshot
"""
MANY = (
    "create table readings (id integer primary key, value text);"
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) "
    "insert into readings select i * 3, 'v' || i from n"
)
IN_PARTS = (
    REGISTRY.replace("tables:\n", "politeness: {part_rows: 1000}\ntables:\n")
    + "  readings:\n    key: [id]\n    mode: snapshot\n"
)


def test_equal_rows_of_a_table_without_a_key_are_counted(legacy: LegacyApp) -> None:
    legacy.run("create table notes (text); insert into notes values ('a'), ('a'), ('b'), (null)")
    legacy.register(REGISTRY + KEYLESS)
    legacy.extract()
    legacy.run("delete from notes where rowid = 1; insert into notes values ('c')")
    result = legacy.extract_table("notes")

    assert (result.rows_landed, result.rows_deleted, result.source_rows) == (1, 1, 4)
    assert legacy.current("notes", "text") == [("a",), ("b",), ("c",), (None,)]
    assert legacy.extract_table("notes").outcome == "unchanged"


def test_a_first_load_in_parts_is_the_same_table(legacy: LegacyApp) -> None:
    legacy.run(MANY)
    legacy.register(IN_PARTS)
    result = legacy.extract_table("readings")

    assert (result.rows_landed, result.source_rows) == (5000, 5000)
    assert len(list(legacy.table("readings").batches())) > 4
    assert len(legacy.current("readings")) == 5000
    assert legacy.extract_table("readings").outcome == "unchanged"


def test_a_key_that_the_source_has_twice_lands_once(legacy: LegacyApp) -> None:
    legacy.run("create table readings (id integer, value text)")
    legacy.run("insert into readings values (3, 'a'), (1, 'b'), (3, 'a'), (2, 'c')")
    legacy.register(REGISTRY + "  readings:\n    key: [id]\n    mode: snapshot\n")
    result = legacy.extract_table("readings")

    assert (result.rows_landed, result.source_rows) == (3, 4)
    assert legacy.current("readings", "id, value") == [(1, "b"), (2, "c"), (3, "a")]
    assert legacy.extract_table("readings").outcome == "unchanged"


def test_a_first_load_that_breaks_off_goes_on_after_the_last_part(
    legacy: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy.run(MANY)
    legacy.register(IN_PARTS)
    commit, parts = table_run.TableRun._commit, []

    def commit_two(run: table_run.TableRun, *arguments: object) -> None:
        if run.name == "readings":
            if len(parts) == 2:
                raise OSError("no space left on device")
            parts.append(run.name)
        commit(run, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(table_run.TableRun, "_commit", commit_two)
    broken = legacy.extract_table("readings")
    monkeypatch.setattr(table_run.TableRun, "_commit", commit)
    partial = legacy.table("readings").last_batch()
    legacy.run("insert into readings values (2, 'behind'), (99999, 'new')")
    result = legacy.extract_table("readings")

    assert (broken.outcome, broken.message) == (
        "failed",
        "legacy.readings: no space left on device",
    )
    assert partial is not None and not partial.is_complete
    assert result.rows_read < 5000, "parts that landed are not read again"
    assert legacy.extract_table("readings").rows_landed == 1, "what came in behind is found"
    assert len(legacy.current("readings")) == 5002


def test_one_row_of_the_future_does_not_hide_later_changes(legacy: LegacyApp) -> None:
    legacy.run("update requests set updated_at = '2099-12-31 00:00:00' where id = 1")
    legacy.extract()
    later = (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
    legacy.run(f"update requests set amount = 5, updated_at = '{later}' where id = 2")
    result = legacy.extract_table("requests")

    assert (result.rows_landed, result.message) == (1, "")


def test_a_change_that_left_the_cursor_alone_is_found_by_the_weekly_reading(
    legacy: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy.run("insert into requests values (3, null, '', 1, null, '2026-03-01 00:00:00')")
    legacy.extract()
    legacy.run("update requests set amount = 77 where id = 1")
    unseen = legacy.extract_table("requests")
    monkeypatch.setitem(due.INTERVALS, "weekly", timedelta(0))
    seen = legacy.extract_table("requests")

    assert (unseen.rows_landed, seen.rows_landed) == (0, 1)


@pytest.mark.parametrize(
    ("deletions", "rows", "hours", "expected"),
    [
        ("auto", 1000, 0, True),
        ("auto", 10_000_000, 1, False),
        ("auto", 10_000_000, 23, True),
        ("weekly", 10, 24, False),
        ("never", 10, 9999, False),
    ],
)
def test_keys_are_compared_when_it_is_time(
    deletions: str, rows: int, hours: int, expected: bool
) -> None:
    table = Table.model_validate(
        {"key": ["id"], "mode": "append", "cursor": "id", "deletions": deletions}
    )
    now = datetime.now(UTC)
    assert due.keys_are_due(table, rows, now - timedelta(hours=hours), now) is expected


def test_a_large_table_is_counted_when_its_keys_are_compared(
    legacy: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "COUNTED_ROWS", 1)
    monkeypatch.setattr(due, "SMALL_TABLE_ROWS", 1)
    legacy.extract()
    between = legacy.extract_table("requests")
    legacy.run("delete from requests where id = 1")
    monkeypatch.setitem(due.INTERVALS, "daily", timedelta(0))
    daily = legacy.extract_table("requests")

    assert (between.outcome, between.source_rows) == ("unchanged", None)
    assert (daily.rows_deleted, daily.source_rows) == (1, 1)


def test_another_duckdb_that_hashes_otherwise_lands_nothing_anew(
    legacy: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy.run("create table notes (text); insert into notes values ('a'), ('a')")
    legacy.register(REGISTRY + KEYLESS)
    legacy.extract()
    canonical = row_hash._canonical
    monkeypatch.setattr(row_hash, "_canonical", lambda n, k: f"{canonical(n, k)}, 'other'")
    for module in (row_hash, table_run):
        monkeypatch.setattr(module, "engine_mark", lambda: "another")

    assert [t.outcome for t in legacy.extract().tables] == ["unchanged"] * 3
    legacy.run("update kinds set name = 'x' where code = 'A'")
    assert legacy.extract_table("kinds").rows_landed == 1
    assert legacy.extract_table("kinds").outcome == "unchanged"


@pytest.mark.parametrize(("clock", "is_open"), [("10:59", True), ("11:00", False), ("22:30", True)])
def test_an_app_is_left_alone_outside_its_hours(
    legacy: LegacyApp, clock: str, is_open: bool
) -> None:
    legacy.register(
        REGISTRY.replace("tables:\n", 'politeness: {allowed_hours: "05:00-18:00"}\ntables:\n')
    )
    now = datetime.fromisoformat(f"2026-06-01T{clock}:00+00:00")  # 7 hours later in Jakarta
    if is_open:
        refuse_outside_hours(legacy.app, now)
    else:
        with pytest.raises(NotNowError, match="may be read from 05:00 to 18:00"):
            refuse_outside_hours(legacy.app, now)


def test_a_column_that_gets_wider_widens_the_lake(legacy: LegacyApp) -> None:
    legacy.extract()
    before = legacy.table("requests").version()
    legacy.run(
        "create table wider (id integer, nik varchar(16), password text, amount decimal(14, 4), "
        "reported_at datetime, updated_at datetime); insert into wider select * from requests;"
        "drop table requests; alter table wider rename to requests;"
        "update requests set amount = 1234567890.1234, updated_at = '2026-02-02' where id = 2"
    )
    result = legacy.extract_table("requests")

    assert "column amount was DECIMAL(10,2) and is now DECIMAL(14,4)" in result.message
    assert result.rows_landed == 1, "a row whose value stayed the same does not land again"
    assert legacy.current("requests", "cast(amount as varchar)") == [
        ("10.5000",),
        ("1234567890.1234",),
    ]
    assert len(legacy.log("requests", "id")) == 3
    assert legacy.extract_table("requests").outcome == "unchanged"
    with connect(legacy.settings) as con:
        old = con.execute(f"from ({legacy.table('requests').current(['id'], before)})")
        assert len(old.fetchall()) == 2, "a snapshot made before still reads its version"


def test_a_column_that_gets_narrower_keeps_the_lake_as_it_is(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run("alter table requests rename column amount to old")
    legacy.run("alter table requests add column amount decimal(6, 2)")
    legacy.run("update requests set amount = old; alter table requests drop column old")
    result = legacy.extract_table("requests")

    assert (result.outcome, result.message) == ("unchanged", "")
