"""What control columns add up to at the source, and which rows are behind a difference."""

import pytest

from connectors.rows_apart import rows_apart
from tests.connectors.legacy import REGISTRY, LegacyApp

WITH_CONTROL = REGISTRY.replace(
    "    columns:\n      nik:",
    "    control: [amount, reported_at]\n    columns:\n      nik:",
)


@pytest.fixture
def controlled(legacy: LegacyApp) -> LegacyApp:
    """The legacy app with control columns, extracted once."""
    legacy.register(WITH_CONTROL)
    legacy.extract()
    return legacy


def test_sums_and_ends_of_the_source_are_in_the_commit(controlled: LegacyApp) -> None:
    last = controlled.table("requests").last_batch()
    assert last is not None
    amount, reported = last.controls

    assert (last.control_basis, last.count_basis, last.is_one_moment) == ("source", "source", True)
    assert (amount.column, amount.values, float(amount.total or 0)) == ("amount", 2, 30.5)
    assert (float(amount.least or 0), float(amount.greatest or 0)) == (10.5, 20)
    assert (reported.kind, reported.total) == ("time", None)
    # Eight in the morning in Jakarta; the zero date is none, but SQLite has it as text.
    assert reported.greatest == "2026-01-01 01:00:00.000000"


def test_a_run_without_news_tells_the_sums_again(controlled: LegacyApp) -> None:
    result = controlled.extract_table("requests")

    assert result.outcome == "unchanged"
    assert [control.column for control in result.controls] == ["amount", "reported_at"]


def test_an_amount_that_changed_and_kept_its_cursor_is_found_by_the_sum(
    controlled: LegacyApp,
) -> None:
    controlled.run(
        "update requests set amount = 10500, updated_at = '2026-01-01 08:00:00' where id = 1"
    )
    result = controlled.extract_table("requests")

    assert result.rows_landed == 1
    assert "amount would add up to other than at the source" in result.message
    assert controlled.current("requests", "cast(amount as double)") == [(20,), (10500,)]


def test_of_a_personal_column_no_single_value_is_kept(legacy: LegacyApp) -> None:
    legacy.register(
        WITH_CONTROL.replace("nik: {personal", "amount: {personal: spesifik}\n      nik: {personal")
    )
    legacy.extract()
    last = legacy.table("requests").last_batch()
    assert last is not None

    assert (last.controls[0].least, last.controls[0].greatest) == (None, None)
    assert float(last.controls[0].total or 0) == 30.5


def test_a_dropped_column_is_no_control(legacy: LegacyApp) -> None:
    legacy.register(WITH_CONTROL.replace("[amount,", "[password,"))

    with pytest.raises(Exception, match="control column password is not kept"):
        _ = legacy.app


def test_the_rows_behind_a_difference_are_named(controlled: LegacyApp) -> None:
    assert rows_apart(controlled.app, "requests", controlled.settings).is_same
    controlled.run(
        "insert into requests values (3, null, 'x', 1, null, '2026-01-03 08:00:00');"
        "update requests set amount = 7 where id = 2;"
        "delete from requests where id = 1"
    )
    found = rows_apart(controlled.app, "requests", controlled.settings)

    assert not found.is_same
    assert {(row.what, row.key["id"]) for row in found.rows} == {
        ("missing in the lake", "3"),
        ("only in the lake", "1"),
        ("different", "2"),
    }
    assert found.columns == {"amount": 1}
    assert (found.source_rows, found.lake_rows) == (2, 2)


def test_a_personal_key_is_told_as_a_token(controlled: LegacyApp) -> None:
    controlled.register(
        WITH_CONTROL.replace("nik: {personal", "id: {personal: umum}\n      nik: {personal")
    )
    controlled.run("delete from requests where id = 1")
    (row,) = rows_apart(controlled.app, "requests", controlled.settings).rows

    assert row.what == "only in the lake"
    assert row.key["id"] != "1"
    assert len(row.key["id"]) > 20
