"""The city's news feed as its site's content system writes it: RSS 2.0, dirt included."""

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyarrow as pa

from demo.dice import Ints
from demo.drops import DropFile
from demo.news import News
from demo.news_topics import AUTHORS, BEATS, CLOSINGS, EDITS, LEADS
from demo.table import Table

FEED_FILE = "feed.xml"
SITE = "https://berita.kota.example"

_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ENGLISH_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
_GOOD_DATE, _INDONESIAN_DATE, _ZERO_DATE = range(3)
_DATES = (94, 4, 2)


def berita_tables(news: News) -> list[Table]:
    """``berita``: the items in the feed this morning, as kota's feed reader names the fields.

    Those of earlier mornings that fell out of it are no longer here, and must stay in the lake.
    """
    at = news.in_feed[::-1]
    dates = _date_kind(news, at)
    dirt = {
        "guid_missing": _lacks_guid(news, at),
        "date_in_indonesian": dates == _INDONESIAN_DATE,
        "date_zero": dates == _ZERO_DATE,
        "edited": news.is_edited[at],
    }
    return [
        Table(
            "berita",
            "id",
            at,
            news.is_edited[at].astype(np.int64),
            lambda positions: _rows(news, at[positions]),
            key_text=lambda ids: pa.array([item_key(news, int(one)) for one in ids]),
            dirt={kind: at[rows] for kind, rows in dirt.items()},
        )
    ]


def berita_files(news: News) -> Iterator[DropFile]:
    """The feed, which the news server serves as it lies there."""
    yield DropFile(FEED_FILE, news.changed, lambda: _feed(news).encode())


def item_key(news: News, at: int) -> str:
    """The guid, or what takes its place in the lake: the link."""
    ids = np.array([at])
    return _link(news, at) if _lacks_guid(news, ids)[0] else _guid(at)


def _lacks_guid(news: News, at: Ints) -> np.ndarray:
    return news.dice.chance("news/no-guid", at, 0.04)


def _date_kind(news: News, at: Ints) -> Ints:
    return news.dice.choice("news/date", at, _DATES)


def _rows(news: News, at: Ints) -> pa.Table:
    items = [int(one) for one in at]
    return pa.table(
        {
            "id": pa.array([item_key(news, one) for one in items], pa.string()),
            "title": pa.array([_title(news, one) for one in items], pa.string()),
            "link": pa.array([_link(news, one) for one in items], pa.string()),
            "author": pa.array([_one(news, "author", one, AUTHORS) for one in items], pa.string()),
            "summary": pa.array([_description(news, one) for one in items], pa.string()),
        }
    )


def _feed(news: News) -> str:
    items = "\n".join(_item(news, int(one)) for one in news.in_feed)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>Berita Kota</title>\n<link>{SITE}</link>\n"
        "<description>Kabar terbaru dari pemerintah kota</description>\n<language>id</language>\n"
        f"<lastBuildDate>{_rfc822(news.changed)}</lastBuildDate>\n{items}\n</channel>\n</rss>\n"
    )


def _item(news: News, at: int) -> str:
    lacks_guid = _lacks_guid(news, np.array([at]))[0]
    guid = "" if lacks_guid else f'<guid isPermaLink="false">{_guid(at)}</guid>'
    beat = BEATS[int(news.beat[at])]
    categories = [beat.category, *(["Berita Utama"] if at % 5 == 0 else [])]
    return "".join(
        (
            f"<item><title>{escape(_title(news, at))}</title>",
            f"<link>{escape(_link(news, at))}</link>",
            guid,
            f"<pubDate>{_date(news, at)}</pubDate>",
            *(f"<category>{escape(name)}</category>" for name in categories),
            f"<dc:creator>{escape(_one(news, 'author', at, AUTHORS))}</dc:creator>",
            f"<description><![CDATA[{_description(news, at)}]]></description></item>",
        )
    )


def _guid(at: int) -> str:
    return f"berita-kota-{at + 1:05d}"


def _link(news: News, at: int) -> str:
    """The address has the first title in it, whatever it was changed to."""
    words = "".join(c if c.isalnum() else " " for c in _first_title(news, at).lower()).split()
    return f"{SITE}/{at + 1}/{'-'.join(words)}"


def _first_title(news: News, at: int) -> str:
    headlines = BEATS[int(news.beat[at])].headlines
    return _one(news, "headline", at, headlines).format(place=_place(news, at))


def _title(news: News, at: int) -> str:
    title = _first_title(news, at)
    return _one(news, "edit", at, EDITS).format(title=title) if news.is_edited[at] else title


def _place(news: News, at: int) -> str:
    return news.areas.kelurahan_names[int(news.kelurahan[at])]


def _description(news: News, at: int) -> str:
    """HTML as an editor leaves it: a picture that counts readers, styles, and the text."""
    office = _one(news, "office", at, BEATS[int(news.beat[at])].offices)
    moment = _moment(int(news.published[at]))
    day = f"{_DAYS[moment.weekday()]} ({moment.day}/{moment.month}/{moment.year})"
    lead = _one(news, "lead", at, LEADS).format(office=f"<b>{office}</b>", day=day)
    picture = f'<img src={quoteattr(f"{SITE}/foto/{at + 1}.jpg")} alt="">'
    closing = _one(news, "closing", at, CLOSINGS)
    return f'{picture}<p style="text-align:justify">{lead}&nbsp;</p><p>{closing}</p>'


def _date(news: News, at: int) -> str:
    moment = int(news.published[at])
    kind = int(_date_kind(news, np.array([at]))[0])
    if kind == _ZERO_DATE:
        return "0000-00-00 00:00:00"
    if kind == _INDONESIAN_DATE:
        when = _moment(moment)
        return f"{_DAYS[when.weekday()]}, {when.day} {_MONTHS[when.month - 1]} {when.year}"
    return _rfc822(moment)


def _rfc822(moment: int) -> str:
    """``Wed, 10 Jun 2026 08:05:30 +0700``, in English whatever the machine speaks."""
    when = _moment(moment)
    return (
        f"{_ENGLISH_DAYS[when.weekday()]}, {when.day:02d} {_ENGLISH_MONTHS[when.month - 1]} "
        f"{when.year} {when:%H:%M:%S} +0700"
    )


def _moment(local_seconds: int) -> datetime:
    moment: datetime = np.datetime64(local_seconds, "s").astype(datetime)
    return moment


def _one(news: News, label: str, at: int, words: tuple[str, ...]) -> str:
    return words[int(news.dice.below(f"news/word/{label}", np.array([at]), len(words))[0])]
