"""What PostgreSQL's catalog says of a table: where it is, what it is, its columns."""

from dataclasses import dataclass

from connectors.postgres_types import SourceColumn
from lake.columns import literal, quoted


@dataclass(frozen=True)
class SourceTable:
    """A table, view or foreign table."""

    oid: int
    schema: str
    name: str
    kind: str
    """As in ``pg_class.relkind``."""
    may_read: bool
    """Whether the account may read at least one of its columns."""

    @property
    def relation(self) -> str:
        """Its name for the server."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"


def find_sql(schema: str, name: str) -> str:
    """The query for a ``SourceTable``: in its schema, or where ``schema.table`` says it is."""
    places = [(schema, name)]
    if "." in name:
        places.append((name.split(".", 1)[0], name.split(".", 1)[1]))
    values = ", ".join(f"({literal(s)}, {literal(n)}, {i})" for i, (s, n) in enumerate(places))
    return (
        "select c.oid::int8 as oid, n.nspname::text as schema, c.relname::text as name, "
        "c.relkind::text as kind, has_schema_privilege(n.oid, 'USAGE') "
        "and has_any_column_privilege(c.oid, 'SELECT') as may_read "
        f"from (values {values}) place(schema, name, rank) "
        "join pg_catalog.pg_namespace n on n.nspname = place.schema "
        "join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = place.name "
        "where c.relkind in ('r', 'p', 'v', 'm', 'f') order by place.rank limit 1"
    )


def columns_sql(oid: int) -> str:
    """The query for the ``SourceColumn``s of a table that the account may read, in order.

    A domain can be made of a domain, so its type is looked for step by step.
    """
    return (
        "with recursive step(number, type, modifier) as ("
        "select attnum, atttypid, atttypmod from pg_catalog.pg_attribute "
        f"where attrelid = {oid}::oid and attnum > 0 and not attisdropped "
        f"and has_column_privilege({oid}::oid, attnum, 'SELECT') "
        "union all select step.number, t.typbasetype, "
        "case when step.modifier = -1 then t.typtypmod else step.modifier end "
        "from step join pg_catalog.pg_type t on t.oid = step.type where t.typtype = 'd') "
        "select a.attname::text as name, not a.attnotnull as nullable, "
        "case when t.typnamespace = 'pg_catalog'::regnamespace then t.typname::text else '' end "
        "as type_name, "
        # An hstore has a cast to JSON of its own, which is used for it as for composite types.
        "case when t.typname = 'hstore' then 'C' "
        "else t.typcategory::text end as category, step.modifier::int8 as modifier "
        "from step join pg_catalog.pg_type t on t.oid = step.type and t.typtype <> 'd' "
        f"join pg_catalog.pg_attribute a on a.attrelid = {oid}::oid and a.attnum = step.number "
        "order by a.attnum"
    )


def source_table(row: tuple[int, str, str, str, bool]) -> SourceTable:
    """A row of ``find_sql``."""
    return SourceTable(*row)


def source_column(row: tuple[str, bool, str, str, int]) -> SourceColumn:
    """A row of ``columns_sql``."""
    return SourceColumn(*row)
