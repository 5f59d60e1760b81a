"""What all parts of a registry entry share: an unknown field is an error, not a surprise."""

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """A part of an app's registry file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
