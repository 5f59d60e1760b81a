"""The roles: what they may do, which datasets they read, and which dashboards they are shown.

Superset names a grant on a dataset by the dataset's number in this installation, so grants are
worked out at each deploy from the datasets that are there, and set exactly: what is not listed here
is taken away.
"""

import secrets

from flask_appbuilder.security.sqla.models import PermissionView, User
from superset import db, security_manager
from superset.connectors.sqla.models import SqlaTable
from superset.models.dashboard import Dashboard

from reports.superset.assets import Assets
from reports.superset.audience import PUBLIC, ROLES, readable, viewers
from reports.superset.permissions import ENGINEER_BASES, ENGINEER_NOT, PERMISSIONS, Permission

DEPLOYER = "kota-deploy"


class AccessError(ValueError):
    """This Superset lacks a permission that a role needs."""


def deployer() -> User:
    """The account that owns what is deployed: it is Admin inside the process and cannot sign in."""
    user = security_manager.find_user(DEPLOYER)
    if user is None:
        admin = security_manager.find_role("Admin")
        user = security_manager.add_user(
            DEPLOYER, "Kota", "Deploy", f"{DEPLOYER}@invalid", admin, secrets.token_urlsafe(32)
        )
        user.active = False
        db.session.commit()
    return user


def set_roles(assets: Assets, public: bool) -> None:
    """Make each role hold exactly its permissions, and the public's none unless ``public``."""
    known = _known_permissions()
    for name in (*ROLES, PUBLIC):
        wanted: set[PermissionView] = set()
        if name != PUBLIC or public:
            wanted = {_permission(known, *pair) for pair in PERMISSIONS[name]}
            wanted |= {
                _permission(known, "datasource_access", dataset.perm)
                for dataset in db.session.query(SqlaTable).filter(
                    SqlaTable.uuid.in_(readable(assets, name))
                )
            }
        if name == "Engineer":
            for base in ENGINEER_BASES:
                wanted.update(security_manager.find_role(base).permissions)
            wanted -= {known[pair] for pair in ENGINEER_NOT if pair in known}
        role = security_manager.find_role(name) or security_manager.add_role(name)
        if set(role.permissions) != wanted:
            role.permissions = list(wanted)
    db.session.commit()


def set_viewers(assets: Assets, public: bool) -> None:
    """Show each dashboard to the roles that may read everything on it, and to no other."""
    roles = (*ROLES, PUBLIC) if public else ROLES
    for uuid, names in viewers(assets, roles).items():
        dashboard = db.session.query(Dashboard).filter_by(uuid=uuid).one()
        # Without a role, Superset would show it to whoever may read any one of its datasets.
        wanted = [security_manager.find_role(name) for name in (*names, "Admin")]
        if set(dashboard.roles) != set(wanted):
            dashboard.roles = wanted
    db.session.commit()


def _known_permissions() -> dict[Permission, PermissionView]:
    return {
        (known.permission.name, known.view_menu.name): known
        for known in db.session.query(PermissionView)
        if known.permission and known.view_menu
    }


def _permission(known: dict[Permission, PermissionView], name: str, view: str) -> PermissionView:
    if (name, view) not in known:
        raise AccessError(f"this Superset has no permission {name} on {view}")
    return known[name, view]
