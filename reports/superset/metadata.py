"""Superset's own database: brought to this version's tables and permissions, once per version."""

from flask_migrate import upgrade
from sqlalchemy import inspect, text
from superset import db
from superset.extensions import APP_DIR, appbuilder, security_manager

# One row: the Superset version whose tables and permissions are in place.
VERSION_TABLE = "kota_superset_version"


def prepare_metadata(version: str) -> bool:
    """Upgrade tables and register permissions unless ``version`` has done so; tells whether it did.

    The version is written last, so an interrupted upgrade is taken up again by the next deploy.
    """
    if _recorded_version() == version:
        return False
    upgrade(directory=f"{APP_DIR}/migrations")
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    db.session.commit()
    _record(version)
    return True


def _recorded_version() -> str | None:
    if not inspect(db.engine).has_table(VERSION_TABLE):
        return None
    recorded: str | None = db.session.execute(text(f"SELECT version FROM {VERSION_TABLE}")).scalar()
    return recorded


def _record(version: str) -> None:
    db.session.execute(text(f"CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (version TEXT NOT NULL)"))
    db.session.execute(text(f"DELETE FROM {VERSION_TABLE}"))
    db.session.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:version)"), {"version": version})
    db.session.commit()
