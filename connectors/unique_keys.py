"""Whether a whole number that is a key occurred twice in a stream, without asking the files again.

Eight bytes a row are remembered, which a part of a first load bounds (``politeness.part_rows``).
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST_KEYS = 8_000_000


class UniqueKeys:
    """Remembers the keys of a stream until they are too many."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray] | None = []
        self._count = 0
        self._greatest: int | None = None
        self._ascend = True

    def see(self, keys: pa.Array) -> None:
        """Take a batch's keys into account; any that is no whole number ends the watch."""
        if self._parts is None or not len(keys):
            return
        self._count += len(keys)
        if not pa.types.is_integer(keys.type) or keys.null_count or self._count > MOST_KEYS:
            self._parts = None
            return
        if self._ascend:
            steps = pc.all(pc.greater(keys[1:], keys[:-1])).as_py() is not False
            self._ascend = steps and (self._greatest is None or keys[0].as_py() > self._greatest)
            self._greatest = keys[-1].as_py()
        # A copy: a view would keep the batch's other columns in memory.
        self._parts.append(np.array(keys.to_numpy(zero_copy_only=False)))

    def have_doubles(self) -> bool | None:
        """Whether one occurred twice; None if that is not known. Ends the watch."""
        parts, self._parts = self._parts, None
        if parts is None:
            return None
        if self._ascend:
            return False
        keys = np.concatenate(parts)
        parts.clear()
        keys.sort()
        return bool((keys[1:] == keys[:-1]).any())
