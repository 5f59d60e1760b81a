"""A trace on the terminal, as trees, and as one JSON document."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from warehouse.trace.field import APP, Relation
from warehouse.trace.origins import Cells, Trace
from warehouse.trace.quality import Checked
from warehouse.trace.reverse import Dependents
from warehouse.trace.sources import Source
from warehouse.trace.step import Step

_HOW = {
    "IDENTITY": "as it is",
    "TRANSFORMATION": "computed",
    "AGGREGATION": "aggregated",
    "FILTER": "chooses rows",
    "JOIN": "joins",
    "GROUP_BY": "groups",
}
_LAYERS = {
    "lake_": "Lake",
    "staging": "Staging",
    "intermediate": "Intermediate",
    "marts": "Marts",
}
_VERDICTS = {"pass": "green", "warn": "yellow", "fail": "red"}
_FEW_KEYS = 5
_FEW_COLUMNS = 12


def show(found: Trace, console: Console) -> None:
    """Print it."""
    snapshot = found.snapshot
    title = f"{found.mart}.{found.column}" if found.column else found.mart
    colour = _VERDICTS.get(snapshot.verdict, "white")
    console.print(f"[bold]{title}[/]  {escape(found.about)}", highlight=False)
    console.print(
        f"Snapshot {snapshot.id}, data as of {_time(snapshot.as_of)}: "
        f"[{colour}]{snapshot.verdict}[/], {snapshot.checks} checks, "
        f"{snapshot.warnings} warnings; code {snapshot.code_version}",
        highlight=False,
    )
    if found.cells is not None and found.rows is not None:
        _show_cells(found.cells, console)
        tree = Tree("[bold]Rows[/]")
        _add_step(tree, found.rows, found)
        console.print(tree, highlight=False)
        if not found.is_whole:
            console.print("[yellow]It branches out too far: not every way was followed.[/]")
    else:
        tree = Tree("[bold]Columns[/]")
        nearest = next(iter(found.columns))
        seen: set[Relation] = set()
        _add_columns(tree, nearest, list(found.columns[nearest]), found, seen)
        console.print(tree, highlight=False)
    for source in found.sources:
        console.print(_source_tree(source), highlight=False)
    if not found.sources:
        console.print("No source table is beneath: this is reference data or kota's own record.")


def show_dependents(found: Dependents, console: Console) -> None:
    """Print what depends on a source's table or column."""
    personal = "  [yellow]personal data[/]" if found.is_personal else ""
    tree = Tree(f"[bold]{found.target}[/]{personal}")
    for layer, title in _LAYERS.items():
        if below := found.of(layer):
            branch = tree.add(f"[bold]{title}[/]  {len(below)}")
            for one in below:
                columns = ", ".join(one.columns[:_FEW_COLUMNS]) or "[dim]which rows[/]"
                more = " …" if len(one.columns) > _FEW_COLUMNS else ""
                branch.add(f"{_name(one.relation)}  {columns}{more}")
    if found.suites:
        tree.add(f"[bold]Expectations[/]  {len(found.suites)}: {', '.join(found.suites)}")
    if found.dashboards:
        branch = tree.add(f"[bold]Dashboards[/]  {len(found.dashboards)}")
        for dashboard in found.dashboards:
            node = branch.add(f"[bold]{escape(dashboard.title)}[/]  {dashboard.file}")
            for chart in dashboard.charts:
                node.add(f"{escape(chart.name)}  [dim]{chart.file}, {', '.join(chart.marts)}[/]")
    if found.exposures:
        tree.add(f"[bold]dbt exposures[/]  {', '.join(map(escape, found.exposures))}")
    console.print(tree, highlight=False)


def as_document(found: Trace) -> dict[str, Any]:
    """Everything, for a program."""
    return {
        "mart": found.mart,
        "column": found.column,
        "where": found.where,
        "about": found.about,
        "snapshot": asdict(found.snapshot),
        "cells": asdict(found.cells) if found.cells else None,
        "rows": _step_document(found.rows, found) if found.rows else None,
        "is_whole": found.is_whole,
        "columns": {
            str(relation): {
                column: [{"from": str(one), "how": how} for one, how in sorted(inputs.items())]
                for column, inputs in columns.items()
            }
            for relation, columns in found.columns.items()
        },
        "quality": {
            str(relation): {"expectations": asdict(audited), "tests": asdict(tested)}
            for relation, (audited, tested) in found.quality.items()
        },
        "sources": [asdict(source) for source in found.sources],
    }


def _step_document(step: Step, found: Trace) -> dict[str, Any]:
    return {
        "relation": str(step.relation),
        "rows": step.count,
        "columns": sorted(step.columns),
        "keys": found.keys.get(step.table, []),
        "is_exact": step.is_exact,
        "computed_again": asdict(step.proof) | {"is_same": step.proof.holds}
        if step.proof
        else None,
        "beneath": [_step_document(one, found) for one in step.beneath],
    }


def _show_cells(cells: Cells, console: Console) -> None:
    if cells.count == 0:
        console.print("[yellow]No row fulfils the condition.[/]")
    if not cells.is_as_built:
        console.print("[bold red]✗[/] These rows are not what the candidate was built with.")
    for row in cells.shown[:_FEW_KEYS]:
        console.print(f"  {escape(_pairs(row))}", highlight=False)
    if cells.count > _FEW_KEYS:
        console.print(f"  … {cells.count:,} rows in all; narrow them down with --where")


