"""Serve the news feed: ``python -m demo.news_server --folder berita --port 18078``.

What lies in the folder is served as it is; whoever lets a day pass replaces the file.
"""

import hashlib
import os
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response

from demo.berita import FEED_FILE
from demo.ports import HOST


def create_app(folder: Path) -> FastAPI:
    """The service over one folder: the feed with ETag and Last-Modified, and 304 for who has it."""
    app = FastAPI(title="Berita", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/status")
    def status() -> dict[str, bool]:
        return {"status": True}

    @app.api_route(f"/{FEED_FILE}", methods=["GET", "HEAD"])
    def feed(request: Request) -> Response:
        try:
            with (folder / FEED_FILE).open(
                "rb"
            ) as file:  # one file for both, should it be replaced
                body = file.read()
                changed = datetime.fromtimestamp(int(os.fstat(file.fileno()).st_mtime), UTC)
        except FileNotFoundError:
            raise HTTPException(404, "Belum ada berita") from None
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {
            "ETag": tag,
            "Last-Modified": format_datetime(changed, usegmt=True),
            "Cache-Control": "no-cache",
        }
        if _is_known(request, tag, changed):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/rss+xml; charset=utf-8", headers=headers)

    return app


def _is_known(request: Request, tag: str, changed: datetime) -> bool:
    """Whether the client has this very feed; the tag decides where it names one (RFC 9110, 13)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        known = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return bool(known & {tag, "*"})
    if (since := request.headers.get("if-modified-since")) is not None:
        try:
            return changed <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False
    return False


def main(
    folder: Annotated[Path, typer.Option(help="The folder with feed.xml.")],
    port: Annotated[int, typer.Option(help="TCP port.")] = 18078,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = HOST,
) -> None:
    """Serve the feed until told to stop."""
    uvicorn.run(create_app(folder), host=host, port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    typer.run(main)
