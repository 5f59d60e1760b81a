"""A village's change log as batches that travel: source columns and the operation, nothing else."""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from connectors.bundle.contents import SentBatch, SentTable
from connectors.bundle.place import Place, end_of
from connectors.registry import Table
from lake import columns as c
from lake.table import LakeTable

BATCH_ROWS = 50_000


def table_to_send(
    con: duckdb.DuckDBPyConnection, table: LakeTable, entry: Table, known: Place | None
) -> SentTable | None:
    """What is to be sent of a table whose ``known`` batches the city has; None without news."""
    end = end_of(table)
    if end is None:
        return None
    after = known.batch if known and known.origin == end.origin else 0
    ledger = [batch for batch in table.batches() if after < batch.number <= end.batch]
    if not ledger:
        return None
    counted = con.execute(
        f"select {c.BATCH}, count(*) from {table.relation()} "
        f"where {c.BATCH} > {after} and {c.BATCH} <= {end.batch} group by all"
    ).fetchall()
    rows = dict(counted)
    return SentTable(
        name=table.table,
        key=tuple(entry.key),
        mode=entry.mode,
        after=after,
        upto=end,
        columns=tuple(table.source_types().items()),
        batches=tuple(
            SentBatch(
                number=batch.number,
                extracted_at=batch.extracted_at,
                is_complete=batch.is_complete,
                source_rows=batch.source_rows,
                rows=rows.get(batch.number, 0),
            )
            for batch in reversed(ledger)
        ),
    )


def rows_of(
    con: duckdb.DuckDBPyConnection, table: LakeTable, sent: SentTable, batch: SentBatch
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The rows of a batch, and their schema."""
    names = [name for name, _ in sent.columns]
    rows = f"(select * from {table.relation()} where {c.BATCH} = {batch.number})"
    if sent.key:
        select = f"select {c.quoted_list(names)}, {c.OP} from {rows}"
        order = c.quoted_list(sent.key)
    else:
        select = _rows_without_key(table, names, rows)
        order = c.OP
    stream = con.execute(f"{select} order by {order}").to_arrow_reader(BATCH_ROWS)
    return stream.schema, iter(stream)


def _rows_without_key(table: LakeTable, names: list[str], rows: str) -> str:
    """A tombstone names its row by hash and copy number; here it gets the row's values back.

    The city has hashes of its own, since its tokens are part of them.
    """
    identity = c.quoted_list(c.identity([]))
    there = (
        f"select * from {table.relation()} where {c.OP} = '{c.UPSERT}' "
        f"qualify row_number() over (partition by {identity} order by {c.BATCH} desc) = 1"
    )
    return (
        f"select {c.quoted_list(names)}, {c.OP} from {rows} where {c.OP} = '{c.UPSERT}' union all "
        f"select {c.quoted_list(names, 'u.')}, '{c.DELETE}' from ({there}) as u "
        f"semi join (select * from {rows} where {c.OP} = '{c.DELETE}') as d using ({identity})"
    )
