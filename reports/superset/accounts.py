"""The people who sign in, as the environment gives them: made, updated, and retired.

A small table remembers whom the environment listed and with which password: who is listed no more
is told from an account that an administrator made by hand, and a password that a person changed
stays theirs until the environment gives another.
"""

import json
import re
from dataclasses import dataclass

from sqlalchemy import text
from superset import db, security_manager
from werkzeug.security import check_password_hash, generate_password_hash

from reports.superset.audience import ROLES
from reports.superset.rows import department_role

TABLE = "kota_superset_accounts"


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
        return [self.role, *own]


def parse_accounts(listed: str, departments: set[str]) -> list[Account]:
    """Accounts from a JSON list of {username, password, role, department, email}.

    Raises ``AccountError``, which never repeats the text: it holds passwords.
    """
    try:
        accounts = [Account(**entry) for entry in json.loads(listed)]
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
    given = _given_passwords()
    for account in accounts:
        _set(account, given.get(account.username))
    listed = {account.username: account for account in accounts}
    for name in given.keys() - listed.keys():
        if (user := security_manager.find_user(name)) is not None:
            user.active = False
    db.session.execute(
        text(f"DELETE FROM {TABLE} WHERE NOT username = ANY(:names)"), {"names": list(listed)}
    )
    db.session.commit()


def _set(account: Account, given: str | None) -> None:
    """Make one account, or bring it up to date; ``given`` is the last given password's hash."""
    roles = [security_manager.find_role(name) for name in account.roles]
    email = account.email or f"{account.username}@invalid"
    is_new_password = given is None or not check_password_hash(given, account.password)
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
    else:
        user.active, user.email = True, email
        if set(user.roles) != set(roles):
            user.roles = roles
        if is_new_password:
            security_manager.reset_password(user.id, account.password)
    if is_new_password:
        remember = text(
            f"INSERT INTO {TABLE} VALUES (:name, :hash) "
            "ON CONFLICT (username) DO UPDATE SET password_hash = :hash"
        )
        hashed = generate_password_hash(account.password)
        db.session.execute(remember, {"name": account.username, "hash": hashed})


def _given_passwords() -> dict[str, str]:
    columns = "username TEXT PRIMARY KEY, password_hash TEXT NOT NULL"
    db.session.execute(text(f"CREATE TABLE IF NOT EXISTS {TABLE} ({columns})"))
    rows = db.session.execute(text(f"SELECT username, password_hash FROM {TABLE}"))
    return dict(rows.fetchall())
