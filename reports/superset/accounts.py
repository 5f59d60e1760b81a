"""The people who sign in, as the environment gives them: made, updated, and retired."""

import json
import re
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User
from superset import db, security_manager
from werkzeug.security import check_password_hash

from reports.superset.audience import ROLES
from reports.superset.rows import department_role

# Held by every account that comes from the environment, and gives no right: it tells them from
# those that an administrator made by hand.
CONFIGURED = "Configured"


class AccountError(ValueError):
    """An account is not as this deploy needs it."""


@dataclass(frozen=True)
class Account:
    """A person's sign-in. ``department`` is an Official's: whose rows they may read."""

    username: str
    password: str
    role: str
    department: str | None = None
    email: str | None = None

    @property
    def roles(self) -> list[str]:
        """The names of the roles that this person holds."""
        own = [department_role(self.department)] if self.department else []
        return [self.role, *own, CONFIGURED]


def parse_accounts(text: str, departments: set[str]) -> list[Account]:
    """Accounts from a JSON list of {username, password, role, department, email}.

    Raises ``AccountError``, which never repeats the text: it holds passwords.
    """
    try:
        accounts = [Account(**entry) for entry in json.loads(text)]
    except (TypeError, ValueError):
        # Without the cause, whose message could quote a password.
        raise AccountError(
            "KOTA_SUPERSET_USERS must be a JSON list of "
            "{username, password, role, department, email}"
        ) from None
    for account in accounts:
        _check(account, departments)
    names = [account.username for account in accounts]
    if twice := {name for name in names if names.count(name) > 1}:
        raise AccountError(f"user {min(twice)} is there more than once")
    return accounts


def _check(account: Account, departments: set[str]) -> None:
    name = account.username
    if account.role not in ROLES:
        raise AccountError(f"user {name} has role {account.role}; known: {', '.join(ROLES)}")
    if not account.password:
        raise AccountError(f"user {name} has an empty password")
    if account.department is not None and account.role != "Official":
        raise AccountError(f"user {name} is {account.role} and has a department: only Officials do")
    if account.department is not None and account.department not in departments:
        raise AccountError(
            f"user {name} has department {account.department}, which the published snapshot lacks"
        )
    if account.email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+", account.email):
        raise AccountError(f"user {name} has an e-mail address that is none")


def set_accounts(accounts: list[Account]) -> None:
    """Bring every account to its roles and password; who is no longer listed may not sign in."""
    configured = security_manager.find_role(CONFIGURED) or security_manager.add_role(CONFIGURED)
    listed = {account.username for account in accounts}
    for account in accounts:
        roles = [security_manager.find_role(name) for name in account.roles]
        email = account.email or f"{account.username}@invalid"
        user = security_manager.find_user(account.username)
        if user is None:
            security_manager.add_user(
                account.username,
                account.username.capitalize(),
                account.department or account.role,
                email,
                roles,
                account.password,
            )
            continue
        user.active, user.email = True, email
        if set(user.roles) != set(roles):
            user.roles = roles
        if not check_password_hash(user.password, account.password):
            security_manager.reset_password(user.id, account.password)
    for user in db.session.query(User).filter(User.roles.contains(configured)):
        user.active = user.username in listed
    db.session.commit()
