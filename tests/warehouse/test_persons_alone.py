"""On a night without the apps that share people, everybody is found to be alone."""

import duckdb
import pytest

from tests.warehouse.persons_town import mention, relation, town, townsman
from warehouse.persons.link import link_persons


@pytest.mark.parametrize("people", [0, 1, 30])
def test_apps_that_share_nobody_can_be_matched_all_the_same(people: int) -> None:
    with duckdb.connect() as con:
        con.execute("create table former (mention varchar, person_id varchar, version bigint)")
        con.execute(
            "create table decisions (app_1 varchar, table_1 varchar, key_1 varchar, "
            "app_2 varchar, table_2 varchar, key_2 varchar, decision varchar)"
        )
        rows = [mention("siak", number, townsman(number)) for number in range(people)]
        mentions = relation(con, "mentions", rows or town(2))
        if not rows:
            con.execute("delete from mentions")
        links = link_persons(con, mentions, con.table("former"), con.table("decisions"))
        found = links.aggregate("count(*), count(distinct person_id)").fetchall()

    assert found == [(people, people)]
