"""The news feed through the registry into the lake: what left the feed stays, edits arrive."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn

from connectors.extract import extract_app
from connectors.registry import App, load_app
from demo.areas import load_areas
from demo.berita import berita_files, berita_tables, item_key
from demo.news import News
from demo.news_server import create_app
from demo.ports import HOST
from demo.spec import CitySpec
from kota.settings import Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable

pytestmark = pytest.mark.integration

APPS = Path(__file__).resolve().parents[2] / "connectors" / "apps"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """The app as registered, and its server on a folder without a feed yet."""
    server = uvicorn.Server(uvicorn.Config(create_app(tmp_path), HOST, 0, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    monkeypatch.setenv("KOTA_CONN_BERITA", f"http://{HOST}:{port}")
    yield load_app(APPS / "berita.yml")
    server.should_exit = True
    thread.join(10)


def landed(settings: Settings) -> dict[str, dict[str, Any]]:
    table = LakeTable(settings.lake_dir, "berita", "berita")
    with connect(settings) as con:
        rows = con.execute(f"select * from ({table.current(['id'])})").to_arrow_table()
    return {row["id"]: row for row in rows.to_pylist()}


def test_items_that_left_the_feed_stay_and_edited_ones_change(
    app: App, spec: CitySpec, settings: Settings, tmp_path: Path
) -> None:
    told: dict[str, str] = {}
    undated: set[str] = set()
    edits = 0
    for days in range(0, 50, 5):
        news = News(spec, load_areas(), spec.opened + timedelta(days=days))
        for file in berita_files(news):
            (tmp_path / file.path).write_bytes(file.content())
        outcomes = []
        for _ in range(2):  # the run of the next hour finds nothing new
            (result,) = extract_app(app, settings).tables
            assert result.outcome != "failed", result.message
            outcomes.append(result.outcome)
        assert outcomes == ["landed", "unchanged"]
        (table,) = berita_tables(news)
        shown = {row["id"]: row["title"] for c in table.chunks() for row in c.to_pylist()}
        edits += sum(told[key] != title for key, title in shown.items() if key in told)
        told |= shown
        undated |= set(table.keys(table.dirt["date_in_indonesian"]))
        lake = landed(settings)
        assert {key: row["title"] for key, row in lake.items()} == told
    assert len(told) > 3 * 30
    assert edits
    first = News(spec, load_areas(), spec.opened)
    assert set(told) == {item_key(news, at) for at in range(first.in_feed[-1], news.stream.total)}

    entries = Quarantine(settings.lake_dir, "berita").open_entries("berita")
    assert len(entries) == len(undated) > 0, "only dates that are no times are held back"
    for key in undated:
        assert lake[key]["published_at"] is None
        assert lake[key]["updated_at"].split(",")[0] in {
            "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu",
        }  # fmt: skip
