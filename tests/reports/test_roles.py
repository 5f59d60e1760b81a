"""What each role may reach, tried through Superset's REST API, and what it may not."""

import csv
import itertools
import json
import secrets
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import yaml

from reports.client import deploy_reports
from tests.reports.conftest import ACCOUNTS, PASSWORDS, StandaloneCity
from tests.reports.visitor import Visitor, sql_metric

pytestmark = pytest.mark.integration

# Whose dataset rows each account reads, by the dataset's declared kind.
READS = {
    "leader": {"city", "department", "leadership", "quality", "public"},
    "official": {"city", "department", "public"},
    "newcomer": {"city", "department", "public"},
    "auditor": {"city", "quality", "public"},
    "engineer": {"city", "department", "leadership", "quality", "public"},
    "nobody": set(),
}
OWN, OTHER = "dlh", "dishub"
REFUSED = (302, 401, 403, 404)


@pytest.fixture(scope="module")
def visitors(city: StandaloneCity) -> Iterator[dict[str, Visitor]]:
    """Everyone with an account, signed in, and somebody who has none."""
    everyone = {name: Visitor(city.superset_url) for name in (*PASSWORDS, "nobody")}
    for name, password in PASSWORDS.items():
        everyone[name].sign_in(name, password)
    yield everyone
    for visitor in everyone.values():
        visitor.http.close()


@pytest.fixture(scope="module")
def datasets(city: StandaloneCity) -> dict[str, tuple[int, str]]:
    """Every deployed dataset: its number in this Superset, and its declared kind of rows."""
    folder = city.settings.root / "reports" / "assets" / "datasets"
    found = {}
    for path in folder.glob("*.yaml"):
        dataset = yaml.safe_load(path.read_text("utf-8"))
        number = _scalar(
            city, f"SELECT id FROM tables WHERE table_name = '{dataset['table_name']}'"
        )
        found[dataset["table_name"]] = (int(number), dataset["rows"])
    return found


def test_each_role_reads_the_datasets_declared_for_it(
    visitors: dict[str, Visitor], datasets: dict[str, tuple[int, str]]
) -> None:
    for name, visitor in visitors.items():
        for table, (number, rows) in datasets.items():
            reachable = rows in READS[name]
            assert (visitor.count(number) is not None) is reachable, f"{name}: {table}"
            if reachable:
                continue
            sampled = visitor.http.post(
                f"/datasource/samples?datasource_type=table&datasource_id={number}", json={}
            )
            assert sampled.status_code in REFUSED, f"{name}: {table}, samples"
            # Naming a dashboard or a chart that one may see opens no other dataset.
            for form_data in ({"dashboardId": 1}, {"dashboardId": 1, "slice_id": 1}):
                asked = visitor.query(number, form_data, metrics=[sql_metric("COUNT(*)")])
                assert asked.status_code in REFUSED, f"{name}: {table}, {form_data}"


def test_each_role_is_given_the_charts_and_dashboards_of_its_datasets(
    city: StandaloneCity, visitors: dict[str, Visitor], datasets: dict[str, tuple[int, str]]
) -> None:
    kinds = dict(datasets.values())
    charts = {
        int(chart): kinds[int(dataset)]
        for chart, dataset in _rows(city, "SELECT id, datasource_id FROM slices")
    }
    dashboards: dict[int, set[str]] = {}
    for dashboard, chart in _rows(city, "SELECT dashboard_id, slice_id FROM dashboard_slices"):
        dashboards.setdefault(int(dashboard), set()).add(charts[int(chart)])
    for name, visitor in visitors.items():
        mine = {chart for chart, rows in charts.items() if rows in READS[name]}
        assert _listed(visitor, "chart") == mine, name
        for chart in charts.keys() - mine:
            answer = visitor.ask("GET", f"/api/v1/chart/{chart}/data/")
            assert answer.status_code in REFUSED, f"{name}: chart {chart}"
        shown = {number for number, needed in dashboards.items() if needed <= READS[name]}
        assert _listed(visitor, "dashboard") == shown, name
        for dashboard in dashboards.keys() - shown:
            for part in ("", "/charts", "/datasets"):
                answer = visitor.ask("GET", f"/api/v1/dashboard/{dashboard}{part}")
                assert answer.status_code in REFUSED, f"{name}: {dashboard}{part}"


