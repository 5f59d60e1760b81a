"""How a table can be read: a cursor is proposed only where the data show that it can be trusted."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connectors.discover.facts import ColumnFacts, ServerFacts
from connectors.discover.keys import Key
from connectors.discover.names import spelled
from connectors.discover.sample import Sample

MIN_ROWS = 50
"""Fewer rows prove nothing about a cursor."""
SMALL_ROWS = 1_000
"""So few rows are read as fast as asked about; and all of them show a change that sets no column.

That weighs more than a cursor which the app keeps, not the database.
"""
APPEND_ROWS = 100_000
"""Below, a table of events is compared as a whole, which finds a change nobody expected."""
LARGE_ROWS = 1_000_000
_AHEAD = timedelta(hours=26)
"""A value further ahead is no mistake of a zone."""
_MANY_TIES = 0.5
_EPOCHS = (946_684_800, 4_102_444_800)
"""Seconds since 1970 that are a time of this century, for times kept as numbers."""

_INSTANTS = re.compile(r"timestamp(\(\d\))?( with time zone)?")
"""Types of an instant: TIMESTAMP of MySQL, timestamptz of PostgreSQL; the others are naive."""

_WHO = re.compile(r"(^|_)(by|oleh|user|userid|uid|petugas|admin|ip|id|count|jumlah|versi|version)$")
_CHANGED = re.compile(
    r"updat|(^|_)upd|modif|ubah|mutakhir|perbar|edited|(^|_)edit|changed|last_?change|mtime|sync"
)
_CREATED = re.compile(
    r"creat|insert|input|dibuat|(^|_)buat|entr[yi]|regist|daftar|rekam|added|ditambah|simpan|ctime"
    r"|posted"
)
_HAPPENED = re.compile(
    r"(^|_)(tgl|tanggal|date|waktu|time|timestamp|jam)(_masuk|_lapor|_transaksi|_kunjungan)?$"
)
_EVENTS = re.compile(
    r"(^|_)(histor[yi]|histories|riwayat|event|events|kejadian|kunjungan|visit|visits|visitor"
    r"|absen|absensi|presensi|tracking|mutasi|jurnal|journal|sensor|hits?)(_|$)"
)


@dataclass(frozen=True)
class Reading:
    """The proposed mode, with what speaks for it."""

    mode: Literal["incremental", "snapshot", "append"]
    cursor: str | None
    lookback: int | None
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Trial:
    """What the data say about one column as a cursor."""

    column: ColumnFacts
    objection: str
    """Why it can't be one; empty when it can."""
    praise: str
    notes: tuple[str, ...] = ()


def find_reading(sample: Sample, key: Key, server: ServerFacts) -> Reading:
    """Incremental with a column that proved itself; otherwise everything, each time."""
    rows = sample.table_rows or sample.rows
    if not key.columns:
        return _whole(rows, ["without a key, every row is compared"])
    trials = [_try(sample, column, key, server) for column in _suspects(sample)]
    if rows < MIN_ROWS:
        names = ", ".join(trial.column.name for trial in trials if trial.column.touched)
        seen = f"; {names} would be a cursor when it has grown" if names else ""
        prove = "proves" if rows == 1 else "prove"
        return _whole(rows, [f"{counted(rows)} {prove} nothing about a cursor{seen}"])
    sound = [trial for trial in trials if not trial.objection]
    for trial in sorted(sound, key=lambda trial: not trial.column.touched):
        if trial.column.touched or rows > SMALL_ROWS:
            lookback = 10_800 if trial.column.kind == "integer" else None
            index = _index_note(sample, trial.column)
            remarks = (trial.praise, *trial.notes, index)
            return Reading("incremental", trial.column.name, lookback, remarks)
    refused = [
        f"{trial.column.name} is no cursor: {trial.objection}"
        for trial in trials
        if trial.objection
    ]
    refused += [
        f"{trial.column.name} could be a cursor ({trial.praise}), but {counted(rows)} are read "
        "whole as fast, and that shows a change which does not set it too"
        for trial in sound
    ]
    events = _append(sample, key, rows, bool(trials))
    if events is not None:
        return events
    return _whole(rows, refused or ["no column tells when a row was changed"])


def doubts(sample: Sample, cursor: str, key: Key, server: ServerFacts) -> list[str]:
    """What speaks against a cursor that is registered already; empty when nothing does."""
    column = sample.table.column(cursor)
    if column.kind == "integer" and not _is_epoch(sample, column):
        nulls = _nulls(sample, column) if sample.may_scan and column.nullable else 0
        found = [f"{nulls:,} of its values are empty: such rows are missed"] if nulls else []
    else:
        trial = _try(sample, column, key, server)
        found = [trial.objection] if trial.objection else list(trial.notes)
    if cursor not in sample.table.indexed:
        found.append("no index leads to it, so that each run scans the table at the source")
    return found


