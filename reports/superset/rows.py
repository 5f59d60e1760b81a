"""Whose rows an Official reads: Superset's row-level rules, closed unless a role opens them.

One rule keeps every row of the departments' datasets from everybody except the roles it names.
Each department's role is named there, and has a rule of its own that lets through its rows. So an
Official without a department, and any role that somebody adds later, reads no row at all.
"""

import re

from flask_appbuilder.security.sqla.models import Role
from superset import db, security_manager
from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
from superset.utils.core import RowLevelSecurityFilterType

from reports.superset.assets import Assets
from reports.superset.audience import DEPARTMENT_COLUMN

OURS = "kota: "
CLOSED = f"{OURS}closed unless opened"
UNFILTERED = ("Admin", "Leadership", "Engineer")


def department_role(code: str) -> str:
    """The name of the role that opens one department's rows."""
    return f"Department {code}"


def set_row_rules(assets: Assets, departments: set[str]) -> None:
    """Make the rules for exactly these departments and the datasets declared as theirs."""
    uuids = [set_["uuid"] for set_ in assets.of_kind("datasets") if set_["rows"] == "department"]
    tables = db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(uuids)).all()
    opened = {code: _role(department_role(code)) for code in sorted(departments)}
    for role in opened.values():
        role.permissions = []
    everyone = [*map(_role, UNFILTERED), *opened.values()]
    # The closing rule first: were the deploy to end half-way, too little is seen, not too much.
    wanted = {_rule(CLOSED, RowLevelSecurityFilterType.BASE, "1 = 0", tables, everyone)}
    for code, role in opened.items():
        if not re.fullmatch(r"[a-z0-9_]+", code):
            raise ValueError(f"department code {code!r} must be of a-z, 0-9 and _")
        clause = f"{DEPARTMENT_COLUMN} = '{code}'"
        kind = RowLevelSecurityFilterType.REGULAR
        wanted.add(_rule(f"{OURS}{code}", kind, clause, tables, [role]))
    ours = RowLevelSecurityFilter.name.startswith(OURS, autoescape=True)
    for rule in db.session.query(RowLevelSecurityFilter).filter(ours):
        if rule.name not in wanted:
            db.session.delete(rule)
    db.session.commit()


def _role(name: str) -> Role:
    return security_manager.find_role(name) or security_manager.add_role(name)


def _rule(
    name: str,
    kind: RowLevelSecurityFilterType,
    clause: str,
    tables: list[SqlaTable],
    roles: list[Role],
) -> str:
    rule = db.session.query(RowLevelSecurityFilter).filter_by(name=name).one_or_none()
    rule = rule or RowLevelSecurityFilter(name=name)
    rule.filter_type, rule.clause, rule.group_key = kind, clause, DEPARTMENT_COLUMN
    if set(rule.tables) != set(tables):
        rule.tables = tables
    if set(rule.roles) != set(roles):
        rule.roles = roles
    db.session.add(rule)
    return name
