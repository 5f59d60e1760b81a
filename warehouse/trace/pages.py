"""One page a mart for the Data Docs: what it is made of, with the verdicts of its audit."""

from pathlib import Path

from connectors.registry import RegistryError
from expectations.verdict import Verdict
from kota.settings import Settings
from lake.delta_log import UnreadableCommitError
from warehouse.candidate import Candidate
from warehouse.trace.origins import Origins, Published
from warehouse.trace.page import trace_page

FOLDER = "trace"
"""Beside the Data Docs."""


class NoTracePagesError(Exception):
    """The pages can't be written; the audit stands without them."""


def write_trace_pages(
    settings: Settings, candidate: Candidate, verdict: Verdict, folder: Path
) -> set[str]:
    """Write ``<mart>.html`` for every mart of a candidate; their names.

    Raises ``NoTracePagesError`` where the build left no lineage, or the lake can't be told of.
    """
    try:
        return _write(settings, candidate, verdict, folder)
    except (OSError, ValueError, RegistryError, UnreadableCommitError) as error:
        raise NoTracePagesError(str(error)) from error


def _write(settings: Settings, candidate: Candidate, verdict: Verdict, folder: Path) -> set[str]:
    manifest = candidate.manifest
    published = Published(
        id=candidate.id,
        published_at=None,
        as_of=manifest.as_of,
        verdict=verdict.status,
        checks=verdict.check_count,
        warnings=verdict.warning_count,
        code_version=manifest.code_version,
        file_sha256=verdict.sha256,
    )
    origins = Origins(settings, candidate, published)
    folder.mkdir(parents=True, exist_ok=True)
    city = settings.city
    for model in origins.models.marts():
        beside = folder / f".{model.relation.name}.html"
        beside.write_text(trace_page(origins.of(model.relation), city), "utf-8")
        beside.replace(folder / f"{model.relation.name}.html")
    return {model.relation.name for model in origins.models.marts()}
