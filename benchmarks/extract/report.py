"""What was measured, as Markdown for people and JSON for machines."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.extract.environments import own_version
from benchmarks.extract.measure import Measurement


@dataclass
class Section:
    """One table of the report."""

    title: str
    about: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    measurements: dict[str, list[Measurement]] = field(default_factory=dict)

    def markdown(self) -> str:
        """Heading, one paragraph, table; what is a number stands on the right."""
        numeric = [
            bool(self.rows)
            and sum(_is_number(row[place]) for row in self.rows) * 2 > len(self.rows)
            for place in range(len(self.columns))
        ]
        rule = "|".join("---:" if right else "---" for right in numeric)
        lines = [" | ".join(row) for row in [self.columns, *self.rows]]
        table = [f"| {lines[0]} |", f"|{rule}|", *(f"| {line} |" for line in lines[1:])]
        return "\n".join([f"### {self.title}", "", self.about, "", *table])


def machine() -> str:
    """What it ran on, in one sentence."""
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {memory:.0f} GB; Python "
        f"{platform.python_version()}, DuckDB {own_version('duckdb')}, "
        f"pyarrow {own_version('pyarrow')}, deltalake {own_version('deltalake')}."
    )


def markdown(sections: Sequence[Section]) -> str:
    """All of it."""
    return "\n\n".join([machine(), *(section.markdown() for section in sections)]) + "\n"


def write(sections: Sequence[Section], folder: Path) -> None:
    """Leave ``extract.md`` and ``extract.json`` in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "extract.md").write_text(markdown(sections), "utf-8")
    document = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "sections": [_plain(section) for section in sections],
    }
    (folder / "extract.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


def megabytes(size: int) -> str:
    """``311 MB``."""
    return f"{size / 1e6:,.0f} MB"


def _plain(section: Section) -> dict[str, object]:
    plain = asdict(section)
    for runs in plain["measurements"].values():
        for run in runs:
            # What a program printed can be long, and what counts of it is in the table.
            run.pop("output")
    return plain


def _is_number(text: str) -> bool:
    try:
        float(text.removesuffix(" MB").replace(",", ""))
    except ValueError:
        return False
    return True
