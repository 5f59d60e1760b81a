"""Which tables are better left where they are, and why: judged by name, columns and content."""

import re
from collections.abc import Sequence

from connectors.discover.facts import TableFacts
from connectors.discover.names import base_name, spelled

_FRAMEWORK = re.compile(
    r"migrations?|phinxlog|schema_migrations?|schema_info|flyway_schema_history|schema_version"
    r"|databasechangelog(lock)?|django_.*|alembic_version|ar_internal_metadata"
    r"|doctrine_migration_versions|knex_migrations(_lock)?|sequelize_?meta|ef_migrations_history"
    r"|prisma_migrations|typeorm_metadata"
)
_ACCESS = re.compile(
    r"auth_(group_)?permissions?|auth_user_(groups|user_permissions)|(model|role)_has_\w+"
    r"|permissions?|permission_role|role_user|(sys|user|tbl|tb|app)?_?(access_)?menus?"
    r"|(user_)?(access_menu|sub_menu|submenu)|(group|user|role|hak)_(access|akses)|hak_akses|plugins?"
    r"|(sys|app|mst|tbl|tb|m)?_?(modules?|modul)|users?_(groups?|grup|roles?|levels?)|roles?"
)
_SETTINGS = re.compile(
    r"(sys|app|web|site|wp|tbl|tb)?_?(settings?|pengaturan|config(uration)?s?|options|setup)"
    r"|(setting|pengaturan|konfigurasi)s?_\w+"
)
_SESSION = re.compile(
    r"(\w+_)?sessions?|(\w+_)?sesi|password_resets?(_tokens)?|(\w+_)?(access|auth|refresh)_tokens?"
    r"|user_tokens?|oauth_.*|(\w+_)?otps?|captcha(_\w+)?|login_attempts?|throttle"
)
_CACHE = re.compile(r"(\w+_)?caches?(_\w+)?|telescope_.*|pulse_.*|(search|fulltext|index)_\w+")
_QUEUE = re.compile(r"jobs|failed_jobs|job_batches|(\w+_)?queues?(_\w+)?|antrian_email")
_LOG = re.compile(
    r"(\w+_)?(logs?|syslog|audit(_trail)?s?|activit(y|ies)_log|log_\w+|changelog)(_\w+)?"
)
_IS_A_LOG = "a log, by its name"
_LOG_WORDS = re.compile(r"(^|_)(logs?|detail|detil|perubahan)(?=_|$)")
_DATABASE = re.compile(
    r"spatial_ref_sys|geometry_columns|geography_columns|raster_(columns|overviews)|pma_.*"
    r"|pg_stat_statements(_info)?|sysdiagrams|dtproperties"
)
FEWEST_NUMBERED = 3
"""So many tables that are numbered and alike are a series; fewer may be somebody's copies."""
_COPY = re.compile(
    r"^(bak|bkp|bck|backup|copy|copy_of|tmp|temp)_|_(bak|bkp|bck|backup|bckp|copy\d*|tmp|temp)(_\w+)?$"
)
_MAYBE_COPY = re.compile(r"_?(old|lama|new|baru|test|tes|asli|orig|original|x|\d|\d{6}|\d{8})$")


def why_leave(table: TableFacts, others: Sequence[TableFacts]) -> str | None:
    """The reason to leave a table, without having looked at its rows; None to take it."""
    # An account that was given nothing but views is meant to read those.
    if table.kind == "view" and any(other.kind == "table" for other in others):
        return "a view: its rows are in the tables it is made from"
    if not table.columns:
        return "it has no column that this account may see"
    lowered = [column.name.lower() for column in table.columns]
    if twice := sorted({name for name in lowered if lowered.count(name) > 1}):
        return (
            f"its columns {', '.join(twice)} differ in upper and lower case only; it can be taken "
            "with policy: drop for one of them"
        )
    name = spelled(table.name)
    if reason := _by_name(name, set(lowered)):
        return reason + _maybe_history(name, reason, others)
    return _copy_of(table, others)


def _by_name(name: str, columns: set[str]) -> str | None:
    if _QUEUE.fullmatch(name) and (name != "jobs" or "payload" in columns):
        return "a queue of the program's own work"
    rules = (
        (_FRAMEWORK, "the framework's own list of migrations or types"),
        (_DATABASE, "belongs to the database or its tools"),
        (_SESSION, "sessions, tokens or sign-in attempts"),
        (_CACHE, "a cache or a search index, made from other tables"),
        (_ACCESS, "menus, plug-ins or rights of the program"),
        (_SETTINGS, "settings of the program, which often hold passwords"),
        (_LOG, _IS_A_LOG),
    )
    return next((reason for rule, reason in rules if rule.fullmatch(name)), None)


def _maybe_history(name: str, reason: str, others: Sequence[TableFacts]) -> str:
    """A log of what the app is about, such as ``log_surat``, may be its register of events."""
    if reason != _IS_A_LOG:
        return ""
    about = _LOG_WORDS.sub("", name).strip("_")
    for other in others:
        theirs = base_name(other.name).split("_")
        if about and other.kind == "table" and spelled(other.name) != name and about in theirs:
            return f"; LOOK: it may be what happened to {other.name}"
    return ""


def _is_numbered(table: TableFacts, base: str, others: Sequence[TableFacts]) -> bool:
    """``data2`` beside ``data3`` and ``data4``: each holds rows of its own, a month's perhaps."""
    numbered = re.compile(rf"{re.escape(base)}_?(\d|\d{{4}}|\d{{6}})")
    mine = {column.name.lower() for column in table.columns}
    alike = [
        other
        for other in others
        if numbered.fullmatch(spelled(other.name))
        and {column.name.lower() for column in other.columns} == mine
    ]
    return bool(numbered.fullmatch(spelled(table.name))) and len(alike) >= FEWEST_NUMBERED


def _copy_of(table: TableFacts, others: Sequence[TableFacts]) -> str | None:
    """A copy is told by its name; where the name could mean something else, by its columns too."""
    name = spelled(table.name)
    mine = {column.name.lower() for column in table.columns}
    for pattern, is_sure in ((_COPY, True), (_MAYBE_COPY, False)):
        if not pattern.search(name):
            continue
        base = pattern.sub("", name)
        if not is_sure and _is_numbered(table, base, others):
            return None
        for other in others:
            theirs = {column.name.lower() for column in other.columns}
            same = spelled(other.name) == base and other.kind == "table"
            if same and len(mine & theirs) >= 0.8 * max(len(mine), len(theirs)):
                return f"a copy of {other.name}, by its name and columns"
        if is_sure:
            return "a copy or a scratch table, by its name"
    return None
