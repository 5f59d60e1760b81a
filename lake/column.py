"""A column on its way from a source into the lake: its types, its policy, its contract."""

from dataclasses import dataclass
from typing import Literal

from lake.columns import lake_type


@dataclass(frozen=True)
class Contract:
    """What a value has to fulfil; a row that does not goes to the quarantine."""

    required: bool = False
    domain: tuple[str, ...] | None = None
    pattern: str | None = None
    references: tuple[str, str] | None = None
    """Table and column of the same app, in the lake, that has to have the value."""


@dataclass(frozen=True)
class Column:
    """A column as it arrives and as the lake keeps it; both types are DuckDB types."""

    name: str
    source_type: str
    declared_type: str
    """The type the source declares; differs from ``source_type`` where values arrive as text."""
    policy: Literal["keep", "token", "drop"] = "keep"
    formats: tuple[str, ...] = ()
    """How its dates and times are spelt in text: strptime patterns, tried in order."""
    decimal: Literal[".", ","] = "."
    contract: Contract = Contract()
    utc_offset_seconds: int | None = None
    """Where the app's clock has been the same distance from UTC since 1970; see ``lake.zone``."""

    @property
    def lake_type(self) -> str:
        """What the lake stores."""
        return "VARCHAR" if self.policy == "token" else lake_type(self.declared_type)

    @property
    def is_decoded(self) -> bool:
        """Whether text has to be understood as something else, which can fail for a value."""
        return self.source_type == "VARCHAR" and self.lake_type != "VARCHAR"
