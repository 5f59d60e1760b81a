"""How the files of a group are written, as the registry says it: one layout for each table."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import fastexcel
from lxml import etree

from connectors.discover.csv_layout import csv_layout
from connectors.discover.excel_layout import STOP_AT, sheet_groups
from connectors.discover.json_rows import find_rows
from connectors.files.encoding import Utf8Blocks, guess_encoding
from connectors.files.format_json import LARGEST_DOCUMENT
from connectors.files.formats import SUFFIXES
from connectors.rest_json import parse

ELEMENTS_LOOKED_AT = 20_000
_NOT_DELIMITED = (
    "nothing delimits columns in it; with fixed places, register it by hand with format: fixed"
)


@dataclass(frozen=True)
class Layout:
    """One table in a file."""

    said: dict[str, Any] = field(default_factory=dict)
    """What ``files:`` has to say besides pattern and content."""
    remarks: tuple[str, ...] = ()
    suffix: str = ""
    """What tells the table from others in the same file."""
    sheets: int = 0
    has_types: bool = False
    """Whether the format has types of its own."""


class NoLayoutError(Exception):
    """The file is no table; the message says why."""


def layouts(path: Path, name: str) -> list[Layout]:
    """The tables in a file. Raises ``NoLayoutError``."""
    kind = SUFFIXES.get(PurePosixPath(name).suffix.lower())
    if path.stat().st_size == 0:
        raise NoLayoutError("it is empty")
    match kind:
        case "csv":
            return [_csv(path)]
        case "xlsx" | "xls":
            return _excel(path)
        case "json":
            return [_json(path)]
        case "xml":
            return [_xml(path)]
        case "dbf" | "parquet":
            return [Layout(has_types=True)]
        case "jsonl":
            return [Layout()]
    raise NoLayoutError("its suffix says no format; register it by hand with format: …")


def _csv(path: Path) -> Layout:
    found = csv_layout(path)
    if found is None:
        raise NoLayoutError(_NOT_DELIMITED)
    said: dict[str, Any] = {}
    remarks = []
    if found.encoding:
        said["encoding"] = found.encoding
        remarks.append("The encoding is a guess from its letters beyond ASCII")
    if found.header != 1:
        said["header"] = found.header
    if found.header == 0:
        remarks.append("It has no line of names: name all columns below, in their order")
    said["csv"] = {"delimiter": found.delimiter}
    if found.footer:
        said["csv"]["skip_footer"] = found.footer
        remarks.append(f"Lines at its end that are totals or remarks: {found.footer}")
    return Layout(said, tuple(remarks))


def _excel(path: Path) -> list[Layout]:
    try:
        groups, without = sheet_groups(path)
    except fastexcel.FastExcelError:
        raise NoLayoutError("it can't be read as a workbook") from None
    if not groups:
        raise NoLayoutError("it has no sheet with a row of names and rows below it")
    found = []
    is_only = len(groups) == 1 and not without
    for number, group in enumerate(groups):
        said: dict[str, Any] = {}
        remarks = [f"The names are in row {group.header}, and are found again by what they are"]
        if group.header_rows > 1:
            said["header_rows"] = group.header_rows
            remarks[0] = f"The names are in rows {group.header} and {group.header + 1}"
        if group.has_totals:
            said["stop_at"] = STOP_AT
            remarks.append("A row with a total ends the table: look whether rows follow it")
        if len(group.sheets) > 1 or not is_only:
            is_all = is_only and len(group.sheets) > 1
            said["sheets"] = "*" if is_all else [_as_pattern(name) for name in group.sheets]
            remarks.append(f"Sheets with these columns: {len(group.sheets)}")
        if without and number == 0:
            remarks.append(f"Sheets that hold no table: {len(without)}")
        suffix = "" if number == 0 else group.sheets[0]
        found.append(Layout(said, tuple(remarks), suffix, len(group.sheets)))
    return found


def _as_pattern(sheet: str) -> str:
    return "".join("?" if char in "*?[]" else char for char in sheet)


def _json(path: Path) -> Layout:
    if path.stat().st_size > LARGEST_DOCUMENT:
        raise NoLayoutError("it is too large for one JSON document; ask for JSON lines")
    try:
        body = parse(b"".join(Utf8Blocks(path, guess_encoding(path))).decode())
    except ValueError:
        raise NoLayoutError("it is not a JSON document") from None
    rows = find_rows(body)
    if rows is None:
        raise NoLayoutError("there is no list of records in it")
    return Layout({"rows": rows} if rows else {})


def _xml(path: Path) -> Layout:
    counts: Counter[tuple[str, ...]] = Counter()
    has_parts: set[tuple[str, ...]] = set()
    stack: list[str] = []
    try:
        for event, element in etree.iterparse(
            str(path), events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, remove_comments=True, remove_pis=True,
        ):  # fmt: skip
            if event == "end":
                stack.pop()
                element.clear()
                continue
            if stack:
                has_parts.add(tuple(stack))
            stack.append(str(etree.QName(element).localname))
            counts[tuple(stack)] += 1
            if element.attrib:
                has_parts.add(tuple(stack))
            if counts.total() > ELEMENTS_LOOKED_AT:
                break
    except etree.XMLSyntaxError:
        raise NoLayoutError("it is not sound XML") from None
    repeated = [at for at, count in counts.items() if count > 1 and at in has_parts]
    if not repeated:
        raise NoLayoutError("no element in it repeats; write format: xml with xml: {row: …}")
    row = min(repeated, key=lambda at: (len(at), -counts[at]))
    return Layout({"format": "xml", "xml": {"row": "/".join(row)}})