def newest_of_named_times(sample: Sample) -> dict[str, datetime]:
    """The newest value of each naive time that says when a row was made or changed."""
    found = {}
    for column in sample.table.columns:
        name = spelled(column.name)
        is_naive = column.kind == "time" and not _INSTANTS.fullmatch(column.type)
        if is_naive and (_CREATED.search(name) or _CHANGED.search(name)):
            newest = sample.ask(f"max({_moment(sample, column)})")[0]
            if isinstance(newest, datetime):
                found[column.name] = newest.replace(tzinfo=None)
    return found


def named_for_a_change(column: str) -> bool:
    """Whether a column is called like the time of a row's last change."""
    name = spelled(column)
    return bool(_CHANGED.search(name)) and not _WHO.search(name)


def _suspects(sample: Sample) -> list[ColumnFacts]:
    """Columns named for a change, and those the database sets at each change, whatever the name."""
    return [
        column
        for column in sample.table.columns
        if column.touched or named_for_a_change(column.name)
    ]


def _try(sample: Sample, column: ColumnFacts, key: Key, server: ServerFacts) -> _Trial:
    def refuse(objection: str) -> _Trial:
        return _Trial(column, objection, "")

    if column.kind not in {"time", "date", "integer"}:
        return refuse(f"it is of type {column.type}, not a time")
    value = _moment(sample, column)
    rows, filled, read, distinct = sample.count(
        f"count(*), count({sample.sql(column)}), count({value}), count(distinct {value})"
    )
    if rows == 0:
        return refuse("the sample is empty")
    if read < rows:
        empty = f"{rows - filled:,} empty" if filled < rows else ""
        bad = f"{filled - read:,} zero or unreadable" if read < filled else ""
        found = " and ".join(part for part in (empty, bad) if part)
        return refuse(f"{found} of {rows:,} values: such rows would be missed")
    if not sample.is_whole and sample.may_scan and (nulls := _nulls(sample, column)):
        return refuse(f"{nulls:,} of {sample.table_rows:,} values are empty")
    notes = []
    newest = _newest_at_source(sample, column) or sample.ask(f"max({value})")[0]
    ahead = _ahead(column, newest, server)
    if ahead > _AHEAD:
        return refuse("it holds times in the future, behind which changes would be missed")
    if ahead > timedelta(minutes=5):
        notes.append(
            f"its newest value is {_hours(ahead)} ahead of the server's clock: look at the zone"
        )
    most = _most_common(sample, value)
    if distinct == 1:
        return refuse("every row has the same value")
    if most > _MANY_TIES * rows:
        notes.append(f"{most:,} of {rows:,} rows share one value, as after a bulk change")
    if column.touched:
        return _Trial(
            column, "", f"set at every change by {_by(column)}; {_filled(sample)}", tuple(notes)
        )
    praise, objection = _is_maintained(sample, column, key, value)
    return _Trial(column, objection, praise, tuple(notes))


def _is_maintained(sample: Sample, column: ColumnFacts, key: Key, value: str) -> tuple[str, str]:
    """Whether the app really sets the column when it changes a row: praise, or an objection."""
    for other in sample.table.columns:
        named = _CREATED.search(spelled(other.name)) and not _CHANGED.search(spelled(other.name))
        if not named or other.kind not in {"time", "date", "integer"}:
            continue
        created = _moment(sample, other)
        if "date" in {column.kind, other.kind}:
            # A time of a day is later than that day, which says nothing.
            value, created = f"cast({value} as date)", f"cast({created} as date)"
        both, later, earlier = sample.count(
            f"count(*) filter (where {created} is not null), "
            f"count(*) filter (where {value} > {created}), "
            f"count(*) filter (where {value} < {created})"
        )
        if both < sample.rows / 2:
            continue
        if later == 0:
            return "", (
                f"it is never later than {other.name} in {both:,} rows, "
                "so nothing shows that a change sets it"
            )
        if earlier > 0.01 * both:
            return "", f"it is earlier than {other.name} in {earlier:,} of {both:,} rows"
        if later < max(3, 0.005 * both):
            return "", f"it is later than {other.name} in {later:,} of {both:,} rows only"
        return f"later than {other.name} in {later:,} of {both:,} rows; {_filled(sample)}", ""
    if len(key.columns) == 1 and sample.table.column(key.columns[0]).kind == "integer":
        back, rows = _inversions(sample, key.columns[0], value)
        if back > max(3, 0.01 * rows):
            return (
                f"rows were changed after later ones came in ({back:,} of {rows:,} by key); "
                f"{_filled(sample)}",
                "",
            )
        return "", "it only ever grows with the key, so nothing shows that a change sets it"
    return "", "there is nothing to compare it with that shows that a change sets it"


