"""The ids that persons had on published nights: a Delta table that only publishing adds to.

A build reads it at one version, which its manifest names, so that the same build can be made
again. It holds tokens of mentions, not their keys, and lies outside the lake, whose tables follow
a source.
"""

from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake

from kota.settings import Settings
from lake.columns import literal
from warehouse.folder import DATABASE

SCHEMA = pa.schema([("mention", pa.string()), ("person_id", pa.string()), ("version", pa.int64())])
_CANDIDATE = "kota.candidate"


def history_version(settings: Settings) -> int | None:
    """The newest version, or None before the first publication."""
    path = _path(settings)
    return DeltaTable(str(path)).version() if path.exists() else None


def attach_history(con: duckdb.DuckDBPyConnection, settings: Settings, version: int | None) -> None:
    """Create ``ops.person_history`` at that version in a candidate."""
    if version is None:
        con.execute(
            "create or replace view ops.person_history as select "
            "null::varchar as mention, null::varchar as person_id, null::bigint as version "
            "where false"
        )
        return
    files = DeltaTable(str(_path(settings)), version=version).file_uris()
    names = ", ".join(literal(uri) for uri in files)
    con.execute(f"create or replace view ops.person_history as from read_parquet([{names}])")


def remember(settings: Settings, candidate: Path) -> None:
    """Add the ids of a published candidate that differ from those known; once for each candidate.

    A candidate built before another was published may bring other ids for the same mentions: the
    last one published counts, as it is what readers saw last.
    """
    path = _path(settings)
    known = history_version(settings)
    if known is not None and candidate.name in _remembered(path):
        return
    with duckdb.connect(candidate / DATABASE, read_only=True) as con:
        if not _has_links(con):
            return
        con.execute(f"set memory_limit = {literal(settings.memory_limit)}")
        former = "select null::varchar as mention, null::varchar as person_id where false"
        if known is not None:
            files = ", ".join(literal(uri) for uri in DeltaTable(str(path)).file_uris())
            former = (
                "select mention, arg_max(person_id, version) as person_id "
                f"from read_parquet([{files}]) group by mention"
            )
        version = 0 if known is None else known + 1
        news = con.execute(f"""
            select links.mention, links.person_id, cast({version} as bigint) as version
            from intermediate.int_persons__links as links
            left join ({former}) as former using (mention)
            where former.person_id is distinct from links.person_id
            order by links.mention
        """).to_arrow_reader(200_000)
        settings.persons_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_deltalake(
            str(path),
            pa.RecordBatchReader.from_batches(SCHEMA, (b.cast(SCHEMA) for b in news)),
            mode="append",
            commit_properties=CommitProperties(custom_metadata={_CANDIDATE: candidate.name}),
        )


def _path(settings: Settings) -> Path:
    return settings.persons_dir / "history"


def _remembered(path: Path) -> set[str]:
    return {str(commit.get(_CANDIDATE)) for commit in DeltaTable(str(path)).history()}


def _has_links(con: duckdb.DuckDBPyConnection) -> bool:
    row = con.execute(
        "select count(*) from duckdb_tables() where table_name = 'int_persons__links'"
    ).fetchone()
    return bool(row and row[0])
