"""Which columns a column is made of: by SQL, by what a Python model declares, by the registry."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from connectors.registry import App
from warehouse.manifest import Manifest
from warehouse.trace.field import Field, Made, Relation
from warehouse.trace.graph import Graph
from warehouse.trace.lineage import lineage
from warehouse.trace.models import Models
from warehouse.trace.openlineage import read_events, write_events

LAKE = Relation("lake_toko", "pesanan")
STAGING = Relation("staging", "stg_toko__orders")
TOKENS = Relation("intermediate", "int_tokens")
FACT = Relation("marts", "fct_orders")
REPORT = Relation("marts", "rpt_orders")

CATALOG = {
    LAKE: dict.fromkeys(("ID", "NIK", "surel", "kota", "resep"), "VARCHAR"),
    STAGING: dict.fromkeys(("order_id", "nik", "email_token", "city_name"), "VARCHAR"),
    TOKENS: dict.fromkeys(("order_id", "person_id"), "VARCHAR"),
    FACT: dict.fromkeys(("order_id", "city_name", "is_far", "person_id"), "VARCHAR"),
    REPORT: dict.fromkeys(("city_name", "order_count", "far_count", "scope"), "VARCHAR"),
}
SQL = {
    STAGING: """
        with source as (select * from "kota"."lake_toko"."pesanan")
        select cast(id as bigint) as order_id, nik, surel as email_token, trim(kota) as city_name
        from source
    """,
    FACT: """
        with far as (
            select *, city_name <> 'Tangerang' as is_far from "kota"."staging"."stg_toko__orders"
        )
        select far.order_id, far.city_name, far.is_far, tokens.person_id
        from far
        left join "kota"."intermediate"."int_tokens" as tokens on far.order_id = tokens.order_id
        where far.order_id > 0
    """,
    REPORT: """
        select city_name, count(*) as order_count, count(*) filter (where is_far) as far_count,
            'city' as scope
        from "kota"."marts"."fct_orders" group by all
        union all
        select null, count(*), count(*) filter (where is_far), 'all'
        from "kota"."marts"."fct_orders"
    """,
}
TOKO = App.model_validate(
    {
        "app": "toko",
        "name": "Toko",
        "description": "Orders.",
        "department": "disperindag",
        "owner": "toko@kota.example",
        "tier": 2,
        "connection": "toko",
        "timezone": "Asia/Jakarta",
        "schedule": "@daily",
        "freshness_hours": 24,
        "tables": {
            "pesanan": {
                "source": "tbl_pesanan",
                "key": ["ID"],
                "mode": "snapshot",
                "columns": {
                    "NIK": {"personal": "umum"},
                    "surel": {"personal": "umum", "policy": "token"},
                    "resep": {"personal": "spesifik"},
                },
            }
        },
    }
)


def model(relation: Relation, **more: Any) -> dict[str, Any]:
    return {
        "unique_id": f"model.kota.{relation.name}",
        "resource_type": "model",
        "schema": relation.schema,
        "name": relation.name,
        "language": "sql",
        "compiled_code": SQL.get(relation),
        "columns": {},
        "config": {},
        **more,
    }


@pytest.fixture
def models() -> Models:
    declared = {"lineage": {"order_id": ["stg_toko__orders.order_id"]}}
    declared["lineage"]["person_id"] = ["stg_toko__orders.nik"]
    nodes = [model(relation) for relation in SQL]
    nodes.append(model(TOKENS, language="python", config={"meta": declared}))
    source = {"unique_id": "source.kota.lake_toko.pesanan", "columns": {}}
    source |= {"schema": LAKE.schema, "name": LAKE.name}
    return Models(
        {
            "nodes": {node["unique_id"]: node for node in nodes},
            "sources": {source["unique_id"]: source},
        }
    )


@pytest.fixture
def made(models: Models) -> list[Made]:
    return list(lineage(models, CATALOG, {"toko": TOKO}))


@pytest.fixture
def graph(made: list[Made]) -> Graph:
    return Graph(made, {"toko": TOKO})


def test_a_column_is_followed_through_ctes_joins_and_unions_with_how_it_is_made(
    graph: Graph,
) -> None:
    assert graph.inputs(Field(FACT, "order_id")) == {Field(STAGING, "order_id"): "IDENTITY"}
    assert graph.inputs(Field(FACT, "is_far")) == {Field(STAGING, "city_name"): "TRANSFORMATION"}
    assert graph.inputs(Field(FACT, "person_id")) == {Field(TOKENS, "person_id"): "IDENTITY"}
    assert graph.inputs(Field(REPORT, "far_count")) == {Field(FACT, "is_far"): "AGGREGATION"}
    assert graph.inputs(Field(REPORT, "city_name")) == {Field(FACT, "city_name"): "IDENTITY"}


def test_a_count_of_rows_is_made_of_what_decides_which_rows_there_are(graph: Graph) -> None:
    assert graph.inputs(Field(REPORT, "order_count")) == {Field(FACT, "city_name"): "GROUP_BY"}


def test_what_is_no_sql_is_as_declared_and_the_way_ends_at_the_source_as_it_is_spelt_there(
    graph: Graph,
) -> None:
    way = graph.above([Field(FACT, "person_id")])

    assert list(way) == [FACT, TOKENS, STAGING, LAKE, Relation("app:toko", "tbl_pesanan")]
    assert way[LAKE] == {"NIK": {Field(Relation("app:toko", "tbl_pesanan"), "NIK"): "IDENTITY"}}


def test_what_is_personal_is_personal_all_the_way_unless_only_a_token_landed(
    graph: Graph,
) -> None:
    assert graph.is_personal(Field(STAGING, "nik"))
    assert graph.is_personal(Field(TOKENS, "person_id"))
    assert not graph.is_personal(Field(STAGING, "email_token"))
    assert not graph.is_personal(Field(STAGING, "order_id"))


def test_a_table_is_specific_where_one_of_its_columns_came_from_specific_personal_data(
    graph: Graph,
) -> None:
    assert graph.is_specific(LAKE)
    assert not graph.is_specific(STAGING)


def test_below_a_source_are_the_columns_with_its_value_and_the_tables_whose_rows_it_chooses(
    graph: Graph,
) -> None:
    city = Field(Relation("app:toko", "tbl_pesanan"), "kota")

    below = graph.below(city)

    assert {Field(FACT, "is_far"), Field(REPORT, "far_count")} <= below
    assert REPORT in graph.chosen_by({city})


def test_the_events_are_openlineage_and_say_the_same_when_read_back(
    made: list[Made], models: Models, tmp_path: Path
) -> None:
    path = tmp_path / "openlineage.jsonl"
    (tmp_path / "dbt").mkdir()
    (tmp_path / "dbt" / "run_results.json").write_text('{"results": []}')
    now = datetime(2026, 12, 1, tzinfo=UTC)
    manifest = Manifest(
        id="20261201T000000Z",
        built_at=now,
        as_of=now,
        lake={"toko.pesanan": 7},
        code_version="abc",
        config_hash="def",
        duckdb_version="1.5.5",
    )

    write_events(path, made, CATALOG, manifest, models)

    events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for event in events:
        assert {"eventTime", "producer", "schemaURL", "run", "job", "inputs", "outputs"} <= {*event}
        assert datetime.fromisoformat(event["eventTime"]).tzinfo
        UUID(event["run"]["runId"])
        facets = [*event["run"]["facets"].values(), *event["job"]["facets"].values()]
        facets += [f for output in event["outputs"] for f in output["facets"].values()]
        assert all(f["_producer"] and f["_schemaURL"].startswith("https://") for f in facets)
    assert [e["eventType"] for e in events] == ["START", "COMPLETE"] * len(made)
    assert {e["run"]["runId"] for e in events[::2]} == {e["run"]["runId"] for e in events[1::2]}
    landed = next(e["outputs"][0] for e in events if e["outputs"])
    assert (landed["namespace"], landed["name"]) == ("x-kota://lake", "toko.pesanan")
    assert landed["facets"]["version"]["datasetVersion"] == "7"
    token = landed["facets"]["columnLineage"]["fields"]["surel"]["inputFields"][0]
    assert token["transformations"] == [
        {"type": "DIRECT", "subtype": "TRANSFORMATION", "masking": True}
    ]
    assert list(read_events(path)) == made
