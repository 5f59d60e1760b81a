"""What PostgreSQL says about itself."""

from collections import defaultdict
from typing import Any

from connectors.discover.catalog import WIDTH, Catalog
from connectors.discover.facts import ColumnFacts, Kind, Reference, ServerFacts, TableFacts
from lake.columns import literal

_KINDS: dict[Kind, set[str]] = {
    "integer": {"int2", "int4", "int8"},
    "number": {"numeric", "float4", "float8", "money"},
    "text": {"text", "varchar", "bpchar", "uuid", "citext", "name", "inet"},
    "time": {"timestamp", "timestamptz"},
    "date": {"date"},
    "binary": {"bytea"},
}
_RELATIONS = """
select c.oid::bigint, c.relname::text, c.relkind::text,
       c.reltuples::bigint as rows,
       coalesce(parts.rows, 0)::bigint as part_rows,
       (pg_total_relation_size(c.oid) + coalesce(parts.bytes, 0))::bigint as bytes,
       coalesce(obj_description(c.oid, 'pg_class'), '') as comment,
       has_table_privilege(c.oid, 'select') as is_readable
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join lateral (
    select sum(greatest(p.reltuples, 0)) as rows, sum(pg_total_relation_size(p.oid)) as bytes
    from pg_partition_tree(c.oid) t join pg_class p on p.oid = t.relid
    where c.relkind = 'p' and t.isleaf
) parts on true
where n.nspname = {schema} and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
order by c.relname
"""
_COLUMNS = """
select a.attrelid::bigint, a.attnum::int, a.attname::text,
       format_type(a.atttypid, a.atttypmod) as declared,
       coalesce(base.typname, t.typname)::text as base, t.typtype::text, a.attnotnull,
       a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid), '') like 'nextval(%'
           as counts_up,
       coalesce(col_description(a.attrelid, a.attnum), '') as comment
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
left join pg_type base on base.oid = t.typbasetype and t.typtype = 'd'
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where n.nspname = {schema} and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and a.attnum > 0 and not a.attisdropped
order by 1, 2
"""
_INDEXES = """
select i.indrelid::bigint, i.indisprimary,
       i.indisunique and i.indpred is null and i.indisvalid as is_unique,
       i.indkey::text, i.indnkeyatts::int
from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = {schema}
"""
_REFERENCES = """
select con.conrelid::bigint, a.attname::text as name, f.relname::text,
       b.attname::text as target
from pg_constraint con
join pg_class f on f.oid = con.confrelid and f.relnamespace = con.connamespace
join pg_namespace n on n.oid = con.connamespace
join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[1]
join pg_attribute b on b.attrelid = con.confrelid and b.attnum = con.confkey[1]
where con.contype = 'f' and cardinality(con.conkey) = 1 and n.nspname = {schema}
order by 1, 2
"""
_TRIGGERS = """
select t.tgrelid::bigint, lower(p.prosrc || ' ' || encode(t.tgargs, 'escape')) as code
from pg_trigger t join pg_proc p on p.oid = t.tgfoid
join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
where not t.tgisinternal and t.tgtype & 19 = 19 and n.nspname = {schema}
"""
_RIGHTS = """
select distinct right_name from pg_class c join pg_namespace n on n.oid = c.relnamespace,
     unnest(array['insert', 'update', 'delete', 'truncate']) as right_name
where n.nspname = {schema} and c.relkind in ('r', 'p')
  and has_table_privilege(c.oid, right_name)
union select 'superuser' from pg_roles where rolname = current_user and rolsuper
order by 1
"""