def test_an_official_reads_own_rows_and_the_citys_totals(
    visitors: dict[str, Visitor], datasets: dict[str, tuple[int, str]]
) -> None:
    for table, (number, rows) in datasets.items():
        everything = visitors["leader"].count(number)
        if rows == "city":
            assert visitors["official"].count(number) == everything, table
            assert visitors["newcomer"].count(number) == everything, table
        if rows == "department":
            assert everything, table
            assert visitors["newcomer"].count(number) == 0, table
            departments = visitors["official"].query(number, columns=["department_code"])
            seen = [row["department_code"] for row in departments.json()["result"][0]["data"]]
            assert seen in ([OWN], []), table
    complaints = datasets["fct_complaints"][0]
    assert visitors["official"].count(complaints)
    samples = visitors["official"].http.post(
        f"/datasource/samples?datasource_type=table&datasource_id={complaints}&per_page=1000",
        json={},
    )
    assert {row["department_code"] for row in samples.json()["result"]["data"]} == {OWN}


def test_files_hold_the_rows_that_their_taker_may_read(
    visitors: dict[str, Visitor], datasets: dict[str, tuple[int, str]]
) -> None:
    body = {
        "datasource": {"id": datasets["fct_complaints"][0], "type": "table"},
        "queries": [{"columns": ["complaint_number", "department_code"], "row_limit": 1000}],
    }
    for name in ("official", "leader", "auditor"):
        for kind in ("csv", "xlsx"):
            answer = visitors[name].http.post(
                "/api/v1/chart/data", json={**body, "result_format": kind}
            )
            if name == "auditor":
                assert answer.status_code in REFUSED
            elif kind == "csv":
                _title, *rows = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
                assert {row[1] for row in rows} == ({OWN} if name == "official" else {OWN, OTHER})
            else:
                assert answer.content.startswith(b"PK")


# Each asks for what only the rows of another department, or another table, can tell.
BREAKOUTS: dict[str, dict[str, Any]] = {
    "a filter on the other department": {
        "columns": ["department_code"],
        "filters": [{"col": "department_code", "op": "==", "val": OTHER}],
    },
    "a filter that is always true": {
        "columns": ["department_code"],
        "extras": {"where": "1=1) OR (1=1"},
    },
    "a comment after the filter": {
        "columns": ["department_code"],
        "extras": {"where": "1=1) OR 1=1 --"},
    },
    "a filter with OR": {"columns": ["department_code"], "extras": {"where": "1=1 OR 1=1"}},
    "a second query": {
        "columns": ["department_code"],
        "extras": {"where": "1=0) UNION ALL SELECT department_code FROM marts.fct_complaints --"},
    },
    "a condition on groups": {
        "columns": ["department_code"],
        "metrics": [sql_metric("COUNT(*)")],
        "extras": {
            "having": "1=1) UNION ALL SELECT department_code, 1 FROM marts.fct_complaints --"
        },
    },
    "a query inside a metric": {
        "metrics": [sql_metric("(SELECT string_agg(department_code) FROM marts.fct_complaints)")],
    },
    "a query that begins with FROM": {
        "metrics": [sql_metric("(FROM marts.fct_complaints SELECT string_agg(department_code))")],
    },
    "a query inside a list": {
        "metrics": [sql_metric("ARRAY(SELECT DISTINCT department_code FROM marts.fct_complaints)")],
    },
    "a query inside a column": {
        "columns": [
            {
                "expressionType": "SQL",
                "label": "n",
                "sqlExpression": "(SELECT min(department_code) FROM marts.fct_complaints)",
            }
        ],
    },
    "a metric that closes the query": {
        "metrics": [sql_metric(f"department_code FROM marts.fct_complaints WHERE '{OTHER}' = ''")],
    },
    "an order that asks": {
        "columns": ["department_code"],
        "orderby": [[sql_metric("(SELECT min(department_code) FROM marts.fct_complaints)"), True]],
    },
    "a pivot of another table": {
        "metrics": [sql_metric("(PIVOT marts.fct_complaints ON department_code USING count(*))")],
    },
    "a table function": {"metrics": [sql_metric("(FROM query_table('marts.fct_complaints'))")]},
    "a file": {"metrics": [sql_metric("(SELECT max(content) FROM read_text('/etc/passwd'))")]},
}


