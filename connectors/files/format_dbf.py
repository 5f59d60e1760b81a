"""DBF: tables of dBase, FoxPro and Clipper, with memos, deleted records and DOS encodings.

GDAL (DuckDB's spatial extension) reads them too, but it made NULL of an overflowed number
(``****``), 2 March of 31 February and floats of long whole numbers without a word, and gave up on
text in cp850. Here numbers and dates arrive as the text they are and are decoded on landing, where
a bad one is set aside.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.files.dbf_memo import MemoFile, open_memo
from connectors.files.encoding import decode_all
from connectors.files.header import clear_names
from connectors.files.opened import (
    BATCH_ROWS,
    FileAsked,
    OpenedFile,
    text_batch,
    without_nulls,
)
from lake.column import Column

# What byte 29 of the header says, after the tables of dBase and Visual FoxPro.
LANGUAGE_DRIVERS = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x04: "mac_roman", 0x08: "cp865", 0x09: "cp437",
    0x0A: "cp850", 0x0B: "cp437", 0x0D: "cp437", 0x0E: "cp850", 0x0F: "cp437", 0x10: "cp850",
    0x11: "cp437", 0x12: "cp850", 0x13: "cp932", 0x14: "cp850", 0x15: "cp437", 0x16: "cp850",
    0x18: "cp437", 0x19: "cp437", 0x1A: "cp850", 0x1B: "cp437", 0x1C: "cp863", 0x1D: "cp850",
    0x1F: "cp852", 0x22: "cp852", 0x23: "cp852", 0x24: "cp860", 0x25: "cp850", 0x26: "cp866",
    0x37: "cp850", 0x40: "cp852", 0x4D: "cp936", 0x4E: "cp949", 0x4F: "cp950", 0x50: "cp874",
    0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252", 0x64: "cp852", 0x65: "cp866", 0x66: "cp865",
    0x67: "cp861", 0x6A: "cp737", 0x6B: "cp857", 0x78: "cp950", 0x79: "cp949", 0x7A: "cp936",
    0x7B: "cp932", 0x7C: "cp874", 0x7D: "cp1255", 0x7E: "cp1256", 0xC8: "cp1250", 0xC9: "cp1251",
    0xCA: "cp1254", 0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
VERSIONS = {0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5, 0xFB}
HAS_FOXPRO_TYPES = {0x30, 0x31, 0x32}
HAS_DBASE_III_MEMO = 0x83
JULIAN_EPOCH = 1721425
"""The Julian day number of 0001-01-01, less one ordinal."""


@dataclass(frozen=True)
class _Field:
    name: str
    kind: str
    length: int
    decimals: int
    start: int


class DbfFile(OpenedFile):
    """One DBF file."""

    def __init__(self, asked: FileAsked) -> None:
        super().__init__(asked)
        with asked.path.open("rb") as file:
            head = file.read(32)
            if len(head) < 32 or head[0] not in VERSIONS:
                raise asked.error("is not a DBF file of a kind that is known here")
            self._version = head[0]
            self._records, self._begin, self._size = struct.unpack("<IHH", head[4:12])
            rest = file.read(max(0, self._begin - 32))
        driver = LANGUAGE_DRIVERS.get(head[29])
        self._encoding = asked.source.encoding or driver or "cp1252"
        if not asked.source.encoding and not driver:
            self.notes.append(
                f"{asked.name}: it does not say its encoding and was read as cp1252; "
                "set encoding if that is wrong"
            )
        self._fields = self._read_fields(rest)
        self._check_size()
        self._memo = self._open_memo()

    @property
    def columns(self) -> list[Column]:
        """Its fields: values as text, with the types the header declares."""
        return [Column(field.name, "VARCHAR", self._type(field)) for field in self._fields]

    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Stream the records that are not marked as deleted; ``_row`` is the record's number."""
        record = np.dtype(
            {
                "names": ["deleted", *(field.name for field in self._fields)],
                "formats": ["S1", *(f"V{field.length}" for field in self._fields)],
                "offsets": [0, *(field.start for field in self._fields)],
                "itemsize": self._size,
            }
        )
        fields = {field.name: field for field in self._fields}
        deleted = 0
        with self.asked.path.open("rb") as file:
            file.seek(self._begin)
            for first in range(0, self._records, BATCH_ROWS):
                count = min(BATCH_ROWS, self._records - first)
                block = np.frombuffer(file.read(count * self._size), record)
                kept = np.flatnonzero(block["deleted"] != b"*")
                deleted += count - len(kept)
                values = [self._values(block[name][kept], fields[name]) for name in wanted]
                yield text_batch(wanted, values, pa.array(kept + first + 1, pa.int64()))
        if deleted:
            self.notes.append(f"{self.asked.name}: {deleted} records are marked as deleted")

    def _values(self, raw: Any, field: _Field) -> pa.Array:
        if self._is_binary(field):
            texts = pa.array([self._binary(value.tobytes(), field) for value in raw], pa.string())
            return without_nulls(texts, self.asked.source.null_texts)
        texts = decode_all(raw.view(f"S{field.length}"), self._encoding)
        trim = pc.utf8_rtrim if field.kind in "CV" else pc.utf8_trim
        texts = trim(texts, characters=" \0")
        if field.kind == "D":
            texts = pc.replace_substring_regex(texts, r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3")
            texts = without_nulls(texts, ["0000-00-00", "/  /"])
        if field.kind == "L":
            texts = pc.replace_substring_regex(texts, "^[TtYy]$", "true")
            texts = pc.replace_substring_regex(texts, "^[FfNn]$", "false")
            texts = without_nulls(texts, ["?"])
        return without_nulls(texts, self.asked.source.null_texts)

    def _is_binary(self, field: _Field) -> bool:
        return field.kind in "MGPIYTO" or (field.kind == "B" and field.length in (4, 8, 10))

    def _binary(self, value: bytes, field: _Field) -> str | None:
        if field.kind == "I":
            return str(struct.unpack("<i", value)[0])
        if field.kind == "Y":
            scaled = struct.unpack("<q", value)[0]
            whole, part = divmod(abs(scaled), 10_000)
            return f"{'-' if scaled < 0 else ''}{whole}.{part:04d}"
        if field.kind == "T":
            return _moment(value)
        if field.kind == "O" or (field.kind == "B" and self._version in HAS_FOXPRO_TYPES):
            return repr(struct.unpack("<d", value)[0])
        return self._memo.text(value) if self._memo else None

    def _type(self, field: _Field) -> str:
        """The DuckDB type; text where there is none."""
        match field.kind:
            case "N" if field.decimals == 0 and field.length <= 18:
                return "BIGINT"
            case "N":
                # Old programs write as many digits before the point as the field is wide.
                return f"DECIMAL({min(38, field.length + field.decimals)},{field.decimals})"
            case "B" if self._version not in HAS_FOXPRO_TYPES:
                return "VARCHAR"
        return {
            "F": "DOUBLE", "B": "DOUBLE", "O": "DOUBLE", "D": "DATE", "L": "BOOLEAN",
            "I": "INTEGER", "Y": "DECIMAL(19,4)", "T": "TIMESTAMP",
        }.get(field.kind, "VARCHAR")  # fmt: skip

    def _read_fields(self, rest: bytes) -> list[_Field]:
        """Field descriptors of 32 bytes each, ended by a carriage return."""
        found: list[_Field] = []
        start = 1
        for at in range(0, len(rest) - 31, 32):
            each = rest[at : at + 32]
            if each[0] == 0x0D:
                break
            kind, length, decimals = chr(each[11]), each[16], each[17]
            if kind == "C" and self._version not in HAS_FOXPRO_TYPES:
                length, decimals = length + 256 * decimals, 0  # Clipper's long texts
            name = each[:11].split(b"\0")[0].decode(self._encoding, "replace").strip()
            if kind != "0":  # FoxPro's own flags
                found.append(_Field(name, kind, length, decimals, start))
            start += length
        if not found or start > self._size:
            raise self.asked.error("has a damaged DBF header: its fields do not fit its records")
        names = clear_names(field.name for field in found)
        return [
            _Field(name, f.kind, f.length, f.decimals, f.start)
            for name, f in zip(names, found, strict=True)
        ]

    def _check_size(self) -> None:
        there = (self.asked.path.stat().st_size - self._begin) // self._size
        if there < self._records:
            raise self.asked.error(
                f"is cut off: its header says {self._records} records, there are {there}"
            )
        if there > self._records:
            self.notes.append(
                f"{self.asked.name}: {there - self._records} records behind the "
                f"{self._records} that its header counts were not read"
            )

    def _open_memo(self) -> MemoFile | None:
        memos = [field.name for field in self._fields if field.kind in "MGP"]
        if not memos:
            return None
        path = self.asked.companion((".dbt", ".fpt"))
        if path is None:
            raise self.asked.error(
                f"has memo columns ({', '.join(memos)}), and the .dbt or .fpt file beside it is "
                "missing"
            )
        return open_memo(path, self._encoding, is_dbase_iii=self._version == HAS_DBASE_III_MEMO)


def _moment(value: bytes) -> str | None:
    """FoxPro's date and time: a Julian day and milliseconds."""
    day, milliseconds = struct.unpack("<ii", value)
    if not day:
        return None
    try:
        on = date.fromordinal(day - JULIAN_EPOCH)
    except ValueError:
        return f"day {day}"  # not a date: it is set aside on landing
    # FoxPro keeps times as fractions, so that a full second may lack a millisecond.
    return f"{on} {timedelta(seconds=round(milliseconds / 1000))!s:0>8}"
