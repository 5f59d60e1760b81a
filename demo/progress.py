"""Visible progress: a live list of steps on a terminal, plain lines with timings elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """What is being done, what was done, how long it took. Steps may run side by side."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.timings: dict[str, float] = {}
        self._lock = threading.Lock()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    @contextmanager
    def live(self) -> Iterator["Steps"]:
        """Draw the running steps while the block runs."""
        with self._progress:
            yield self

    def say(self, text: str) -> None:
        """A line of its own."""
        with self._lock:
            self.console.print(text, soft_wrap=True, highlight=False)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A step: announced when it begins, timed when it ends, marked when it fails."""
        started = time.monotonic()
        task = self._progress.add_task(title)
        if not self.console.is_terminal:
            self.say(f"… {title}")
        mark = "[red]✗[/red]"
        try:
            yield
            mark = "[green]✓[/green]"
        finally:
            self._progress.remove_task(task)
            self.timings[title] = time.monotonic() - started
            self.say(f"{mark} {title} [dim]({self.timings[title]:.1f} s)[/dim]")
