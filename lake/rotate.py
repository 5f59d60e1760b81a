"""Change the key of all tokens without the values they were made from.

A new key is *added*: the token of a token takes the place of the token, in the lake now and on
landing from then on (HMAC under key 2 of the HMAC under key 1). Whoever has the old key alone can
make nothing of the lake any more; equal values keep equal tokens, in past versions too and in rows
the source has long forgotten. No source is read.

Each table records under which chain of keys its tokens are, so that a rotation that was killed goes
on where it was, and nothing lands under another chain meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from deltalake import DeltaTable

from kota.settings import Settings
from lake import columns as c
from lake import log as delta_log
from lake.batch import Batch
from lake.columns import literal, quoted
from lake.data_file import DataFile
from lake.delta_log import LoggedFile, files_at, read_log
from lake.engine import connect
from lake.erasures import Erasure, erasures, replace_all
from lake.maintenance import Maintenance
from lake.quarantine import Quarantine
from lake.quarantine_rewrite import rebuild, recover
from lake.rewrite import commit, following, parquet, restore_append_only, rows_may_change, write
from lake.row_hash import row_hash_sql
from lake.table import LakeTable
from lake.token import bind_key, token, token_key_id, token_keys, wrapped_sql

MARK = "tokens under key "


class TokenKeyMismatchError(Exception):
    """Tokens in the lake were made under another key than the one at hand."""


@dataclass(frozen=True)
class TokenTable:
    """A table with token columns."""

    table: LakeTable
    key: Sequence[str]
    columns: Sequence[str]
    """The columns that hold tokens."""


def landed_key_id(table: LakeTable, until: datetime | None = None) -> str | None:
    """Under which keys the tokens of a table are (or were at an instant); None: the first alone."""
    for _, info in delta_log.commits(table.path):
        at = info.get("timestamp")
        if until is not None and at is not None and at > until.timestamp() * 1000:
            continue
        entry, batch = Maintenance.from_commit(info), Batch.from_commit(info)
        if entry and entry.token_key_id:
            return entry.token_key_id
        if said := getattr(batch, "token_key_id", None):
            return str(said)
    return None


def check_token_key(table: LakeTable) -> None:
    """To be asked before anything lands in a table with token columns that is already there.

    Raises ``TokenKeyMismatchError`` where its tokens would no longer be equal to the new ones.
    """
    keys = token_keys()
    _place(table.name, landed_key_id(table), keys, only=len(keys))


def rotate_table(what: TokenTable, settings: Settings) -> int:
    """Bring all tokens of a table under the whole chain; how many rows were rewritten.

    0 where they are already. The caller holds ``maintenance_lock`` and ``extraction_lock``. Files
    with old tokens are removed at once. Raises ``TokenKeyMismatchError``.
    """
    table, keys = what.table, token_keys()
    first = _place(table.name, landed_key_id(table), keys) + 1
    restore_append_only(table)
    log = read_log(table.path)
    rows = 0
    if first <= len(keys):
        old = list(files_at(log).values())
        with connect(settings) as con:
            bind_key(con)
            rows = _exchange(con, what, old, first, len(keys))
    _remove_replaced(table)
    return rows


def rotate_quarantine(
    quarantine: Quarantine, tables: Sequence[TokenTable], settings: Settings
) -> bool:
    """The same for the raw records of an app; before its tables, whose ledger says from where on.

    An entry is named by its record, so it gets a new name, as a record met again will have.
    """
    recover(quarantine)
    if not quarantine.exists() or not tables:
        return False
    keys = token_keys()
    metadata = DeltaTable(str(quarantine.path)).metadata()
    said = (metadata.description or "").removeprefix(MARK) or None
    if said is None:
        created = datetime.fromtimestamp((metadata.created_time or 0) / 1000, UTC)
        ids = [landed_key_id(what.table, until=created) for what in tables if what.table.exists()]
        said = next((known for known in ids if known), None)
    first = _place(f"{quarantine.app}._quarantine", said, keys) + 1
    if first > len(keys):
        return False
    with connect(settings) as con:
        bind_key(con)
        events = f"select *, raw as old_raw from {quarantine.relation()}"
        for what in tables:
            for column in what.columns:
                events = _wrapped_records_sql(events, what.table.table, column, first, len(keys))
        con.execute(
            "create temp table renamed as "
            f"select entry, any_value(md5(rule || raw)) as new_entry from ({events}) "
            "where raw <> old_raw group by entry"
        )
        rebuild(
            con,
            quarantine,
            "select * exclude (new_entry, old_raw) replace (coalesce(new_entry, entry) as entry) "
            f"from ({events}) left join renamed using (entry)",
            description=MARK + token_key_id(keys),
        )
    return True


def rotate_erasures(lake_dir: Path) -> bool:
    """The same for the record of erasures."""
    keys = token_keys()
    current = token_key_id(keys)
    entries = erasures(lake_dir)
    if all(entry.token_key_id == current for entry in entries):
        return False
    replace_all(lake_dir, [_wrapped_record(entry, keys) for entry in entries])
    return True


def _wrapped_record(entry: Erasure, keys: Sequence[bytes]) -> Erasure:
    first = _place(f"erasure {entry.id}", entry.token_key_id, keys)

    def wrap(value: str) -> str:
        return token(value, keys[first:])

    return entry.model_copy(
        update={
            "identifiers": tuple(map(wrap, entry.identifiers)),
            "token_key_id": token_key_id(keys),
            "withheld": tuple(
                row.model_copy(update={"key": tuple(map(wrap, row.key)), "value": wrap(row.value)})
                for row in entry.withheld
            ),
        }
    )


def _place(name: str, said: str | None, keys: Sequence[bytes], only: int | None = None) -> int:
    """How many keys of the chain the tokens are under."""
    ids = [token_key_id(keys[:place]) for place in range(1, len(keys) + 1)]
    place = 1 if said is None else ids.index(said) + 1 if said in ids else 0
    if place == 0:
        raise TokenKeyMismatchError(
            f"{name}: its tokens were made under key {said} and KOTA_TOKEN_KEY is key {ids[-1]}; "
            "bring back the key it was loaded with"
        )
    if only is not None and place != only:
        raise TokenKeyMismatchError(
            f"{name}: its tokens are under {place} of the {only} keys in KOTA_TOKEN_KEY, _2 …; run "
            "`kota lake rotate-key` before the next extraction"
        )
    return place


def _exchange(
    con: duckdb.DuckDBPyConnection,
    what: TokenTable,
    old: Sequence[LoggedFile],
    first: int,
    last: int,
) -> int:
    table = what.table
    new: list[DataFile] = []
    try:
        if not what.key:
            _rehash(con, what, old, first, last)
        for file in old:
            new += write(con, table, _rotated_sql(con, what, file.name, first, last))
        rows = sum(file.rows for file in new)
        entry = Maintenance(
            kind="rotation",
            at=datetime.now(UTC),
            removed=[file.name for file in old],
            added={file.name: file.sha256 for file in new},
            rows_before=sum(file.rows or 0 for file in old),
            rows_after=rows,
            token_key_id=token_key_id(token_keys()),
        )
        before = table.last_batch()
        note = f"{table.name}: all tokens are under key {entry.token_key_id} now"
        batch = before and following(before, entry.at, note, token_key_id=entry.token_key_id)
        with rows_may_change(table):
            commit(table, old, new, entry, batch=batch)
    except BaseException:
        table.discard(new)
        raise
    return rows


def _rotated_sql(
    con: duckdb.DuckDBPyConnection, what: TokenTable, name: str, first: int, last: int
) -> str:
    """The rows of a file with wrapped tokens and the row hashes that go with them."""
    wrapped, row_hash = _wrapped(con, what, name, first, last)
    if what.key:
        fresh = f"case when {c.HASH} is not null then {row_hash} end as {c.HASH}"
        return f"select * replace ({fresh}) from ({wrapped})"
    fresh = f"case when {c.OP} = '{c.UPSERT}' then {row_hash} else new_hash end as {c.HASH}"
    return (
        f"select * exclude (old_hash, new_hash) replace ({fresh}) "
        f"from ({wrapped}) left join rehashed on {c.HASH} = old_hash"
    )


def _rehash(
    con: duckdb.DuckDBPyConnection,
    what: TokenTable,
    old: Sequence[LoggedFile],
    first: int,
    last: int,
) -> None:
    """Without a key, a tombstone has nothing but the hash of the row it is about."""
    hashes = []
    for file in old:
        wrapped, row_hash = _wrapped(con, what, file.name, first, last)
        hashes.append(
            f"select {c.HASH} as old_hash, {row_hash} as new_hash from ({wrapped}) "
            f"where {c.OP} = '{c.UPSERT}'"
        )
    con.execute(
        "create or replace temp table rehashed as "
        f"select old_hash, any_value(new_hash) as new_hash from ({' union all '.join(hashes)}) "
        "group by old_hash"
    )


def _wrapped(
    con: duckdb.DuckDBPyConnection, what: TokenTable, name: str, first: int, last: int
) -> tuple[str, str]:
    """A query for a file's rows with wrapped tokens, and the expression of their hash."""
    relation = parquet(what.table, [name])
    described = con.execute(f"describe select * from {relation}").fetchall()
    types = {row[0]: row[1] for row in described}
    fresh = ", ".join(
        f"{wrapped_sql(quoted(column), first, last)} as {quoted(column)}"
        for column in what.columns
        if column in types
    )
    values = [(column, kind) for column, kind in types.items() if column not in c.SYSTEM]
    replaced = f"replace ({fresh})" if fresh else ""
    return f"select * {replaced} from {relation}", row_hash_sql(values)


def _wrapped_records_sql(events: str, table: str, column: str, first: int, last: int) -> str:
    path = '$."' + column.replace("\\", "\\\\").replace('"', '\\"') + '"'
    old = f"(raw ->> {literal(path)})"
    return (
        f"select * replace (case when table_name = {literal(table)} and json_valid(raw) "
        f"and length({old}) = 64 then replace(raw, {old}, {wrapped_sql(old, first, last)}) "
        f"else raw end as raw) from ({events})"
    )


def _remove_replaced(table: LakeTable) -> None:
    """A file with tokens under a key that leaked must not stay."""
    active = set(files_at(read_log(table.path)))
    for path in table.path.glob("*.parquet"):
        if path.name not in active:
            path.unlink()
