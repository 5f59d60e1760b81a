"""The page *Mutu Data*: one file in Indonesian, for a phone or for paper; it asks for nothing."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, select_autoescape

from expectations.quality import words
from expectations.quality.chart import history_chart
from expectations.quality.material import Material
from expectations.quality.reconciled import MATCH
from expectations.quality.scores import PRINCIPLES

FILE_NAME = "mutu_data.html"
_TEMPLATES = Path(__file__).parent.parent / "templates"


def write_page(con: duckdb.DuckDBPyConnection, material: Material, folder: Path) -> Path:
    """Write the page from the tables of schema ``quality`` and return it.

    Readers see the old page or the new one.
    """
    timezone = material.settings.city.timezone
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html", "j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "n": words.number,
        "day": words.day,
        "moment": partial(words.moment, timezone=timezone),
        "zone": partial(words.zone, timezone=timezone),
        "end": words.end,
        "table_name": lambda name: name.removeprefix("marts."),
    }
    tables = {
        "failed": "from quality.checks where not is_passed order by severity, check_number",
        "departments": "from quality.departments order by "
        "critical_count desc, warning_count desc, department_name",
        "quarantine": "from quality.quarantine order by age_band_order desc, open_count desc",
        "reconciliation": f"from quality.reconciliation order by status_name = '{MATCH}', "
        "department_name, app, table_name",
        "controls": "from quality.control_sums order by is_equal, app, table_name, column_name",
        "facts": "from quality.facts order by is_reconciled, mart, compared_to",
        "freshness": "from quality.freshness order by is_late desc, department_name, app",
        "drift": "from quality.drift order by noted_at desc, app, table_name, column_name",
        "scores": "from quality.scores order by score_percent, dataset",
        "history": "from quality.history order by audited_at",
    }
    facts = {name: _rows(con, query) for name, query in tables.items()}
    history = facts["history"]
    equal = Counter((row["app"], row["table_name"]) for row in facts["controls"] if row["is_equal"])
    html = environment.get_template("mutu_data.html.j2").render(
        **facts,
        equal=equal,
        city=material.settings.city.name,
        verdict=material.verdict,
        verdict_name=words.VERDICTS[material.verdict.status],
        this=history[-1],
        as_of=material.candidate.manifest.as_of,
        chart=history_chart(history),
        principles=PRINCIPLES,
        docs=_docs_of(folder, material.candidate.id),
        explanations={
            (row["dataset"], row["principle"]): row["explanation"]
            for row in _rows(con, "from quality.score_principles")
        },
    )
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{FILE_NAME}"
    beside.write_text(html, "utf-8")
    return beside.replace(folder / FILE_NAME)


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _docs_of(folder: Path, candidate_id: str) -> str:
    """The folder of the candidate's newest Data Docs, as a link begins; empty if there are none."""
    audits = sorted(folder.glob(f"[0-9]*T*Z-{candidate_id}"))
    return f"{audits[-1].name}/" if audits else ""
