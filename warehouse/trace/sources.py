"""The end of the way: a table of a legacy app, its rows in the lake, and what was kept out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import duckdb

from connectors.registry import App
from expectations.privacy import mask
from kota.settings import Settings
from lake import columns as c
from lake.quarantine import Quarantine
from lake.table import LakeTable
from warehouse.manifest import Manifest
from warehouse.trace.batches import BatchFacts, batch_facts, newest_files
from warehouse.trace.field import STATES, Relation
from warehouse.trace.quality import Quality
from warehouse.trace.step import Step

PERSONAL = "(personal)"
FIRST = 20
"""So many rows are shown; all are counted."""


@dataclass(frozen=True)
class KeptOut:
    """Records of a source table that are in no number, by rule and reason."""

    rule: str
    reason: str
    records: int
    since: datetime
    is_loaded: bool
    """Whether only a value of the record is missing."""
    entries: list[str]
    """How the ids of the first begin, for `kota quarantine`."""


@dataclass
class Source:
    """A table of a legacy app, as far as a number is made of it."""

    app: str
    app_name: str
    department: str
    owner: str
    table: str
    source_table: str
    key: list[str]
    lake_version: int | None
    held: str | None
    """Why and since when its news is held back, if it is."""
    is_specific: bool
    """Whether it has specific personal data (UU 27/2022 art. 4): then its rows are only counted,
    unless personal columns are asked for."""
    rows: int | None = None
    """How many of its rows are in the number, where that was asked for."""
    shown: list[dict[str, Any]] = field(default_factory=list)
    """The first of them as they are in the lake, personal columns masked."""
    states: list[dict[str, Any]] = field(default_factory=list)
    """Where it is one row: every state it had, with batch and file."""
    batches: list[BatchFacts] = field(default_factory=list)
    reconciliation: list[tuple[bool, str]] = field(default_factory=list)
    kept_out: list[KeptOut] = field(default_factory=list)

    @property
    def name(self) -> str:
        """``laksa.pengaduan``."""
        return f"{self.app}.{self.table}"


class Sources:
    """What a snapshot was made from."""

    def __init__(
        self,
        settings: Settings,
        apps: Mapping[str, App],
        manifest: Manifest,
        quality: Quality,
    ) -> None:
        self._settings = settings
        self._apps = apps
        self._manifest = manifest
        self._quality = quality

        self.of = cache(self._of)

    def _of(self, relation: Relation) -> Source | None:
        """What is known of a lake relation, with its last batch; asked for by many marts."""
        source = self._described(relation)
        if source is not None and source.lake_version is not None:
            table = LakeTable(self._settings.lake_dir, source.app, source.table)
            last = table.last_batch(source.lake_version)
            numbers = [last.number] if last else []
            source.batches = batch_facts(self._settings, table, source.lake_version, numbers, ())
        return source

    def with_rows(
        self,
        relation: Relation,
        con: duckdb.DuckDBPyConnection,
        steps: Sequence[Step],
        *,
        show_personal: bool = False,
    ) -> Source | None:
        """The same with those rows of it that were found, and the batches that brought them."""
        source = self._described(relation)
        if source is not None and source.lake_version is not None:
            columns = {} if show_personal else self._apps[source.app].tables[source.table].columns
            hidden = {
                name
                for name, said in columns.items()
                if said.personal is not None and said.policy == "keep"
            }
            self._find_rows(source, source.lake_version, con, steps, hidden)
            if source.is_specific and not show_personal:
                source.shown, source.states = [], []
        return source

    def _described(self, relation: Relation) -> Source | None:
        app = self._apps.get(relation.app or "")
        name = relation.name.removesuffix(STATES)
        if app is None or name not in app.tables:
            return None
        entry = app.tables[name]
        held = self._manifest.held.get(app.app)
        return Source(
            app=app.app,
            app_name=app.name,
            department=app.department,
            owner=app.owner,
            table=name,
            source_table=app.source_name(name),
            key=entry.key,
            lake_version=self._manifest.lake.get(f"{app.app}.{name}"),
            held=held.sentence(app.app) if held and f"{app.app}.{name}" in held.tables else None,
            is_specific=any(said.personal == "spesifik" for said in entry.columns.values()),
            reconciliation=[
                (result.passed, result.sentence())
                for result in self._quality.reconciliation.get(f"{app.app}.{name}", ())
            ],
            kept_out=list(self._kept_out(app.app, name)),
        )

    def _kept_out(self, app: str, table: str) -> Iterator[KeptOut]:
        """What stood in quarantine when the snapshot was built; never the records themselves."""
        quarantine = Quarantine(self._settings.lake_dir, app)
        entries = [e for e in quarantine.standing_entries(table) if e.at <= self._manifest.built_at]
        groups = Counter((e.rule, e.reason, e.is_loaded) for e in entries)
        for (rule, reason, is_loaded), records in groups.most_common():
            own = [
                e for e in entries if (e.rule, e.reason, e.is_loaded) == (rule, reason, is_loaded)
            ]
            yield KeptOut(
                rule=rule,
                reason=mask(reason),
                records=records,
                since=min(e.at for e in own),
                is_loaded=is_loaded,
                entries=[e.id[:12] for e in own[:3]],
            )

    def _find_rows(
        self,
        source: Source,
        version: int,
        con: duckdb.DuckDBPyConnection,
        steps: Sequence[Step],
        hidden: set[str],
    ) -> None:
        table = LakeTable(self._settings.lake_dir, source.app, source.table)
        all_rows = " union ".join(
            f"select * exclude ({c.UNTIL}) from {step.table}"
            if step.relation.name.endswith(STATES)
            else f"select * from {step.table}"
            for step in steps
        )
        con.execute(f"create or replace temp table at_source as {all_rows}")
        numbers = [
            row[0] for row in con.execute(f"select distinct {c.BATCH} from at_source").fetchall()
        ]
        source.rows = _count(con)
        source.shown = _rows(con, f"select * from at_source limit {FIRST}", hidden)
        files = ", ".join(c.literal(str(path)) for path in newest_files(table))
        identity = c.identity(source.key)
        same = " and ".join(
            f"log.{c.quoted(name)} is not distinct from one.{c.quoted(name)}" for name in identity
        )
        states = (
            f"select log.* exclude (filename), parse_filename(log.filename) as _file_in_lake "
            f"from read_parquet([{files}], union_by_name = true, filename = true) as log "
            f"where exists (select 1 from at_source as one where {same})"
        )
        last = table.last_batch(version)
        until = last.number if last else 0
        con.execute(f"create or replace temp table states as {states} and log.{c.BATCH} <= {until}")
        names = con.execute(
            f"select distinct _file_in_lake from states where {c.BATCH} in "
            f"(select {c.BATCH} from at_source)"
        ).fetchall()
        if source.rows == 1:
            order = f"order by {c.BATCH}, {c.OP} limit {FIRST}"
            source.states = _rows(con, f"select * from states {order}", hidden)
        source.batches = batch_facts(
            self._settings, table, version, numbers, [row[0] for row in names]
        )


def _rows(con: duckdb.DuckDBPyConnection, query: str, hidden: set[str]) -> list[dict[str, Any]]:
    """Rows with personal values left out; what landed as a token is shown as that."""
    result = con.execute(query)
    names = [column[0] for column in result.description or ()]
    return [
        {
            name: PERSONAL if name in hidden and value is not None else value
            for name, value in zip(names, row, strict=True)
            if name != c.HASH
        }
        for row in result.fetchall()
    ]


def _count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("select count(*) from at_source").fetchone()
    return int(row[0]) if row else 0
