"""Which rows are in a number: found by the models' own SQL, and proved by computing it again."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from warehouse.trace.catalog import catalog_of
from warehouse.trace.field import Relation
from warehouse.trace.models import Models
from warehouse.trace.rows import RowWalk
from warehouse.trace.step import Step

DECLARED = {"number": ["stg_orders.order_id"], "token": ["stg_orders.order_id"]}
SQL: dict[str, str | None] = {
    "staging.stg_orders": """
        with source as (select * from "kota"."lake_toko"."pesanan")
        select cast(id as bigint) as order_id, kota as city_name, harga as price_rupiah,
            dibatalkan = 1 as is_cancelled
        from source
    """,
    "intermediate.int_tokens": None,
    "marts.fct_orders": """
        with orders as (
            select *, price_rupiah > 100 as is_large
            from "kota"."staging"."stg_orders" where not is_cancelled
        ),
        paid as (
            select order_id, sum(amount_rupiah) as paid_rupiah
            from "kota"."lake_toko"."bayar" group by order_id
        )
        select orders.order_id, coalesce(orders.city_name, 'unknown') as city_name,
            orders.price_rupiah, orders.is_large, paid.paid_rupiah
        from orders left join paid on orders.order_id = paid.order_id
    """,
    "marts.rpt_cities": """
        with newest as (select max(order_id) as order_id from "kota"."marts"."fct_orders"),
        counted as (
            select city_name, count(*) as order_count,
                count(*) filter (where is_large) as large_count,
                sum(price_rupiah) as price_rupiah,
                count(*) filter (where orders.order_id = newest.order_id) as newest_count
            from "kota"."marts"."fct_orders" as orders cross join newest
            group by grouping sets ((), (city_name))
        )
        {% for measure in measures %}
        select '{{ measure }}' as measure, coalesce(city_name, 'all') as scope,
            cast({{ measure }} as double) as measured from counted
        {% if not loop.last %}union all{% endif %}
        {% endfor %}
    """,
}
MEASURES = ("order_count", "large_count", "price_rupiah", "newest_count")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as kota")
        for schema in ("lake_toko", "staging", "intermediate", "marts"):
            con.execute(f"create schema kota.{schema}")
        con.execute(
            "create table kota.lake_toko.pesanan as select * from (values "
            "(1, 'A', 50, 0), (2, 'A', 150, 0), (3, 'B', 500, 0), (4, 'B', 700, 1), "
            "(5, null, 10, 0)"
            ") as t(ID, kota, harga, dibatalkan)"
        )
        con.execute(
            "create table kota.lake_toko.bayar as select * from (values (2, 100), (2, 50), (3, 1)) "
            "as t(order_id, amount_rupiah)"
        )
        for name, sql in compiled().items():
            made = sql or "select cast(order_id as varchar) as number, 'x' || order_id as token "
            made += "" if sql else "from kota.staging.stg_orders"
            con.execute(f"create table kota.{name} as {made}")
        yield con


def compiled() -> dict[str, str | None]:
    """By relation; a Python model has no SQL."""
    parts = (SQL["marts.rpt_cities"] or "").split("{% for measure in measures %}")
    branch = parts[1].split("{% if")[0]
    unions = "union all".join(branch.replace("{{ measure }}", one) for one in MEASURES)
    return {**SQL, "marts.rpt_cities": parts[0] + unions}


def trace(
    con: duckdb.DuckDBPyConnection, mart: str, where: str, *columns: str, schema: str = "marts"
) -> Step:
    keys = {"staging.stg_orders": ["order_id"], "marts.fct_orders": ["order_id"]}
    nodes: dict[str, dict[str, Any]] = {}
    for name, sql in compiled().items():
        layer, _, alias = name.partition(".")
        nodes[f"model.kota.{alias}"] = {
            "unique_id": f"model.kota.{alias}",
            "resource_type": "model",
            "schema": layer,
            "name": alias,
            "language": "sql" if sql else "python",
            "compiled_code": sql,
            "primary_key": keys.get(name, []),
            "columns": {},
            "config": {} if sql else {"meta": {"lineage": DECLARED}},
        }
    con.execute(
        f"create or replace temp table cells as select * from kota.{schema}.{mart} where {where}"
    )
    walk = RowWalk(con, Models({"nodes": nodes, "sources": {}}), catalog_of(con, "kota"))
    return walk.down(Relation(schema, mart), "cells", frozenset(columns))


def at_source(con: duckdb.DuckDBPyConnection, step: Step, table: str = "pesanan") -> list[int]:
    column = "ID" if table == "pesanan" else "amount_rupiah"
    found = [leaf.table for leaf in step.leaves() if leaf.relation.name == table]
    return sorted(
        row[0] for name in found for row in con.execute(f"select {column} from {name}").fetchall()
    )


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("measure = 'order_count' and scope = 'A'", [1, 2]),
        ("measure = 'order_count' and scope = 'all'", [1, 2, 3, 5]),
        ("measure = 'large_count' and scope = 'A'", [2]),
        ("measure = 'price_rupiah' and scope = 'unknown'", [5]),
        ("measure = 'newest_count' and scope = 'all'", [5]),
    ],
)
def test_the_rows_in_an_aggregate_are_those_of_its_group_and_its_filter_and_prove_it(
    con: duckdb.DuckDBPyConnection, where: str, rows: list[int]
) -> None:
    found = trace(con, "rpt_cities", where, "measured")

    assert at_source(con, found) == rows
    proofs = [step.proof for step in found.steps() if step.proof]
    assert proofs and all(proof.holds for proof in proofs)


def test_a_column_that_was_joined_leads_to_the_rows_it_came_from(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = trace(con, "fct_orders", "order_id = 2", "paid_rupiah")

    assert at_source(con, found) == [2]
    assert at_source(con, found, "bayar") == [50, 100]


def test_a_model_without_sql_leads_on_by_the_key_that_it_declares(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = trace(con, "int_tokens", "token = 'x3'", "token", schema="intermediate")

    assert at_source(con, found) == [3]


def test_a_number_that_is_not_what_its_rows_add_up_to_is_seen(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("update kota.marts.rpt_cities set measured = 3 where measure = 'large_count'")

    found = trace(con, "rpt_cities", "measure = 'large_count' and scope = 'A'", "measured")

    assert [step.proof.holds for step in found.steps() if step.proof] == [False]
