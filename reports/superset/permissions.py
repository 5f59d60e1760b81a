"""What each role may do in Superset, apart from which data it may read."""

Permission = tuple[str, str]

# The smallest set with which a dashboard and its filters work in the browser.
_DASHBOARDS: frozenset[Permission] = frozenset(
    {
        ("can_read", "Dashboard"),
        ("can_read", "Chart"),
        ("can_dashboard", "Superset"),
        ("can_dashboard_permalink", "Superset"),
        ("can_read", "DashboardPermalinkRestApi"),
        ("can_read", "DashboardFilterStateRestApi"),
        ("can_write", "DashboardFilterStateRestApi"),
        ("can_time_range", "Api"),
        ("can_read", "CurrentUserRestApi"),
    }
)

# Numbers as a table or a file, and the rows behind them.
_TAKE_OUT: frozenset[Permission] = frozenset(
    {
        ("can_csv", "Superset"),
        ("can_view_chart_as_table", "Dashboard"),
        ("can_drill", "Dashboard"),
        ("can_samples", "Datasource"),
        ("can_get_drill_info", "Dataset"),
    }
)

_SIGNED_IN: frozenset[Permission] = frozenset(
    {
        ("can_log", "Superset"),
        ("can_write", "DashboardPermalinkRestApi"),
        ("can_recent_activity", "Log"),
        ("menu_access", "Dashboards"),
        # One's own profile and password.
        ("can_read", "user"),
        ("can_write", "CurrentUserRestApi"),
    }
)

_LOOK_AROUND: frozenset[Permission] = frozenset(
    {
        ("can_read", "Dataset"),
        ("can_read", "Explore"),
        ("can_read", "ExploreFormDataRestApi"),
        ("can_write", "ExploreFormDataRestApi"),
        ("can_explore", "Superset"),
        ("menu_access", "Charts"),
        ("menu_access", "Datasets"),
    }
)

_WHO_DID_WHAT: frozenset[Permission] = frozenset(
    {
        ("can_read", "Log"),
        ("can_read", "security"),
        ("menu_access", "Action Log"),
        ("menu_access", "Security"),
    }
)

PERMISSIONS: dict[str, frozenset[Permission]] = {
    "Official": _DASHBOARDS | _TAKE_OUT | _SIGNED_IN,
    "Leadership": _DASHBOARDS | _TAKE_OUT | _SIGNED_IN,
    "Auditor": _DASHBOARDS | _TAKE_OUT | _SIGNED_IN | _LOOK_AROUND | _WHO_DID_WHAT,
    "Engineer": _DASHBOARDS
    | _TAKE_OUT
    | _SIGNED_IN
    | _LOOK_AROUND
    | _WHO_DID_WHAT
    | {
        ("all_database_access", "all_database_access"),
        ("all_datasource_access", "all_datasource_access"),
    },
    "Public": _DASHBOARDS,
}

# Superset's own roles that an Engineer's contains, less what would go around git and the seal:
# files and whole archives of assets brought in by the browser, and the page of the row rules.
ENGINEER_BASES = ("Alpha", "sql_lab")
ENGINEER_NOT: frozenset[Permission] = frozenset(
    {
        ("can_upload", "Database"),
        ("can_import", "ImportExportRestApi"),
        ("can_export", "ImportExportRestApi"),
        ("can_read", "RowLevelSecurity"),
        ("can_list", "RowLevelSecurity"),
    }
)
