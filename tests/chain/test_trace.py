"""From a tile of the Live Room to the complaint's row in LAKSA's own database, and back."""

from pathlib import Path
from typing import Any

import duckdb
import pymysql
import pytest
from sqlalchemy.engine import make_url

from tests.chain.city import RunningCity
from warehouse.trace.trace import trace

pytestmark = pytest.mark.integration

CELL = "measure = 'complaints_green' and scope = 'kecamatan' and scope_code = '{code}'"


@pytest.fixture(scope="module")
def tile(city: RunningCity, opening: object) -> tuple[str, int]:  # noqa: ARG001
    """A kecamatan, and how many complaints of it are done, as an official reads it."""
    with duckdb.connect(city.current / "kota.duckdb", read_only=True) as con:
        row = con.execute(
            "select scope_code, measured_value from marts.rpt_live_room "
            "where measure = 'complaints_green' and scope = 'kecamatan' and measured_value > 1 "
            "order by measured_value, scope_code"
        ).fetchone()
    assert row is not None
    return str(row[0]), int(row[1])


def traced(city: RunningCity, *arguments: str) -> Any:
    done = city.kota("trace", *arguments, "--json")
    assert done.code == 0, done.err
    return done.json


def steps(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By relation."""
    found = {document["relation"]: document}
    for one in document["beneath"]:
        found.update(steps(one))
    return found


def test_a_tile_leads_to_the_row_in_the_source_database(
    city: RunningCity, tile: tuple[str, int]
) -> None:
    code, count = tile
    cell = traced(city, "rpt_live_room.measured_value", "--where", CELL.format(code=code))
    complaints = steps(cell["rows"])["marts.fct_complaints"]

    assert complaints["rows"] == count == cell["sources"][0]["rows"]
    assert complaints["computed_again"]["is_same"]
    assert cell["cells"]["is_as_built"]

    complaint_id = complaints["keys"][0]["complaint_id"]
    row = traced(city, "fct_complaints.status", "--where", f"complaint_id = {complaint_id}")
    (source,) = row["sources"]
    (in_lake,) = source["shown"]
    at_source = _complaint(city, complaint_id)

    assert source["source_table"] == "pengaduan"
    assert {name: in_lake[name] for name in ("id", "nomor", "status", "kategori_id")} == {
        name: at_source[name] for name in ("id", "nomor", "status", "kategori_id")
    }
    assert in_lake["judul"] == "(personal)" != at_source["judul"]
    assert source["states"][-1]["_kota_batch"] == in_lake["_kota_batch"]
    (batch,) = source["batches"]
    assert batch["id"] == f"laksa.pengaduan:{in_lake['_kota_batch']}"
    assert [file["is_unchanged"] for file in batch["files"]] == [True]
    assert batch["run_started_at"] <= batch["extracted_at"] <= batch["run_finished_at"]
    assert all(passed for passed, _ in source["reconciliation"])
    assert row["quality"]["marts.fct_complaints"]["expectations"]["passed"] > 10


def test_the_way_back_ends_at_dashboards(city: RunningCity, tile: tuple[str, int]) -> None:  # noqa: ARG001
    found = traced(city, "--reverse", "laksa.pengaduan.status")
    marts = {one["relation"]["name"]: one["columns"] for one in found["relations"]}

    assert "status_colour" in marts["fct_complaints"]
    assert "measured_value" in marts["rpt_live_room"]
    assert "rpt_live_room.yml" in found["suites"]
    assert "Ruang Kendali" in {dashboard["title"] for dashboard in found["dashboards"]}


def test_the_page_stands_alone_and_tells_nothing_about_anybody(
    city: RunningCity, tile: tuple[str, int], tmp_path: Path
) -> None:
    page = tmp_path / "jejak.html"
    where = CELL.format(code=tile[0])
    done = city.kota(
        "trace",
        "rpt_live_room.measured_value",
        "--where",
        where,
        "--restricted",
        "--page",
        str(page),
    )
    html = page.read_text("utf-8")

    assert done.code == 0, done.err
    assert "Dari angka ke baris" in html
    assert "http://" not in html and "https://" not in html and "<script" not in html
    assert "(personal)" in html
    with duckdb.connect(
        city.settings.candidates_dir / city.current.resolve().name / "kota.duckdb", read_only=True
    ) as con:
        titles = con.execute("select distinct judul from lake_laksa.pengaduan").fetchall()
    assert not [title for (title,) in titles if title and len(title) > 12 and title in html]


def test_every_mart_has_its_page_beside_the_data_docs(
    city: RunningCity,
    tile: tuple[str, int],  # noqa: ARG001
) -> None:
    docs = city.settings.audit_dir / "data_docs"
    with duckdb.connect(city.current / "kota.duckdb", read_only=True) as con:
        marts = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()

    assert {path.stem for path in (docs / "trace").glob("*.html")} == {name for (name,) in marts}
    assert 'href="trace/fct_complaints.html"' in (docs / "index.html").read_text("utf-8")


def test_a_number_of_every_fact_and_report_is_the_sum_of_the_rows_it_leads_to(
    city: RunningCity,
    tile: tuple[str, int],  # noqa: ARG001
) -> None:
    with duckdb.connect(city.current / "kota.duckdb", read_only=True) as con:
        numbers = con.execute(
            "select table_name, min(column_name) from duckdb_columns() "
            "where regexp_matches(column_name, '_(count|rupiah|value)$') "
            "and regexp_matches(table_name, '^(fct|rpt)_') group by table_name order by all"
        ).fetchall()
    proofs, landed = [], []
    for mart, column in numbers:
        first = f"rowid = (select min(rowid) from {mart} where {column} > 0)"
        found = trace(city.settings, f"{mart}.{column}", where=first)
        steps_down = list(found.rows.steps()) if found.rows else []
        proofs += [(mart, step.proof) for step in steps_down if step.proof]
        landed += [mart for source in found.sources if source.rows][:1]

    assert [mart for mart, proof in proofs if not proof.holds] == []
    assert len({mart for mart, _ in proofs}) >= 10
    assert len(landed) >= 20


def _complaint(city: RunningCity, complaint_id: int) -> dict[str, Any]:
    """The row as LAKSA has it."""
    url = make_url(city.connections["KOTA_CONN_LAKSA"])
    with (
        pymysql.connect(
            host=url.host,
            port=url.port or 3306,
            user=url.username,
            password=str(url.password),
            database=url.database,
            cursorclass=pymysql.cursors.DictCursor,
        ) as con,
        con.cursor() as cursor,
    ):
        cursor.execute("select * from pengaduan where id = %s", (complaint_id,))
        row = cursor.fetchone()
    assert row is not None
    return dict(row)
