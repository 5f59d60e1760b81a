"""Write DBF tables as dBase III+ keeps them (no memo), in the Windows code page cp1252.

The `dbf` package writes some 7,000 rows a second, so that the bills of two million citizens would
take it four minutes a night. A DBF is a header and records of fixed width, which numpy lays out as
whole columns, some hundred times as fast. A test reads the result back with that package.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from demo.dice import Bools

CODE_PAGE = "cp1252"
_VERSION = 0x03  # dBase III+ without memo
_LANGUAGE_DRIVER = 0x03  # Windows ANSI
_HEADER_END, _FILE_END = b"\r", b"\x1a"
_LIVE, _DELETED = ord(" "), ord("*")

_Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class DbfField:
    """A field: text (C, cut to its length), a whole number (N) or a date (D, always 8 wide)."""

    name: str
    kind: Literal["C", "N", "D"]
    length: int = 8

    def __post_init__(self) -> None:
        if not self.name.isascii() or not 1 <= len(self.name) <= 10:
            raise ValueError(f"a DBF field's name has 1 to 10 plain letters, not {self.name!r}")


def dbf_bytes(
    fields: Sequence[DbfField], changed: date, chunks: Iterable[tuple[pa.Table, Bools]]
) -> bytes:
    """The file: each chunk has the fields as columns, and marks which records are deleted.

    Raises ``ValueError`` if a number does not fit its field.
    """
    records = [_records(fields, rows, deleted) for rows, deleted in chunks]
    width = 1 + sum(field.length for field in fields)
    count = sum(len(block) // width for block in records)
    return b"".join([_header(fields, changed, count, width), *records, _FILE_END])


def _header(fields: Sequence[DbfField], changed: date, count: int, width: int) -> bytes:
    size = 32 + 32 * len(fields) + len(_HEADER_END)
    head = struct.pack(
        "<4BIHH17xB2x",
        _VERSION, changed.year - 1900, changed.month, changed.day, count, size, width,
        _LANGUAGE_DRIVER,
    )  # fmt: skip
    described = (
        struct.pack(
            "<11sc4xBB14x", field.name.encode("ascii"), field.kind.encode(), field.length, 0
        )
        for field in fields
    )
    return b"".join([head, *described, _HEADER_END])


def _records(fields: Sequence[DbfField], rows: pa.Table, deleted: Bools) -> bytes:
    marks = np.where(deleted, _DELETED, _LIVE).astype(np.uint8)[:, None]
    columns = [_column(field, rows[field.name].combine_chunks()) for field in fields]
    return np.hstack([marks, *columns]).tobytes()


def _column(field: DbfField, values: pa.Array) -> _Bytes:
    match field.kind:
        case "N":
            texts = pc.utf8_lpad(pc.fill_null(values.cast(pa.string()), ""), field.length, " ")
            if pc.max(pc.utf8_length(texts)).as_py() not in (None, field.length):
                raise ValueError(f"a number is wider than {field.name}, {field.length} digits")
        case "D":
            texts = pc.fill_null(pc.strftime(values, "%Y%m%d"), " " * field.length)
        case "C":
            texts = pc.utf8_slice_codeunits(pc.fill_null(values, ""), 0, field.length)
            texts = pc.utf8_rpad(texts, field.length, " ")
    return _encoded(texts, field.length)


def _encoded(texts: pa.Array, length: int) -> _Bytes:
    """Texts of ``length`` characters as that many bytes each; ``?`` for what cp1252 lacks."""
    plain = pc.string_is_ascii(texts)
    blank = pa.scalar(" " * length)
    cells = pc.if_else(plain, texts, blank).cast(pa.binary()).cast(pa.binary(length))
    found = np.frombuffer(cells.buffers()[1], np.uint8)[: len(texts) * length].reshape(-1, length)
    if pc.all(plain).as_py() in (None, True):
        return found
    found = found.copy()
    # Few names have accents, and only those are encoded one by one.
    signed = texts.filter(pc.invert(plain)).to_pylist()
    cells = b"".join(text.encode(CODE_PAGE, "replace") for text in signed)
    found[~plain.to_numpy(zero_copy_only=False)] = np.frombuffer(cells, np.uint8).reshape(
        -1, length
    )
    return found
