"""Files from an FTP server, old or new, with and without TLS."""

import os
import random
import time
from pathlib import Path

import pytest

from connectors.files.arrival import Arrivals
from connectors.reader import SourceError
from tests.connectors.files.drop import HOUR, Drop
from tests.connectors.files.servers import FTP_PASSWORD, certificate

pytestmark = pytest.mark.integration

BIG = random.Random(7).randbytes(3_000_000)  # noqa: S311


@pytest.mark.parametrize("without", ["", "MLSD", "MLSD,MDTM"])
def test_ftp_gives_files_once_whatever_the_server_can_list(drop: Drop, without: str) -> None:
    drop.put("sub folder/big.csv", BIG)
    drop.put("a.csv", "one", age=100 * HOUR)
    drop.put("naïve.csv", "two", age=90 * HOUR)
    drop.put("forbidden.csv", "three")
    refused = "pasar: forbidden.csv can't be read: 550 Permission denied."
    with drop.served_by_ftp(without=without):
        first = drop.find(settle=0)
        assert first.files == [
            ("a.csv", "new", b"one"),
            ("naïve.csv", "new", b"two"),
            ("sub folder/big.csv", "new", BIG),
        ]
        assert first.notes == [refused]
        second = drop.find(settle=0, since=first.after)
        assert (second.files, second.notes) == ([], [refused])
        assert drop.find("sub folder/*", settle=0).names == ["sub folder/big.csv"]


def test_ftp_names_that_are_not_utf8_are_read(drop: Drop) -> None:
    drop.put("naïve.csv", "one")
    with drop.served_by_ftp(encoding="latin-1"):
        assert drop.find(settle=0).files == [("naïve.csv", "new", b"one")]


def test_ftp_sees_a_change_that_its_listing_hides(drop: Drop) -> None:
    drop.put("a.csv", "one")
    stamp = (drop.folder / "a.csv").stat()
    with drop.served_by_ftp(without="MLSD,MDTM"):
        first = drop.find(settle=0)
        (drop.folder / "a.csv").write_text("two")
        os.utime(drop.folder / "a.csv", (stamp.st_atime, stamp.st_mtime))
        second = drop.find(settle=0, since=first.after)
        assert second.files == [("a.csv", "changed", b"two")]


@pytest.mark.parametrize("without", ["", "REST"])
def test_ftp_completes_a_file_after_the_line_broke(drop: Drop, without: str) -> None:
    drop.put("big.csv", BIG)
    with drop.served_by_ftp(without=without, after_bytes=800_000, cuts=99 if not without else 2):
        assert drop.find(settle=0).files == [("big.csv", "new", BIG)]


def test_ftp_goes_on_after_the_server_hung_up_on_an_idle_session(drop: Drop) -> None:
    drop.put("a.csv", "one")
    with drop.served_by_ftp(idle_seconds=1), drop.opened() as place:
        assert Arrivals(place, "*.txt", 0, None).pending() == []
        time.sleep(1.5)
        assert len(Arrivals(place, "*.csv", 0, None).pending()) == 1


def test_ftp_says_what_is_wrong(drop: Drop) -> None:
    with drop.served_by_ftp():
        good = drop.uri
        for change, sentence in (
            ((FTP_PASSWORD, "not-this"), "refuses user 'dinas'"),
            (("/masuk", "/nowhere"), "has no folder nowhere"),
        ):
            drop.uri = (good + "/masuk").replace(*change)
            with pytest.raises(SourceError, match=sentence) as raised:
                drop.find()
            assert "not-this" not in str(raised.value)
    drop.uri = good
    with pytest.raises(SourceError, match="can't be reached by FTP"):
        drop.find()


def test_ftps_needs_a_certificate_that_we_trust(drop: Drop, tmp_path: Path) -> None:
    pytest.importorskip("OpenSSL", reason="the FTP server needs pyOpenSSL for TLS")
    drop.put("big.csv", BIG)
    trusted = certificate(tmp_path)
    with drop.served_by_ftp(certificate=str(trusted)):
        with pytest.raises(SourceError, match="can't prove who it is"):
            drop.find()
        drop.uri += f"/?ca={trusted}"
        assert drop.find(settle=0).files == [("big.csv", "new", BIG)]
