"""What was measured so far, in a file that a run cut short leaves behind."""

from datetime import UTC, datetime
from pathlib import Path


class Report:
    """Markdown that is printed and appended to ``results.md`` line by line."""

    def __init__(self, home: Path) -> None:
        self._path = home / "results.md"
        self.say(f"\n## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n")

    def say(self, text: str) -> None:
        """Print and keep."""
        print(text, flush=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
