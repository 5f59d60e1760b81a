"""The news feed: what is in it, what a day changes, and how its server tells news from none."""

import os
from datetime import timedelta
from email.utils import formatdate
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from connectors.rss import read_feed
from demo.areas import load_areas
from demo.berita import FEED_FILE, berita_files, berita_tables, item_key
from demo.news import FEED_ITEMS, News
from demo.news_server import create_app
from demo.spec import CitySpec
from demo.table import compare


def news_on(spec: CitySpec, days: int = 0) -> News:
    return News(spec, load_areas(), spec.opened + timedelta(days=days))


def feed_of(news: News) -> bytes:
    (file,) = berita_files(news)
    assert file.path == FEED_FILE
    return file.content()


def test_the_feed_is_the_table_newest_first(spec: CitySpec) -> None:
    news = news_on(spec)
    rows, rejected = read_feed(feed_of(news), "application/rss+xml", "berita")
    (table,) = berita_tables(news)
    assert not rejected
    assert len(rows) == FEED_ITEMS
    shown = ("id", "title", "link", "author", "summary")
    expected = table.render(table.ids - table.ids[0]).to_pylist()[::-1]
    assert [{name: row[name] for name in shown} for row in rows] == expected
    assert table.keys(table.ids[::-1]) == [row["id"] for row in rows]
    assert feed_of(news_on(spec)) == feed_of(news)


def test_some_items_lack_a_guid_or_a_date_one_can_read(spec: CitySpec) -> None:
    (table,) = berita_tables(news_on(spec))
    kinds = dict.fromkeys(table.dirt, 0)
    for days in range(0, 400, 10):
        (table,) = berita_tables(news_on(spec, days))
        for kind, ids in table.dirt.items():
            kinds[kind] += len(ids)
    total = 40 * FEED_ITEMS
    assert 0.02 < kinds["guid_missing"] / total < 0.06
    assert 0.03 < (kinds["date_in_indonesian"] + kinds["date_zero"]) / total < 0.09
    assert 0.1 < kinds["edited"] / total < 0.25


def test_a_week_of_mornings_misses_no_item_and_edits_keep_their_key(spec: CitySpec) -> None:
    seen: set[str] = set()
    edits = 0
    for days in range(15):
        (before,), (after,) = (berita_tables(news_on(spec, n)) for n in (days, days + 1))
        change = compare(before, after)
        assert len(change.inserted) == len(change.deleted) >= 1
        assert len(change.inserted) < FEED_ITEMS / 2, "an item would leave unseen"
        edits += len(change.changed)
        seen |= set(after.keys(after.ids))
    news = news_on(spec, 15)
    first = int(news_on(spec, 1).in_feed[-1])
    assert seen == {item_key(news, at) for at in range(first, news.stream.total)}
    assert edits


@pytest.fixture
def client(spec: CitySpec, tmp_path: Path) -> TestClient:
    (file,) = berita_files(news_on(spec))
    (tmp_path / FEED_FILE).write_bytes(file.content())
    os.utime(tmp_path / FEED_FILE, (file.modified, file.modified))
    return TestClient(create_app(tmp_path))


def test_the_server_sends_the_feed_once(client: TestClient, spec: CitySpec, tmp_path: Path) -> None:
    first = client.get("/feed.xml")
    assert first.status_code == 200
    assert first.content == feed_of(news_on(spec))
    assert first.headers["content-type"].startswith("application/rss+xml")
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/feed.xml", headers=known).status_code == 304
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert client.get("/feed.xml", headers=since).status_code == 304
    (tmp_path / FEED_FILE).write_bytes(feed_of(news_on(spec, 1)))
    assert client.get("/feed.xml", headers=known).status_code == 200
    assert client.get("/feed.xml", headers=since).status_code == 200
    # A tag says more than a time: another one is news, though the file is old.
    later = {"If-None-Match": '"other"', "If-Modified-Since": formatdate(2**32, usegmt=True)}
    assert client.get("/feed.xml", headers=later).status_code == 200


def test_no_feed_yet_is_not_an_empty_one(tmp_path: Path) -> None:
    assert TestClient(create_app(tmp_path)).get("/feed.xml").status_code == 404
