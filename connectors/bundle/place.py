"""How far the log of a village's table has come to the city."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from deltalake import DeltaTable

from lake.table import LakeTable


@dataclass(frozen=True)
class Place:
    """A batch of one particular table; a table begun anew has another origin."""

    origin: str
    """The id that Delta gave the village's table when it was made."""
    begun: int
    """When that was, in milliseconds."""
    batch: int

    def to_text(self) -> str:
        """As the ledger entry of the city's batch has it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str | None) -> Self | None:
        """None where a batch did not come by a bundle."""
        try:
            said = json.loads(text or "null")
            return cls(str(said["origin"]), int(said["begun"]), int(said["batch"]))
        except (ValueError, KeyError, TypeError):
            return None


def end_of(table: LakeTable) -> Place | None:
    """The place of the last batch of a table in this lake; None before the first."""
    last = table.last_batch()
    if last is None:
        return None
    metadata = DeltaTable(str(table.path)).metadata()
    return Place(str(metadata.id), int(metadata.created_time or 0), last.number)
