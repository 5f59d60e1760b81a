"""Where quality is told: in the snapshot for Superset, and on a page beside the Data Docs."""

from pathlib import Path

import duckdb

from expectations.quality.material import CHECKS, Material
from expectations.quality.page import write_page
from expectations.quality.tables import write_quality
from kota.settings import Settings
from lake.engine import connect
from warehouse.candidate import Candidate


def publish_quality(settings: Settings, candidate: Candidate, snapshot: Path) -> None:
    """Add schema ``quality`` to a snapshot that is being made, and bring the page up to date.

    Without the checks themselves there is nothing to tell. Raises ``PersonalDataError``.
    """
    if not (candidate.folder / CHECKS).exists():
        return
    with connect(settings, database=str(snapshot)) as con:
        _write(con, settings, candidate, is_published=True)
        con.execute("checkpoint")


def write_mutu_data(settings: Settings, candidate: Candidate) -> Path:
    """Write the page about a candidate that was just audited, and return it."""
    with connect(settings) as con:
        return _write(con, settings, candidate, is_published=False)


def _write(
    con: duckdb.DuckDBPyConnection, settings: Settings, candidate: Candidate, *, is_published: bool
) -> Path:
    material = Material(settings, candidate)
    write_quality(con, material, is_published=is_published)
    return write_page(con, material, settings.audit_dir / "data_docs")
