"""What changes at a source, and what of it lands."""

import hashlib
import hmac
from datetime import UTC, datetime

import duckdb
import pytest

from tests.conftest import TOKEN_KEY
from tests.connectors.legacy import REGISTRY, LegacyApp


def test_first_run_lands_everything_and_second_nothing(legacy: LegacyApp) -> None:
    first = legacy.extract()
    versions = {name: legacy.table(name).version() for name in legacy.app.tables}
    second = legacy.extract()

    assert [(t.table, t.rows_landed) for t in first.tables] == [("requests", 2), ("kinds", 2)]
    assert [t.outcome for t in second.tables] == ["unchanged", "unchanged"]
    assert {name: legacy.table(name).version() for name in legacy.app.tables} == versions
    assert "nothing landed" in second.sentence()


def test_only_changed_rows_land_and_the_log_keeps_the_old_ones(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run(
        "update requests set amount = 30, updated_at = '2026-01-03 08:00:00' where id = 2;"
        "insert into requests values (3, null, 'x', 1, null, '2026-01-03 08:00:00')"
    )
    result = legacy.extract_table("requests")

    assert (result.rows_landed, result.rows_deleted) == (2, 0)
    assert legacy.current("requests", "id, cast(amount as double)") == [(1, 10.5), (2, 30), (3, 1)]
    assert legacy.log("requests", "id, _kota_batch, _kota_op") == [
        (1, 1, "upsert"),
        (2, 1, "upsert"),
        (2, 2, "upsert"),
        (3, 2, "upsert"),
    ]


def test_deleted_rows_become_tombstones_in_every_mode(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run("delete from requests where id = 1; delete from kinds where code = 'B'")
    result = legacy.extract()

    assert [t.rows_deleted for t in result.tables] == [1, 1]
    assert legacy.current("requests", "id") == [(2,)]
    assert legacy.log("kinds", "code, name, _kota_op")[-1] == ("B", None, "delete")


def test_a_deleted_row_that_comes_back_is_there_again(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run("delete from kinds where code = 'B'")
    legacy.extract()
    legacy.run("insert into kinds values ('B', 'Sampah')")
    legacy.extract()

    assert legacy.current("kinds", "code") == [("A",), ("B",)]


def test_rows_that_appear_behind_the_watermark_are_found(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run("insert into requests values (9, null, 'x', 1, null, '2020-01-01 00:00:00')")
    result = legacy.extract_table("requests")

    assert result.rows_landed == 1
    assert "the whole table was read again" in result.message
    assert (9,) in legacy.current("requests", "id")


def test_rows_of_one_instant_are_not_lost(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run("insert into requests values (3, null, 'x', 1, null, '2026-01-02 08:00:00')")

    assert legacy.extract_table("requests").rows_landed == 1


def test_the_watermark_is_in_the_commit(legacy: LegacyApp) -> None:
    legacy.extract()
    batch = legacy.table("requests").last_batch()

    assert batch is not None
    assert (batch.number, batch.source_rows, batch.lake_rows) == (1, 2, 2)
    assert batch.watermark_after == "2026-01-02 08:00:00"


def test_instants_are_utc_and_zero_dates_empty(legacy: LegacyApp) -> None:
    legacy.extract()

    assert legacy.current("requests", "reported_at at time zone 'UTC'") == [
        (datetime(2026, 1, 1, 1, 0, tzinfo=UTC).replace(tzinfo=None),),
        (None,),
    ]


def test_a_token_is_an_hmac_and_a_dropped_column_is_in_no_file(legacy: LegacyApp) -> None:
    legacy.extract()
    expected = hmac.new(TOKEN_KEY.encode(), b"3671010101900001", hashlib.sha256).hexdigest()

    assert legacy.current("requests", "nik") == [(expected,), (None,)]
    files = [path.read_bytes() for path in legacy.settings.lake_dir.rglob("*") if path.is_file()]
    assert not any(b"secret-1" in content or b"3671010101900001" in content for content in files)


def test_a_missing_token_key_fails_only_the_table_that_needs_it(
    legacy: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOTA_TOKEN_KEY")
    result = legacy.extract_table("requests")

    assert result.outcome == "failed"
    assert result.message.startswith("legacy.requests: ")
    assert "KOTA_TOKEN_KEY" in result.message
    assert legacy.current("kinds", "code") == [("A",), ("B",)]


def test_an_undecodable_value_is_kept_aside_and_costs_only_itself(legacy: LegacyApp) -> None:
    legacy.run("update requests set amount = 'sepuluh ribu' where id = 1")
    result = legacy.extract_table("requests")
    again = legacy.extract_table("requests")

    assert (result.rows_landed, result.rows_quarantined, again.rows_quarantined) == (2, 1, 0)
    assert legacy.current("requests", "id, amount")[0] == (1, None)
    rule, reason, raw = _quarantine(legacy)[0]
    assert (rule, reason) == ("undecodable_value", "not readable as declared: amount")
    assert "sepuluh ribu" in raw
    assert "secret-1" not in raw


def test_a_row_without_a_key_is_quarantined_and_counted_once(legacy: LegacyApp) -> None:
    legacy.run("insert into requests values (null, null, 'x', 1, null, '2026-01-02 08:00:00')")
    first, second = legacy.extract_table("requests"), legacy.extract_table("requests")

    assert (first.rows_landed, first.rows_quarantined, first.source_rows) == (2, 1, 3)
    assert (second.outcome, second.rows_quarantined) == ("unchanged", 0), second.message
    assert _quarantine(legacy)[0][:2] == ("missing_key", "the key is empty: id")


def test_a_mass_deletion_is_refused_until_it_is_allowed(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run("delete from requests")
    refused = legacy.extract_table("requests")

    assert refused.outcome == "failed"
    assert "lost 2 of 2 rows" in refused.message
    assert len(legacy.current("requests")) == 2
    legacy.extract(allow_mass_deletion=True)
    assert legacy.current("requests") == []


def test_a_new_column_is_taken_in_and_a_missing_one_reads_as_empty(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.run(
        "alter table kinds add column hint text; update kinds set hint = 'lubang' where code = 'A'"
    )
    grown = legacy.extract_table("kinds")
    legacy.run("alter table kinds drop column name")
    shrunk = legacy.extract_table("kinds")

    assert grown.message == "legacy.kinds: new column hint is taken in"
    assert grown.rows_landed == 1  # the row without a hint did not change
    assert "column name is gone" in shrunk.message
    assert legacy.current("kinds", "code, name, hint") == [("A", None, "lubang"), ("B", None, None)]


def test_a_changed_type_fails_that_table_alone_with_one_sentence(legacy: LegacyApp) -> None:
    legacy.extract()
    legacy.register(REGISTRY + "    columns: {name: {type: date}}\n")
    result = legacy.extract_table("kinds")

    assert result.outcome == "failed"
    assert result.message.startswith("legacy.kinds: a column changed its type: name is now DATE")
    assert legacy.extract_table("requests").outcome == "unchanged"


def test_a_column_the_source_lacks_is_named(legacy: LegacyApp) -> None:
    legacy.register(REGISTRY.replace("nik: {", "nikk: {"))
    result = legacy.extract_table("requests")

    assert "legacy.requests: the source has no column nikk; correct legacy.yml" in result.message


def _quarantine(legacy: LegacyApp) -> list[tuple[str, str, str]]:
    pattern = legacy.settings.lake_dir / "legacy" / "_quarantine" / "*.parquet"
    return duckdb.sql(f"select rule, reason, raw from '{pattern}'").fetchall()
