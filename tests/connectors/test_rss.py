"""The city's news, from feeds as content systems write them."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.extract import extract_app
from connectors.reader import SourceError
from connectors.registry import App
from kota.settings import Settings
from lake.engine import connect
from lake.table import LakeTable
from tests.connectors.rest_app import TABLE, open_rest, rest_app, rows_of
from tests.connectors.rest_service import Service, running_service

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("settings")]

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Berita</title>
{items}</channel></rss>"""
ITEM = """<item><title>Pasar &amp; Harga {n}</title><link>https://kota.example/{n}</link>
<guid isPermaLink="false">berita-{n}</guid><pubDate>{when}</pubDate><dc:creator>Humas</dc:creator>
<category>Pasar</category><category>Harga</category>
<description><![CDATA[<p>Harga <b>cabai</b> turun<script>x()</script></p>]]></description></item>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Berita</title><entry><id>urn:1</id>
<title>Satu</title><link href="https://kota.example/1"/><published>2026-11-22T08:00:00+07:00</published>
<updated>2026-11-22T09:00:00+07:00</updated></entry></feed>"""
NEWS = {"mode": "append", "cursor": "published_at", "deletions": "never"}
TYPE = "application/rss+xml; charset=utf-8"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


def news(**table: Any) -> App:
    return rest_app({"path": "raw", "format": "rss"}, {**NEWS, **table})


def feed(*times: str) -> str:
    items = [ITEM.format(n=number, when=when) for number, when in enumerate(times, 1)]
    return RSS.format(items="".join(items))


def read(service: Service, raw: str) -> list[dict[str, Any]]:
    service.serve([], raw=raw, raw_type=TYPE)
    with open_rest(news(), service.uri()) as reader:
        return rows_of(reader)


def test_an_entry_has_its_text_its_markup_and_its_time_in_utc(service: Service) -> None:
    (row,) = read(service, feed("Sun, 22 Nov 2026 08:00:00 +0700"))

    assert row == {
        "id": "berita-1",
        "title": "Pasar & Harga 1",
        "link": "https://kota.example/1",
        "published_at": "2026-11-22 01:00:00+00:00",
        "updated_at": "2026-11-22 01:00:00+00:00",
        "author": "Humas",
        "categories": '["Pasar", "Harga"]',
        "summary": "<p>Harga <b>cabai</b> turun<script>x()</script></p>",
        "summary_text": "Harga cabai turun",
        "content": None,
        "enclosures": None,
    }


def test_times_without_a_zone_are_left_to_the_apps(service: Service) -> None:
    times = [
        "Sun, 22 Nov 2026 08:00:00 WIB",
        "2026-11-22 08:00:00",
        "Minggu, 22 November 2026",
        "0000-00-00 00:00:00",
    ]

    assert [row["published_at"] for row in read(service, feed(*times))] == [
        "2026-11-22 01:00:00+00:00",
        "2026-11-22 08:00:00",
        "Minggu, 22 November 2026",
        "0000-00-00 00:00:00",
    ]


def test_atom_is_read_alike(service: Service) -> None:
    (row,) = read(service, ATOM)

    assert (row["id"], row["link"]) == ("urn:1", "https://kota.example/1")
    assert row["published_at"] == "2026-11-22 01:00:00+00:00"
    assert row["updated_at"] == "2026-11-22 02:00:00+00:00"


def test_what_is_readable_of_a_damaged_feed_arrives_and_the_damage_is_told(
    service: Service,
) -> None:
    whole = feed("2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z")
    service.serve([], raw=whole[: whole.rindex("<category>")], raw_type=TYPE)
    with open_rest(news(), service.uri()) as reader:
        assert [row["id"] for row in rows_of(reader)] == ["berita-1", "berita-2"]
        assert [entry.rule for entry in reader.rejected(TABLE)] == ["malformed_feed"]


def test_a_page_that_is_no_feed_is_refused(service: Service) -> None:
    with pytest.raises(SourceError, match="neither RSS nor Atom"):
        read(service, "<!doctype html><html><body>Masuk</body></html>")


def test_a_feed_whose_old_entries_would_count_as_deleted_is_refused(service: Service) -> None:
    service.serve([], raw=feed("2026-11-22T08:00:00Z"), raw_type=TYPE)
    with (
        pytest.raises(SourceError, match="which is no deletion"),
        open_rest(news(deletions="every_run"), service.uri()) as reader,
    ):
        reader.describe(TABLE)


def test_news_stay_in_the_lake_after_they_left_the_feed(
    service: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_LIAR", service.uri())
    older, newer = ITEM.format(n=1, when="2026-11-01T08:00:00Z"), "2026-11-22T08:00:00Z"
    service.serve([], raw=RSS.format(items=older), raw_type=TYPE)
    first = extract_app(news(), settings)
    raw = RSS.format(items=ITEM.format(n=2, when=newer))
    service.serve([], raw=raw, raw_type=TYPE)
    second, third = extract_app(news(), settings), extract_app(news(), settings)

    assert not first.failed + second.failed, first.sentence() + second.sentence()
    assert third.tables[0].outcome == "unchanged"
    with connect(settings) as con:
        current = LakeTable(settings.lake_dir, "liar", TABLE).current(["id"])
        rows = con.execute(f"select id, epoch(published_at) from ({current}) order by id")
        assert rows.fetchall() == [("berita-1", 1793520000), ("berita-2", 1795334400)]
