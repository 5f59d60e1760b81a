"""Read REST services and news feeds: sign in, page through, take records apart into columns."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

import httpx
import pyarrow as pa

from connectors.connection import Connection
from connectors.reader import KeyRange, ReadAgainError, Reader, Rejected, SourceError
from connectors.registry import App
from connectors.rest_columns import Shape, batch, schema
from connectors.rest_page import Page, page_of
from connectors.rest_paging import Parameters, first_page, size_parameters, walk
from connectors.rest_send import Errand, Session
from connectors.rest_since import present, spelt
from connectors.rest_spec import NoPaging, Rest
from connectors.rest_steady import Plan, steady_pass
from connectors.rss import feed_columns
from kota.settings import Settings
from lake.column import Column


class RestReader(Reader):
    """A session with a REST service. Implements ``connectors.reader.Reader``.

    Values arrive as text and are decoded on landing by the registry's types, since JSON has too
    few types to be trusted and one bad value must cost that value only.
    """

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        self.app = app
        self._settings = settings
        self._session = Session(app, connection)
        self._names: dict[str, set[str]] = {}
        self._late: dict[str, dict[str, None]] = {}
        """Fields met on later pages, in the order in which they were met."""
        self._totals: dict[str, int] = {}
        self._places: dict[str, str] = {}
        self._rejected: dict[str, list[Rejected]] = {}

    def __enter__(self) -> Self:
        try:
            self._session.open()
        except BaseException:
            self._session.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def lost(self, table: str, unseen: Sequence[str]) -> Sequence[str]:
        """None that it knows of: a record may leave out what is empty."""
        return ()

    def describe(self, table: str) -> list[Column]:
        """The columns the registry declares, then those that only the first page shows."""
        rest = self._rest(table)
        page = self._ask(table, self._errand(table), 1, first_page(rest))
        if page.total is not None:
            self._totals[table] = page.total
        if rest.format == "rss":
            self._refuse_deletions(table)
            return feed_columns()
        names = list(
            dict.fromkeys([*self._shape(table).names(page.rows), *self._late.get(table, {})])
        )
        if not page.rows:  # an empty table has the columns that it must have
            entry = self.app.tables[table]
            must = [*entry.key, *([entry.cursor] if entry.cursor else [])]
            names += [name for name in must if name not in names]
        self._names[table] = set(names)
        return [Column(name, "VARCHAR", "VARCHAR") for name in names]

    def is_one_moment(self, table: str) -> bool:
        """The service goes on serving others between two pages, and after its total."""
        return False

    def count(self, table: str) -> int | None:
        """Rows at the source, where it says so; the answers just read often did."""
        rest = self._rest(table)
        if rest.total_header is None and rest.total is None:
            return None
        if table in self._totals:
            return self._totals.pop(table)
        parameters = {**first_page(rest), **size_parameters(rest, size=1)}
        return self._ask(table, self._errand(table), 1, parameters).total

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream rows page by page, all as text, once all pages are here and hold together."""
        rest = self._rest(table)
        where = self._where(table)
        shape = self._shape(table)
        errand = self._errand(table)
        bounds = self._bounds(table, since)
        self._totals.pop(table, None)

        def pages() -> Iterator[Page]:
            numbers = iter(range(1, rest.pages.max_pages + 2))

            def ask(
                parameters: Parameters | httpx.QueryParams, link: httpx.URL | None = None
            ) -> Page:
                return self._ask(table, errand, next(numbers), parameters, link)

            for page in walk(rest, bounds, ask, where):
                flat = replace(page, rows=[shape.flat(row) for row in page.rows])
                self._refuse_new_fields(table, flat)
                yield flat

        plan = Plan(
            where=where,
            key=self.app.tables[table].key,
            is_complete=not bounds,
            to_batch=lambda page: batch(page.rows, columns),
            schema=schema(columns),
            folder=self._settings.home / "incoming",
        )
        steady = steady_pass(plan, pages)
        self._rejected[table] = steady.rejected
        if not bounds and steady.total is not None:
            self._totals[table] = steady.total
        if self._is_one_answer(table) and steady.entity_tag:
            self._places[table] = steady.entity_tag
        yield from steady.batches()

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the keys, by reading everything: REST has no cheaper way."""
        columns = [Column(name, "VARCHAR", "VARCHAR") for name in self.app.tables[table].key]
        yield from self.read(table, columns, None)

    def has_news(self, table: str, since: str | None) -> bool:
        """Whether one answer that is everything has another entity tag than last time."""
        rest = self._rest(table)
        if since is None or not self._is_one_answer(table):
            return True
        asked = httpx.QueryParams({**rest.parameters, **first_page(rest)})
        return not self._session.is_unchanged(self._errand(table), asked, since)

    def place(self, table: str) -> str | None:
        """The entity tag of one answer that is everything."""
        return self._places.get(table)

    def rejected(self, table: str) -> Sequence[Rejected]:
        """Records that are no objects, and lines that are no JSON."""
        return self._rejected.get(table, ())

    def _ask(
        self,
        table: str,
        errand: Errand,
        number: int,
        parameters: Parameters | httpx.QueryParams,
        link: httpx.URL | None = None,
    ) -> Page:
        rest = self._rest(table)
        asked = httpx.QueryParams(rest.parameters).merge(httpx.QueryParams(parameters))
        return self._session.get(
            errand, asked, lambda answer: page_of(answer, rest, errand.where, number), link
        )

    def _is_one_answer(self, table: str) -> bool:
        """Whether the entity tag of an answer can stand for the table.

        With a place of its own, the rows that an incremental table lacks are not looked for.
        """
        entry, rest = self.app.tables[table], self._rest(table)
        is_all = isinstance(rest.pages, NoPaging) and rest.since_parameter is None
        return is_all and (entry.mode == "snapshot" or entry.deletions == "never")

    def _bounds(self, table: str, since: str | None) -> dict[str, str | int]:
        """The parameters that ask for a part of the rows."""
        rest = self._rest(table)
        if since is None or rest.since_parameter is None or since.endswith('"'):
            return {}  # an entity tag is from before the registry had a since_parameter
        zone = ZoneInfo(self.app.timezone)
        start = spelt(since, rest.since_format, zone, self._where(table))
        if rest.until_parameter is None:
            return {rest.since_parameter: start}
        return {
            rest.since_parameter: start,
            rest.until_parameter: present(rest.since_format, zone),
        }

    def _refuse_new_fields(self, table: str, page: Page) -> None:
        """A field that comes late has no column in this batch; leaving it out would lose it."""
        known = self._names.get(table)
        if known is None:
            return
        if late := sorted({name for row in page.rows for name in row} - known):
            self._late.setdefault(table, {}).update(dict.fromkeys(late))
            raise ReadAgainError(
                f"{self._where(table)}: page {page.number} has the field {', '.join(late)}, which "
                f"the first page does not have; name it under `columns:` in {self.app.app}.yml"
            )

    def _refuse_deletions(self, table: str) -> None:
        entry = self.app.tables[table]
        if entry.mode == "snapshot" or entry.deletions != "never":
            raise SourceError(
                f"{self._where(table)}: entries leave a feed as they grow old, which is no "
                "deletion; use `mode: append`, `cursor: published_at` and `deletions: never`"
            )

    def _shape(self, table: str) -> Shape:
        return Shape(self.app.tables[table], self._where(table))

    def _errand(self, table: str) -> Errand:
        rest = self._rest(table)
        return Errand(
            where=self._where(table),
            path=rest.path,
            until=time.monotonic() + rest.time_limit_minutes * 60,
            per_second=rest.requests_per_second,
        )

    def _rest(self, table: str) -> Rest:
        rest = self.app.tables[table].rest
        if rest is None:
            raise SourceError(f"{self._where(table)}: add a `rest:` block with its path")
        return rest

    def _where(self, table: str) -> str:
        return f"{self.app.app}.{table}"
