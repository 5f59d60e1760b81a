"""The hash of a row."""

import duckdb

from lake.row_hash import row_hash_sql


def test_a_row_of_any_number_of_columns_has_a_hash() -> None:
    columns = [(f"c{number}", "BIGINT") for number in range(1500)]
    values = ", ".join(f"{number} as c{number}" for number in range(1500))
    (row,) = duckdb.execute(f"select {row_hash_sql(columns)} from (select {values})").fetchall()
    (less,) = duckdb.execute(
        f"select {row_hash_sql(columns[:-1])} from (select {values})"
    ).fetchall()

    assert row != less
