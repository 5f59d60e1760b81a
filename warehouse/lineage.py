"""Which apps are above a model or test, and how far, by dbt's own manifest."""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

SCHEMA = "lake_"
MART = "model.kota."


class Lineage:
    """The graph of one build."""

    def __init__(self, parents: Mapping[str, Sequence[str]]) -> None:
        self._parents = parents

    @classmethod
    def load(cls, target: Path) -> "Lineage":
        """From the folder of dbt's artefacts; without any node where dbt wrote none."""
        path = target / "manifest.json"
        if not path.exists():
            return cls({})
        return cls(json.loads(path.read_text("utf-8")).get("parent_map", {}))

    def apps_above(self, node: str) -> dict[str, int]:
        """The apps whose lake tables the node is made of, with the steps to the nearest."""
        apps: dict[str, int] = {}
        seen, ahead = {node}, deque([(node, 0)])
        while ahead:
            here, steps = ahead.popleft()
            if here.startswith("source."):
                source = here.split(".")[2]
                if source.startswith(SCHEMA):
                    apps.setdefault(source.removeprefix(SCHEMA), steps)
            for parent in self._parents.get(here, ()):
                if parent not in seen:
                    seen.add(parent)
                    ahead.append((parent, steps + 1))
        return apps

    def models_below(self, app: str, passing_over: tuple[str, ...] = ()) -> set[str]:
        """The models made of the app's lake tables, not by way of those whose name begins so.

        Nearly everything is below every app by way of places, persons and departments.
        """
        children: dict[str, list[str]] = {}
        for node, parents in self._parents.items():
            for parent in parents:
                children.setdefault(parent, []).append(node)
        ahead = [node for node in children if node.startswith(f"source.kota.{SCHEMA}{app}.")]
        seen: set[str] = set()
        while ahead:
            for child in children.get(ahead.pop(), ()):
                name = child.removeprefix(MART)
                is_model = child.startswith(MART) and not name.startswith(passing_over)
                if is_model and name not in seen:
                    seen.add(name)
                    ahead.append(child)
        return seen
