"""Read SQLite files through DuckDB's scanner."""

from pathlib import Path

import duckdb

from connectors.reader import SourceError
from connectors.scanner import ATTACHED, ScannerReader
from lake.column import Column
from lake.columns import literal, quoted
from lake.engine import load_extension


class SqliteReader(ScannerReader):
    """A session with a SQLite file.

    Any SQLite column can hold any type, so every value arrives as text and is decoded on landing,
    where one bad value costs that value only.
    """

    technology = "SQLite"

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach the file; a missing one is an error, where SQLite would make an empty one."""
        load_extension(con, "sqlite_scanner")
        path = Path("/" + self.connection.path.lstrip("/"))
        if not path.is_file():
            raise duckdb.IOException(f"there is no file {path}")
        con.execute("set sqlite_all_varchar = true")
        con.execute(f"attach {literal(str(path))} as {ATTACHED} (type sqlite, read_only)")

    def relation(self, table: str) -> str:
        """SQLite has no schemas."""
        return f"{ATTACHED}.{quoted(self.app.source_name(table))}"

    def describe(self, table: str) -> list[Column]:
        """Columns arrive as text; what they are declared to be comes from SQLite itself."""
        name = literal(self.app.source_name(table))
        declared = literal(f"select name, type from pragma_table_info({name})")
        rows = self._run(
            table, f"select * from sqlite_query({literal(ATTACHED)}, {declared})"
        ).fetchall()
        if not rows:
            raise SourceError(f"{self.app.app}.{table}: the file has no table {name}")
        return [Column(row[0], "VARCHAR", declared_type(row[1])) for row in rows]


def declared_type(sqlite_type: str) -> str:
    """The DuckDB type of a declared SQLite type, by SQLite's affinity rules plus date and time.

    https://www.sqlite.org/datatype3.html section 3.1
    """
    name = sqlite_type.upper()
    if "DATETIME" in name or "TIMESTAMP" in name:
        return "TIMESTAMP"
    if name == "DATE":
        return "DATE"
    if name.startswith(("DECIMAL", "NUMERIC")) and "(" in name:
        return "DECIMAL" + name[name.index("(") :]
    if "INT" in name:
        return "BIGINT"
    if any(word in name for word in ("REAL", "FLOA", "DOUB")):
        return "DOUBLE"
    if "BLOB" in name:
        return "BLOB"
    return "VARCHAR"
