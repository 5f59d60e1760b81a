"""Read PostgreSQL through DuckDB's scanner."""

import duckdb

from connectors.scanner import ATTACHED, ScannerReader
from lake.columns import literal, quoted
from lake.engine import load_extension


class PostgresReader(ScannerReader):
    """A session with a PostgreSQL database."""

    technology = "PostgreSQL"

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach with the password in a secret, where no error message repeats it."""
        load_extension(con, "postgres_scanner")
        polite = self.app.politeness
        con.execute(f"set pg_pool_max_connections = {polite.max_connections}")
        con.execute(f"set pg_statement_timeout_millis = {polite.statement_timeout_seconds * 1000}")
        if polite.max_connections == 1:
            # The scanner opens a connection for each thread that scans a table's pages.
            con.execute("set pg_use_ctid_scan = false")
        con.execute(
            f"create secret {ATTACHED} (type postgres, host {literal(self.connection.host)}, "
            f"port {self.connection.port or 5432}, user {literal(self.connection.user)}, "
            f"password {literal(self.connection.password)}, "
            f"database {literal(self.connection.path)})"
        )
        con.execute(f"attach '' as {ATTACHED} (type postgres, secret {ATTACHED}, read_only)")

    def relation(self, table: str) -> str:
        """PostgreSQL's default schema is ``public``."""
        schema = self.app.schema_ or "public"
        return f"{ATTACHED}.{quoted(schema)}.{quoted(self.app.source_name(table))}"