class PostgresCatalog(Catalog):
    """PostgreSQL, by pg_catalog: information_schema hides what is not ours."""

    query_function = "postgres_query"

    def default_schema(self) -> str:
        """``public``, or the schema with the most tables where that one has none."""
        counts = self._schemas()
        if not counts or "public" in counts:
            return "public"
        return max(counts, key=lambda name: counts[name])

    def other_schemas(self) -> dict[str, int]:
        """Other schemas of the database."""
        return {name: count for name, count in self._schemas().items() if name != self.schema}

    def tables(self) -> list[TableFacts]:
        """Partitions are left to their table; views, materialised ones too, are views."""
        names: dict[int, dict[int, str]] = defaultdict(dict)
        columns: dict[int, list[ColumnFacts]] = defaultdict(list)
        triggers = self._asked(_TRIGGERS)
        for oid, number, name, declared, base, typtype, required, counts_up, comment in self._asked(
            _COLUMNS
        ):
            names[oid][number] = name
            lowered = name.lower()
            touched = any(
                oid == table and (f"new.{lowered}" in code or lowered in code.split())
                for table, code in triggers
            )
            columns[oid].append(
                ColumnFacts(
                    name=name,
                    type=declared,
                    kind="text" if typtype == "e" else _kind(base),
                    nullable=not required,
                    counts_up=counts_up,
                    touched="a trigger" if touched else "",
                    comment=comment,
                )
            )
        primary: dict[int, tuple[str, ...]] = {}
        unique: dict[int, list[tuple[str, ...]]] = defaultdict(list)
        leading: dict[int, set[str]] = defaultdict(set)
        for oid, is_primary, is_unique, positions, length in self._asked(_INDEXES):
            numbers = [int(number) for number in positions.split()][:length]
            if 0 in numbers:
                continue  # an index of an expression
            parts = tuple(names[oid][number] for number in numbers)
            leading[oid].add(parts[0])
            if is_primary:
                primary[oid] = parts
            elif is_unique:
                unique[oid].append(parts)
        references: dict[int, list[Reference]] = defaultdict(list)
        for oid, column, table, target in self._asked(_REFERENCES):
            references[oid].append(Reference(column, table, target))
        return [
            TableFacts(
                name=name,
                kind="view" if kind in {"v", "m"} else "table",
                columns=tuple(columns[oid]),
                # Before the first ANALYZE the estimate is -1.
                rows=part_rows if kind == "p" else (rows if rows >= 0 else None),
                bytes=size,
                comment=comment,
                primary_key=primary.get(oid, ()),
                unique=tuple(unique[oid]),
                indexed=frozenset(leading[oid]),
                references=tuple(references[oid]),
            )
            for oid, name, kind, rows, part_rows, size, comment, _ in self._asked(_RELATIONS)
        ]

    def as_text(self, column: ColumnFacts) -> str:
        """Every type of PostgreSQL has a text; bytes are shown in hexadecimal."""
        name = self.quoted(column.name)
        if column.kind == "binary":
            return f"encode(substring({name} for 64), 'hex')"
        return f"left({name}::text, {WIDTH})"

    def server(self) -> ServerFacts:
        """Its clock and zone, and the rights of the account in this schema."""
        version, now, local, zone = self.one(
            "select current_setting('server_version') as version, "
            "now() at time zone 'UTC' as utc, now() at time zone s.reset_val as there, "
            "s.reset_val as zone from pg_settings s where s.name = 'TimeZone'"
        )
        return ServerFacts(
            version=version,
            now=now,
            local_now=local,
            zone=zone,
            may_write=tuple(right for (right,) in self._asked(_RIGHTS)),
            unreadable=tuple(row[1] for row in self._asked(_RELATIONS) if not row[7]),
        )

    def _schemas(self) -> dict[str, int]:
        return dict(
            self.ask(
                "select n.nspname::text, count(*) as tables from pg_class c "
                "join pg_namespace n on n.oid = c.relnamespace "
                "where c.relkind in ('r', 'p', 'f') and n.nspname not in "
                "('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%' "
                "group by 1 order by 1"
            )
        )

    def _asked(self, query: str) -> list[tuple[Any, ...]]:
        return self.ask(query.format(schema=literal(self.schema)))


def _kind(base: str) -> Kind:
    return next((kind for kind, names in _KINDS.items() if base in names), "other")
