"""Data Docs that ask nothing of the internet: the last audits as pages, readable without scripts.

Great Expectations renders each result; the page around it is ours, because its own loads styles
and scripts from seven public hosts, which is unreadable offline and tells them who reads what.
"""

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from expectations.checks import SuiteRun
from expectations.verdict import CheckResult, Verdict

_TEMPLATES = Path(__file__).parent / "templates"


def write_data_docs(
    folder: Path,
    verdict: Verdict,
    runs: list[SuiteRun],
    others: list[CheckResult],
    *,
    city: str,
    keep: int,
    traced: Collection[str] = (),
) -> Path:
    """Add one audit's pages to ``folder`` and return its ``index.html``.

    ``others`` are the results outside the suites (reconciliation, privacy). ``traced`` are
    the marts with a page in ``trace/``. Only the last ``keep`` audits stay. Raises ``OSError``.
    """
    audit_id = f"{verdict.started_at:%Y%m%dT%H%M%S%fZ}-{verdict.candidate_id}"
    partial = folder / f".{audit_id}"
    partial.mkdir(parents=True)
    page = _environment().get_template("audit.html.j2")
    facts = {"city": city, "verdict": verdict, "runs": runs, "others": others, "traced": traced}
    _suite_pages(partial, runs, facts)
    (partial / "index.html").write_text(page.render(**facts, root="../", here=""), "utf-8")
    shutil.copyfile(_TEMPLATES / "style.css", folder / "style.css")
    partial.rename(folder / audit_id)
    earlier = _prune(folder, keep)
    earlier.remove(audit_id)
    html = page.render(**facts, root="", here=f"{audit_id}/", earlier=earlier)
    index = folder / "index.html"
    beside = folder / ".index.html"
    beside.write_text(html, "utf-8")
    beside.replace(index)
    return index


def _suite_pages(folder: Path, runs: list[SuiteRun], facts: dict[str, Any]) -> None:
    """A page per suite, rendered by Great Expectations without its overview (a link to nowhere)."""
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    verdict: Verdict = facts["verdict"]
    environment = DefaultJinjaPageView(custom_views_directory=str(_TEMPLATES)).env
    page = environment.get_template("suite.html.j2")
    for run in runs:
        sections = []
        if run.validation is not None:
            run.validation.meta["run_id"] = {
                "run_name": verdict.candidate_id,
                "run_time": verdict.started_at.isoformat(),
            }
            rendered = ValidationResultsPageRenderer().render(run.validation)
            sections = rendered.to_json_dict()["sections"][1:]
        html = page.render(**facts, run=run, sections=sections, root="../")
        (folder / f"{run.mart}.html").write_text(html, "utf-8")


def _prune(folder: Path, keep: int) -> list[str]:
    """The names of the audits that stay, newest first; the others are removed."""
    audits = sorted((path for path in folder.glob("[0-9]*T*Z-*") if path.is_dir()), reverse=True)
    for old in audits[keep:]:
        shutil.rmtree(old)
    return [path.name for path in audits[:keep]]


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html", "j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
