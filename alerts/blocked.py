"""What an incident blocks: the marts made of the app, and the dashboards that show them."""

from dataclasses import dataclass

from alerts.incident import Incident
from kota.settings import Settings
from warehouse.candidate import candidates
from warehouse.grain import grains
from warehouse.lineage import Lineage
from warehouse.page import CORE
from warehouse.trace.dashboards import dashboards

FRESHNESS = "rpt_app_freshness"
"""It tells of every app, and of this one that it is late."""


@dataclass(frozen=True)
class Blocked:
    """By name; dashboards in the words that officials read."""

    marts: list[str]
    dashboards: list[str]


def blocked_by(settings: Settings, incident: Incident) -> Blocked:
    """By dbt's lineage of the newest candidate that has one; everything, where it is the city's."""
    marts = incident.marts
    if incident.app is not None:
        below = _lineage(settings).models_below(incident.app, (*CORE, FRESHNESS))
        marts = sorted(below & grains(settings).keys())
    if not marts and incident.app is None:
        return Blocked([], _dashboards(settings, set(grains(settings))))
    return Blocked(marts, _dashboards(settings, set(marts)))


def _dashboards(settings: Settings, marts: set[str]) -> list[str]:
    return [one.title for one in dashboards(settings.root / "reports" / "assets", marts)]


def _lineage(settings: Settings) -> Lineage:
    for candidate in reversed(candidates(settings)):
        if (candidate.folder / "dbt" / "manifest.json").exists():
            return Lineage.load(candidate.folder / "dbt")
    return Lineage({})
