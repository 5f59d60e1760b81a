"""What MariaDB and MySQL say about themselves."""

import re
from collections import defaultdict
from typing import Any

from connectors.discover.catalog import WIDTH, Catalog
from connectors.discover.facts import ColumnFacts, Kind, Reference, ServerFacts, TableFacts
from connectors.reader import SourceError

_KINDS: dict[Kind, set[str]] = {
    "integer": {"tinyint", "smallint", "mediumint", "int", "bigint", "year"},
    "number": {"decimal", "float", "double"},
    "text": {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"},
    "time": {"datetime", "timestamp"},
    "date": {"date"},
    "binary": {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit"},
}
_READING = {"USAGE", "SELECT", "SHOW VIEW", "SHOW DATABASES", "PROCESS", "REPLICATION CLIENT"}
_SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


class MysqlCatalog(Catalog):
    """MariaDB or MySQL: a schema is a database."""

    query_function = "mysql_query"
    quote = "`"

    def default_schema(self) -> str:
        """The database of the URI; a server without one is asked which it has."""
        if self.connection.path:
            return self.connection.path
        names = self._databases()
        raise SourceError(
            "the URI names no database; this account sees "
            + (", ".join(names) if names else "none")
        )

    def other_schemas(self) -> dict[str, int]:
        """Other databases of the server."""
        return {name: count for name, count in self._databases().items() if name != self.schema}

    def tables(self) -> list[TableFacts]:
        """From information_schema, in one query each for tables, columns, indexes, references."""
        schema = _text(self.schema)
        touched = self._triggers()
        columns: dict[str, list[ColumnFacts]] = defaultdict(list)
        for table, name, kind, declared, nullable, extra, comment in self.ask(
            "select table_name, column_name, data_type, column_type, is_nullable, extra, "
            f"column_comment from information_schema.columns where table_schema = {schema} "
            "order by table_name, ordinal_position"
        ):
            by_database = "on update current_timestamp" in extra.lower()
            columns[table].append(
                ColumnFacts(
                    name=name,
                    type=declared,
                    kind=_kind(kind),
                    nullable=nullable == "YES",
                    counts_up="auto_increment" in extra.lower(),
                    touched="on update current_timestamp"
                    if by_database
                    else touched.get((table, name.lower()), ""),
                    comment=comment or "",
                )
            )
        primary, unique, leading = self._indexes(schema)
        references = self._references(schema)
        return [
            TableFacts(
                name=name,
                kind="view" if "VIEW" in kind else "table",
                columns=tuple(columns[name]),
                rows=_number(rows),
                bytes=_number(size),
                # A view's comment is the word VIEW, and InnoDB once wrote its own notes there.
                comment=""
                if "VIEW" in kind or (comment or "").startswith("InnoDB free")
                else comment or "",
                primary_key=primary.get(name, ()),
                unique=tuple(unique[name]),
                indexed=frozenset(leading[name]),
                references=tuple(references[name]),
            )
            for name, kind, rows, size, comment in self.ask(
                "select table_name, table_type, table_rows, data_length + index_length, "
                f"table_comment from information_schema.tables where table_schema = {schema} "
                "and table_type <> 'SEQUENCE' order by table_name"
            )
        ]

    def as_text(self, column: ColumnFacts) -> str:
        """Bytes in hexadecimal; what has no text (geometry) is left out."""
        name = self.quoted(column.name)
        if column.kind == "binary":
            if column.type.startswith("bit"):
                return f"cast({name} + 0 as char)"
            return f"hex(left({name}, 64))"
        if column.kind == "other" and not column.type.startswith(("json", "uuid", "inet", "time")):
            return "cast(null as char)"
        return f"cast({name} as char({WIDTH}))"

    def server(self) -> ServerFacts:
        """Grants are read for words of rights only: they hold a hash of the password."""
        version, now, local, session, system = self.one(
            "select version(), utc_timestamp(6), now(6), @@session.time_zone, @@system_time_zone"
        )
        # The scanner's session is told to speak UTC; the app's own sessions use the global zone.
        (app_zone, app_now) = self.one(
            "select @@global.time_zone, if(@@global.time_zone = 'SYSTEM', "
            "convert_tz(utc_timestamp(6), '+00:00', 'SYSTEM'), "
            "convert_tz(utc_timestamp(6), '+00:00', @@global.time_zone))"
        )
        del session
        zone = f"{app_zone} ({system})" if app_zone == "SYSTEM" else app_zone
        return ServerFacts(
            version=version,
            now=now,
            local_now=app_now or local,
            zone=zone,
            may_write=tuple(sorted(_writing(self.ask("show grants"), self.schema))),
        )

    def _databases(self) -> dict[str, int]:
        names = ", ".join(_text(name) for name in _SYSTEM)
        return dict(
            self.ask(
                "select table_schema, count(*) from information_schema.tables "
                f"where table_schema not in ({names}) group by table_schema order by 1"
            )
        )

    def _indexes(
        self, schema: str
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, list[tuple[str, ...]]], dict[str, set[str]]]:
        parts: dict[tuple[str, str], list[str]] = defaultdict(list)
        is_unique: dict[tuple[str, str], bool] = {}
        leading: dict[str, set[str]] = defaultdict(set)
        for table, index, non_unique, place, column, prefix in self.ask(
            "select table_name, index_name, non_unique, seq_in_index, column_name, sub_part "
            f"from information_schema.statistics where table_schema = {schema} "
            "and index_type <> 'FULLTEXT' order by table_name, index_name, seq_in_index"
        ):
            which = (table, index)
            parts[which].append(column)
            # An index of a prefix or of an expression says nothing about the whole value.
            whole = prefix is None and column is not None
            is_unique[which] = is_unique.get(which, True) and int(non_unique) == 0 and whole
            if int(place) == 1 and column is not None:
                leading[table].add(column)
        primary = {
            table: tuple(names) for (table, index), names in parts.items() if index == "PRIMARY"
        }
        unique: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for (table, index), names in parts.items():
            if index != "PRIMARY" and is_unique[table, index]:
                unique[table].append(tuple(names))
        return primary, unique, leading

    def _references(self, schema: str) -> dict[str, list[Reference]]:
        found: dict[str, list[Reference]] = defaultdict(list)
        names: dict[tuple[str, str], list[Reference]] = defaultdict(list)
        for table, constraint, column, target, target_column in self.ask(
            "select table_name, constraint_name, column_name, referenced_table_name, "
            f"referenced_column_name from information_schema.key_column_usage "
            f"where table_schema = {schema} and referenced_table_schema = {schema} "
            "order by table_name, constraint_name, ordinal_position"
        ):
            names[table, constraint].append(Reference(column, target, target_column))
        for (table, _), columns in names.items():
            if len(columns) == 1:
                found[table] += columns
        return found

    def _triggers(self) -> dict[tuple[str, str], str]:
        """Columns a trigger sets before an update; an account without that right sees none."""
        found = {}
        for table, statement in self.ask(
            "select event_object_table, action_statement from information_schema.triggers "
            f"where event_object_schema = {_text(self.schema)} "
            "and event_manipulation = 'UPDATE' and action_timing = 'BEFORE'"
        ):
            for column in re.findall(r"new\.`?(\w+)`?\s*:?=", statement, re.IGNORECASE):
                found[table, column.lower()] = "a trigger"
        return found


def _kind(data_type: str) -> Kind:
    return next((kind for kind, names in _KINDS.items() if data_type in names), "other")


def _writing(grants: list[tuple[Any, ...]], schema: str) -> set[str]:
    """Rights beyond reading that hold in this database."""
    found: set[str] = set()
    for (grant,) in grants:
        match = re.match(r"GRANT (.+?) ON (?:TABLE )?(\S+)", grant)
        if match is None:
            continue  # a role that was granted: its rights are in lines of their own
        rights, where = match.groups()
        place = where.split(".")[0].strip("`").replace("\\_", "_").replace("%", "")
        if place != "*" and not schema.startswith(place):
            continue
        words = re.sub(r"\([^)]*\)", "", rights).split(",")
        found |= {word.strip() for word in words} - _READING
    return found


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _number(value: object) -> int | None:
    return int(str(value)) if value is not None else None
