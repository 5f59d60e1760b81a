"""One source table in the lake: its Delta log, its files, its current state."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Field, Schema, Transaction
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from lake import columns as c
from lake import log
from lake.batch import Batch
from lake.data_file import DataFile, FileWriter
from lake.row_hash import row_hash_sql

ROWS_PER_FILE = 4_000_000
COMMITS_PER_CHECKPOINT = 50
"""Opening a table reads the log since the last checkpoint."""
TABLE_PROPERTIES = {
    # The log is the ledger: Delta must neither forget old commits nor let a row be rewritten.
    "delta.appendOnly": "true",
    "delta.enableExpiredLogCleanup": "false",
}


class BatchAlreadyLandedError(Exception):
    """Another run committed a batch of the same number; reading again finds what is left."""


class LakeTable:
    """The change log of one source table, at ``<lake>/<app>/<table>``."""

    def __init__(self, lake_dir: Path, app: str, table: str) -> None:
        self.app = app
        self.table = table
        self.path = lake_dir / app / table
        self._opened: DeltaTable | None = None

    @property
    def name(self) -> str:
        """``laksa.pengaduan``."""
        return f"{self.app}.{self.table}"

    def exists(self) -> bool:
        """Whether at least one batch was committed."""
        return bool(log.versions(self.path))

    def version(self) -> int:
        """The newest Delta version. Raises ``ValueError`` where nothing was committed."""
        return max(log.versions(self.path))

    def last_batch(self, version: int | None = None) -> Batch | None:
        """The newest ledger entry (up to a version), or None before the first batch."""
        return next(self.batches(version), None)

    def last_landing(self, version: int | None = None) -> Batch | None:
        """The newest batch that brought a row or took one away; an erasure or a widening does not.

        The first batch where none ever did, None before it.
        """
        batch = None
        for batch in self.batches(version):
            if batch.rows_upserted or batch.rows_deleted:
                return batch
        return batch

    def batch_version(self, version: int | None = None) -> int | None:
        """The Delta version of the newest batch; later ones are maintenance, and the same state."""
        for number, commit in log.commits(self.path, version):
            if Batch.from_commit(commit):
                return number
        return None

    def batches(self, version: int | None = None) -> Iterator[Batch]:
        """The ledger, newest first."""
        for _, commit in log.commits(self.path, version):
            if batch := Batch.from_commit(commit):
                yield batch

    def source_schema(self) -> pa.Schema | None:
        """The source's columns as the lake holds them, without kota's own; None if no table."""
        if not self.exists():
            return None
        schema = pa.schema(self._delta().schema().to_arrow())
        return pa.schema([field for field in schema if field.name not in c.SYSTEM])

    def source_types(self) -> dict[str, str]:
        """The DuckDB types of the source's columns in the lake, by name."""
        return {field.name: _duckdb_type(field.type) for field in self.source_schema() or ()}

    def write_files(self, batches: Iterable[pa.RecordBatch]) -> list[DataFile]:
        """Stream record batches into Parquet files beside the table, uncommitted.

        Memory is bounded by one record batch plus one row group. A file that no commit names is
        invisible to every reader, so a run killed here leaves nothing to undo.
        """
        writers: list[FileWriter] = []
        try:
            for batch in batches:
                if batch.num_rows == 0:
                    continue
                if not writers or writers[-1].rows >= ROWS_PER_FILE:
                    self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
                    if writers:
                        writers[-1].finish()
                    writers.append(FileWriter(self.path, batch.schema))
                writers[-1].write(batch)
            return [writer.close() for writer in writers]
        except BaseException:
            for writer in writers:
                writer.abandon()
            raise

    def discard(self, files: Iterable[DataFile]) -> None:
        """Remove files that will not be committed."""
        for file in files:
            (self.path / file.name).unlink(missing_ok=True)

    def commit(self, batch: Batch, files: list[DataFile], schema: pa.Schema) -> int:
        """Make the files and the ledger entry part of the table, in one Delta commit.

        ``schema`` is the schema of the files, kota's columns included. Returns the new version.
        Raises ``BatchAlreadyLandedError`` when a batch of this number is already there, and
        ``deltalake.exceptions.CommitFailedError`` when another process wins the race to it.
        """
        stamped = batch.model_copy(update={"file_checksums": {f.name: f.sha256 for f in files}})
        properties = CommitProperties(
            custom_metadata=stamped.to_commit(),
            app_transactions=[Transaction(self.name, batch.number)],
        )
        at = int(batch.extracted_at.timestamp() * 1000)
        actions = [
            AddAction(f.name, f.size, {}, at, True, json.dumps({"numRecords": f.rows}))
            for f in files
        ]
        if not self.exists():
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            create_table_with_add_actions(
                str(self.path),
                Schema.from_arrow(schema),
                actions,
                name=self.name,
                configuration=TABLE_PROPERTIES,
                commit_properties=properties,
            )
            return self.version()
        table = DeltaTable(str(self.path))
        if (table.transaction_version(self.name) or 0) >= batch.number:
            raise BatchAlreadyLandedError(f"{batch.id} is already in the lake")
        known = {field.name for field in table.schema().fields}
        added = [field for field in Schema.from_arrow(schema).fields if field.name not in known]
        if added:
            table.alter.add_columns([Field(f.name, f.type, nullable=True) for f in added])
            table = DeltaTable(str(self.path))
        table.create_write_transaction(
            list[AddAction | RemoveAction](actions),
            "append",
            table.schema(),
            commit_properties=properties,
        )
        if batch.number % COMMITS_PER_CHECKPOINT == 0:
            DeltaTable(str(self.path)).create_checkpoint()
        return self.version()

    def relation(self, version: int | None = None) -> str:
        """The change log at ``version`` (newest by default) as a DuckDB table expression."""
        table = self._delta(version)
        uris = table.file_uris()
        if uris:
            files = ", ".join(c.literal(uri) for uri in uris)
            return f"read_parquet([{files}], union_by_name = true)"
        schema = pa.schema(table.schema().to_arrow())
        fields = ", ".join(
            f"cast(null as {_duckdb_type(field.type)}) as {c.quoted(field.name)}"
            for field in schema
        )
        return f"(select {fields} where false)"

    def has_files(self, version: int) -> bool:
        """Whether all files of a version are still there."""
        return all(Path(uri).exists() for uri in self._delta(version).file_uris())

    def files_relation(self, files: Iterable[DataFile]) -> str:
        """Files that are written but not committed, as a DuckDB table expression."""
        names = ", ".join(c.literal(str(self.path / file.name)) for file in files)
        return f"read_parquet([{names}], union_by_name = true)"

    def current(self, key: Sequence[str], version: int | None = None) -> str:
        """The current state at ``version`` as a DuckDB query: the last change of each key wins.

        A row deleted and re-created within one batch is there: an upsert outranks a delete.
        """
        if self._is_once_only(version):
            return f"select * exclude ({c.OP}) from {self.relation(version)}"
        return (
            f"select * exclude ({c.OP}) from {self.relation(version)} "
            f"qualify row_number() over (partition by {c.quoted_list(c.identity(key))} "
            f"order by {c.BATCH} desc, {c.OP} desc) = 1 and {c.OP} = '{c.UPSERT}'"
        )

    def hashes(
        self, key: Sequence[str], *, hashed_since: int = 1, within: str | None = None
    ) -> str:
        """Key and ``known_hash`` of the current state as a DuckDB query, reading little else.

        ``within`` is a query for the keys in question. Hashes of batches before ``hashed_since``
        were made by a DuckDB that hashed otherwise, and are made anew from the values.
        """
        keys = c.quoted_list(c.identity(key))
        known_hash = c.HASH
        if hashed_since > 1:
            anew = row_hash_sql(list(self.source_types().items()))
            known_hash = f"case when {c.BATCH} >= {hashed_since} then {c.HASH} else {anew} end"
        rows = self.relation()
        if within is not None:
            rows += f" where ({keys}) in ({within})"
        if self._is_once_only(None):
            return f"select {keys}, {known_hash} as known_hash from {rows}"
        order = f"{c.BATCH} * 2 + ({c.OP} = '{c.UPSERT}')::int"
        return (
            f"select {keys}, arg_max({known_hash}, {order}) as known_hash from {rows} "
            f"group by {keys} having arg_max({c.OP}, {order}) = '{c.UPSERT}'"
        )

    def _delta(self, version: int | None = None) -> DeltaTable:
        """The table at a version, opened once: that costs more than all else we ask of it."""
        version = self.version() if version is None else version
        if self._opened is None or self._opened.version() != version:
            self._opened = DeltaTable(str(self.path), version=version)
        return self._opened

    def _is_once_only(self, version: int | None) -> bool:
        """Whether no row of the log is superseded or a tombstone, so that the log is the state."""
        batch = self.last_batch(version)
        return batch is not None and batch.log_rows == batch.lake_rows


def _duckdb_type(arrow_type: pa.DataType) -> str:
    """The DuckDB type of a lake column; only the types ``lake_type`` can produce occur."""
    if pa.types.is_decimal(arrow_type):
        return f"DECIMAL({arrow_type.precision},{arrow_type.scale})"
    if pa.types.is_timestamp(arrow_type):
        return "TIMESTAMP WITH TIME ZONE"
    return {
        pa.int64(): "BIGINT",
        pa.float64(): "DOUBLE",
        pa.bool_(): "BOOLEAN",
        pa.date32(): "DATE",
        pa.binary(): "BLOB",
    }.get(arrow_type, "VARCHAR")
