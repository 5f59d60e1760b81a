"""Ids for what must not be named outside the lake: keyed, and the same every night."""

import duckdb
import pyarrow as pa

from lake.columns import quoted
from lake.token import bind_key, wrapped_sql

ID_LETTERS = 24


def pseudonyms(
    con: duckdb.DuckDBPyConnection, numbers: duckdb.DuckDBPyRelation, column: str, name: str
) -> pa.Table:
    """Each distinct value of a text column, with its id in a column ``name``.

    The id is an HMAC under the city's first key, so that a key added later changes none of them. It
    has letters only: no search for numbers finds one in it. ``numbers`` is of ``con``. Raises
    ``lake.token.TokenKeyError`` without the city's key.
    """
    digest = wrapped_sql(f"'{column}/' || {quoted(column)}", 1, 1)
    with con.cursor() as own:  # the key is bound to a connection that ends here
        bind_key(own)
        return own.execute(f"""
            select
                {quoted(column)},
                translate(left({digest}, {ID_LETTERS}), '0123456789', 'ghijklmnop')
                    as {quoted(name)}
            from (select distinct {quoted(column)} from ({numbers.sql_query()}))
        """).to_arrow_table()
