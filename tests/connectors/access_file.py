"""Write a small Access file: nothing else on Linux does, and the tests need one that changes.

The format is Jet 4, of Access 2000 to 2003, as far as a reader of tables looks at it: pages of
4 KB, the list of objects on page 2, and for each table a page that defines it, a page that says
where its rows are, and pages of rows. Numbers are little-endian and text is UTF-16.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

PAGE = 4096
HEADER_KEY = bytes.fromhex("c7da396b")
BOOL, INT, LONG, MONEY, DOUBLE, DATETIME, TEXT, OLE, MEMO = 1, 3, 4, 5, 7, 8, 10, 11, 12
FIXED_SIZE = {BOOL: 0, INT: 2, LONG: 4, MONEY: 8, DOUBLE: 8, DATETIME: 8}
LONG_VALUE = (OLE, MEMO)
DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)

Value = bool | int | float | Decimal | datetime | str | bytes | None


@dataclass(frozen=True)
class AccessTable:
    """A table: its name, its columns with their types, and its rows."""

    name: str
    columns: dict[str, int]
    rows: Sequence[Sequence[Value]]


def write_access_file(path: Path, tables: Sequence[AccessTable]) -> None:
    """Write the tables into an Access file, in place of one that may be there."""
    file = _File()
    placed = {table.name: file.place() for table in tables}
    objects = AccessTable(
        "MSysObjects",
        {"Id": LONG, "ParentId": LONG, "Name": TEXT, "Type": INT, "Flags": LONG, "LvProp": OLE},
        [[page, 1, name, 1, 0, None] for name, page in placed.items()],
    )
    for page, table in ((2, objects), *((placed[table.name], table) for table in tables)):
        file.write(page, table)
    path.write_bytes(b"".join(file.pages))


class _File:
    def __init__(self) -> None:
        header = bytearray(PAGE)
        header[0:20] = b"\0\1\0\0Standard Jet DB\0"
        header[0x14] = 1
        header[0x18:0x98] = _rc4(HEADER_KEY, bytes(0x80))
        self.pages = [bytes(header), bytes(PAGE), bytes(PAGE)]

    def place(self, page: bytes = b"") -> int:
        """The number of a new page."""
        self.pages.append(page.ljust(PAGE, b"\0"))
        return len(self.pages) - 1

    def write(self, at: int, table: AccessTable) -> None:
        """A table's rows, the map of their pages, and its definition on page ``at``."""
        rows = [self._row(list(table.columns.values()), row) for row in table.rows]
        used = bytearray(64)
        for group in _groups(rows):
            page = self.place(_data_page(group, struct.pack("<I", at)))
            used[page // 8] |= 1 << page % 8
        maps = [struct.pack("<BI", 0, 0) + bits for bits in (bytes(used), bytes(64))]
        self.pages[at] = _definition(table, self.place(_data_page(maps, bytes(4))))

    def _row(self, types: Sequence[int], row: Sequence[Value]) -> bytes:
        fixed, variable, offsets, mask = b"", b"", [], 0
        size = 2 + sum(FIXED_SIZE.get(kind, 0) for kind in types)
        for place, (kind, value) in enumerate(zip(types, row, strict=True)):
            if value is not None and value is not False:
                mask |= 1 << place
            if kind in FIXED_SIZE:
                fixed += _fixed(kind, value)
            else:
                offsets.append(size + len(variable))
                variable += b"" if value is None else self._variable(kind, value)
        tail = [size + len(variable), *reversed(offsets), len(offsets)]
        return (
            struct.pack("<H", len(types))
            + fixed
            + variable
            + struct.pack(f"<{len(tail)}H", *tail)
            + mask.to_bytes((len(types) + 7) // 8, "little")
        )

    def _variable(self, kind: int, value: Value) -> bytes:
        data = value if isinstance(value, bytes) else str(value).encode("utf-16-le")
        if kind not in LONG_VALUE:
            return data
        following = 0
        piece = PAGE - 20
        for start in reversed(range(0, len(data), piece)):
            record = struct.pack("<I", following) + data[start : start + piece]
            following = self.place(_data_page([record], b"LVAL")) << 8
        return struct.pack("<III", len(data), following, 0)


def _fixed(kind: int, value: Value) -> bytes:
    if value is None or kind == BOOL:
        return bytes(FIXED_SIZE[kind])
    if isinstance(value, datetime):
        return struct.pack("<d", (value.replace(tzinfo=UTC) - DAY_ZERO).total_seconds() / 86_400)
    if isinstance(value, Decimal):
        return struct.pack("<q", int(value * 10_000))
    return struct.pack({INT: "<h", LONG: "<i", DOUBLE: "<d"}[kind], value)


def _definition(table: AccessTable, maps: int) -> bytes:
    columns, names = b"", b""
    fixed_at = variable_at = 0
    for place, (name, kind) in enumerate(table.columns.items()):
        is_fixed = kind in FIXED_SIZE
        size = FIXED_SIZE.get(kind, 0 if kind in LONG_VALUE else 510)
        columns += struct.pack(
            "<B4xHHH4xB5xHH", kind, place, variable_at, place, is_fixed, fixed_at, size
        )
        encoded = name.encode("utf-16-le")
        names += struct.pack("<H", len(encoded)) + encoded
        fixed_at += size if is_fixed else 0
        variable_at += not is_fixed
    count = len(table.columns)
    return (
        struct.pack("<BBHII4xI20xB", 2, 1, 0, 0, 0, len(table.rows), 0x4E)
        + struct.pack("<HHHIIII", count, variable_at, count, 0, 0, maps << 8, maps << 8 | 1)
        + columns
        + names
    ).ljust(PAGE, b"\0")


def _data_page(rows: Sequence[bytes], owner: bytes) -> bytes:
    """Rows from the page's end towards its beginning, and where each one starts."""
    starts, end = [], PAGE
    for row in rows:
        end -= len(row)
        starts.append(end)
    head = struct.pack("<BBH4s4xH", 1, 1, 0, owner, len(rows))
    head += struct.pack(f"<{len(rows)}H", *starts)
    return head.ljust(end, b"\0") + b"".join(reversed(rows))


def _groups(rows: Sequence[bytes]) -> list[list[bytes]]:
    """As many rows to a page as fit."""
    groups: list[list[bytes]] = []
    room = 0
    for row in rows:
        if len(row) + 2 > room:
            groups.append([])
            room = PAGE - 14
        groups[-1].append(row)
        room -= len(row) + 2
    return groups


def _rc4(key: bytes, data: bytes) -> bytes:
    """The stream cipher that hides a part of page 0."""
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
