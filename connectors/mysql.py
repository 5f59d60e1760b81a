"""Read MariaDB and MySQL through DuckDB's scanner."""

import duckdb

from connectors.scanner import ATTACHED, ScannerReader
from lake.columns import literal, quoted
from lake.engine import load_extension


class MysqlReader(ScannerReader):
    """A session with a MariaDB or MySQL database."""

    technology = "MariaDB/MySQL"

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach with the password in a secret, where no error message repeats it."""
        load_extension(con, "mysql_scanner")
        polite = self.app.politeness
        con.execute(f"set mysql_pool_size = {polite.max_connections}")
        con.execute(f"set mysql_query_timeout_max_ms = {polite.statement_timeout_seconds * 1000}")
        con.execute("set mysql_session_time_zone = '+00:00'")
        # A tinyint(1) can hold a 2, and does in legacy apps; a zero date means "none".
        con.execute("set mysql_tinyint1_as_boolean = false")
        con.execute("set mysql_incomplete_dates_as_nulls = true")
        con.execute(
            f"create secret {ATTACHED} (type mysql, host {literal(self.connection.host)}, "
            f"port {self.connection.port or 3306}, user {literal(self.connection.user)}, "
            f"password {literal(self.connection.password)}, "
            f"database {literal(self.connection.path)})"
        )
        compression = "preferred" if polite.compress else "disabled"
        con.execute(
            f"attach 'compression={compression}' as {ATTACHED} "
            f"(type mysql, secret {ATTACHED}, read_only)"
        )

    def relation(self, table: str) -> str:
        """A MySQL schema is a database."""
        schema = self.app.schema_ or self.connection.path
        return f"{ATTACHED}.{quoted(schema)}.{quoted(self.app.source_name(table))}"
