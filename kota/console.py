"""What the commands print: tables for people, JSON for programs, errors in one sentence."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, NoReturn

import typer
from rich import box
from rich.console import Console
from rich.table import Table

WIDTH_OF_A_LOG = 120
"""Columns where the output is no terminal: a log is read later, on a wider one."""

console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)
error_console = Console(stderr=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def print_json(value: Any) -> None:
    """One JSON document on standard output, and nothing else."""
    json.dump(value, sys.stdout, indent=2, default=str, ensure_ascii=False)
    sys.stdout.write("\n")


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers stand right, with thousands separated."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE)
    body = [list(row) for row in rows]
    for index, heading in enumerate(headings):
        is_number = any(isinstance(row[index], int) for row in body)
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=index == 0)
    for row in body:
        table.add_row(*[_shown(value) for value in row])
    console.print(table)


def fail(message: str) -> NoReturn:
    """End the command: the sentence on standard error, exit code 1."""
    error_console.print(f"[bold red]✗[/] {message}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def _shown(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
