"""A candidate: a warehouse file that nobody reads until it passed its audit."""

from kota.settings import Settings
from warehouse.folder import WarehouseFolder
from warehouse.manifest import FILE_NAME as MANIFEST


class NoCandidateError(Exception):
    """There is no such candidate; the message says what to run."""


class Candidate(WarehouseFolder):
    """The folder ``<home>/warehouse/<id>``: restricted, since staging rows are in it."""


def candidates(settings: Settings) -> list[Candidate]:
    """All candidates that were built to the end, oldest first."""
    found = sorted(settings.candidates_dir.glob(f"*/{MANIFEST}"))
    return [Candidate(path.parent) for path in found]


def find_candidate(settings: Settings, candidate_id: str | None = None) -> Candidate:
    """The candidate of that id, or the newest. Raises ``NoCandidateError``."""
    found = candidates(settings)
    for candidate in reversed(found):
        if candidate_id in (None, candidate.id):
            return candidate
    if candidate_id is None:
        raise NoCandidateError("nothing was built yet: run `kota build` first")
    known = ", ".join(candidate.id for candidate in found) or "none"
    raise NoCandidateError(f"there is no candidate {candidate_id}; there is: {known}")
