"""From pairs to persons: the strongest evidence first, and nobody becomes two people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping


class Clusters:
    """Entities grouped into persons. A group knows which NIKs are in it, and whom a human told to
    keep out of it."""

    def __init__(self, niks: Mapping[int, str]) -> None:
        """``niks``: the believed NIK of each entity that has one."""
        self._own_nik = niks
        self._parent: dict[int, int] = {}
        self._has_nik: dict[int, bool] = {}
        self._apart: defaultdict[int, set[int]] = defaultdict(set)

    def root(self, entity: int) -> int:
        """The entity that stands for the group: its lowest number."""
        parent, top = self._parent, entity
        while (above := parent.get(top, top)) != top:
            top = above
        while (above := parent.get(entity, entity)) != top:
            parent[entity], entity = top, above
        return top

    def keep_apart(self, left: int, right: int) -> None:
        """A human said that these two are different persons."""
        left, right = self.root(left), self.root(right)
        self._apart[left].add(right)
        self._apart[right].add(left)

    def refusal(self, left: int, right: int) -> str | None:
        """Why two entities can't become one person, or None where they can.

        Two groups that both have a NIK join only by a pair of their NIKs' own entities, a slip
        apart: somebody without a number must not tie two numbers together.
        """
        a, b = self.root(left), self.root(right)
        if a == b:
            return None
        if self._keeps_apart(a, b):
            return "kept_apart"
        both_own = left in self._own_nik and right in self._own_nik
        if self._numbered(a) and self._numbered(b) and not both_own:
            return "two_niks"
        return None

    def join(self, left: int, right: int) -> None:
        """Make the groups of two entities one."""
        a, b = sorted((self.root(left), self.root(right)))
        if a == b:
            return
        numbered = self._numbered(a) or self._numbered(b)
        self._parent[b] = a
        self._has_nik[a] = numbered
        if b in self._apart:
            self._apart[a] |= self._apart.pop(b)

    def groups(self) -> Iterable[tuple[int, int]]:
        """Each entity that is not alone, with the entity that stands for its group."""
        return ((entity, self.root(entity)) for entity in list(self._parent))

    def _numbered(self, root: int) -> bool:
        return self._has_nik.get(root, root in self._own_nik)

    def _keeps_apart(self, a: int, b: int) -> bool:
        if not self._apart:
            return False
        return any(self.root(other) == b for other in self._apart.get(a, ())) or any(
            self.root(other) == a for other in self._apart.get(b, ())
        )
