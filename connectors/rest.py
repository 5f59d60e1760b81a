"""Read REST services: sign in, page through, wait when told to."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx
import pyarrow as pa
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    wait_random_exponential,
)

from connectors.connection import Connection
from connectors.reader import KeyRange, Reader, SourceError
from connectors.registry import App, Table
from connectors.rest_spec import Rest
from lake.changes import Column

ATTEMPTS = 8
ATTEMPTS_TO_CONNECT = 3
"""A service that is away stays away for longer than we should wait; the scheduler tries again."""
LONGEST_WAIT_SECONDS = 60.0


class _TryAgainError(Exception):
    """The service asks us to wait, or failed in a way that passes."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class RestReader(Reader):
    """A session with a REST service. Implements ``connectors.reader.Reader``.

    Values arrive as text and are decoded on landing by the registry's types, since JSON has too
    few types to be trusted and one bad value must cost that value only.
    """

    def __init__(self, app: App, connection: Connection) -> None:
        self.app = app
        self.connection = connection
        port = f":{connection.port}" if connection.port else ""
        self._client = httpx.Client(
            base_url=f"{connection.scheme}://{connection.host}{port}/{connection.path}",
            timeout=app.politeness.statement_timeout_seconds,
            headers={"Accept": "application/json", "User-Agent": "kota"},
        )

    def __enter__(self) -> Self:
        try:
            self._sign_in()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def describe(self, table: str) -> list[Column]:
        """The columns the registry declares, then those that only the first page shows."""
        declared = self.app.tables[table].columns
        page = _rows(self._get(table, {self._rest(table).page_parameter: 1}), self._rest(table))
        shown = dict.fromkeys(name for row in page for name in row)
        names = [*declared, *(name for name in shown if name not in declared)]
        return [Column(name, "VARCHAR", "VARCHAR") for name in names]

    def count(self, table: str) -> int | None:
        """Rows at the source, where it says so in a header."""
        rest = self._rest(table)
        if rest.total_header is None:
            return None
        answer = self._get(table, {rest.page_parameter: 1, rest.size_parameter: 1})
        total = answer.headers.get(rest.total_header, "")
        return int(total) if total.isdigit() else None

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream rows page by page, all as text."""
        schema = pa.schema([(column.name, pa.string()) for column in columns])
        rest = self._rest(table)
        parameters: dict[str, str | int] = {}
        if since is not None and rest.since_parameter is not None:
            parameters[rest.since_parameter] = since
        for rows in self._pages(table, parameters):
            arrays = [[_text(row.get(column.name)) for row in rows] for column in columns]
            yield pa.RecordBatch.from_arrays(
                [pa.array(values, pa.string()) for values in arrays], schema=schema
            )

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the keys, by reading everything: REST has no cheaper way."""
        columns = [Column(name, "VARCHAR", "VARCHAR") for name in self.app.tables[table].key]
        yield from self.read(table, columns, None)

    def _pages(
        self, table: str, parameters: dict[str, str | int]
    ) -> Iterator[list[dict[str, Any]]]:
        rest = self._rest(table)
        page = 1
        while True:
            paging = {rest.page_parameter: page, rest.size_parameter: rest.page_size}
            rows = _rows(self._get(table, {**parameters, **paging}), rest)
            if rows:
                yield rows
            if len(rows) < rest.page_size:
                return
            page += 1

    def _rest(self, table: str) -> Rest:
        entry: Table = self.app.tables[table]
        if entry.rest is None:
            raise SourceError(f"{self.app.app}.{table}: add a `rest:` block with its path")
        return entry.rest

    def _get(self, table: str, parameters: dict[str, str | int]) -> httpx.Response:
        answer = self._send("GET", self._rest(table).path, params=parameters)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self.app.login:
            self._sign_in()  # the token ran out in the middle of a long read
            answer = self._send("GET", self._rest(table).path, params=parameters)
        if answer.is_error:
            raise SourceError(
                f"{self.app.app}.{table}: {self._rest(table).path} answered {answer.status_code}"
            )
        return answer

    def _sign_in(self) -> None:
        login = self.app.login
        if login is None:
            if self.connection.user:
                self._client.auth = (self.connection.user, self.connection.password)
            return
        answer = self._send(
            "POST",
            login.path,
            json={
                login.username_field: self.connection.user,
                login.password_field: self.connection.password,
            },
        )
        token = None if answer.is_error else _at(_json(answer, login.path), login.token)
        if not token:
            raise SourceError(
                f"{self.app.app}: sign-in at {login.path} was refused ({answer.status_code}); "
                f"check user and password of connection {self.app.connection!r}"
            )
        self._client.headers["Authorization"] = f"Bearer {token}"

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """One request, repeated with growing pauses while the service is busy or away."""
        retrying = Retrying(
            retry=retry_if_exception_type((_TryAgainError, httpx.TransportError)),
            stop=_is_enough,
            wait=_pause,
            reraise=True,
        )
        try:
            return retrying(self._send_once, method, path, **arguments)
        except (_TryAgainError, httpx.TransportError) as error:
            reason = self.connection.redact(str(error)) or type(error).__name__
            raise SourceError(
                f"{self.app.app}: {path} did not answer, tried several times: {reason}"
            ) from None

    def _send_once(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        answer = self._client.request(method, path.lstrip("/"), **arguments)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
            after = _retry_after(answer.headers.get("Retry-After", ""))
            raise _TryAgainError(f"it answered {answer.status_code}", after)
        return answer


def _is_enough(state: RetryCallState) -> bool:
    """Whether to give up."""
    error = state.outcome.exception() if state.outcome else None
    most = ATTEMPTS_TO_CONNECT if isinstance(error, httpx.ConnectError) else ATTEMPTS
    return state.attempt_number >= most


def _pause(state: RetryCallState) -> float:
    """What the service asks for, if it does; otherwise an exponential pause with jitter."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, _TryAgainError) else None
    if asked is not None:
        return min(asked, LONGEST_WAIT_SECONDS)
    return wait_random_exponential(multiplier=0.5, max=LONGEST_WAIT_SECONDS)(state)


def _retry_after(header: str) -> float | None:
    """Seconds to wait: RFC 9110 section 10.2.3 allows a number or a date."""
    if re.fullmatch(r"\d+(\.\d+)?", header):
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _rows(answer: httpx.Response, rest: Rest) -> list[dict[str, Any]]:
    rows = _at(_json(answer, rest.path), rest.rows)
    if not isinstance(rows, list):
        raise SourceError(f"{rest.path}: the answer has no list at {rest.rows!r}")
    return rows


def _json(answer: httpx.Response, path: str) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise SourceError(f"{path}: the answer is not JSON") from None


def _at(body: Any, path: str) -> Any:
    """The value at a dotted path, or None."""
    for key in path.split("."):
        body = body.get(key) if isinstance(body, dict) else None
    return body


def _text(value: Any) -> str | None:
    """A JSON value as text; nested ones stay JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
