"""Try an app's connection and every registered table, without landing anything."""

from pydantic import BaseModel

from connectors.connection import ConnectionMissingError
from connectors.reader import SourceError, landing_columns
from connectors.registry import App
from connectors.technologies import open_reader
from kota.settings import Settings


class TableCheck(BaseModel):
    """What was found out about one table."""

    app: str
    table: str
    rows: int | None = None
    columns: int | None = None
    problem: str = ""
    """One sentence, empty when the table can be read as registered."""


def check_app(app: App, settings: Settings) -> list[TableCheck]:
    """One entry a table; an app that can't be reached gives each of its tables the reason."""
    try:
        with open_reader(app, settings) as reader:
            found = []
            for name in app.tables:
                try:
                    columns = landing_columns(app, name, reader.describe(name))
                    found.append(
                        TableCheck(
                            app=app.app, table=name, rows=reader.count(name), columns=len(columns)
                        )
                    )
                except SourceError as error:
                    found.append(TableCheck(app=app.app, table=name, problem=str(error)))
            return found
    except (SourceError, ConnectionMissingError) as error:
        return [TableCheck(app=app.app, table=name, problem=str(error)) for name in app.tables]
