"""A change of a source's columns, as the ledger keeps it and people are told."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class ColumnChange(BaseModel):
    """One column that is new, gone, back, or wider than it was."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Literal["new_column", "gone_column", "back_column", "widened_column"]
    column: str
    before: str | None = None
    """Its lake type before; None where it was not there."""
    after: str | None = None
    """Its lake type now; None where it is gone."""
