"""What a mart is made of, by dbt's own manifest: models, macros, seeds, lake tables, the clock."""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from warehouse.lineage import SCHEMA
from warehouse.page import CORE

CLOCK = "macro.kota.as_of"


@dataclass(frozen=True)
class Recipe:
    """Of one mart."""

    direct: list[str]
    """Lake tables, as ``app.table``, that it is made of otherwise than by way of ``CORE``."""
    by_way: list[str]
    """Those by way of persons, places, departments and services alone, as nearly every mart is."""
    files: frozenset[str]
    """Of its models, macros and seeds, by path in the project."""
    is_of_time: bool
    """Whether the instant of the snapshot is in its figures."""


class Recipes:
    """All of one build."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._nodes: Mapping[str, Any] = manifest.get("nodes", {})
        self._sources: Mapping[str, Any] = manifest.get("sources", {})
        self._macros: Mapping[str, Any] = manifest.get("macros", {})

    @classmethod
    def load(cls, target: Path) -> Self:
        """From the folder of dbt's artefacts; of nothing where dbt wrote none."""
        path = target / "manifest.json"
        return cls(json.loads(path.read_text("utf-8")) if path.exists() else {})

    def of(self, mart: str) -> Recipe:
        """The recipe of a mart."""
        start = f"model.kota.{mart}"
        everything = self._above(start)
        direct = self._tables(self._above(start, passing_over=CORE))
        nodes = [self._nodes[node] for node in everything if node in self._nodes]
        macros = self._closure(
            macro for node in nodes for macro in node.get("depends_on", {}).get("macros", ())
        )
        paths = [node["original_file_path"] for node in nodes]
        paths += [self._macros[macro]["original_file_path"] for macro in macros]
        return Recipe(
            direct=direct,
            by_way=[name for name in self._tables(everything) if name not in direct],
            files=frozenset(f"dbt_project/{path}" for path in paths),
            is_of_time=CLOCK in macros,
        )

    def _above(self, start: str, passing_over: tuple[str, ...] = ()) -> list[str]:
        """The node and all before it, the nearest first."""
        seen, ahead = {start: None}, deque([start])
        while ahead:
            for parent in (
                self._nodes.get(ahead.popleft(), {}).get("depends_on", {}).get("nodes", ())
            ):
                is_core = bool(passing_over) and parent.split(".")[-1].startswith(passing_over)
                if parent not in seen and not is_core:
                    seen[parent] = None
                    ahead.append(parent)
        return list(seen)

    def _tables(self, nodes: Iterable[str]) -> list[str]:
        """The lake tables among them; the states of one are the same table."""
        found = []
        for node in nodes:
            source = self._sources.get(node)
            if source and source["schema"].startswith(SCHEMA):
                name = source["name"].removesuffix("__states")
                found.append(f"{source['schema'].removeprefix(SCHEMA)}.{name}")
        return list(dict.fromkeys(found))

    def _closure(self, macros: Iterable[str]) -> set[str]:
        ahead = [macro for macro in macros if macro in self._macros]
        seen = set(ahead)
        while ahead:
            for macro in self._macros[ahead.pop()].get("depends_on", {}).get("macros", ()):
                if macro in self._macros and macro not in seen:
                    seen.add(macro)
                    ahead.append(macro)
        return {macro for macro in seen if macro.startswith("macro.kota.")}
