"""Bytes of a text file as UTF-8, whatever its encoding; no byte is dropped, none stops the file.

A byte that its encoding does not know is read as cp1252 has it (or as a control character where
cp1252 has nothing either), and counted: one stray byte must not cost the row its other values.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

import charset_normalizer
import numpy as np
import numpy.typing as npt
import pyarrow as pa

BLOCK_BYTES = 1 << 18
SAMPLE_BYTES = 1 << 20
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it starts with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
DOS_END = b"\x1a"
"""With this, programs of DOS times ended a text; it is no part of it."""
LIKELY = ["cp1252", "cp850", "mac_roman"]
"""What programs of a city office wrote before UTF-8; more candidates only make worse guesses."""
_STRAY = re.compile("[\udc80-\udcff]")


def guess_encoding(path: Path) -> str:
    """The encoding of a text, from its byte-order mark or a sample from its beginning."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    for mark, name in BYTE_ORDER_MARKS.items():
        if sample.startswith(mark):
            return name
    if sample.count(0) > len(sample) // 4:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    lines = [line for line in sample.splitlines() if not line.isascii()]
    if sum(map(_is_utf8, lines)) >= len(lines) / 2:
        return "utf-8"
    best = charset_normalizer.from_bytes(b"\n".join(lines), cp_isolation=LIKELY).best()
    return best.encoding if best else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


class Utf8Blocks:
    """A text file as blocks of UTF-8, and what had to be repaired in it."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.encoding = encoding
        self.strays = 0
        """Bytes that the encoding does not know."""
        self.first_stray_line = 0
        self._path = path
        self._lines = 1

    def __iter__(self) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self.encoding)("surrogateescape")
        # In these, a byte below 128 is that character wherever it stands.
        plain = self.encoding.startswith(("cp125", "iso8859", "utf-8", "cp850", "cp437", "ascii"))
        with self._path.open("rb") as file:
            following = file.read(BLOCK_BYTES)
            while block := following:
                following = file.read(BLOCK_BYTES)
                if plain and not following:
                    block = block.removesuffix(DOS_END)
                if plain and block.isascii() and not decoder.getstate()[0] and self._lines > 1:
                    yield self._counted(block)
                else:
                    yield self._counted(self._utf8(decoder.decode(block)))
            if rest := decoder.decode(b"", final=True):
                yield self._counted(self._utf8(rest))

    def lines(self) -> Iterator[tuple[int, str]]:
        """The text line by line, with numbers from 1 on, without line ends."""
        number, rest = 0, b""
        for block in self:
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                number += 1
                yield number, line.decode().removesuffix("\r")
        if rest:
            yield number + 1, rest.decode().removesuffix("\r")

    def note(self, name: str) -> str | None:
        """A sentence on what was repaired, or None."""
        if not self.strays:
            return None
        return (
            f"{name}: {self.strays} bytes are not {self.encoding} (the first in line "
            f"{self.first_stray_line}) and were read as cp1252; set encoding if that is wrong"
        )

    def _counted(self, block: bytes) -> bytes:
        self._lines += block.count(b"\n")
        return block

    def _utf8(self, text: str) -> bytes:
        try:
            return text.encode()
        except UnicodeEncodeError as error:
            if not self.strays:
                self.first_stray_line = self._lines + text.count("\n", 0, error.start)
            repaired, count = _STRAY.subn(_stray_letter, text)
            self.strays += count
            return repaired.encode(errors="replace")


def _stray_letter(match: re.Match[str]) -> str:
    byte = ord(match.group()) - 0xDC00
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def decode_one(value: bytes, encoding: str) -> str:
    """A value as text; bytes that the encoding does not know are read as cp1252."""
    return _STRAY.sub(_stray_letter, value.decode(encoding, "surrogateescape"))


def decode_all(values: npt.NDArray[np.bytes_], encoding: str) -> pa.Array:
    """A column of byte strings as text."""
    if values.tobytes().isascii():
        return pa.array(values.tolist(), pa.binary()).cast(pa.string())
    return pa.array([decode_one(value, encoding) for value in values.tolist()], pa.string())
