"""What each dbt node of a build took, from its own record."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Node:
    """One model, seed or test."""

    kind: str
    name: str
    seconds: float


def nodes(candidate: Path) -> list[Node]:
    """All nodes of a candidate's build, the longest first."""
    results = json.loads((candidate / "dbt" / "run_results.json").read_text("utf-8"))["results"]
    found = [
        Node(kind, name, result["execution_time"])
        for result in results
        for kind, _, name in [result["unique_id"].split(".", 2)]
    ]
    return sorted(found, key=lambda node: -node.seconds)
