"""A small app with a REST service, and what its reader gives."""

from typing import Any

from connectors.connection import find_connection
from connectors.reader import landing_columns
from connectors.registry import App
from connectors.rest import RestReader
from kota.settings import get_settings

TABLE = "warga"


def rest_app(
    rest: dict[str, Any],
    table: dict[str, Any] | None = None,
    **fields: Any,
) -> App:
    """An app with one table, read as ``rest`` says."""
    entry = {"key": ["id"], "mode": "snapshot", "rest": rest, **(table or {})}
    return App.model_validate(
        {
            "app": "liar",
            "name": "A service in the wild",
            "description": "For tests.",
            "department": "diskominfo",
            "owner": "liar@kota.example",
            "tier": 3,
            "connection": "liar",
            "timezone": "Asia/Jakarta",
            "schedule": "@daily",
            "freshness_hours": 24,
            "tables": {TABLE: entry},
            **fields,
        }
    )


def open_rest(app: App, uri: str) -> RestReader:
    """A reader that is not signed in yet, with the settings of the test."""
    return RestReader(app, find_connection("liar", {"KOTA_CONN_LIAR": uri}), get_settings())


def read_all(app: App, uri: str, since: str | None = None) -> list[dict[str, Any]]:
    """All rows of the app's table, as they arrive."""
    with open_rest(app, uri) as reader:
        return rows_of(reader, since)


def rows_of(reader: RestReader, since: str | None = None) -> list[dict[str, Any]]:
    """All rows of the table of an open reader."""
    columns = landing_columns(reader.app, TABLE, reader.describe(TABLE))
    return [row for batch in reader.read(TABLE, columns, since) for row in batch.to_pylist()]
