"""The draft as a registry file: written to be read and corrected by a person."""

import json
import re
from collections.abc import Iterator

import yaml

from connectors.discover.controls import control_columns
from connectors.discover.cursors import counted
from connectors.discover.draft import FILL_IN_OWNER, Block, Draft, LeftTable, TableDraft
from connectors.discover.facts import ColumnFacts
from connectors.discover.personal import Personal

FILL_IN_DEPARTMENT = "fill_in"


def render(draft: Draft) -> str:
    """The text of ``<app>.yml``. It holds no value of any row, no password and no address."""
    remarks = [f"# {_plain(remark)}" for remark in draft.remarks]
    return "\n".join([*_head(draft), *_tables(draft), *_left(draft), *remarks]) + "\n"


def _head(draft: Draft) -> Iterator[str]:
    taken, all_tables = len(draft.tables), len(draft.tables) + len(draft.left)
    yield "# yaml-language-server: $schema=../app.schema.json"
    yield (
        f"# Drafted by `kota sources discover` on {draft.drafted_on} from {draft.technology} "
        f"{_plain(draft.server.version)}".rstrip()
        + f": {taken} of {all_tables} tables."
    )
    yield "# Read it through: fill in what is marked, and look at keys, cursors and personal data."
    yield f"app: {draft.app}"
    yield f"name: {scalar(draft.app)}  # FILL IN: what people call it"
    yield 'description: ""  # FILL IN: one sentence'
    if draft.department:
        yield f"department: {draft.department}"
    else:
        yield (
            f"department: {FILL_IN_DEPARTMENT}"
            "  # FILL IN: a code of dbt_project/seeds/seed_departments.csv"
        )
    yield f"owner: {FILL_IN_OWNER}  # FILL IN: the office's address, not a person's"
    yield "tier: 3  # 1: an official looks at it every day; 2: every week; 3: nobody waits for it"
    yield f"connection: {draft.connection}"
    zone = f"  # the server's own: {_plain(draft.server.zone)}" if draft.server.zone else ""
    yield f"timezone: {draft.timezone}{zone}"
    yield 'schedule: "30 1 * * *"  # in that zone'
    yield "freshness_hours: 48"
    if draft.schema:
        yield f"schema: {scalar(draft.schema)}"
    for name, count in draft.other_schemas.items():
        yield f"# Schema {_plain(name)} has {count:,} tables: draft it by itself with --schema."
    if draft.server.may_write:
        rights = ", ".join(draft.server.may_write)
        yield f"# This account may also {rights}: ask for one that may only read."


def _tables(draft: Draft) -> Iterator[str]:
    yield "tables:"
    names = {table.facts.name: table.name for table in draft.tables}
    for table in draft.tables:
        yield from _table(table, names)


def _table(table: TableDraft, names: dict[str, str]) -> Iterator[str]:
    facts = table.facts
    yield f"  {scalar(table.name)}:"
    yield f"    # {_size(table)}"
    yield f"    # Staging model: {table.staging}"
    if table.name != facts.name:
        yield f"    source: {scalar(facts.name)}"
    if facts.comment:
        yield f"    description: {scalar(' '.join(facts.comment.split()))}"
    yield f"    # Key: {_plain(table.key.remark)}."
    yield f"    key: {_list(table.key.columns)}"
    what = f"Cursor {table.reading.cursor}" if table.reading.cursor else "Mode"
    yield f"    # {_plain(f'{what}: ' + '; '.join(table.reading.remarks))}."
    yield f"    mode: {table.reading.mode}"
    if table.reading.cursor:
        yield f"    cursor: {scalar(table.reading.cursor)}"
    if table.reading.lookback is not None:
        yield f"    lookback: {table.reading.lookback}  # seconds: the cursor counts them"
    if controls := control_columns(table):
        yield "    # Added up at the source and in the lake, and compared: keep what matters."
        yield f"    control: {_list(tuple(controls))}"
    for pointer in table.references:
        target = names.get(pointer.table, pointer.table)
        yield _plain(
            f"    # {pointer.column} points at {target}.{pointer.target} ({pointer.evidence})."
        )
    if table.block:
        yield from _block(table.block)
    lines = [_column(column, table) for column in facts.columns]
    # Without an entry, all lines below it are comments, and so is the line that opens them.
    has_entry = any(not line.lstrip().startswith("#") for line in lines)
    yield "    columns:" if has_entry else "    # columns:"
    yield from lines


