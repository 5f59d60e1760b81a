"""Who may do what: the roles Official, Auditor and Engineer, and the people who hold them.

Superset names a grant on a dataset by the dataset's number in this installation, so grants are
worked out at each deploy from the datasets that are there, and set exactly: what is not listed here
is taken away.
"""

import json
import secrets
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import PermissionView, Role, User
from superset import db, security_manager
from superset.connectors.sqla.models import SqlaTable
from superset.models.dashboard import Dashboard
from superset.models.user_attributes import UserAttribute
from werkzeug.security import check_password_hash

from reports.superset.assets import Assets

Permission = tuple[str, str]

# The smallest set with which a dashboard and its filters work in the browser.
READ_DASHBOARDS: frozenset[Permission] = frozenset(
    {
        ("can_read", "Dashboard"),
        ("can_read", "Chart"),
        ("can_dashboard", "Superset"),
        ("can_log", "Superset"),
        ("can_dashboard_permalink", "Superset"),
        ("can_read", "DashboardPermalinkRestApi"),
        ("can_write", "DashboardPermalinkRestApi"),
        ("can_read", "DashboardFilterStateRestApi"),
        ("can_write", "DashboardFilterStateRestApi"),
        ("can_time_range", "Api"),
        ("can_read", "CurrentUserRestApi"),
        ("can_recent_activity", "Log"),
        ("menu_access", "Dashboards"),
        # One's own profile and password.
        ("can_userinfo", "UserDBModelView"),
        ("resetmypassword", "UserDBModelView"),
        ("can_this_form_get", "ResetMyPasswordView"),
        ("can_this_form_post", "ResetMyPasswordView"),
    }
)

READ_EVERYTHING: frozenset[Permission] = READ_DASHBOARDS | {
    ("all_datasource_access", "all_datasource_access"),
    ("can_read", "Dataset"),
    ("can_read", "Explore"),
    ("can_read", "ExploreFormDataRestApi"),
    ("can_write", "ExploreFormDataRestApi"),
    ("can_explore", "Superset"),
    ("can_csv", "Superset"),
    ("can_read", "Log"),
    ("menu_access", "Charts"),
    ("menu_access", "Datasets"),
    ("menu_access", "Action Log"),
    ("menu_access", "Security"),
}

ENGINEER_EXTRA: frozenset[Permission] = READ_EVERYTHING | {
    ("all_database_access", "all_database_access"),
}
ENGINEER_BASES = ("Alpha", "sql_lab")

ROLES = ("Official", "Auditor", "Engineer")
DEPLOYER = "kota-deploy"


class AccessError(ValueError):
    """A user or a permission is not as this deploy needs it."""


@dataclass(frozen=True)
class Account:
    """A person's sign-in, as the environment gives it."""

    username: str
    password: str
    role: str


def parse_accounts(text: str) -> list[Account]:
    """Accounts from a JSON list of {username, password, role}.

    Raises ``AccessError``, which never repeats the text: it holds passwords.
    """
    try:
        accounts = [Account(**entry) for entry in json.loads(text)]
    except (TypeError, ValueError):
        # Without the cause, whose message could quote a password.
        raise AccessError(
            "KOTA_SUPERSET_USERS must be a JSON list of {username, password, role}"
        ) from None
    for account in accounts:
        if account.role not in ROLES:
            raise AccessError(
                f"user {account.username} has role {account.role}; known: {', '.join(ROLES)}"
            )
        if not account.password:
            raise AccessError(f"user {account.username} has an empty password")
    return accounts


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


def set_roles(assets: Assets) -> None:
    """Make the three roles hold exactly their permissions, in this session."""
    known = _known_permissions()
    on_dashboards = assets.dataset_uuids_on_dashboards()
    official = [_permission(known, *wanted) for wanted in READ_DASHBOARDS]
    official += [
        _permission(known, "datasource_access", dataset.perm)
        for dataset in db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(on_dashboards))
    ]
    auditor = [_permission(known, *wanted) for wanted in READ_EVERYTHING]
    engineer = {_permission(known, *wanted) for wanted in ENGINEER_EXTRA}
    for base in ENGINEER_BASES:
        engineer.update(security_manager.find_role(base).permissions)
    for name, permissions in zip(ROLES, (official, auditor, engineer), strict=True):
        role = security_manager.find_role(name) or security_manager.add_role(name)
        if set(role.permissions) != set(permissions):
            role.permissions = list(permissions)
    db.session.commit()


def set_users(accounts: list[Account]) -> None:
    """Create or update each account: its role, its password, and that it may sign in."""
    for account in accounts:
        role: Role = security_manager.find_role(account.role)
        user = security_manager.find_user(account.username)
        if user is None:
            security_manager.add_user(
                account.username,
                account.username.capitalize(),
                account.role,
                f"{account.username}@invalid",
                role,
                account.password,
            )
            continue
        user.roles, user.active = [role], True
        if not check_password_hash(user.password, account.password):
            security_manager.reset_password(user.id, account.password)
    db.session.commit()


def set_landing_page(accounts: list[Account], slug: str) -> None:
    """Let an Official's sign-in end on this dashboard instead of Superset's own welcome page."""
    dashboard = db.session.query(Dashboard).filter_by(slug=slug).one_or_none()
    if dashboard is None:
        return
    for account in accounts:
        if account.role == "Official":
            user = security_manager.find_user(account.username)
            own = db.session.query(UserAttribute).filter_by(user_id=user.id).first()
            own = own or UserAttribute(user_id=user.id)
            own.welcome_dashboard_id = dashboard.id
            db.session.add(own)
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
