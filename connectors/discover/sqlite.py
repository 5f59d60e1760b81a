"""What a SQLite file says about itself."""

import re
from datetime import UTC, datetime
from pathlib import Path

from connectors.discover.catalog import WIDTH, Catalog
from connectors.discover.facts import ColumnFacts, Kind, Reference, ServerFacts, TableFacts
from connectors.sqlite_types import declared_type


class SqliteCatalog(Catalog):
    """A SQLite file, by its pragmas."""

    query_function = "sqlite_query"

    def default_schema(self) -> str:
        """SQLite calls the file itself ``main``."""
        return "main"

    def tables(self) -> list[TableFacts]:
        """Tables and views; a file tells no sizes of tables, so the rows of each are counted."""
        return [
            self._table(name, kind, sql or "")
            for name, kind, sql in self.ask(
                "select name, type, sql from sqlite_master where type in ('table', 'view') "
                "and name not like 'sqlite\\_%' escape '\\' order by name"
            )
        ]

    def as_text(self, column: ColumnFacts) -> str:
        """Bytes in hexadecimal, wherever they are: any column can hold them."""
        name = self.quoted(column.name)
        return (
            f"case when typeof({name}) = 'blob' then hex(substr({name}, 1, 64)) "
            f"else substr(cast({name} as text), 1, {WIDTH}) end"
        )

    def server(self) -> ServerFacts:
        """The clock of this machine; whoever may write the file may change it."""
        path = Path("/" + self.connection.path.lstrip("/"))
        (version,) = self.one("select sqlite_version()")
        now = datetime.now(UTC).replace(tzinfo=None)
        return ServerFacts(
            version=version, now=now, local_now=None, zone="", may_write=_writing(path)
        )

    def _table(self, name: str, kind: str, sql: str) -> TableFacts:
        info = self.ask(
            f'select name, type, "notnull", pk from pragma_table_info({_text(name)}) order by cid'
        )
        key = tuple(row[0] for row in sorted(info, key=lambda row: int(row[3])) if int(row[3]))
        # A single INTEGER PRIMARY KEY is the row's number, given by SQLite.
        numbered = len(key) == 1 and any(
            row[0] == key[0] and row[1].upper() == "INTEGER" for row in info
        )
        touched = self._triggers(name)
        unique, leading = self._indexes(name)
        count = None if kind == "view" else self.one(f"select count(*) from {self.relation(name)}")
        return TableFacts(
            name=name,
            kind="view" if kind == "view" else "table",
            columns=tuple(
                ColumnFacts(
                    name=column,
                    type=declared.lower() or "any",
                    kind=_kind(declared),
                    # SQLite lets a NULL into any other primary key.
                    nullable=not int(required) and not (numbered and column == key[0]),
                    counts_up=numbered and column == key[0],
                    touched="a trigger" if column.lower() in touched else "",
                )
                for column, declared, required, _ in info
            ),
            rows=int(count[0]) if count else None,
            bytes=None,
            primary_key=key,
            unique=unique,
            indexed=frozenset(leading | set(key[:1])),
            references=tuple(self._references(name)),
        )

    def _indexes(self, table: str) -> tuple[tuple[tuple[str, ...], ...], set[str]]:
        unique, leading = [], set()
        for index, is_unique, origin, partial in self.ask(
            'select name, "unique", origin, partial '
            f"from pragma_index_list({_text(table)}) order by seq"
        ):
            columns = [
                row[0]
                for row in self.ask(
                    f"select name from pragma_index_info({_text(index)}) order by seqno"
                )
            ]
            if not columns or None in columns:
                continue  # an index of an expression
            leading.add(columns[0])
            if int(is_unique) and not int(partial) and origin != "pk":
                unique.append(tuple(columns))
        return tuple(unique), leading

    def _references(self, table: str) -> list[Reference]:
        rows = self.ask(
            'select id, "from", "table", "to" '
            f"from pragma_foreign_key_list({_text(table)}) order by id, seq"
        )
        ids = [row[0] for row in rows]
        return [
            Reference(column, target, to)
            for number, column, target, to in rows
            if ids.count(number) == 1 and to is not None
        ]

    def _triggers(self, table: str) -> set[str]:
        found = set()
        for (sql,) in self.ask(
            f"select sql from sqlite_master where type = 'trigger' and tbl_name = {_text(table)}"
        ):
            if re.search(r"\bafter\s+update\b", sql, re.IGNORECASE):
                found |= {
                    name.lower()
                    for name in re.findall(r'\bset\s+"?(\w+)"?\s*=', sql, re.IGNORECASE)
                }
        return found


def _kind(declared: str) -> Kind:
    kind = declared_type(declared)
    if kind.startswith("DECIMAL") or kind == "DOUBLE":
        return "number"
    kinds: dict[str, Kind] = {
        "BIGINT": "integer",
        "TIMESTAMP": "time",
        "DATE": "date",
        "BLOB": "binary",
    }
    return kinds.get(kind, "text")


def _writing(path: Path) -> tuple[str, ...]:
    # os.access is true of everything for the superuser, who would be told of it at each check.
    return ("the file is writable for everybody",) if path.stat().st_mode & 0o002 else ()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
