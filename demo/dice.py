"""Chance without a sequence: every draw is a function of (seed, what it is for, row number).

Any row can be drawn alone, in any order and in any chunk, and comes out the same; that is what lets
a city of two million be written in pieces, and a day be added without replaying those before.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_Bits = npt.NDArray[np.uint64]

_HEX = "0123456789abcdef"


@dataclass(frozen=True)
class Dice:
    """Draws for one seed: ``label`` names the purpose, ``ids`` the rows, one draw for each."""

    seed: int

    def _bits(self, label: str, ids: Ints) -> _Bits:
        """64 well-mixed bits a row: the SplitMix64 finaliser over a keyed counter."""
        digest = hashlib.blake2b(f"{self.seed}/{label}".encode(), digest_size=8).digest()
        x: _Bits = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x += np.uint64(int.from_bytes(digest, "little"))
        x ^= x >> np.uint64(30)
        x *= np.uint64(0xBF58476D1CE4E5B9)
        x ^= x >> np.uint64(27)
        x *= np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
        return x

    def uniform(self, label: str, ids: Ints) -> Floats:
        """Numbers in [0, 1)."""
        return (self._bits(label, ids) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def chance(self, label: str, ids: Ints, probability: float | Floats) -> Bools:
        """True with the given probability."""
        return self.uniform(label, ids) < probability

    def below(self, label: str, ids: Ints, limit: int | Ints) -> Ints:
        """Whole numbers in [0, limit)."""
        drawn: Ints = (self.uniform(label, ids) * limit).astype(np.int64)
        return drawn

    def choice(self, label: str, ids: Ints, weights: npt.ArrayLike) -> Ints:
        """Positions in ``weights``, drawn by weight."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn = np.searchsorted(edges, self.uniform(label, ids) * edges[-1], side="right")
        positions: Ints = drawn.astype(np.int64)
        return positions

    def normal(self, label: str, ids: Ints) -> Floats:
        """Standard normal numbers (Box-Muller)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(f"{label}/radius", ids)))
        angle = np.cos(2.0 * np.pi * self.uniform(f"{label}/angle", ids))
        product: Floats = radius * angle
        return product

    def lognormal(self, label: str, ids: Ints, median: float | Floats, sigma: float) -> Floats:
        """Positive numbers with the given median: how long people take to do things."""
        drawn: Floats = median * np.exp(sigma * self.normal(label, ids))
        return drawn

    def text(self, label: str, ids: Ints, length: int, alphabet: str = _HEX) -> pa.Array:
        """Strings of ``length`` ASCII characters."""
        characters = self._characters(label, ids, length, alphabet)
        return pa.array(characters.view(f"S{length}").ravel()).cast(pa.string())

    def uuid(self, label: str, ids: Ints) -> pa.Array:
        """Random UUIDs (version 4) in their text form."""
        characters = self._characters(label, ids, 36, _HEX)
        characters[:, [8, 13, 18, 23]] = ord("-")
        characters[:, 14] = ord("4")
        characters[:, 19] = ord("a")
        return pa.array(characters.view("S36").ravel()).cast(pa.string())

    def _characters(
        self, label: str, ids: Ints, length: int, alphabet: str
    ) -> npt.NDArray[np.uint8]:
        positions = ids[:, None] * length + np.arange(length)
        letters = np.frombuffer(alphabet.encode("ascii"), dtype=np.uint8)
        characters: npt.NDArray[np.uint8] = letters[self.below(label, positions, len(letters))]
        return characters
