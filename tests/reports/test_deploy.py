"""Deploying: repeatable, prunes its own and only its own, and names the file that is wrong."""

import shutil
from pathlib import Path

import pytest
import yaml

from reports.client import ReportsError, deploy_reports
from tests.reports.conftest import StandaloneCity

pytestmark = pytest.mark.integration

# Everything a deploy may write, without the times at which it did.
STATE = """
SELECT 'chart', id::text, uuid::text, slice_name, params, query_context FROM slices
UNION ALL SELECT 'dashboard', id::text, uuid::text, slug, position_json, json_metadata
    FROM dashboards
UNION ALL SELECT 'dataset', id::text, uuid::text, table_name, perm, NULL FROM tables
UNION ALL SELECT 'column', id::text, uuid::text, column_name, expression, NULL FROM table_columns
UNION ALL SELECT 'database', id::text, uuid::text, database_name, sqlalchemy_uri, NULL FROM dbs
UNION ALL SELECT 'role', role_id::text, permission_view_id::text, NULL, NULL, NULL
    FROM ab_permission_view_role
UNION ALL SELECT 'rule', f.id::text, name, clause, filter_type::text, group_key
    FROM row_level_security_filters f
UNION ALL SELECT 'rule of role', rls_filter_id::text, role_id::text, NULL, NULL, NULL
    FROM rls_filter_roles
UNION ALL SELECT 'rule of dataset', rls_filter_id::text, table_id::text, NULL, NULL, NULL
    FROM rls_filter_tables
UNION ALL SELECT 'viewer', dashboard_id::text, role_id::text, NULL, NULL, NULL
    FROM dashboard_roles
UNION ALL SELECT 'user of role', user_id::text, role_id::text, NULL, NULL, NULL
    FROM ab_user_role
UNION ALL SELECT 'user', id::text, username, password, active::text, NULL FROM ab_user
ORDER BY 1, 2, 3
"""


@pytest.fixture
def assets(city: StandaloneCity, tmp_path: Path) -> Path:
    """A copy of the project's assets that a test may spoil."""
    copy = tmp_path / "assets"
    shutil.copytree(city.settings.root / "reports" / "assets", copy)
    return copy


def test_deploying_again_changes_nothing(city: StandaloneCity) -> None:
    before = city.postgres.psql(STATE)
    summary = deploy_reports(city.settings)
    assert city.postgres.psql(STATE) == before
    assert (summary.removed, summary.kept, summary.upgraded) == ([], [], False)
    assert summary.charts == city.first_deploy.charts


def test_a_chart_without_yaml_goes_and_people_keep_their_own(
    city: StandaloneCity, assets: Path
) -> None:
    city.postgres.psql(
        "INSERT INTO slices (slice_name, viz_type, params, datasource_id, datasource_type, uuid) "
        "SELECT 'milik sendiri', 'table', '{}', id, 'table', gen_random_uuid() "
        "FROM tables WHERE table_name = 'dim_areas';"
    )
    (assets / "charts" / "complaint_requests_monthly.yaml").unlink()
    (assets / "datasets" / "dim_areas.yaml").unlink()
    dashboard = assets / "dashboards" / "pengaduan.yaml"
    layout = yaml.safe_load(dashboard.read_text("utf-8"))
    layout["rows"] = [
        row for row in layout["rows"] if "complaint_requests_monthly" not in row.get("charts", {})
    ]
    dashboard.write_text(yaml.safe_dump(layout), "utf-8")

    summary = deploy_reports(city.settings, assets)

    assert summary.removed == ["charts/Pengaduan masuk per bulan (jumlah)"]
    assert summary.kept == ["datasets/marts.dim_areas is still used by chart milik sendiri"]
    city.postgres.psql("DELETE FROM slices WHERE slice_name = 'milik sendiri';")
    assert deploy_reports(city.settings).removed == []


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("charts/permits_by_stage.yaml", "params:", "params: [", "not valid YAML, line"),
        (
            "charts/permits_by_stage.yaml",
            "metrics: [open_applications]",
            "metrics: [nothing]",
            "metric nothing",
        ),
        (
            "charts/permits_by_stage.yaml",
            "viz_type: echarts",
            "viz_kind: echarts",
            "has no viz_type",
        ),
        ("dashboards/ruang_kendali.yaml", "Merah:", "Pengaduan:", "display name of a field"),
        ("datasets/dim_areas.yaml", "schema: marts", "scheme: marts", "Unknown field"),
        ("datasets/dim_areas.yaml", "rows: city\n", "", "has no rows"),
        ("datasets/dim_areas.yaml", "rows: city", "rows: all", "must be one of city, department"),
        ("datasets/dim_areas.yaml", "rows: city", "rows: department", "no column department_code"),
        (
            "datasets/fct_complaints.yaml",
            "rows: department",
            "rows: city",
            "complaint_id tells a person or a matter apart",
        ),
    ],
)
def test_a_wrong_file_is_named(
    city: StandaloneCity, assets: Path, file: str, old: str, new: str, complaint: str
) -> None:
    path = assets / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ReportsError) as failure:
        deploy_reports(city.settings, assets)
    assert file in str(failure.value)
    assert complaint in str(failure.value)
    assert failure.value.log == city.settings.logs_dir / "superset-deploy.log"


def test_secrets_stay_out_of_the_log(
    city: StandaloneCity, superset_secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_SUPERSET_USERS", '[{"username": "a", "password": "very-secret"')
    with pytest.raises(ReportsError, match="KOTA_SUPERSET_USERS must be a JSON list") as failure:
        deploy_reports(city.settings)
    log = (city.settings.logs_dir / "superset-deploy.log").read_text("utf-8")
    for secret in ("very-secret", superset_secrets["SUPERSET_SECRET_KEY"]):
        assert secret not in log
        assert secret not in str(failure.value)
