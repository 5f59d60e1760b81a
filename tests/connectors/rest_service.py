"""A REST service in a process of its own that behaves as badly as it is told to.

``running_service()`` starts it. The rows, how they are served, and what goes wrong at which
request are set from outside (``Service.serve``), and every request it got can be asked for.
"""

import base64
import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

HOST = "127.0.0.1"

DEFAULTS: dict[str, Any] = {
    "rows": [],
    "faults": {},  # number of the data request, from 1 -> what goes wrong
    "cap": None,  # most rows in a page, whatever is asked for
    "past_end": "empty",  # or "repeat" the last page
    "total": "none",  # or "header", "body"
    "auth": None,
    "login_form": False,
    "link_host": None,
    "etag": False,
    "raw": None,  # the body of /api/raw
    "raw_type": "application/json",
}


class Wild:
    """What the service serves, and what it was asked."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.set({})

    def set(self, said: dict[str, Any]) -> None:
        self.now = {**DEFAULTS, **said}
        self.requests: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.last_body = b""


WILD = Wild()


class Handler(BaseHTTPRequestHandler):
    """``/_set`` and ``/_log`` are for the tests, ``/login`` and ``/api/*`` are the service."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        return

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with WILD.lock:
            if self.path == "/_set":
                WILD.set(json.loads(body))
                self._send(200, b"{}")
            else:
                self._login(body)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        with WILD.lock:
            if self.path == "/_log":
                self._send(200, json.dumps(WILD.requests).encode())
                return
            WILD.requests.append({"path": url.path, "query": query, "headers": dict(self.headers)})
            fault = WILD.now["faults"].get(str(len(WILD.requests)), {})
            if fault.get("expire"):
                WILD.tokens.clear()
            for change in fault.get("change", []):
                _change(WILD.now["rows"], change)
            if not self._knows_caller(query):
                self._send(401, b'{"status": false}')
            elif "status" in fault:
                self._send(fault["status"], b"{}", fault.get("headers", {}))
            elif "body" in fault:
                self._send(200, fault["body"].encode(), {"Content-Type": "text/html"})
            elif fault.get("repeat"):
                self._send(200, WILD.last_body)
            else:
                body, headers = _page(url.path, query, self.headers["Host"])
                WILD.last_body = body
                tag = f'"{hash(body)}"'
                if WILD.now["etag"] and self.headers.get("If-None-Match") == tag:
                    self._send(304, b"", {"ETag": tag})
                    return
                headers |= {"ETag": tag} if WILD.now["etag"] else {}
                self._send(200, body, headers, how=fault.get("cut", ""))

    def _login(self, body: bytes) -> None:
        said = dict(parse_qsl(body.decode())) if WILD.now["login_form"] else json.loads(body)
        WILD.requests.append({"path": "/login", "query": said, "headers": {}})
        if said.get("username") != "kota" or said.get("password") != "rahasia":
            self._send(401, b'{"status": false, "message": "salah"}')
            return
        token = f"token-{len(WILD.requests)}"
        WILD.tokens = {token}
        self._send(200, json.dumps({"data": {"token": token}}).encode())

    def _knows_caller(self, query: dict[str, str]) -> bool:
        said = self.headers.get("Authorization", "")
        match WILD.now["auth"]:
            case "login":
                return said.removeprefix("Bearer ") in WILD.tokens
            case "bearer":
                return said == "Bearer r4h/s1a+"
            case "basic":
                return said == "Basic " + base64.b64encode(b"kota:r4h/s1a+").decode()
            case "header":
                return bool(self.headers.get("X-API-Key") == "r4h/s1a+")
            case "query":
                return query.get("api_key") == "r4h/s1a+"
        return True

    def _send(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, how: str = ""
    ) -> None:
        if how == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        if how == "unsaid":
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if how else body)
        self.close_connection = self.close_connection or bool(how)


def _change(rows: list[Any], change: dict[str, Any]) -> None:
    if "delete" in change:
        del rows[change["delete"]]
    else:
        rows.insert(change["insert"], change["row"])


def _page(path: str, query: dict[str, str], host: str) -> tuple[bytes, dict[str, str]]:
    now = WILD.now
    if path == "/api/raw":
        return now["raw"].encode(), {"Content-Type": now["raw_type"]}
    rows = now["rows"]
    if since := query.get("updated_since"):
        rows = [row for row in rows if row["updated_at"] >= since]
    size = min(int(query.get("per_page", query.get("limit", 3))), now["cap"] or 10_000)
    headers: dict[str, str] = {}
    body: dict[str, Any] = {"meta": {}}
    kind = path.removeprefix("/api/")
    if kind == "page":
        start = (int(query.get("page", 1)) - 1) * size
    elif kind == "all":
        start, size = 0, len(rows)
    else:
        start = int(query.get("offset", query.get("cursor", 0)))
    if start >= len(rows) and now["past_end"] == "repeat":
        start = (len(rows) - 1) // size * size
    end = start + size
    body["data"] = rows[start:end]
    body["meta"]["more"] = end < len(rows)
    body["meta"]["next"] = str(end) if end < len(rows) else None
    body["meta"]["stuck"] = "3"
    if now["total"] == "header":
        headers["X-Total-Count"] = str(len(rows))
    elif now["total"] == "body":
        body["meta"]["total"] = len(rows)
    if kind == "link" and end < len(rows):
        base = f"http://{now['link_host'] or host}/api/link"
        headers["Link"] = f'<{base}?cursor={end}&limit={size}>; rel="next", <{base}>; rel="first"'
    return json.dumps(body).encode(), headers


class Service:
    """The running service, as the tests see it."""

    def __init__(self, port: int) -> None:
        self.address = f"{HOST}:{port}"

    def uri(self, account: str = "") -> str:
        """The connection's URI."""
        return f"http://{account}{'@' if account else ''}{self.address}/api"

    def serve(self, rows: list[Any], **behaviour: Any) -> None:
        """Start afresh with these rows; ``behaviour`` as in ``DEFAULTS``."""
        said = {"rows": rows, **behaviour}
        httpx.post(f"http://{self.address}/_set", json=said, trust_env=False).raise_for_status()

    def requests(self) -> list[dict[str, Any]]:
        """What it was asked since then: path, query and headers."""
        asked: list[dict[str, Any]] = httpx.get(
            f"http://{self.address}/_log", trust_env=False
        ).json()
        return asked


@contextmanager
def running_service() -> Iterator[Service]:
    """The service on a free port."""
    command = [sys.executable, "-m", "tests.connectors.rest_service"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Service(int(process.stdout.readline()))
        finally:
            process.terminate()


def main() -> None:
    """Serve until told to stop; the port is the first line of the output."""
    server = ThreadingHTTPServer((HOST, 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
