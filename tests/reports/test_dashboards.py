"""Both dashboards in a real browser, and what an Official may not do there."""

import os
from pathlib import Path

import pytest

from tests.reports.conftest import StandaloneCity
from tests.reports.dashboards import check_dashboards, signed_in

pytestmark = pytest.mark.integration


def test_every_chart_shows_what_the_warehouse_says(city: StandaloneCity, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SCREENSHOTS_DIR", tmp_path))
    check_dashboards(city, folder)
    assert {path.name for path in folder.glob("*.png")} >= {
        "ruang-kendali.png",
        "layanan-terpadu.png",
    }


def test_an_official_reads_only_what_the_dashboards_read(city: StandaloneCity) -> None:
    with signed_in(city.superset_url, city.auditor_user, city.auditor_password) as page:
        listed = page.request.get(f"{city.superset_url}/api/v1/dataset/").json()["result"]
    ids = {dataset["table_name"]: dataset["id"] for dataset in listed}

    with signed_in(city.superset_url, city.official_user, city.official_password) as page:

        def count_rows_of(table: str) -> int:
            query = {
                "datasource": {"id": ids[table], "type": "table"},
                "queries": [
                    {
                        "columns": [],
                        "metrics": [
                            {
                                "expressionType": "SQL",
                                "sqlExpression": "COUNT(*)",
                                "label": "n",
                            }
                        ],
                    },
                ],
            }
            return page.request.post(f"{city.superset_url}/api/v1/chart/data", data=query).status

        assert count_rows_of("fct_complaints") == 200
        assert count_rows_of("dim_areas") == 403
        assert count_rows_of("fct_service_requests") == 403


def test_an_official_has_no_sql_lab(city: StandaloneCity) -> None:
    with signed_in(city.superset_url, city.official_user, city.official_password) as page:
        page.goto(f"{city.superset_url}/sqllab/")
        assert "/sqllab" not in page.url
        for path in ("/api/v1/database/", "/api/v1/sqllab/", "/api/v1/query/", "/api/v1/log/"):
            assert page.request.get(f"{city.superset_url}{path}").status == 403, path
        page.goto(f"{city.superset_url}/superset/dashboard/ruang-kendali/")
        token = page.locator("#csrf_token").input_value()
        answer = page.request.post(
            f"{city.superset_url}/api/v1/sqllab/execute/",
            data={"database_id": 1, "sql": "SELECT 1"},
            headers={"X-CSRFToken": token, "Referer": city.superset_url},
        )
        assert answer.status == 403


def test_the_browser_speaks_indonesian_and_asks_no_outside_host(city: StandaloneCity) -> None:
    with signed_in(city.superset_url, city.official_user, city.official_password) as page:
        answered: list[str] = []
        page.on("response", lambda response: answered.append(response.url))
        page.goto(f"{city.superset_url}/superset/dashboard/layanan-terpadu/")
        page.get_by_text("Filter dan kontrol").wait_for(timeout=60_000)
        outside = [
            url for url in answered if not url.startswith((city.superset_url, "data:", "blob:"))
        ]
        assert not outside
