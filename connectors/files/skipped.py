"""Remember between runs what was fetched in vain, so that a slow line does not carry it again.

A file that is sent again has to be fetched once to know that its content is not new. Nothing lands
then, so the ledger stays as it is. What is kept here holds for that very ledger entry only; losing
it costs another fetch and nothing else.
"""

import hashlib
import json

from connectors.files.memory import Memory
from connectors.files.places import Place


class Skipped:
    """What runs found out since the ledger entry ``since``."""

    def __init__(self, place: Place, pattern: str, since: str | None) -> None:
        connection = place.connection
        where = f"{connection.scheme} {connection.host} {connection.path} {pattern}"
        name = f"{place.app.app}-{_digest(where)[:24]}.json"
        self._path = place.settings.home / "incoming" / name
        self._since = since
        self._key = _digest(since or "")

    def memory(self) -> Memory:
        """What was read, by the ledger, and what was skipped since."""
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            if kept["since"] == self._key:
                return Memory.parse(kept["after"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return Memory.parse(self._since)

    def keep(self, memory: Memory) -> None:
        """Keep what a run found out that had nothing to read."""
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({"since": self._key, "after": memory.text()}), "utf-8")
        new.replace(self._path)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
