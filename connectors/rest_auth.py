"""Say who we are to a REST service. Secrets come from the connection's URI only."""

import re
from collections.abc import Iterator

import httpx

from connectors.connection import Connection
from connectors.reader import SourceError
from connectors.registry import App
from connectors.rest_spec import BasicAuth, BearerAuth, KeyAuth

HEADER_VALUE = re.compile(r"[\x21-\x7e]+( [\x21-\x7e]+)*")


class HeaderAuth(httpx.Auth):
    """The secret in a header."""

    def __init__(self, header: str, value: str) -> None:
        self._header = header
        self._value = value

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        """Called by httpx for each request."""
        request.headers[self._header] = self._value
        yield request


class QueryAuth(httpx.Auth):
    """The secret in a query parameter; added last, so that it is in no URL of ours."""

    def __init__(self, parameter: str, value: str) -> None:
        self._parameter = parameter
        self._value = value

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        """Called by httpx for each request."""
        request.url = request.url.copy_set_param(self._parameter, self._value)
        yield request


def fixed_auth(app: App, connection: Connection) -> httpx.Auth:
    """What goes with every request, for an app without sign-in."""
    match app.auth:
        case BearerAuth(scheme=scheme):
            token = secret(connection)
            return HeaderAuth("Authorization", f"{scheme} {_sendable(app, token)}".strip())
        case KeyAuth(query=str(parameter)):
            return QueryAuth(parameter, _present(app, secret(connection)))
        case KeyAuth(header=header):
            return HeaderAuth(header, _sendable(app, secret(connection)))
        case BasicAuth() | None if connection.user:
            return httpx.BasicAuth(connection.user, connection.password)
        case BasicAuth():
            _present(app, "")
    return httpx.Auth()


def token_auth(app: App, token: str, scheme: str) -> httpx.Auth:
    """The token that a sign-in gave."""
    return HeaderAuth("Authorization", f"{scheme} {_sendable(app, token)}".strip())


def secret(connection: Connection) -> str:
    """A token or key: ``https://:TOKEN@host`` or ``https://TOKEN@host``."""
    return connection.password or connection.user


def _present(app: App, value: str) -> str:
    if not value:
        raise SourceError(
            f"{app.app}: connection {app.connection!r} has no secret for its `auth`; put it before "
            "the host: https://:TOKEN@host, or https://user:password@host"
        )
    return value


def _sendable(app: App, value: str) -> str:
    """Refused here, since the HTTP library would print a header that it can't send."""
    value = _present(app, value.strip())
    if not HEADER_VALUE.fullmatch(value):
        raise SourceError(
            f"{app.app}: the token or key of connection {app.connection!r} has characters that a "
            "header can't carry"
        )
    return value
