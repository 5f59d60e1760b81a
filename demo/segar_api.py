"""Segar's REST service: sign-in with short-lived tokens, pages, and a rate limit."""

import math
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_ALGORITHM = "HS256"
MAX_PAGE = 500


class SegarSettings(BaseSettings):
    """From the environment: ``SEGAR_USERNAME``, ``SEGAR_PASSWORD``, ``SEGAR_JWT_SECRET`` …"""

    model_config = SettingsConfigDict(env_prefix="SEGAR_")

    username: str
    password: SecretStr
    jwt_secret: SecretStr
    token_seconds: int = 15
    requests_per_second: float = 40.0
    burst: int = 60


class RateLimit:
    """A bucket of ``burst`` requests that refills at ``per_second``, one for each client."""

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait_seconds(self, client: str) -> float:
        """Take one request out; 0 if there was one, else how long until there will be."""
        with self._lock:
            now = self._clock()
            level, since = self._buckets.get(client, (float(self._burst), now))
            level = min(self._burst, level + (now - since) * self._per_second)
            allowed = level >= 1
            self._buckets[client] = (level - 1 if allowed else level, now)
            return 0.0 if allowed else (1 - level) / self._per_second


class Login(BaseModel):
    """The body of a sign-in."""

    username: str
    password: str


def _envelope(data: Any, message: str = "OK", *, status: bool = True) -> dict[str, Any]:
    return {"status": status, "message": message, "data": data}


def create_app(database: Path, settings: SegarSettings) -> FastAPI:
    """The service over one SQLite file. Every answer is ``{status, message, data}``."""
    app = FastAPI(title="Segar", docs_url=None, redoc_url=None, openapi_url=None)
    limit = RateLimit(settings.requests_per_second, settings.burst)
    bearer = HTTPBearer(auto_error=False)
    secret = settings.jwt_secret.get_secret_value()

    @app.exception_handler(HTTPException)
    def refuse(_: Request, error: HTTPException) -> JSONResponse:
        body = _envelope([], str(error.detail), status=False)
        return JSONResponse(body, error.status_code, headers=error.headers)

    def within_limit(request: Request) -> None:
        wait = limit.wait_seconds(request.client.host if request.client else "")
        if wait:
            headers = {"Retry-After": str(math.ceil(wait))}
            raise HTTPException(429, "Terlalu banyak permintaan", headers)

    def signed_in(
        _: Annotated[None, Depends(within_limit)],
        token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> None:
        if token is None:
            raise HTTPException(401, "Token tidak ada")
        try:
            jwt.decode(token.credentials, secret, algorithms=[_ALGORITHM])
        except jwt.ExpiredSignatureError:
            raise HTTPException(401, "Token kedaluwarsa") from None
        except jwt.InvalidTokenError:
            raise HTTPException(401, "Token tidak sah") from None

    def connection() -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(database, timeout=10, check_same_thread=False)) as con:
            con.execute("PRAGMA query_only = ON")
            con.row_factory = sqlite3.Row
            yield con

    reader = Annotated[sqlite3.Connection, Depends(connection)]
    page_number = Annotated[int, Query(ge=1)]
    page_size = Annotated[int, Query(ge=1, le=MAX_PAGE)]

    @app.get("/api/status")
    def status() -> dict[str, Any]:
        return _envelope([])

    @app.post("/api/login", dependencies=[Depends(within_limit)])
    def login(body: Login) -> dict[str, Any]:
        expected = settings.password.get_secret_value()
        known = secrets.compare_digest(body.username.encode(), settings.username.encode())
        right = secrets.compare_digest(body.password.encode(), expected.encode())
        if not (known and right):
            raise HTTPException(401, "Nama pengguna atau kata sandi salah")
        claims = {"sub": body.username, "exp": time.time() + settings.token_seconds}
        token = jwt.encode(claims, secret, algorithm=_ALGORITHM)
        return _envelope({"token": token, "expires_in": settings.token_seconds})

    @app.get("/api/komoditas", dependencies=[Depends(signed_in)])
    def goods(
        con: reader, response: Response, page: page_number = 1, per_page: page_size = 100
    ) -> dict[str, Any]:
        return _envelope(_page(con, response, "komoditas", page, per_page))

    @app.get("/api/pasar", dependencies=[Depends(signed_in)])
    def markets(
        con: reader, response: Response, page: page_number = 1, per_page: page_size = 100
    ) -> dict[str, Any]:
        return _envelope(_page(con, response, "pasar", page, per_page))

    @app.get("/api/harga", dependencies=[Depends(signed_in)])
    def prices(
        con: reader,
        response: Response,
        page: page_number = 1,
        per_page: page_size = 100,
        updated_since: str = "",
    ) -> dict[str, Any]:
        since = updated_since.replace("T", " ")
        rows = _page(con, response, "harga", page, per_page, since, order="updated_at, id")
        for row in rows:
            # The column has been text since someone typed "Rp" into it; the rest are numbers.
            row["harga"] = int(row["harga"]) if row["harga"].isdigit() else row["harga"]
        return _envelope(rows)

    return app


def _page(
    con: sqlite3.Connection,
    response: Response,
    table: str,
    page: int,
    per_page: int,
    since: str = "",
    order: str = "id",
) -> list[dict[str, Any]]:
    where, values = ("WHERE updated_at >= ?", [since]) if since else ("", [])
    (total,) = con.execute(f"SELECT count(*) FROM {table} {where}", values).fetchone()
    response.headers["X-Total-Count"] = str(total)
    rows = con.execute(
        f"SELECT * FROM {table} {where} ORDER BY {order} LIMIT ? OFFSET ?",
        [*values, per_page, (page - 1) * per_page],
    )
    return [dict(row) for row in rows]
