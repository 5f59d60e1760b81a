"""The texts that a DBF keeps in a file beside it: ``.dbt`` (dBase) and ``.fpt`` (FoxPro)."""

import struct
from abc import ABC, abstractmethod
from pathlib import Path

from connectors.files.encoding import decode_one


class MemoFile(ABC):
    """Memo texts by block number."""

    def __init__(self, data: bytes, block: int, encoding: str) -> None:
        self._data = data
        self._block = block
        self._encoding = encoding

    def text(self, reference: bytes) -> str | None:
        """The text a record refers to; references are digits, or in FoxPro four bytes."""
        if len(reference) == 4:
            number = int(struct.unpack("<I", reference)[0])
        else:
            digits = reference.strip(b" \0")
            number = int(digits) if digits.isdigit() else 0
        if not number:
            return None
        return decode_one(self._content(number * self._block), self._encoding) or None

    @abstractmethod
    def _content(self, at: int) -> bytes:
        """The bytes of the memo that begins there."""


class _DbaseIii(MemoFile):
    def _content(self, at: int) -> bytes:
        end = self._data.find(b"\x1a", at)
        return self._data[at : end if end >= 0 else None]


class _DbaseIv(MemoFile):
    def _content(self, at: int) -> bytes:
        (length,) = struct.unpack("<I", self._data[at + 4 : at + 8].ljust(4, b"\0"))
        return self._data[at + 8 : at + int(length)]


class _FoxPro(MemoFile):
    def _content(self, at: int) -> bytes:
        (length,) = struct.unpack(">I", self._data[at + 4 : at + 8].ljust(4, b"\0"))
        return self._data[at + 8 : at + 8 + int(length)]


def open_memo(path: Path, encoding: str, *, is_dbase_iii: bool) -> MemoFile:
    """The memo file at ``path``."""
    data = path.read_bytes()
    if path.suffix.lower() == ".fpt":
        (block,) = struct.unpack(">H", data[6:8].ljust(2, b"\0"))
        return _FoxPro(data, block or 64, encoding)
    if is_dbase_iii:
        return _DbaseIii(data, 512, encoding)
    (block,) = struct.unpack("<H", data[20:22].ljust(2, b"\0"))
    return _DbaseIv(data, block or 512, encoding)
