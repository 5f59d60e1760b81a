"""The tables of docs/types.md, written by the tests that prove them and compared by every run.

A page that says what becomes of each type is right only as long as something checks it. A test
collects what it saw land as ``TypeRow``s and calls ``check_section``; the page has one section a
technology, between marker comments.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kota.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "types.md"
WRITE = "KOTA_WRITE_DOCS"
WRITES = os.environ.get(WRITE) == "1"  # read on import: every test starts without KOTA_ settings
HEADER = ("Source type", "Example value", "Becomes in the lake", "What is lost")


@dataclass(frozen=True)
class TypeRow:
    """What one type of a source becomes."""

    source_type: str
    example: str
    lake: str
    """Type and value in the lake."""
    lost: str = "nothing"


def check_section(technology: str, rows: Sequence[TypeRow], page: Path = PAGE) -> None:
    """Compare the section ``technology`` of the page with what was proved.

    With KOTA_WRITE_DOCS=1 in the environment the section is written instead.
    """
    text = page.read_text("utf-8")
    before, found, rest = text.partition(f"<!-- {technology} -->\n")
    _, ended, after = rest.partition(f"<!-- /{technology} -->\n")
    assert found and ended, f"{page.name} has no section between <!-- {technology} --> markers"
    proved = before + found + markdown(rows) + ended + after
    if WRITES:
        page.write_text(proved, "utf-8")
        return
    assert text == proved, (
        f"section {technology} of {page.name} is not what the test proved: "
        f"run with {WRITE}=1 to write it"
    )


def markdown(rows: Sequence[TypeRow]) -> str:
    """The rows as a Markdown table."""
    cells = [(row.source_type, row.example, row.lake, row.lost) for row in rows]
    lines = [HEADER, tuple("---" for _ in HEADER), *cells]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "\\n")
