"""Listings as servers of many makes print them."""

from datetime import UTC, datetime

import pytest

from connectors.files.ftp_listing import Entry, from_list, from_mlsd

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "-rw-r--r--   1 owner group   1234 Feb 28 23:59 harga pasar.csv",
            Entry("harga pasar.csv", False, 1234, datetime(2026, 2, 28, 23, 59, tzinfo=UTC), False),
        ),
        (
            "-rw-r--r--+  1 owner 7 Dec 31 01:02 last-year.csv",
            Entry("last-year.csv", False, 7, datetime(2025, 12, 31, 1, 2, tzinfo=UTC), False),
        ),
        (
            "drwxr-xr-x   2 owner group   4096 Jan  5  2019 arsip",
            Entry("arsip", True, 4096, datetime(2019, 1, 5, tzinfo=UTC), False),
        ),
        (
            "02-28-26  11:59PM              1234 data 1.csv",
            Entry("data 1.csv", False, 1234, datetime(2026, 2, 28, 23, 59, tzinfo=UTC), False),
        ),
        (
            "02-28-2026  08:30       <DIR>          masuk",
            Entry("masuk", True, None, datetime(2026, 2, 28, 8, 30, tzinfo=UTC), False),
        ),
        (
            "-rw-r--r--   1 owner group  5 Agt 17 10:00 local-month.csv",
            Entry("local-month.csv", False, 5, None, False),
        ),
    ],
)
def test_a_line_for_people_is_read(line: str, expected: Entry) -> None:
    assert from_list(["total 12", line], NOW) == [expected]


def test_exact_listings_leave_out_links_and_the_folder_itself() -> None:
    lines = [
        "type=cdir;modify=20260301000000; .",
        "Type=file;Size=3;Modify=20260228235959.123;UNIX.mode=0644; a b=c;.csv",
        "type=OS.unix=slink:/etc/passwd;size=1; link",
        "type=dir;modify=20260228000000; arsip",
    ]
    assert from_mlsd(lines) == [
        Entry("a b=c;.csv", False, 3, datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC), True),
        Entry("arsip", True, None, datetime(2026, 2, 28, tzinfo=UTC), True),
    ]
