"""Files from OpenSSH's SFTP server."""

import contextlib
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.reader import SourceError
from tests.connectors.files.drop import HOUR, Drop
from tests.connectors.files.servers import HOST, BreakingLine, SshServer, free_port, ssh_server

pytestmark = pytest.mark.integration

BIG = random.Random(7).randbytes(3_000_000)  # noqa: S311


def test_sftp_gives_files_once_and_costs_nothing_the_second_time(
    sftp: Drop, sshd: SshServer
) -> None:
    sftp.put("2024/big.csv", BIG)
    sftp.put("a.csv", "one", age=2 * HOUR)
    (sftp.folder / "link.csv").symlink_to("/etc/hostname")
    with _line(sftp, sshd, cuts=0) as line:
        first = sftp.find(settle=1)
        assert first.files == [("a.csv", "new", b"one"), ("2024/big.csv", "new", BIG)]
        assert "link that leads out" in first.notes[0]
        passed = line.bytes_passed
        assert sftp.find(settle=1, since=first.after).files == []
        assert line.bytes_passed - passed < 20_000

        sftp.put("sent again.csv", BIG)
        second = sftp.find(settle=1, since=first.after)
        assert "has the content of 2024/big.csv" in second.notes[-1]
        passed = line.bytes_passed
        assert sftp.find(settle=1, since=first.after).files == []
        assert line.bytes_passed - passed < 20_000


def test_sftp_tells_a_growing_file_though_the_clocks_differ(sftp: Drop) -> None:
    path = sftp.put("growing.csv", "one")
    sftp.put("a.csv", "two")
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.1):
            with path.open("a") as growing:
                growing.write("more\n")
            sftp.touch("growing.csv", 2 * HOUR)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        found = sftp.find(settle=1)
    finally:
        stop.set()
        writer.join()
    assert found.names == ["a.csv"]
    assert len(found.notes) == 1
    assert "growing.csv" in found.notes[0]
    assert "left for the next run" in found.notes[0]
    assert sftp.find(settle=1, since=found.after).names == ["growing.csv"]


def test_sftp_goes_on_after_a_file_it_may_not_read(sftp: Drop) -> None:
    sftp.put("a.csv", "one")
    sftp.put("closed.csv", "two").chmod(0)
    closed = sftp.folder / "closed"
    closed.mkdir(0)
    found = sftp.find(settle=0)
    closed.chmod(0o700)
    assert found.names == ["a.csv"]
    assert sorted(found.notes) == [
        "pasar: closed can't be read: permission denied",
        "pasar: closed.csv can't be read: permission denied",
    ]


def test_sftp_resumes_where_the_line_broke(sftp: Drop, sshd: SshServer) -> None:
    sftp.put("big.csv", BIG)
    with _line(sftp, sshd, after_bytes=1_300_000, cuts=99) as line:
        assert sftp.find(settle=0).files == [("big.csv", "new", BIG)]
    assert line.cuts >= 2


def test_sftp_gives_up_on_a_line_that_keeps_breaking(sftp: Drop, sshd: SshServer) -> None:
    sftp.put("big.csv", BIG)
    with (
        _line(sftp, sshd, after_bytes=100_000, cuts=99),
        pytest.raises(SourceError, match=r"lost at byte \d+ of big\.csv again and again"),
    ):
        sftp.find(settle=0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("known_hosts=", "known_hosts=/nowhere"), "compare its key ssh-ed25519 SHA256:"),
        (("a%20passphrase", "another"), "has to be its passphrase"),
        ((":a%20passphrase%20of%20the%20key@", "@"), "has to be its passphrase"),
        (("key=", "key=/nowhere"), "can't be read: No such file"),
        (("/drop", "/nowhere"), "has no folder"),
    ],
)
def test_sftp_says_what_is_wrong(sftp: Drop, change: tuple[str, str], sentence: str) -> None:
    sftp.uri = sftp.uri.replace(*change)
    with pytest.raises(SourceError, match=sentence) as raised:
        sftp.find()
    assert "passphrase of the key" not in str(raised.value)


def test_sftp_refuses_a_server_with_another_key(
    sftp: Drop, sshd: SshServer, tmp_path: Path
) -> None:
    with ssh_server(tmp_path) as impostor:
        known = sshd.known_hosts.read_text().replace(str(sshd.port), str(impostor.port))
        (tmp_path / "known").write_text(known)
        sftp.uri = impostor.uri().replace(str(impostor.known_hosts), str(tmp_path / "known"))
        with pytest.raises(SourceError, match="shows another key"):
            sftp.find()


def test_sftp_says_that_a_password_is_wrong_or_nobody_answers(sftp: Drop, sshd: SshServer) -> None:
    for port, sentence in ((sshd.port, "refuses user 'somebody'"), (free_port(), "can't be reac")):
        sftp.uri = f"sftp://somebody:not-this@{HOST}:{port}/?known_hosts={sshd.known_hosts}"
        with pytest.raises(SourceError, match=sentence) as raised:
            sftp.find()
        assert "not-this" not in str(raised.value)


@contextlib.contextmanager
def _line(drop: Drop, sshd: SshServer, cuts: int, after_bytes: int = 0) -> Iterator[BreakingLine]:
    """Lead the connection over a line that breaks."""
    with BreakingLine(sshd.port, after_bytes, cuts) as line:
        known = sshd.known_hosts.read_text().replace(str(sshd.port), str(line.port))
        path = sshd.known_hosts.with_name(f"known_hosts_{line.port}")
        path.write_text(known)
        drop.uri = drop.uri.replace(str(sshd.known_hosts), str(path)).replace(
            f":{sshd.port}/", f":{line.port}/"
        )
        yield line
