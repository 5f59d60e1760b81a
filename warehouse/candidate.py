"""A candidate: a warehouse file that nobody reads until it passed its audit."""

from dataclasses import dataclass
from pathlib import Path

from kota.settings import Settings
from warehouse.manifest import FILE_NAME as MANIFEST
from warehouse.manifest import Manifest

DATABASE = "kota.duckdb"
"""One constant file name: DuckDB qualifies stored views with the file's stem."""


class NoCandidateError(Exception):
    """There is no such candidate; the message says what to run."""


@dataclass(frozen=True)
class Candidate:
    """The folder ``<home>/warehouse/<id>``."""

    folder: Path

    @property
    def id(self) -> str:
        """When it was built, ``20261122T081500Z``; a snapshot keeps the id of its candidate."""
        return self.folder.name

    @property
    def path(self) -> Path:
        """The DuckDB file."""
        return self.folder / DATABASE

    @property
    def manifest(self) -> Manifest:
        """What it was made of."""
        return Manifest.load(self.folder)


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
