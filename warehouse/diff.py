"""What changed between two publications of the same numbers, and why: `kota diff`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from connectors.registry import App, load_registry
from kota.settings import Settings
from lake.columns import literal, quoted
from lake.engine import connect
from lake.table import LakeTable
from warehouse.candidate import candidates
from warehouse.content import content_hash
from warehouse.grain import grains
from warehouse.lake_changes import LakeChange, changes_of, lake_change
from warehouse.manifest import Manifest
from warehouse.origin import files_between
from warehouse.recipe import Recipe, Recipes
from warehouse.same_grain import LakeKey, lake_key, tables_of
from warehouse.snapshots import Snapshot, find_snapshot
from warehouse.table_diff import TableDiff, column_types, compare
from warehouse.trace.graph import Graph
from warehouse.trace.openlineage import FILE_NAME, read_events

PROGRAMS = ("lake/", "warehouse/", "pipeline.txt", "requirements/", "city.yml")
"""What is behind every mart."""


MOST_VALUES = 30
"""A column with more values is told by its sum alone."""


class NoSuchMartError(Exception):
    """There is no such mart or column in either snapshot."""


@dataclass(frozen=True)
class Why:
    """The reasons that may be behind what differs in one mart."""

    lake: list[LakeChange]
    """Of the lake tables it is made of."""
    by_way: list[LakeChange]
    """Of those by way of persons, places, departments and services."""
    files: list[str]
    """Rules: models, macros, seeds, registry files and programs that differ."""
    is_rule_unknown: bool
    """The rules differ, and nobody kept which."""
    held: list[str]
    """Apps that were held back or released, in sentences."""
    is_of_time: bool
    """The instant that ages and lateness are counted to moved on, and it is in the figures."""

    @property
    def is_any(self) -> bool:
        """Whether there is a reason at all."""
        rules = bool(self.files) or self.is_rule_unknown
        return rules or bool(self.lake or self.by_way or self.held or self.is_of_time)


@dataclass(frozen=True)
class MartChange:
    """One mart that differs."""

    difference: TableDiff
    late_rows: int
    """Added rows that tell of something before the first snapshot looked."""
    source: str | None
    """The lake table that has the same rows, where the lineage of the keys tells one."""
    fates: dict[str, dict[str, int]]
    """Of the rows added, removed and changed, what became of their row in it; ``untouched`` where
    nothing did, so that something else is the reason."""
    values: dict[str, tuple[int, int]]
    """Of the column asked for: rows by value, before and after, where they differ."""
    why: Why


@dataclass(frozen=True)
class SnapshotDiff:
    """Two snapshots beside each other."""

    before: Manifest
    after: Manifest
    same: list[str]
    """Marts whose content is the same, by hash."""
    changed: list[MartChange]
    only_before: list[str]
    only_after: list[str]
    files: list[str]
    """All files of the configuration that differ."""


def diff(
    settings: Settings, first: str, second: str, mart: str | None = None, column: str | None = None
) -> SnapshotDiff:
    """Compare two snapshots, or one mart or column of them.

    Raises ``UnknownSnapshotError``, ``NoSuchMartError``.
    """
    before, after = find_snapshot(settings, first), find_snapshot(settings, second)
    with connect(settings) as con:
        return _Comparison(settings, con, before, after).of(mart, column)


class _Comparison:
    def __init__(
        self,
        settings: Settings,
        con: duckdb.DuckDBPyConnection,
        before: Snapshot,
        after: Snapshot,
    ) -> None:
        self.settings = settings
        self.con = con
        self.before, self.after = before.manifest, after.manifest
        self.apps = load_registry(settings)
        self.files = files_between(settings, self.before, self.after)
        self.recipes = _recipes(settings)
        self.graph = _graph(settings, self.apps)
        self._known: dict[str, LakeChange | None] = {}
        con.execute(f"attach {literal(str(before.path))} as before (read_only)")
        con.execute(f"attach {literal(str(after.path))} as after (read_only)")

    def of(self, mart: str | None, column: str | None) -> SnapshotDiff:
        left, right = self._marts("before"), self._marts("after")
        if mart and mart not in left | right:
            raise NoSuchMartError(f"no mart {mart}; there is: {', '.join(sorted(left | right))}")
        both = [name for name in sorted(left & right) if mart in (None, name)]
        if mart and column and mart in left & right:
            self._check_column(mart, column)
        same = [name for name in both if self._is_same(name)]
        keys = grains(self.settings)
        return SnapshotDiff(
            before=self.before,
            after=self.after,
            same=same,
            changed=[self._change(n, keys.get(n, []), column) for n in both if n not in same],
            only_before=[name for name in sorted(left - right) if mart in (None, name)],
            only_after=[name for name in sorted(right - left) if mart in (None, name)],
            files=self.files,
        )

    def _marts(self, side: str) -> set[str]:
        names = self.con.execute(
            "select table_name from duckdb_tables() "
            "where database_name = ? and schema_name = 'marts'",
            [side],
        ).fetchall()
        return {name for (name,) in names}

    def _check_column(self, mart: str, column: str) -> None:
        there = [
            name
            for side in ("before", "after")
            for name in column_types(self.con, f"{side}.marts.{quoted(mart)}")
        ]
        if column not in there:
            named = ", ".join(dict.fromkeys(there))
            raise NoSuchMartError(f"{mart} has no column {column}; it has: {named}")

    def _is_same(self, name: str) -> bool:
        return self._hash("before", self.before, name) == self._hash("after", self.after, name)

    def _hash(self, side: str, manifest: Manifest, name: str) -> str:
        """By the manifest, and of former snapshots from the file."""
        told = manifest.publication.tables.get(name) if manifest.publication else None
        is_known = told and told.content and self.before.duckdb_version == self.after.duckdb_version
        if told and is_known:
            return told.content
        return content_hash(self.con, f"{side}.marts.{quoted(name)}")

    def _change(self, name: str, key: Sequence[str], column: str | None) -> MartChange:
        difference = compare(self.con, "before", "after", name, key)
        source = lake_key(self.graph, self.apps, name, difference.key)
        recipe = self._recipe(name, column)
        fates = self._fates(source) if source else {}
        if not fates:
            source = None
        late = fates.get("added", {}).get("late")
        if late is None and difference.added.count and not fates:
            late = self._late_rows(name, recipe)
        return MartChange(
            difference=difference,
            late_rows=late or 0,
            source=f"{source.app}.{source.table}" if source else None,
            fates=fates,
            values=self._values(name, column) if column else {},
            why=self._why(recipe),
        )

    def _recipe(self, name: str, column: str | None) -> Recipe:
        """What the mart is made of; the tables in the value of a column first."""
        recipe = self.recipes.of(name)
        if column is None:
            return recipe
        above = tables_of(self.graph, name, column)
        return replace(
            recipe,
            direct=sorted(recipe.direct, key=lambda table: table not in above),
            by_way=sorted(recipe.by_way, key=lambda table: table not in above),
        )

    def _fates(self, source: LakeKey) -> dict[str, dict[str, int]]:
        """Of each kind of change, the rows by what became of them in the lake."""
        name = f"{source.app}.{source.table}"
        first, last = self.before.lake.get(name), self.after.lake.get(name)
        if first is None or last is None or first > last:
            return {}
        table = LakeTable(self.settings.lake_dir, source.app, source.table)
        app, looked = self.apps[source.app], self._looked_at(name)
        if first == last:
            self.con.execute("create or replace temp table fates as select null as fate limit 0")
        elif lake_change(self.con, app, table, first, last, looked).note:
            return {}
        same = " and ".join(
            f"cast(case when a.is_there then a.{quoted(ours)} else b.{quoted(ours)} end as varchar)"
            f" = cast(fates.{quoted(theirs)} as varchar)"
            for ours, theirs in source.columns.items()
        )
        # A key that was changed on the way finds nothing, which is not to be told as a fate.
        unknown = self.con.execute(
            f"select count(*) from differing anti join {table.relation()} fates on {same}"
        ).fetchone()
        if unknown != (0,):
            return {}
        rows = self.con.execute(
            "select change, coalesce(fate, 'untouched'), count(*) from differing "
            f"left join fates on {same if first != last else 'false'} group by all order by all"
        ).fetchall()
        found: dict[str, dict[str, int]] = {}
        for change, fate, count in rows:
            found.setdefault(change, {})[fate] = count
        return found

    def _late_rows(self, name: str, recipe: Recipe) -> int:
        """Rows that came and tell of a time before the first snapshot looked at their source."""
        types = column_types(self.con, f"after.marts.{quoted(name)}")
        before = column_types(self.con, f"before.marts.{quoted(name)}")
        times = [
            f"a.{quoted(column)}"
            for column, kind in types.items()
            if kind == "TIMESTAMP WITH TIME ZONE" and column in before
        ]
        if not times or not recipe.direct:
            return 0
        looked = max(self._looked_at(table) for table in recipe.direct)
        row = self.con.execute(
            f"select count(*) from differing where change = 'added' and least({', '.join(times)}) "
            "< ?",
            [looked],
        ).fetchone()
        return int(row[0]) if row else 0

    def _values(self, name: str, column: str) -> dict[str, tuple[int, int]]:
        """Of a column with few values, how many rows have each."""
        there = [
            column in column_types(self.con, f"{side}.marts.{quoted(name)}")
            for side in ("before", "after")
        ]
        if not all(there):
            return {}
        rows = self.con.execute(
            f"select value, count(*) filter (is_before), count(*) filter (not is_before) from ("
            f"select cast({quoted(column)} as varchar) as value, true as is_before "
            f"from before.marts.{quoted(name)} union all "
            f"select cast({quoted(column)} as varchar), false from after.marts.{quoted(name)}) "
            "group by value order by value"
        ).fetchall()
        if len(rows) > MOST_VALUES:
            return {}
        return {str(value): (b, a) for value, b, a in rows if b != a}

    def _why(self, recipe: Recipe) -> Why:
        apps = {table.split(".")[0] for table in [*recipe.direct, *recipe.by_way]}
        return Why(
            lake=self._lake(recipe.direct),
            by_way=self._lake(recipe.by_way),
            files=[
                file
                for file in self.files
                if file in recipe.files
                or file.startswith(PROGRAMS)
                or (file.startswith("connectors/apps/") and file.split("/")[-1][:-4] in apps)
            ],
            is_rule_unknown=not self.files and self.before.config_hash != self.after.config_hash,
            held=[
                said for app, said in held_changes(self.before, self.after).items() if app in apps
            ],
            is_of_time=recipe.is_of_time and self.before.as_of != self.after.as_of,
        )

    def _lake(self, tables: Sequence[str]) -> list[LakeChange]:
        for name in tables:
            if name not in self._known:
                self._known[name] = self._lake_change(name)
        return [change for name in tables if (change := self._known[name])]

    def _lake_change(self, name: str) -> LakeChange | None:
        app = self.apps.get(name.split(".")[0])
        table = LakeTable(self.settings.lake_dir, *name.split(".", 1))
        if app is None or table.table not in app.tables:
            return LakeChange(name, note="it is not in the registry any more")
        looked = {table.name: self._looked_at(name)}
        found = changes_of(self.con, app, [table], self.before.lake, self.after.lake, looked)
        return found[0] if found else None

    def _looked_at(self, name: str) -> datetime:
        """When the source was last seen for the first snapshot."""
        known = self.before.observed.get(name)
        if known and known.checked_at:
            return known.checked_at
        version = self.before.lake.get(name)
        table = LakeTable(self.settings.lake_dir, *name.split(".", 1))
        batch = table.last_batch(version) if version is not None and table.exists() else None
        return batch.extracted_at if batch else self.before.as_of


def held_changes(before: Manifest, after: Manifest) -> dict[str, str]:
    """By app, that it was held back since, released, or held for another reason."""
    said = {}
    for app in sorted(before.held | after.held):
        then, now = before.held.get(app), after.held.get(app)
        if then is None and now is not None:
            said[app] = f"{app} was held back: {now.reason}"
        elif now is None and then is not None:
            said[app] = f"{app}, held back until then ({then.reason}), was released"
        elif now is not None and then is not None and now.reason != then.reason:
            said[app] = f"{app} is still held back, now because {now.reason}"
    return said


def _graph(settings: Settings, apps: Mapping[str, App]) -> Graph:
    """The lineage of columns that the newest candidate has on record."""
    for candidate in reversed(candidates(settings)):
        if (candidate.folder / FILE_NAME).exists():
            return Graph(read_events(candidate.folder / FILE_NAME), apps)
    return Graph([], apps)


def _recipes(settings: Settings) -> Recipes:
    """By the newest candidate that dbt left its manifest of."""
    for candidate in reversed(candidates(settings)):
        if (candidate.folder / "dbt" / "manifest.json").exists():
            return Recipes.load(candidate.folder / "dbt")
    return Recipes({})