def _add_step(tree: Tree, step: Step, found: Trace) -> None:
    node = tree.add(_step_line(step, found))
    keys = found.keys.get(step.table, [])
    if keys:
        more = " …" if step.count > _FEW_KEYS else ""
        shown = "; ".join(_pairs(row) for row in keys[:_FEW_KEYS])
        node.add(f"[dim]{escape(shown)}{more}[/]")
    for one in step.beneath:
        _add_step(node, one, found)


def _step_line(step: Step, found: Trace) -> str:
    line = f"[bold]{_name(step.relation)}[/]  {_rows(step.count)}"
    if step.proof is not None:
        mark = "[green]=[/]" if step.proof.holds else "[bold red]≠[/]"
        line += (
            f"  computed again from these: {_value(step.proof.again)} {mark} "
            f"{_value(step.proof.published)}"
        )
    elif not step.is_exact:
        line += "  [yellow]that it can be made of; not all must be in it[/]"
    if step.is_dead_end:
        line += "  [yellow]no row beneath[/]"
    return line + _checked(found, step.relation)


def _add_columns(
    tree: Tree, relation: Relation, columns: list[str], found: Trace, seen: set[Relation]
) -> None:
    known = found.columns.get(relation, {})
    shown = ", ".join(columns[:_FEW_COLUMNS]) + (" …" if len(columns) > _FEW_COLUMNS else "")
    node = tree.add(f"[bold]{_name(relation)}[/]  {escape(shown)}{_checked(found, relation)}")
    if relation in seen:
        if known:
            node.add("[dim](see above)[/]")
        return
    seen.add(relation)
    if chosen := found.chosen.get(relation):
        fields = ", ".join(f"{_name(one.relation)}.{one.column}" for one in chosen[:_FEW_KEYS])
        more = " …" if len(chosen) > _FEW_KEYS else ""
        node.add(f"[dim]which rows: {escape(fields)}{more}[/]")
    parents: dict[Relation, dict[str, list[str]]] = {}
    for column in columns:
        for one, how in known.get(column, {}).items():
            parents.setdefault(one.relation, {}).setdefault(one.column, []).append(_HOW[how])
    for parent, made_of in parents.items():
        _add_columns(node, parent, list(made_of), found, seen)


def _source_tree(source: Source) -> Tree:
    rows = "" if source.rows is None else f", {_rows(source.rows)} of it in the number"
    tree = Tree(
        f"[bold]Source {source.name}[/]: table {source.source_table} of {escape(source.app_name)}, "
        f"{source.department}, key {', '.join(source.key) or 'none'}{rows}"
    )
    if source.held:
        tree.add(f"[yellow]{escape(source.held)}[/]")
    if source.is_specific and source.rows and not source.shown:
        tree.add("[dim]its rows are not shown: specific personal data (UU 27/2022 art. 4)[/]")
    for row in source.states or source.shown[:_FEW_KEYS]:
        tree.add(escape(_pairs(row)))
    for batch in source.batches[-_FEW_COLUMNS:]:
        node = tree.add(
            f"Batch [bold]{batch.id}[/] = Delta version {batch.delta_version}, "
            f"read {_time(batch.extracted_at)}, watermark {batch.watermark_before or '—'} → "
            f"{batch.watermark_after or '—'}"
        )
        node.add(
            f"read {batch.rows_read:,}, landed {batch.rows_upserted:,}, deleted "
            f"{batch.rows_deleted:,}, rejected {batch.rows_quarantined:,}; at source "
            f"{_number(batch.source_rows)}, in the lake {batch.lake_rows:,}"
        )
        if batch.run_started_at and batch.run_finished_at:
            node.add(f"run {_time(batch.run_started_at)} to {_time(batch.run_finished_at)}")
        for file in batch.files:
            state = {True: "[green]unchanged[/]", False: "[bold red]changed[/]", None: "not read"}
            node.add(f"file {file.name}  SHA-256 {file.sha256[:16]}… {state[file.is_unchanged]}")
        if batch.note:
            node.add(f"[yellow]{escape(batch.note)}[/]")
    for passed, sentence in source.reconciliation:
        mark = "[green]✓[/]" if passed else "[bold red]✗[/]"
        tree.add(f"{mark} {escape(sentence)}")
    for kept in source.kept_out:
        what = "a value of it is missing" if kept.is_loaded else "not in the number"
        tree.add(
            f"[yellow]{kept.records:,} in quarantine[/] ({what}): {kept.rule}, "
            f"{escape(kept.reason)}, since {_time(kept.since)}"
        )
    if not source.kept_out:
        tree.add("nothing of this table is in quarantine")
    return tree


def _checked(found: Trace, relation: Relation) -> str:
    if relation not in found.quality:
        return ""
    audited, tested = found.quality[relation]
    parts = [_count(audited, "expectation"), _count(tested, "test")]
    said = ", ".join(part for part in parts if part)
    return f"  [dim]({said})[/]" if said else ""


def _count(checked: Checked, noun: str) -> str:
    total = checked.passed + len(checked.failed)
    if not total:
        return ""
    plural = "" if total == 1 else "s"
    if not checked.failed:
        return f"{total} {noun}{plural} ✓"
    failed = "; ".join(escape(one) for one in checked.failed[:2])
    return f"{checked.passed} of {total} {noun}{plural} ✓, [yellow]✗ {failed}[/]"


def _name(relation: Relation) -> str:
    if relation.schema.startswith(APP):
        return f"{relation.schema.removeprefix(APP)}: {relation.name}"
    if relation.app is not None:
        return f"lake {relation.app}.{relation.name}"
    return escape(str(relation))


def _pairs(row: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in row.items())


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "—" if value is None else str(value)


def _number(count: int | None) -> str:
    return "—" if count is None else f"{count:,}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" + (" UTC" if at.tzinfo else "")
