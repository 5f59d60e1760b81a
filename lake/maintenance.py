"""What a commit of maintenance says about itself: the ledger entry of a rewriting."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from lake.batch import PREFIX

FIELD = f"{PREFIX}maintenance"


class Maintenance(BaseModel):
    """Files that took the place of others, stored in the Delta commit that exchanged them.

    Every file keeps a checksum on record this way, however often its rows were moved.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Literal["compaction", "retention", "erasure", "rotation", "widening"]
    at: datetime
    removed: list[str]
    """The files replaced, by name."""
    added: dict[str, str]
    """SHA-256 of the files that replace them, by name."""
    rows_before: int
    rows_after: int
    history_from: int | None = None
    """Retention: the first batch after which the state can still be told exactly."""
    erasure: str | None = None
    """Erasure: the id of its record."""
    token_key_id: str | None = None
    """Rotation: the id of the key under which all tokens of the table are now."""

    def to_commit(self) -> dict[str, str]:
        """The entry as Delta commit metadata."""
        return {FIELD: self.model_dump_json(exclude_none=True)}

    @classmethod
    def from_commit(cls, commit: dict[str, Any]) -> Self | None:
        """The entry in the information of a commit, or None for a commit of another sort."""
        text = commit.get(FIELD)
        return None if text is None else cls.model_validate_json(text)
