"""What kota asks of every technology: describe a table, count it, read it, list its keys."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from connectors import registry
from connectors.controls import SourceSum
from connectors.registry import App
from lake.column import Column, Contract
from lake.control import Basis
from lake.zone import fixed_offset


class SourceError(Exception):
    """The source can't be read; the message is one sentence for the engineer, without secrets."""


class ReadAgainError(SourceError):
    """The reader learnt on the way that a column has to be described otherwise: begin again."""


@dataclass(frozen=True)
class KeyRange:
    """A part of a table: the rows whose whole-number ``column`` is in ``(after, upto]``.

    None leaves that side open, so that a row written outside the known bounds is in one part too.
    """

    column: str
    after: int | None
    upto: int | None


@dataclass(frozen=True)
class Rejected:
    """A record that could not even be taken apart into columns, for the quarantine."""

    rule: str
    """A name in snake case, such as ``malformed_line``."""
    reason: str
    """One sentence that says where: file and line, or page."""
    raw: str
    """The record as it arrived."""


@dataclass(frozen=True)
class Scan:
    """Rows as a query in the reader's own DuckDB: they are landed there, without a detour."""

    con: duckdb.DuckDBPyConnection
    query: str
    look: Callable[[pa.RecordBatch], None]
    """Has to see every landed batch; raises ``ReadAgainError`` as ``Reader.read`` would."""
    end: Callable[[], None]
    """Has to be called after the last batch; raises likewise."""
    failed: Callable[[Exception], SourceError]
    """What to raise when the query breaks off."""


class Reader(ABC):
    """One session with one app. Everything read in a session is from one moment, where it can be.

    Tables are named as in the registry. Every method raises ``SourceError``.
    """

    @abstractmethod
    def describe(self, table: str) -> list[Column]:
        """The table's columns in order: the type in which values arrive and the declared one."""

    @abstractmethod
    def count(self, table: str) -> int | None:
        """Rows at the source, or None where it can't count."""

    counts_by: Basis = "source"
    """Who counts: the source itself, or kota over what it reads, as of files."""
    sums_by: Basis = "read"
    """Who adds up control columns; where the source does, ``control_sums`` asks it."""

    def is_one_moment(self, table: str) -> bool:
        """Whether counts, sums and rows of one session are of the same instant."""
        return True

    def control_sums(self, table: str, columns: Sequence[Column]) -> list[SourceSum]:
        """What columns add up to, by the source; without those it can't add up."""
        return []

    @abstractmethod
    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream these columns: all rows, or from ``since`` on (inclusive), or those of a part.

        ``since`` is a cursor value, or for a reader with a ``place`` what that gave last time.
        """

    def scan(self, table: str, columns: Sequence[Column], part: KeyRange | None) -> Scan | None:
        """What ``read`` would stream of all rows or a part, as a query; None where it can't be."""
        return None

    @abstractmethod
    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row, as ``read`` would give them."""

    def bounds(self, table: str, column: str) -> tuple[int, int] | None:
        """Least and greatest value of a whole-number column; None where parts can't be read."""
        return None

    def has_news(self, table: str, since: str | None) -> bool:
        """False only if the source is sure that nothing changed; the table is then left alone."""
        return True

    def place(self, table: str) -> str | None:
        """Where the finished ``read`` got to, for sources that keep their own place.

        Files do, by name and checksum. None: the greatest cursor value tells it.
        """
        return None

    def rejected(self, table: str) -> Sequence[Rejected]:
        """Records that the finished ``read`` could not take apart."""
        return ()

    def lost(self, table: str, unseen: Sequence[str]) -> Sequence[str]:
        """The columns that the source had and has no more.

        ``unseen`` are those that ``describe`` did not list. A source whose records leave out what
        is empty can't tell that from a column that is gone, and does not claim it.
        """
        return unseen

    def notes(self, table: str) -> Sequence[str]:
        """What a human should know of the last look at the table: a sentence each."""
        return ()

    def busy(self) -> int | None:
        """Statements that run at the source now, besides ours; None where it doesn't say."""
        return None


def landing_columns(app: App, table: str, described: Sequence[Column]) -> list[Column]:
    """The described columns with the registry's types, policies and contract, less the dropped.

    Raises ``SourceError`` when the registry names a column that the source does not have, or the
    source has one that is called like one of kota's own.
    """
    entry = app.tables[table]
    known = {column.name for column in described}
    named = {*entry.key, *entry.columns, *entry.control}
    named |= {entry.cursor} if entry.cursor else set()
    if unknown := sorted(named - known):
        raise SourceError(
            f"{app.app}.{table}: the source has no column {', '.join(unknown)}; "
            f"correct {app.app}.yml (it has {', '.join(sorted(known))})"
        )
    landing = []
    for column in described:
        said = entry.columns.get(column.name, registry.Column())
        if said.policy == "drop":
            continue
        if column.name.lower().startswith("_kota_"):
            raise SourceError(
                f"{app.app}.{table}: column {column.name} is called like kota's own; "
                f"give it policy: drop in {app.app}.yml, or rename it at the source"
            )
        landing.append(contract_of(column, said, app.timezone))
    return landing


def contract_of(column: Column, said: registry.Column, timezone: str) -> Column:
    """A column with what the registry says about it."""
    formats = [said.format] if isinstance(said.format, str) else said.format or []
    references = said.references.split(".", 1) if said.references else None
    return Column(
        name=column.name,
        source_type=column.source_type,
        declared_type=said.type.upper() if said.type else column.declared_type,
        policy=said.policy,
        formats=tuple(formats),
        decimal=said.decimal,
        utc_offset_seconds=fixed_offset(timezone),
        contract=Contract(
            required=said.required,
            domain=tuple(said.domain) if said.domain is not None else None,
            pattern=said.pattern,
            references=(references[0], references[1]) if references else None,
        ),
    )
