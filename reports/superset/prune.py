"""Remove what was deployed once and is no longer in the YAML.

The rule: deploying marks each asset as managed externally (Superset's own flag, which also locks it
in the browser). An object with that mark whose uuid no file declares goes; what people made
themselves never carries the mark and is never touched. A dataset or database that somebody's own
chart still needs stays, and is reported.
"""

from superset import db
from superset.connectors.sqla.models import SqlaTable
from superset.models.core import Database
from superset.models.dashboard import Dashboard
from superset.models.slice import Slice

from reports.superset.assets import Assets

Managed = Dashboard | Slice | SqlaTable | Database

# What uses something comes before what it uses.
MODELS: dict[str, type[Managed]] = {
    "dashboards": Dashboard,
    "charts": Slice,
    "datasets": SqlaTable,
    "databases": Database,
}


def prune(assets: Assets) -> tuple[list[str], list[str]]:
    """Delete in this session what the YAML no longer declares; returns (removed, kept and why)."""
    removed, kept = [], []
    for kind, model in MODELS.items():
        declared = assets.uuids(kind)
        for thing in db.session.query(model).filter_by(is_managed_externally=True):
            if str(thing.uuid) in declared:
                continue
            name = f"{kind}/{thing}"
            if users := _users_of(thing):
                kept.append(f"{name} is still used by {', '.join(users)}")
            else:
                db.session.delete(thing)
                removed.append(name)
        db.session.flush()
    return removed, kept


def _users_of(thing: Managed) -> list[str]:
    if isinstance(thing, SqlaTable):
        charts = db.session.query(Slice).filter_by(datasource_id=thing.id, datasource_type="table")
        return [f"chart {chart.slice_name}" for chart in charts]
    if isinstance(thing, Database):
        return [f"dataset {dataset.table_name}" for dataset in thing.tables]
    return []
