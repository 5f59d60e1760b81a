"""Somebody who has no kota checks an export: with Python alone, and with openssl and coreutils."""

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kota.cli import app
from kota.settings import Settings
from record.chain import RecordError
from record.export import export
from record.keys import load_key, make_key
from tests.record.conftest import SECOND


@pytest.fixture
def unpacked(city: Settings, tmp_path: Path) -> Path:
    """An export as its receiver has it, with the city's public key beside it."""
    (tmp_path / "city.pem").write_text(make_key(tmp_path / "record.pem"))
    export(city, tmp_path / "record.tar.gz", tmp_path / "record.pem")
    with tarfile.open(tmp_path / "record.tar.gz") as tar:
        tar.extractall(tmp_path, filter="data")
    return tmp_path / "record"


def python(folder: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    """The checker that comes with the export, in a Python that has nothing installed."""
    command = [sys.executable, "-I", "-S", folder / "check_export.py", folder]
    return subprocess.run(
        [*map(str, [*command, folder.parent / "city.pem", *files])],
        capture_output=True,
        text=True,
        check=False,
    )


def shell(folder: Path) -> str:
    """The commands in the README, as they stand there; what they print."""
    text = (folder / "README.txt").read_text("utf-8")
    commands = text[text.index("    openssl") : text.index("(in bash")]
    shutil.copy(folder.parent / "city.pem", folder / "city.pem")
    done = subprocess.run(
        ["bash", "-c", commands], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_an_export_holds_and_tells_which_entry_names_a_file(city: Settings, unpacked: Path) -> None:
    lake_file = next((city.lake_dir / "legacy" / "requests").glob("*.parquet"))
    done = python(unpacked, city.published_dir / SECOND / "kota.duckdb", lake_file, Path(__file__))

    assert done.returncode == 0, done.stderr
    first, snapshot, batch, other = done.stdout.splitlines()
    assert first.startswith("10 entries hold; the head is ")
    assert "(publication, " in snapshot
    assert "(extract, " in batch
    assert other.endswith("no entry names it")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_an_export_is_checked_by_openssl_and_coreutils(unpacked: Path) -> None:
    assert shell(unpacked) == "Signature Verified Successfully\n"


def edit_chain(folder: Path) -> None:
    path = folder / "chain.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"status":"pass"', b'"status":"warn"', 1))


def cut_chain(folder: Path) -> None:
    path = folder / "chain.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def edit_evidence(folder: Path) -> None:
    path = next((folder / "evidence").iterdir())
    path.write_bytes(path.read_bytes() + b" ")


def sign_anew(folder: Path) -> None:
    """The forger has a key as well, and puts it into the export."""
    other = folder.parent / "other.pem"
    (folder / "public_key.pem").write_text(make_key(other))
    edit_chain(folder)
    sums = (folder / "SHA256SUMS").read_bytes()
    (folder / "SHA256SUMS.sig").write_bytes(load_key(other).sign(sums))


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (edit_chain, "chain.jsonl was changed after it was signed"),
        (cut_chain, "chain.jsonl was changed after it was signed"),
        (edit_evidence, "was changed after it was signed"),
        (sign_anew, "SHA256SUMS was not signed with this key"),
    ],
)
def test_an_edited_export_is_found(unpacked: Path, tamper: object, sentence: str) -> None:
    tamper(unpacked)  # type: ignore[operator]

    done = python(unpacked)
    assert done.returncode == 1
    assert sentence in done.stderr
    if shutil.which("openssl"):
        assert shell(unpacked) != "Signature Verified Successfully\n"


def test_a_key_is_never_overwritten_nor_used_when_others_can_read_it(
    city: Settings, tmp_path: Path
) -> None:
    key = tmp_path / "record.pem"
    with pytest.raises(RecordError, match="run `kota record keygen`"):
        export(city, tmp_path / "record.tar", key)
    make_key(key)
    with pytest.raises(RecordError, match="already; it stays"):
        make_key(key)
    key.chmod(0o644)
    with pytest.raises(RecordError, match="others can read"):
        export(city, tmp_path / "record.tar", key)


def test_the_commands_make_a_key_and_an_export_and_list_entries(
    city: Settings, tmp_path: Path
) -> None:
    def kota(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["record", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    assert "-----BEGIN PUBLIC KEY-----" in kota("keygen")
    assert (city.home / "keys" / "record.pem").stat().st_mode & 0o777 == 0o600
    assert "entries 1 to 10, signed" in kota("export", str(tmp_path / "record.tar"))
    assert [one["kind"] for one in json.loads(kota("show", "--limit", "2", "--json"))] == [
        "publication",
        "audit",
    ]
    assert SECOND in kota("show", "--kind", "build")