@pytest.mark.parametrize("attempt", BREAKOUTS)
def test_no_query_breaks_out_of_the_own_rows(
    attempt: str, visitors: dict[str, Visitor], datasets: dict[str, tuple[int, str]]
) -> None:
    complaints = datasets["fct_complaints"][0]
    for name in ("official", "newcomer"):
        for result_type in ("full", "samples", "results", "drill_detail"):
            query = {**BREAKOUTS[attempt], "result_type": result_type}
            answer = visitors[name].query(complaints, **query)
            rows = answer.json().get("result", []) if answer.status_code == 200 else []
            told = str([part["data"] for part in rows])
            assert OTHER not in told, f"{name}: {result_type}"
            assert "root:" not in told
            if name == "newcomer":
                assert OWN not in told


def test_no_role_changes_what_it_may_see(
    city: StandaloneCity, visitors: dict[str, Visitor], datasets: dict[str, tuple[int, str]]
) -> None:
    number = datasets["fct_complaints"][0]
    rule = _scalar(city, "SELECT min(id) FROM row_level_security_filters")
    mine = _scalar(city, "SELECT id FROM ab_user WHERE username = 'engineer'")
    admin = _scalar(city, "SELECT id FROM ab_role WHERE name = 'Admin'")
    asset = {
        "database_name": "x",
        "sqlalchemy_uri": city.settings.home.joinpath("x.duckdb").as_uri(),
    }
    engineers = [
        ("GET", "/api/v1/rowlevelsecurity/", None),
        ("GET", f"/api/v1/rowlevelsecurity/{rule}", None),
        ("DELETE", f"/api/v1/rowlevelsecurity/{rule}", None),
        ("PUT", f"/api/v1/rowlevelsecurity/{rule}", {"clause": "1 = 1"}),
        ("GET", "/api/v1/security/users/", None),
        ("PUT", f"/api/v1/security/users/{mine}", {"roles": [int(admin)]}),
        ("POST", "/api/v1/security/users/", {"username": "x", "roles": [int(admin)]}),
        ("GET", "/api/v1/security/roles/", None),
        ("POST", "/api/v1/security/roles/", {"name": "x"}),
        ("GET", "/api/v1/security/groups/", None),
        ("GET", "/api/v1/security/permissions-resources/", None),
        ("POST", "/api/v1/database/", asset),
        ("POST", "/api/v1/database/test_connection/", asset),
        ("POST", "/api/v1/database/validate_parameters/", {"engine": "duckdb"}),
        ("PUT", "/api/v1/database/1", asset),
        ("DELETE", "/api/v1/database/1", None),
        ("GET", "/api/v1/database/1/connection", None),
        ("PUT", f"/api/v1/dataset/{number}", {"sql": "SELECT 1", "is_managed_externally": False}),
        ("DELETE", f"/api/v1/dataset/{number}", None),
        ("POST", "/api/v1/assets/import/", None),
        ("GET", "/api/v1/assets/export/", None),
        ("POST", "/api/v1/security/guest_token/", {"user": {}, "resources": [], "rls": []}),
        ("GET", "/api/v1/cachekey/", None),
        ("GET", "/rowlevelsecurity/list/", None),
    ]
    auditors = [
        *engineers,
        ("GET", "/api/v1/database/", None),
        ("GET", "/api/v1/database/1", None),
        ("GET", "/api/v1/database/1/schemas/", None),
        ("GET", "/api/v1/database/1/tables/?q=(schema_name:marts)", None),
        ("GET", "/api/v1/database/1/table_metadata/?name=fct_complaints&schema=marts", None),
        ("GET", "/api/v1/database/1/select_star/fct_complaints/marts/", None),
        ("GET", "/api/v1/database/export/?q=!(1)", None),
        ("GET", "/api/v1/sqllab/", None),
        ("GET", "/api/v1/query/", None),
        ("GET", "/api/v1/saved_query/", None),
        ("POST", "/api/v1/sqllab/execute/", {"database_id": 1, "sql": "SELECT 1"}),
        ("POST", "/api/v1/sqllab/estimate/", {"database_id": 1, "sql": "SELECT 1"}),
        ("GET", "/api/v1/sqllab/results/?q=(key:x)", None),
        ("GET", f"/api/v1/dataset/export/?q=!({number})", None),
        (
            "POST",
            "/api/v1/dataset/",
            {"database": 1, "schema": "marts", "table_name": "dim_persons"},
        ),
        ("POST", "/api/v1/chart/", {"slice_name": "x", "datasource_id": number}),
        ("GET", "/api/v1/report/", None),
        ("GET", "/sqllab/", None),
    ]
    officials = [
        *auditors,
        ("GET", "/api/v1/dataset/", None),
        ("GET", f"/api/v1/dataset/{number}", None),
        ("GET", "/api/v1/log/", None),
        ("GET", "/api/v1/log/1", None),
        ("GET", f"/api/v1/explore/?datasource_id={number}&datasource_type=table", None),
        ("POST", "/api/v1/explore/form_data", {"datasource_id": number}),
        ("GET", f"/explore/?datasource_id={number}&datasource_type=table", None),
        ("GET", "/actionlog/list/", None),
    ]
    for name, routes in {
        "engineer": engineers,
        "auditor": auditors,
        "leader": officials,
        "official": officials,
        "newcomer": officials,
        "nobody": officials,
    }.items():
        for method, path, body in routes:
            answer = visitors[name].ask(method, path, body)
            assert answer.status_code in (302, 400, 401, 403, 404, 405), (name, method, path)
            if answer.status_code == 400:
                assert "result" not in answer.json(), (name, method, path)
    assert visitors["official"].count(number) == _count(city, f"department_code = '{OWN}'")


