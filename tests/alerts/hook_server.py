"""A real receiver of webhooks: ``python -m tests.alerts.hook_server PORT FOLDER FAILURES``.

It answers 503 so many times, then takes each document and keeps it with its headers.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


def main() -> None:
    """Serve until killed."""
    port, folder, failures = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    seen = 0

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal seen
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            seen += 1
            if seen > failures:
                kept = {"headers": dict(self.headers), "body": body}
                partial = folder / f"{seen:03}.partial"
                partial.write_text(json.dumps(kept), "utf-8")
                partial.rename(partial.with_suffix(".json"))
            self.send_response(503 if seen <= failures else 204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Quietly."""

    HTTPServer(("127.0.0.1", port), Hook).serve_forever()


if __name__ == "__main__":
    main()
