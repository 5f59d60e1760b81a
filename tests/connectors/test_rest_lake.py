"""From a service in the wild into the lake: once, with what is broken set aside."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.extract import extract_app
from connectors.registry import App
from connectors.result import TableResult
from kota.settings import Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable
from tests.connectors.rest_app import TABLE, rest_app
from tests.connectors.rest_service import Service, running_service

pytestmark = pytest.mark.integration

COLUMNS = {"id": {"type": "bigint"}, "harga": {"type": "decimal(20,4)"}}
PAGES = {"path": "page", "total": "meta.total", "paging": {"kind": "page", "size": 3}}
ROWS: list[Any] = [
    {"id": number, "harga": 0.1 * number, "updated_at": f"2026-11-0{number} 08:00:00"}
    for number in range(1, 9)
]


class Lake:
    """Extracts the app and looks at what landed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def extract(self, app: App) -> TableResult:
        result = extract_app(app, self.settings)
        assert not result.failed, result.sentence()
        return result.tables[0]

    def ids(self) -> list[int]:
        with connect(self.settings) as con:
            current = LakeTable(self.settings.lake_dir, "liar", TABLE).current(["id"])
            rows = con.execute(f"select id from ({current}) order by id").fetchall()
            return [row[0] for row in rows]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


@pytest.fixture
def lake(settings: Settings, service: Service, monkeypatch: pytest.MonkeyPatch) -> Lake:
    monkeypatch.setenv("KOTA_CONN_LIAR", service.uri())
    return Lake(settings)


def test_rows_land_once_whatever_goes_wrong_on_the_way(service: Service, lake: Lake) -> None:
    faults: dict[str, Any] = {
        "1": {"status": 503},
        "2": {"cut": "reset"},
        "4": {"change": [{"delete": 0}, {"insert": 7, "row": {**ROWS[0], "id": 9}}]},
        "6": {"repeat": True},
        "8": {"cut": "short of its length"},
    }
    service.serve(ROWS, total="body", faults=faults)
    result = lake.extract(rest_app(PAGES, {"columns": COLUMNS}))

    assert lake.ids() == list(range(2, 10))
    assert (result.rows_landed, result.source_rows) == (8, 8)
    assert lake.extract(rest_app(PAGES, {"columns": COLUMNS})).outcome == "unchanged"


def test_only_what_changed_is_asked_for(service: Service, lake: Lake) -> None:
    entry = {
        "mode": "incremental",
        "cursor": "updated_at",
        "deletions": "never",
        "columns": {**COLUMNS, "updated_at": {"type": "timestamp"}},
    }
    app = rest_app({**PAGES, "since_parameter": "updated_since"}, entry)
    service.serve(ROWS[:5], total="body")
    lake.extract(app)
    service.serve(ROWS, total="body")
    result = lake.extract(app)

    assert lake.ids() == list(range(1, 9))
    assert (result.rows_read, result.rows_landed) == (4, 3)


def test_a_record_that_is_none_goes_to_the_quarantine(service: Service, lake: Lake) -> None:
    service.serve([*ROWS[:2], "salah", {**ROWS[2], "harga": "tiga"}], total="body")
    app = rest_app(PAGES, {"columns": COLUMNS})
    result = lake.extract(app)
    again = lake.extract(app)

    assert lake.ids() == [1, 2, 3]
    assert (result.rows_quarantined, again.outcome) == (2, "unchanged")
    entries = Quarantine(lake.settings.lake_dir, "liar").open_entries(TABLE)
    assert {entry.rule for entry in entries} == {"malformed_record", "undecodable_value"}


@pytest.mark.parametrize(("format", "kind"), [("json", "all"), ("rss", "raw")])
def test_an_answer_that_is_still_the_same_is_not_read_again(
    service: Service, lake: Lake, format: str, kind: str
) -> None:
    raw = "<rss version='2.0'><channel><item><guid>{}</guid></item></channel></rss>"
    news = {"mode": "append", "cursor": "published_at", "deletions": "never"}
    rest = {"path": kind, "format": format, "paging": {"kind": "none"}}
    app = rest_app(rest, news if format == "rss" else None)
    service.serve(ROWS, etag=True, raw=raw.format(1))
    lake.extract(app)
    before = len(service.requests())
    unchanged = lake.extract(app)
    asked = len(service.requests()) - before
    service.serve(ROWS[1:], etag=True, raw=raw.format(2))
    changed = lake.extract(app)

    assert (unchanged.outcome, asked) == ("unchanged", 1)
    assert (changed.rows_landed, changed.rows_deleted) == ((1, 0) if format == "rss" else (0, 1))