def test_an_engineer_reads_the_warehouse_and_no_file_of_the_machine(
    city: StandaloneCity, visitors: dict[str, Visitor]
) -> None:
    outside = city.settings.home / "outside.csv"
    outside.write_text("secret\nvery-secret\n", "utf-8")

    def run(sql: str) -> tuple[int, str]:
        answer = visitors["engineer"].ask(
            "POST", "/api/v1/sqllab/execute/", {"database_id": 1, "sql": sql, "runAsync": False}
        )
        return answer.status_code, answer.text

    assert run("SELECT count(*) AS n FROM marts.fct_complaints")[0] == 200
    for sql in (
        f"SELECT * FROM read_csv('{outside}')",
        f"SELECT * FROM '{outside}'",
        f"SELECT content FROM read_text('{outside}')",
        "SELECT content FROM read_text('/etc/passwd')",
        f"SELECT * FROM read_blob('{outside}')",
        f"SELECT * FROM glob('{city.settings.home}/*')",
        f"SELECT * FROM sniff_csv('{outside}')",
        f"SELECT * FROM read_parquet('{outside}')",
        f"SELECT * FROM query_table('{outside}')",
        f"SELECT * FROM query('SELECT * FROM read_text(''{outside}'')')",
        f"FROM read_text('{outside}')",
        f"WITH a AS (FROM read_text('{outside}')) SELECT * FROM a",
        f"ATTACH '{city.published_db.resolve()}' AS again",
        f"ATTACH '{city.settings.home}/new.duckdb' AS other",
        "ATTACH '' AS meta (TYPE postgres)",
        f"COPY marts.fct_complaints TO '{city.settings.home}/stolen.csv'",
        f"COPY (SELECT 1) TO '{city.settings.home}/stolen.csv'",
        f"EXPORT DATABASE '{city.settings.home}/stolen'",
        f"IMPORT DATABASE '{city.settings.home}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '/tmp/x.duckdb_extension'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET enable_external_access",
        "PRAGMA enable_external_access = true",
        f"SET home_directory = '{city.settings.home}'",
        f"SET log_query_path = '{city.settings.home}/stolen.log'",
        "SET threads = 64",
        "CREATE TABLE marts.mine AS SELECT 1",
        f"CREATE VIEW mine AS SELECT * FROM read_text('{outside}')",
        "CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')",
        "CREATE MACRO leak() AS TABLE SELECT * FROM read_text('/etc/passwd')",
        "DELETE FROM marts.fct_complaints",
        "UPDATE marts.fct_complaints SET status = 'done'",
        "DROP TABLE marts.fct_complaints",
        f"SELECT 1; COPY (SELECT 1) TO '{city.settings.home}/stolen.csv'",
        f"EXPLAIN ANALYZE COPY (SELECT 1) TO '{city.settings.home}/stolen.csv'",
        f"PREPARE p AS COPY (SELECT 1) TO '{city.settings.home}/stolen.csv'; EXECUTE p",
        "CHECKPOINT",
    ):
        status, text = run(sql)
        assert "very-secret" not in text, sql
        assert "root:" not in text, sql
        assert status != 200, f"{sql}: {text[:200]}"
    # A dataset's SQL is described by the database before anybody asks for its rows.
    for sql in ("ATTACH ':memory:' AS leaked", f"SELECT * FROM read_text('{outside}')"):
        made = visitors["engineer"].ask(
            "POST", "/api/v1/dataset/", {"database": 1, "table_name": "leak", "sql": sql}
        )
        assert made.status_code in (400, 403, 422, 500), f"{sql}: {made.text[:200]}"
    assert "leaked" not in run("SELECT string_agg(database_name) FROM duckdb_databases()")[1]
    assert not list(city.settings.home.glob("stolen*"))
    assert not list(city.settings.home.glob("new.duckdb*"))
    assert run("SELECT getenv('SUPERSET_SECRET_KEY')")[0] != 200