def _append(sample: Sample, key: Key, rows: int, has_suspects: bool) -> Reading | None:
    """A large table of events, numbered by the database in the order of its times."""
    if has_suspects or rows < APPEND_ROWS or len(key.columns) != 1:
        return None
    number = sample.table.column(key.columns[0])
    if number.kind != "integer" or not number.counts_up:
        return None
    if not _EVENTS.search(spelled(sample.table.name)):
        return None
    for column in sample.table.columns:
        name = spelled(column.name)
        if column.kind != "time" or not (_CREATED.search(name) or _HAPPENED.search(name)):
            continue
        back, seen = _inversions(sample, number.name, _moment(sample, column))
        if back <= 0.001 * seen:
            return Reading(
                "append",
                number.name,
                None,
                (
                    f"events by the table's name, numbered in the order of {column.name}, and "
                    "nothing tells of changes; if rows are changed after all, take mode: snapshot",
                ),
            )
    return None


def counted(rows: int) -> str:
    """``1 row``, ``2 rows``."""
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _whole(rows: int, remarks: list[str]) -> Reading:
    if rows > LARGE_ROWS:
        remarks = [
            *remarks,
            f"each run reads all {rows:,} rows: ask the vendor for a column that every change sets",
        ]
    return Reading("snapshot", None, None, tuple(remarks))


def _moment(sample: Sample, column: ColumnFacts) -> str:
    """The value as an instant, a naive one as if it were UTC; empty where it is no time."""
    text = sample.sql(column)
    if column.kind == "integer":
        number = f"try_cast({text} as bigint)"
        low, high = _EPOCHS
        return f"case when {number} between {low} and {high} then to_timestamp({number}) end"
    moment = f"try_cast({text} as timestamptz)"
    return f"case when isfinite({moment}) then {moment} end"


def _is_epoch(sample: Sample, column: ColumnFacts) -> bool:
    filled, times = sample.count(f"count({sample.sql(column)}), count({_moment(sample, column)})")
    return 0 < filled == times


def _ahead(column: ColumnFacts, newest: object, server: ServerFacts) -> timedelta:
    """How far a value is in the future, by the clock that an app without zones would read."""
    if not isinstance(newest, datetime):
        return timedelta(0)
    is_instant = column.kind == "integer" or bool(_INSTANTS.fullmatch(column.type))
    now = server.now if is_instant else server.local_now or server.now
    return newest.replace(tzinfo=None) - now if now else timedelta(0)


def _inversions(sample: Sample, key: str, value: str) -> tuple[int, int]:
    """Rows whose value is less than that of the row before them by key, and all rows."""
    number = f"try_cast({sample.sql(sample.table.column(key))} as hugeint)"
    row = sample.catalog.con.execute(
        f"select count(*) filter (where value < before), count(*) from (select {value} as value, "
        f'lag({value}) over (order by {number}) as before from "{sample.name}")'
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _most_common(sample: Sample, value: str) -> int:
    row = sample.catalog.con.execute(
        f'select count(*) from "{sample.name}" group by {value} order by 1 desc limit 1'
    ).fetchone()
    return int(row[0]) if row else 0


def _nulls(sample: Sample, column: ColumnFacts) -> int:
    catalog = sample.catalog
    (nulls,) = catalog.one(
        f"select count(*) - count({catalog.quoted(column.name)}) "
        f"from {catalog.relation(sample.table.name)}"
    )
    return int(nulls)


def _newest_at_source(sample: Sample, column: ColumnFacts) -> object:
    """The greatest time of the whole table, where an index or its size makes that cheap."""
    is_cheap = column.name in sample.table.indexed or sample.may_scan
    if sample.is_whole or not is_cheap or column.kind == "integer":
        return None
    catalog, name = sample.catalog, sample.catalog.quoted(column.name)
    (text,) = catalog.one(
        f"select {catalog.as_text(column)} as newest from "
        f"(select max({name}) as {name} from {catalog.relation(sample.table.name)}) as m"
    )
    row = catalog.con.execute(
        "select case when isfinite(t) then t end from (select try_cast(? as timestamptz) as t)",
        [text],
    ).fetchone()
    return row[0] if row else None


def _index_note(sample: Sample, column: ColumnFacts) -> str:
    if column.name in sample.table.indexed:
        return "an index leads to it"
    return "no index leads to it, so that each run scans the table at the source"


def _by(column: ColumnFacts) -> str:
    return column.touched if column.touched.startswith("a ") else f"the database ({column.touched})"


def _filled(sample: Sample) -> str:
    return "no value is empty" if sample.may_scan else "no value that was looked at is empty"


def _hours(ahead: timedelta) -> str:
    return f"{ahead.total_seconds() / 3600:.1f} h"