def _block(block: Block) -> Iterator[str]:
    yield f"    {block.name}:"
    for remark in block.remarks:
        yield f"      # {_plain(remark)}."
    for name, value in block.entry.model_dump(exclude_unset=True).items():
        yield f"      {name}: {flow(value)}"


def _column(column: ColumnFacts, table: TableDraft) -> str:
    found, spelling = table.personal.get(column.name), table.spellings.get(column.name)
    remark = _plain(column.type)
    if column.comment:
        remark += f", “{_plain(column.comment)}”"
    if found:
        remark += f"; {_plain(found.evidence)}"
    if spelling and spelling.remark:
        remark += f"; {_plain(spelling.remark)}"
    said: dict[str, object] = {}
    if spelling and spelling.type and (found is None or found.policy == "keep"):
        said["type"] = spelling.type
        if spelling.formats:
            one = len(spelling.formats) == 1
            said["format"] = spelling.formats[0] if one else list(spelling.formats)
        if spelling.decimal != ".":
            said["decimal"] = spelling.decimal
    if column.name in table.paths:
        said["path"] = table.paths[column.name]
    if found:
        said |= _classes_of(found)
    if not said and not table.names_all:
        return f"      # {_plain(column.name)}: {remark}"
    return f"      {scalar(column.name)}: {flow(said)}  # {remark}"


def _left(draft: Draft) -> Iterator[str]:
    if not draft.left:
        return
    yield "  # Left out. To take a table after all, remove the mark before its name."
    for entry in draft.left:
        rows = "" if entry.rows is None else f", {counted(entry.rows)}"
        if entry.reason == "empty":
            rows = ""
        yield f"  # {_left_entry(entry)}  # {_plain(entry.reason)}{rows}"


def _left_entry(entry: LeftTable) -> str:
    facts = entry.facts
    is_sure = all(not facts.column(name).nullable for name in facts.primary_key)
    parts = [f"source: {scalar(facts.name)}"] if entry.name != facts.name else []
    parts += [f"key: {_list(facts.primary_key if is_sure else ())}", "mode: snapshot"]
    classed = [
        f"{scalar(name)}: {_classes(found)}"
        for name, found in entry.personal.items()
        if name not in facts.primary_key
    ]
    if classed:
        parts.append(f"columns: {{{', '.join(classed)}}}")
    return f"{scalar(entry.name)}: {{{', '.join(parts)}}}"


def _classes(found: Personal) -> str:
    return flow(_classes_of(found))


def _classes_of(found: Personal) -> dict[str, object]:
    said: dict[str, object] = {"personal": found.personal} if found.personal else {}
    return said | ({"policy": found.policy} if found.policy != "keep" else {})


def _size(table: TableDraft) -> str:
    facts = table.facts
    about = "" if table.is_counted else "about "
    rows = "rows not counted" if table.rows is None else f"{about}{counted(table.rows)}"
    parts = [rows] + ([_bytes(facts.bytes)] if facts.bytes else [])
    if facts.kind == "view":
        parts.append("a view")
    if not table.is_counted or table.sampled != table.rows:
        parts.append(f"{table.sampled:,} of them looked at")
    return ", ".join(parts) + "."


def _bytes(size: int) -> str:
    value, units = float(size), ["bytes", "kB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return (
        f"{value:,.0f} {units[0]}"
        if value >= 10 or units[0] == "bytes"
        else f"{value:,.1f} {units[0]}"
    )


def _list(names: tuple[str, ...]) -> str:
    return f"[{', '.join(scalar(name) for name in names)}]"


def flow(value: object) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{scalar(name)}: {flow(each)}" for name, each in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return scalar(value) if isinstance(value, str) else json.dumps(value)


def scalar(text: str) -> str:
    """A text as a YAML scalar that is read as that text: ``no`` or ``a: b`` need quotes."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_ ]*(?<! )", text) and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _plain(text: str) -> str:
    """A text as it can stand in a comment: on one line."""
    return "".join(char if char.isprintable() else " " for char in text)