def test_configuration_opens_the_public_page_and_closes_an_account(
    city: StandaloneCity,
    datasets: dict[str, tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without = [account for account in ACCOUNTS if account["username"] != "newcomer"]
    for is_public, accounts in ((True, without), (False, ACCOUNTS)):
        monkeypatch.setenv("KOTA_SUPERSET_USERS", json.dumps(accounts))
        deploy_reports(city.settings.model_copy(update={"public_indicators": is_public}))

        newcomer = _scalar(city, "SELECT active FROM ab_user WHERE username = 'newcomer'")
        assert newcomer == ("f" if is_public else "t")
        nobody = Visitor(city.superset_url)
        page = nobody.ask("GET", "/superset/dashboard/indikator-kota/")
        assert (page.status_code == 200) is is_public
        shown = nobody.ask("GET", "/api/v1/dashboard/indikator-kota/charts")
        assert (shown.status_code == 200) is is_public
        assert nobody.ask("GET", "/api/v1/dashboard/layanan-terpadu").status_code in REFUSED
        for table, (number, rows) in datasets.items():
            counted = nobody.count(number)
            assert (counted is not None) is (is_public and rows == "public"), table
        for attempt, query in BREAKOUTS.items():
            asked = nobody.query(datasets["public_requests"][0], **query)
            assert asked.status_code != 200, attempt


def test_a_password_that_a_person_changed_stays_theirs(city: StandaloneCity) -> None:
    mine = secrets.token_urlsafe(12)
    newcomer = Visitor(city.superset_url).sign_in("newcomer", PASSWORDS["newcomer"])
    assert newcomer.ask("PUT", "/api/v1/me/", {"password": mine}).status_code == 200
    deploy_reports(city.settings)
    Visitor(city.superset_url).sign_in("newcomer", mine)
    roles = newcomer.ask("PUT", "/api/v1/me/", {"roles": [1]})
    assert roles.status_code == 400
    newcomer.ask("PUT", "/api/v1/me/", {"password": PASSWORDS["newcomer"]})


def _listed(visitor: Visitor, kind: str) -> set[int]:
    listed: set[int] = set()
    for page in itertools.count():
        answer = visitor.ask("GET", f"/api/v1/{kind}/?q=(page:{page},page_size:100)")
        if answer.status_code in REFUSED:
            return set()
        more = {thing["id"] for thing in answer.json()["result"]}
        if not more:
            return listed
        listed |= more
    raise AssertionError("no end")


def _count(city: StandaloneCity, condition: str) -> int:
    with duckdb.connect(str(city.published_db), read_only=True) as connection:
        found = connection.execute(f"SELECT count(*) FROM marts.fct_complaints WHERE {condition}")
        return int(found.fetchall()[0][0])


def _rows(city: StandaloneCity, query: str) -> list[list[str]]:
    """What Superset's own database answers: psql's lines between the heading and the count."""
    lines = city.postgres.psql(f"COPY ({query}) TO STDOUT;").splitlines()
    return [line.split("\t") for line in lines if line]


def _scalar(city: StandaloneCity, query: str) -> str:
    return _rows(city, query)[0][0]
