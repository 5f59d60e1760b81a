"""Serve Segar: ``python -m demo.segar --port 18077 --database segar.sqlite``.

The account and the key of the tokens come from the environment (see ``SegarSettings``).
"""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from demo.ports import HOST
from demo.segar_api import SegarSettings, create_app


def main(
    database: Annotated[Path, typer.Option(help="Segar's SQLite file.")],
    port: Annotated[int, typer.Option(help="TCP port.")] = 18077,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = HOST,
) -> None:
    """Serve the price service until told to stop."""
    app = create_app(database, SegarSettings())
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    typer.run(main)
