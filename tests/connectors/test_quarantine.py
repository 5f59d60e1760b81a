"""A record that can't be taken in is kept and explained, and comes in after all once it can."""

import pytest
from typer.testing import CliRunner

from kota.cli import app as command
from lake.quarantine import Quarantine
from tests.connectors.legacy import REGISTRY, LegacyApp

WITH_CONTRACT = REGISTRY.replace(
    "nik: {personal: umum, policy: token}",
    "nik: {personal: umum, policy: token, pattern: '[0-9]{16}'}\n"
    "      kind: {domain: [A, B], references: kinds.code}",
)


@pytest.fixture
def strict(legacy: LegacyApp) -> LegacyApp:
    """The legacy app with a contract on its requests."""
    legacy.run("alter table requests add column kind text")
    legacy.register(WITH_CONTRACT)
    return legacy


def entries(app: LegacyApp) -> list[tuple[str, str, bool]]:
    """Rule, reason and whether the row was loaded, of what is open."""
    found = Quarantine(app.settings.lake_dir, "legacy").open_entries("requests")
    return [(entry.rule, entry.reason, entry.is_loaded) for entry in found]


def test_a_row_that_breaks_its_contract_is_held_back_with_rule_and_reason(
    strict: LegacyApp,
) -> None:
    strict.run(
        "update requests set kind = 'C' where id = 1; update requests set nik = '12' where id = 2"
    )
    result = strict.extract_table("requests")

    assert (result.rows_landed, result.rows_quarantined) == (0, 2)
    assert sorted(entries(strict)) == [
        ("domain", "kind is none of: A, B", False),
        ("pattern", "nik does not look like [0-9]{16}", False),
    ]


def test_a_value_that_is_not_there_in_the_table_it_refers_to_holds_the_row_back(
    strict: LegacyApp,
) -> None:
    strict.run("delete from kinds where code = 'B'; update requests set kind = 'B' where id = 1")
    strict.extract()

    assert entries(strict) == [
        ("reference", "kind names something that kinds.code does not have", False)
    ]


def test_a_row_repaired_at_the_source_closes_its_entry(strict: LegacyApp) -> None:
    strict.run("update requests set kind = 'C' where id = 1")
    strict.extract()
    strict.run("update requests set kind = 'A', updated_at = '2026-01-09 00:00:00' where id = 1")
    result = strict.extract_table("requests")

    assert result.rows_landed == 1
    assert "read again" not in result.message
    assert entries(strict) == []


def test_a_row_without_a_key_that_is_gone_at_the_source_closes_its_entry(
    legacy: LegacyApp,
) -> None:
    legacy.run("insert into requests values (null, null, 'x', 1, null, '2026-01-02 08:00:00')")
    legacy.extract()
    assert len(entries(legacy)) == 1
    legacy.run("delete from requests where id is null")
    legacy.extract()

    assert entries(legacy) == []


def test_replay_lands_what_the_corrected_registry_accepts(strict: LegacyApp) -> None:
    strict.run(
        "update requests set kind = 'C' where id = 1; insert into kinds values ('C', 'Lampu');"
        "update requests set nik = '12' where id = 2"
    )
    strict.extract()
    strict.register(WITH_CONTRACT.replace("[A, B]", "[A, B, C]"))
    done = CliRunner().invoke(command, ["quarantine", "replay", "legacy", "--json"])

    assert done.exit_code == 0, done.output
    assert '"landed": 1' in done.output
    assert '"still_open": 1' in done.output
    nik, kind = strict.current("requests", "nik, kind")[0]
    assert (len(nik), kind) == (64, "C"), "the token survives the way through the quarantine"
    assert [rule for rule, _, _ in entries(strict)] == ["pattern"]
    assert strict.extract_table("requests").outcome == "unchanged"


def test_a_replayed_record_does_not_undo_a_newer_row(legacy: LegacyApp) -> None:
    legacy.run("update requests set amount = 'ten' where id = 1")
    legacy.extract()
    legacy.run("update requests set amount = 7, updated_at = '2026-02-01 00:00:00' where id = 1")
    legacy.extract()
    CliRunner().invoke(command, ["quarantine", "replay"])

    assert legacy.current("requests", "cast(amount as int)")[0] == (7,)


def test_a_discarded_record_stays_out_and_is_not_asked_about_again(strict: LegacyApp) -> None:
    strict.run("update requests set kind = 'C' where id = 1")
    strict.extract()
    runner = CliRunner()
    done = runner.invoke(
        command, ["quarantine", "discard", "legacy.requests", "--reason", "a test row"]
    )
    strict.run("update requests set updated_at = updated_at where id = 1")
    result = strict.extract_table("requests")

    assert done.exit_code == 0, done.output
    assert entries(strict) == []
    assert (result.outcome, result.message) == ("unchanged", "")


def test_what_a_person_sees_of_a_record_hides_personal_values(strict: LegacyApp) -> None:
    strict.run("update requests set kind = 'C' where id = 1")
    strict.extract()
    shown = CliRunner().invoke(command, ["quarantine", "show", "legacy.requests"]).output

    assert '"kind": "C"' in shown
    assert '"nik": "•••"' in shown
    assert "3671010101900001" not in shown


def test_a_batch_of_which_too_much_is_rejected_fails_and_lands_nothing(legacy: LegacyApp) -> None:
    legacy.run(
        "with recursive n(i) as (select 10 union all select i + 1 from n where i < 300) "
        "insert into requests select i, null, 'x', 'many', null, '2026-01-03 08:00:00' from n"
    )
    result = legacy.extract_table("requests")

    assert result.outcome == "failed"
    assert "291 of 293 rows were rejected" in result.message
    assert "not readable as declared: amount" in result.message
    assert not legacy.table("requests").exists()
    assert entries(legacy) == []


def test_rows_that_share_a_key_are_told_apart_and_none_is_lost(legacy: LegacyApp) -> None:
    legacy.run(
        "insert into requests values (2, null, 'y', 99, null, '2026-01-05 08:00:00');"
        "insert into kinds values ('A', 'Jalan')"
    )
    first, second = legacy.extract(), legacy.extract()

    assert legacy.current("requests", "id, cast(amount as int)") == [(1, 11), (2, 99)]
    assert entries(legacy) == [("duplicate_key", "another row has the same key id", False)]
    assert legacy.current("kinds", "code") == [("A",), ("B",)]
    assert "1 rows repeat another row in full" in first.sentence() + first.tables[1].message
    assert [table.outcome for table in second.tables] == ["unchanged", "unchanged"]
