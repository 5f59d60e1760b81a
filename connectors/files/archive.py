"""What is inside a ZIP file: checked, unpacked, and not trusted.

A ZIP ends with its table of contents, so one that is cut short tells it by itself, and each member
carries a checksum. Names and sizes in it are claims of whoever sent it.
"""

import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from connectors.files.pattern import Pattern
from connectors.files.places import FileUnreadableError, Place, RemoteFile, is_safe_name

MOST_BYTES = 50 * 1024**3
"""What the members of one ZIP may unpack to."""
MOST_EXPANSION = 250
"""How many times its own size a ZIP may unpack to; text of a real register stays below 50."""
SMALL_BYTES = 64 * 1024**2
"""Unpacking this much harms nobody, however small the ZIP is."""
MOST_MEMBERS = 100_000
CHUNK_BYTES = 1024 * 1024
_IS_UTF8 = 0x800
_IS_ENCRYPTED = 0x1
_AES = 99
_LAST_DOS_LETTER = 0xA5
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError)


class BrokenArchiveError(Exception):
    """The ZIP is not whole: cut short, still being uploaded, or damaged."""


class Archive:
    """An open ZIP file that came from a place."""

    def __init__(self, place: Place, file: RemoteFile, path: Path) -> None:
        self._place = place
        self._file = file
        self._path = path
        self.remarks: list[str] = []
        """What was refused, and why: a sentence each."""

    def __enter__(self) -> Self:
        try:
            self._zip = zipfile.ZipFile(self._path)
        except _BROKEN as error:
            raise BrokenArchiveError(f"its end is missing ({error})") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def unpack(self, pattern: Pattern) -> list[tuple[RemoteFile, Path]]:
        """The members that match, oldest first, each unpacked beside the ZIP and checked.

        Raises ``BrokenArchiveError`` if any is damaged, ``FileUnreadableError`` if the ZIP needs
        another password, or is of a kind that can't be opened, or unpacks to too much.
        """
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise self._refused(f"it has more than {MOST_MEMBERS} members")
        # Of two members with one name, the later one is what the sender sees when unpacking.
        chosen = {
            name: member
            for member in members
            if not member.is_dir() and (name := self._name(member)) and pattern.matches(name)
        }
        self._refuse_bomb(sum(member.file_size for member in chosen.values()))
        unpacked = []
        total = 0
        for name, member in sorted(chosen.items(), key=lambda pair: (pair[1].date_time, pair[0])):
            # A member's own time has no zone, so it orders members but dates nothing.
            file = RemoteFile(f"{self._file.name}!{name}", member.file_size, self._file.modified)
            path = self._place.copy_path(file, self._place.scratch)
            total += self._unpack(member, path, total)
            unpacked.append((file, path))
        return unpacked

    def _unpack(self, member: zipfile.ZipInfo, path: Path, before: int) -> int:
        """Unpack one member; its real size, which is watched because the stated one may lie."""
        written = 0
        with self._open(member) as source, path.open("wb") as target:
            while chunk := self._read(source):
                written += len(chunk)
                self._refuse_bomb(before + written)
                target.write(chunk)
        return written

    def _open(self, member: zipfile.ZipInfo) -> IO[bytes]:
        encrypted = bool(member.flag_bits & _IS_ENCRYPTED)
        password = self._place.zip_password
        if encrypted and password is None:
            raise self._refused("it is encrypted; put zip_password=… into the connection")
        if member.compress_type == _AES:
            raise self._refused(
                "it is encrypted with AES; ask its sender for the ZipCrypto method, "
                "or for no password at all"
            )
        try:
            return self._zip.open(member, pwd=password.encode() if password else None)
        except NotImplementedError:
            raise self._refused(
                f"it is compressed by method {member.compress_type}; "
                "ask its sender for an ordinary ZIP (deflate)"
            ) from None
        except RuntimeError:
            raise self._refused("zip_password in the connection is not its password") from None
        except _BROKEN as error:
            raise BrokenArchiveError(f"a member is damaged ({error})") from None

    def _read(self, source: IO[bytes]) -> bytes:
        try:
            return source.read(CHUNK_BYTES)
        except _BROKEN as error:
            raise BrokenArchiveError(f"a member is damaged ({error})") from None

    def _name(self, member: zipfile.ZipInfo) -> str:
        """The member's name with ``/``, or ``""`` where it leads out of the folder."""
        name = _decoded(member).replace("\\", "/").removeprefix("./")
        if is_safe_name(name):
            return name
        self.remarks.append(
            f"{self._place.app.app}: {name!r} in {self._file.name} is refused: "
            "the name leads out of its folder"
        )
        return ""

    def _refuse_bomb(self, size: int) -> None:
        most = max(SMALL_BYTES, self._path.stat().st_size * MOST_EXPANSION)
        if size > min(most, MOST_BYTES):
            raise self._refused(
                f"it would unpack to {size // 1024**2} MB or more, too much for its size; "
                "ask its sender what it is"
            )

    def _refused(self, why: str) -> FileUnreadableError:
        return self._place.unreadable(self._file.name, why)


def _decoded(member: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag, by what its bytes look like.

    Old DOS and Windows tools write cp437, whose letters end at 0xA5; others cp1252, whose letters
    begin at 0xC0; and some write UTF-8 without saying so.
    """
    if member.flag_bits & _IS_UTF8:
        return member.orig_filename
    raw = member.orig_filename.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        is_dos = all(byte <= _LAST_DOS_LETTER for byte in raw)
        return raw.decode("cp437" if is_dos else "cp1252", "replace")
