"""Ask a REST service something: wait when told to, try again what passes, sign in when it asks."""

import logging
import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from connectors.connection import Connection
from connectors.reader import SourceError
from connectors.registry import App
from connectors.rest_auth import fixed_auth, secret, token_auth
from connectors.rest_json import at, parse

ATTEMPTS = 8
ATTEMPTS_TO_CONNECT = 3
"""A service that is away stays away for longer than we should wait; the scheduler tries again."""
LONGEST_WAIT_SECONDS = 300.0
CONNECT_SECONDS = 20.0
SIGN_IN_SECONDS = 600.0
BUSY = {httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_EARLY, httpx.codes.TOO_MANY_REQUESTS}
SIGN_IN_AGAIN = {httpx.codes.UNAUTHORIZED, httpx.codes.NOT_ACCEPTABLE, 419}
"""What services answer to a token that ran out: 406 the city's price service, 419 Laravel."""

# At level INFO it logs every URL, and an API key may be in one.
logging.getLogger("httpx").setLevel(logging.WARNING)

Parameters = Mapping[str, str | int]
Understood = TypeVar("Understood")


class TryAgainError(Exception):
    """The service asks us to wait, or failed in a way that passes."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


@dataclass(frozen=True)
class Answer:
    """A whole answer of the service."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: httpx.URL


@dataclass(frozen=True)
class Errand:
    """On whose behalf we ask: for the sentences, and so that it ends some time."""

    where: str
    """App and table."""
    path: str
    until: float
    """On the monotonic clock."""
    per_second: float | None = None

    def check_time(self) -> None:
        """Raises ``SourceError`` when the time is up."""
        if time.monotonic() > self.until:
            raise SourceError(
                f"{self.where}: reading {self.path} takes longer than it may; ask for larger pages "
                "or raise rest.time_limit_minutes"
            )


