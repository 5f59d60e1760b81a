"""The open part of a bundle: who, to whom, how many chunks, and the checksum of each; signed.

It names the village, the app and numbers, and nothing of what is inside.
"""

import hashlib
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

KIND = "bundle"
CHUNK = 256 * 1024
"""What is cut off by a broken copy or a broken line is lost in units of this."""
MAX_SIZE = 8 * 2**30
MAX_MANIFEST = 4 * 2**20

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
Checksum = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """One bundle. Every part of a split one carries all of this, so any order will do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: Name
    app: Name
    number: Annotated[int, Field(ge=1, lt=10**9)]
    """1 for the first bundle a laptop makes of an app, then one more each time."""
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    made_at: datetime
    recipient: str
    """The city's public key it is encrypted to."""
    size: Annotated[int, Field(ge=1, le=MAX_SIZE)]
    chunk_size: Annotated[int, Field(ge=256, le=2**24)]
    chunks_per_part: Annotated[int, Field(ge=1)]
    chunks: tuple[Checksum, ...]
    """The SHA-256 of every chunk of the encrypted content."""

    @model_validator(mode="after")
    def _chunks_cover_the_size(self) -> Self:
        if len(self.chunks) != -(-self.size // self.chunk_size):
            raise ValueError("the chunks do not make up the size")
        return self

    @property
    def name(self) -> str:
        """``sukamaju-desa_app-000007``."""
        return f"{self.sender}-{self.app}-{self.number:06}"

    @property
    def parts(self) -> int:
        """Of how many files it consists."""
        return -(-len(self.chunks) // self.chunks_per_part)

    def part_name(self, part: int) -> str:
        """The file name of a part, counted from 0."""
        suffix = "" if self.parts == 1 else f".part{part + 1}of{self.parts}"
        return f"{self.name}{suffix}.kota"

    def chunks_of(self, part: int) -> range:
        """The chunks in a part, counted from 0."""
        first = part * self.chunks_per_part
        return range(first, min(first + self.chunks_per_part, len(self.chunks)))

    def length(self, chunk: int) -> int:
        """The bytes of a chunk: all are equal but the last."""
        return min(self.chunk_size, self.size - chunk * self.chunk_size)

    def is_intact(self, chunk: int, content: bytes) -> bool:
        """Whether this is what the sender put into the chunk."""
        return hashlib.sha256(content).hexdigest() == self.chunks[chunk]
