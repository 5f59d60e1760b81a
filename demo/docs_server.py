"""Serve Data Docs, Mutu Data and dbt's pages: static files, behind a sign-in, this machine only.

They hold no personal data, but they say which checks a department failed: they are for auditors.
"""

import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hmac import compare_digest
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from demo.ports import HOST

# Great Expectations and dbt write scripts, styles and fonts into their pages; everything else is
# from here or not at all.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, accounts: Mapping[str, str], **named: Any) -> None:
        self.tokens = [b64encode(f"{user}:{word}".encode()) for user, word in accounts.items()]
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        """Serve whoever signed in."""
        if self._is_signed_in():
            super().do_GET()

    def do_HEAD(self) -> None:
        """Likewise."""
        if self._is_signed_in():
            super().do_HEAD()

    def _is_signed_in(self) -> bool:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        # All are compared, each in the same time: an answer's delay tells nothing.
        found = [compare_digest(token.strip().encode(), known) for known in self.tokens]
        if kind.lower() == "basic" and any(found):
            return True
        self.send_response(HTTPStatus.UNAUTHORIZED)
        self.send_header("WWW-Authenticate", 'Basic realm="Mutu Data", charset="UTF-8"')
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_args: object) -> None:
        """Who reads what is nobody's business."""


@contextmanager
def serve_docs(folder: Path, port: int, accounts: Mapping[str, str]) -> Iterator[str]:
    """Serve ``folder`` to these accounts (passwords by user) while the block runs.

    Yields its address.
    """
    handler = partial(_Handler, directory=str(folder), accounts=accounts)
    server = ThreadingHTTPServer((HOST, port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="data-docs", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