class Session:
    """An HTTP session with one service."""

    def __init__(self, app: App, connection: Connection) -> None:
        if app.login and app.auth:
            raise SourceError(f"{app.app}: `login` and `auth` exclude each other; remove one")
        self.app = app
        self.connection = connection
        port = f":{connection.port}" if connection.port else ""
        self._client = httpx.Client(
            base_url=f"{connection.scheme}://{connection.host}{port}/{connection.path}",
            timeout=httpx.Timeout(
                app.politeness.statement_timeout_seconds, connect=CONNECT_SECONDS
            ),
            headers={"Accept": "application/json, */*;q=0.5", "User-Agent": "kota"},
        )
        self._asked_at = -math.inf

    def open(self) -> None:
        """Sign in, if the service asks for it."""
        if self.app.login:
            self._sign_in()
        else:
            self._client.auth = fixed_auth(self.app, self.connection)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def get(
        self,
        errand: Errand,
        parameters: Parameters | httpx.QueryParams,
        understand: Callable[[Answer], Understood],
        link: httpx.URL | None = None,
    ) -> Understood:
        """What the service answers, understood; ``understand`` may raise ``TryAgainError``.

        A ``link`` to another host is followed on ours: it is a proxy that does not know its own
        name, and no other host gets our credentials.
        """
        path: str | httpx.URL = errand.path.lstrip("/")
        if link is not None:
            path = self._client.base_url.copy_with(raw_path=link.raw_path.partition(b"?")[0])

        def once() -> Understood:
            answer = self._once(errand, "GET", path, params=parameters)
            if self.app.login and answer.status in SIGN_IN_AGAIN:
                self._sign_in()  # the token ran out in the middle of a long read
                answer = self._once(errand, "GET", path, params=parameters)
            self._refuse(errand, answer)
            return understand(answer)

        return self._patiently(errand, once)

    def is_unchanged(self, errand: Errand, parameters: httpx.QueryParams, entity_tag: str) -> bool:
        """Whether the service itself says that its answer is still the one with this tag."""

        def once() -> int:
            headers = {"If-None-Match": entity_tag}
            path = errand.path.lstrip("/")
            return self._once(errand, "GET", path, params=parameters, headers=headers).status

        return self._patiently(errand, once) == httpx.codes.NOT_MODIFIED

    def _sign_in(self) -> None:
        login = self.app.login
        if login is None:
            return
        errand = Errand(self.app.app, login.path, time.monotonic() + SIGN_IN_SECONDS)
        fields = {
            **login.fields,
            login.username_field: self.connection.user,
            login.password_field: self.connection.password,
        }
        body: dict[str, Any] = {"json": fields} if login.body == "json" else {"data": fields}
        self._client.auth = httpx.Auth()
        answer = self._patiently(
            errand, lambda: self._once(errand, "POST", login.path.lstrip("/"), **body)
        )
        try:
            given = parse(answer.body.decode("utf-8-sig"))
        except ValueError:
            given = None
        token = at(given, login.token) if answer.status < httpx.codes.MULTIPLE_CHOICES else None
        if not isinstance(token, str) or not token:
            raise SourceError(
                f"{self.app.app}: sign-in at {login.path} was refused ({answer.status}); "
                f"check user and password of connection {self.app.connection!r}"
            )
        self._client.auth = token_auth(self.app, token, login.scheme)

    def _patiently(self, errand: Errand, once: Callable[[], Understood]) -> Understood:
        """Repeat with growing pauses while the service is busy or away."""

        def is_enough(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            most = ATTEMPTS_TO_CONNECT if isinstance(error, httpx.ConnectError) else ATTEMPTS
            pause = state.upcoming_sleep
            is_late = time.monotonic() + pause > errand.until
            return state.attempt_number >= most or pause > LONGEST_WAIT_SECONDS or is_late

        retrying = Retrying(
            retry=retry_if_exception_type((TryAgainError, httpx.RequestError)),
            stop=is_enough,
            wait=_pause,
            reraise=True,
        )
        try:
            return retrying(once)
        except TryAgainError as error:
            asked = ""
            if error.after is not None and error.after > LONGEST_WAIT_SECONDS:
                asked = f" and asks us to come back in {error.after:.0f} seconds"
            raise SourceError(
                f"{errand.where}: {errand.path} did not answer, tried several times: {error}{asked}"
            ) from None
        except (httpx.RequestError, httpx.InvalidURL) as error:
            reason = self._hide(str(error)) or type(error).__name__
            raise SourceError(
                f"{errand.where}: {errand.path} did not answer, tried several times: {reason}"
            ) from None

    def _once(self, errand: Errand, method: str, path: str | httpx.URL, **content: Any) -> Answer:
        self._keep_pace(errand.per_second)
        errand.check_time()
        with self._client.stream(method, path, **content) as incoming:
            body = bytearray()
            for piece in incoming.iter_bytes():
                body += piece
                errand.check_time()
        answer = Answer(incoming.status_code, incoming.headers, bytes(body), incoming.url)
        if answer.status in BUSY or incoming.is_server_error:
            after = _retry_after(answer.headers.get("Retry-After", ""))
            raise TryAgainError(f"it answered {answer.status}", after)
        return answer

    def _keep_pace(self, per_second: float | None) -> None:
        if per_second is not None:
            time.sleep(max(0.0, self._asked_at + 1 / per_second - time.monotonic()))
        self._asked_at = time.monotonic()

    def _refuse(self, errand: Errand, answer: Answer) -> None:
        """Raises ``SourceError`` for an answer that is none."""
        if answer.status < httpx.codes.MULTIPLE_CHOICES:
            return
        told = f"{errand.where}: {errand.path} answered {answer.status}"
        match answer.status:
            case httpx.codes.UNAUTHORIZED:
                why = f": it does not accept the secret of connection {self.app.connection!r}"
            case httpx.codes.FORBIDDEN:
                why = f": the account of connection {self.app.connection!r} may not read it"
            case httpx.codes.NOT_FOUND | httpx.codes.GONE:
                why = (
                    ": there is no such resource, or no such page; correct rest.path or rest.paging"
                )
            case status if status < httpx.codes.BAD_REQUEST:
                why = ", a redirect: correct the connection or rest.path, or the sign-in is missing"
            case _:
                why = ": it does not understand the request; check the table's `rest:` block"
        raise SourceError(told + why)

    def _hide(self, text: str) -> str:
        """The text of a library's error without our secret in any spelling."""
        hidden = secret(self.connection)
        for spelling in {hidden, quote(hidden), quote(hidden, safe="")} - {""}:
            text = text.replace(spelling, "***")
        return self.connection.redact(text)


def _pause(state: RetryCallState) -> float:
    """What the service asks for and a little more, or else an exponential pause with jitter.

    The jitter keeps many tables and apps from coming back in the same instant.
    """
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, TryAgainError) else None
    if asked is not None:
        return asked + random.uniform(0, min(1.0, 0.1 * asked + 0.05))  # noqa: S311
    return wait_random_exponential(multiplier=0.5, max=60.0)(state)


def _retry_after(header: str) -> float | None:
    """Seconds to wait: RFC 9110 section 10.2.3 allows a number or a date."""
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    at_utc = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (at_utc - datetime.now(UTC)).total_seconds())
