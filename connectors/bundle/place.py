"""How far the log of a village's table has come to the city."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from deltalake import DeltaTable

from connectors.bundle.errors import BundleError
from kota.settings import Settings
from lake.table import LakeTable


class GapError(BundleError):
    """The city lacks what came before this bundle."""


class OutdatedError(BundleError):
    """The bundle tells of a table that the laptop has begun anew since."""


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


def known_place(settings: Settings, app: str, table: str) -> Place | None:
    """How far the city is with a table of a village."""
    last = LakeTable(settings.lake_dir, app, table).last_batch()
    return Place.from_text(last.place) if last else None


def check_place(known: Place | None, after: int, upto: Place, name: str, bundle: int) -> None:
    """Raise ``GapError`` or ``OutdatedError`` where what follows ``after`` can't land here.

    ``bundle`` is the one that the village takes for received.
    """
    is_same = known is not None and known.origin == upto.origin
    if known is not None and not is_same and upto.begun < known.begun:
        raise OutdatedError(
            f"it is older than what has landed: the laptop has begun {name} anew since; "
            "bring its newest bundle"
        )
    have = known.batch if known is not None and is_same else 0
    if have < after:
        raise GapError(
            f"it goes on from bundle {bundle}, of which {name} is not here: bring that one, or "
            "take the new receipt to the village, by which the next bundle will hold everything"
        )
