"""`kota quarantine`: what could not be taken in, why, and what to do with it."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from connectors.registry import App
from connectors.replay import Replayed, replay
from kota.console import JsonOption, console, fail, print_json, print_table
from kota.lake_past import MASK
from kota.settings import get_settings
from kota.sources_commands import chosen_apps
from lake.lock import BusyError
from lake.quarantine import Entry, Quarantine
from lake.rewrite import extraction_lock
from record.chain import RecordError
from record.work import on_record

quarantine = typer.Typer(help="Rows and values that could not be taken in.", no_args_is_help=True)

TablesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[APP[.TABLE]]...", help="Apps or tables; all when left out."),
]
RuleOption = Annotated[str | None, typer.Option(help="Only entries that break this rule.")]


@quarantine.command("list")
def list_entries(
    tables: TablesArgument = None, rule: RuleOption = None, as_json: JsonOption = False
) -> None:
    """Count the open entries by table, rule and reason."""
    groups: dict[tuple[str, str, str, bool], list[Entry]] = defaultdict(list)
    for app, table, entries in _chosen(tables, rule):
        for entry in entries:
            groups[f"{app.app}.{table}", entry.rule, entry.reason, entry.is_loaded].append(entry)
    rows = [
        {
            "table": name,
            "rule": broken,
            "reason": reason,
            "entries": len(entries),
            "missing": "the value" if is_loaded else "the row",
            "since": min(entry.at for entry in entries).isoformat(sep=" ", timespec="minutes"),
        }
        for (name, broken, reason, is_loaded), entries in sorted(groups.items())
    ]
    if as_json:
        print_json(rows)
    elif not rows:
        console.print("Nothing is in quarantine.")
    else:
        print_table("Open in quarantine", list(rows[0]), [list(row.values()) for row in rows])
        console.print("See the records with `kota quarantine show APP.TABLE`.")


@quarantine.command("show")
def show_entries(
    table: Annotated[str, typer.Argument(metavar="APP.TABLE")],
    rule: RuleOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many records.")] = 20,
    show_personal: Annotated[
        bool, typer.Option("--show-personal", help="Show personal columns instead of masking them.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show open entries with the record as it arrived."""
    shown = []
    for app, name, entries in _chosen([table], rule):
        shown += [_shown(app, name, entry, show_personal) for entry in entries[:limit]]
    if as_json:
        print_json(shown)
        return
    for one in shown:
        console.print(f"[bold]{one['entry']}[/]  {one['rule']}: {one['reason']}")
        console.print(f"  since {one['since']}, batch {one['batch']}")
        console.print(f"  {one['record']}", markup=False, highlight=False, soft_wrap=True)


@quarantine.command("replay")
def replay_entries(
    tables: TablesArgument = None, rule: RuleOption = None, as_json: JsonOption = False
) -> None:
    """Judge open entries by today's rules, and land those that now pass."""
    settings = get_settings()
    done: list[Replayed] = []
    for app, table, entries in _chosen(tables, rule):
        try:
            with (
                extraction_lock(settings.lake_dir, app.app),
                on_record(settings, "quarantine", [app.app]) as said,
            ):
                done.append(replay(app, table, entries, settings))
                said["replayed"] = asdict(done[-1])
        except (BusyError, RecordError) as error:
            fail(str(error))
    if as_json:
        print_json([asdict(one) for one in done])
    elif not done:
        console.print("Nothing is in quarantine.")
    else:
        rows = [
            (f"{one.app}.{one.table}", one.landed, one.outdated, one.still_open) for one in done
        ]
        print_table("Replayed", ["table", "landed", "repaired since", "still open"], rows)


@quarantine.command("discard")
def discard_entries(
    table: Annotated[str, typer.Argument(metavar="APP.TABLE")],
    reason: Annotated[str, typer.Option(help="Why they may be left out: kept for the auditor.")],
    rule: RuleOption = None,
    entry: Annotated[
        list[str] | None, typer.Option("--entry", help="The id of an entry, or how it begins.")
    ] = None,
) -> None:
    """Close entries whose records are to be left out for good."""
    settings = get_settings()
    for app, name, entries in _chosen([table], rule):
        meant = [e for e in entries if not entry or any(e.id.startswith(x) for x in entry)]
        if not meant:
            fail(f"{app.app}.{name}: no open entry begins with {', '.join(entry or [])}")
        try:
            with (
                extraction_lock(settings.lake_dir, app.app),
                on_record(settings, "quarantine", [app.app]) as said,
            ):
                Quarantine(settings.lake_dir, app.app).close(meant, "discarded", reason)
                said["discarded"] = {"table": f"{app.app}.{name}", "entries": len(meant)}
        except (BusyError, RecordError) as error:
            fail(str(error))
        console.print(f"{app.app}.{name}: {len(meant)} entries are discarded; their records stay.")


def _chosen(names: list[str] | None, rule: str | None) -> Iterator[tuple[App, str, list[Entry]]]:
    """The tables meant that have open entries. Ends the command when a name is wrong."""
    settings = get_settings()
    meant = [name.partition(".")[::2] for name in names or []]
    for app in chosen_apps(list(dict.fromkeys(app for app, _ in meant)) or None):
        tables = [table for name, table in meant if name == app.app]
        if unknown := [table for table in tables if table and table not in app.tables]:
            fail(f"{app.app} has no table {', '.join(unknown)}; it has {', '.join(app.tables)}")
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in Quarantine(settings.lake_dir, app.app).open_entries():
            is_meant = not tables or "" in tables or entry.table in tables
            if is_meant and entry.table in app.tables and rule in (None, entry.rule):
                found[entry.table].append(entry)
        for table, entries in found.items():
            yield app, table, entries


def _shown(app: App, table: str, entry: Entry, show_personal: bool) -> dict[str, object]:
    return {
        "entry": entry.id[:12],
        "rule": entry.rule,
        "reason": entry.reason,
        "since": entry.at.isoformat(sep=" ", timespec="minutes"),
        "batch": entry.batch,
        "record": entry.raw if show_personal else _masked(app, table, entry.raw),
    }


def _masked(app: App, table: str, raw: str) -> str:
    """The record without personal values; one without columns could hold anything."""
    if not raw.startswith("{"):
        return f"{MASK} ({len(raw)} characters; --show-personal shows them)"
    columns = app.tables[table].columns
    record = json.loads(raw)
    for name, value in record.items():
        if value is not None and name in columns and columns[name].personal:
            record[name] = MASK
    return json.dumps(record, ensure_ascii=False)
