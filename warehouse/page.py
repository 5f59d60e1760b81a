"""The parts of docs/warehouse.md that dbt's manifest tells: the bus matrix and the lineage.

``python -m warehouse.page MANIFEST`` writes them; a test finds the page that says something else.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kota.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "warehouse.md"

Node = Mapping[str, Any]

# A fact has a dimension when it has one of its keys; the finest is named first.
_KEYS = {
    "dim_dates": (),
    "dim_areas": ("kelurahan_code", "kecamatan_code"),
    "dim_departments": ("department_code",),
    "dim_services": ("service_code",),
    "dim_persons": ("person_id",),
    "dim_employees": ("employee_id",),
    "dim_schools": ("npsn",),
}
_GRAIN = re.compile(r"One row (?:per|a) (.+?)(?: that is not|[.:;,]|$)")
# Nearly every fact reads these, so that a line to each would hide the others.
CORE = ("dim_", "int_persons__", "int_places__", "int_departments__", "int_services__")
_EVERYWHERE = "rpt_app_freshness"


def rewritten(page: str, manifest: Node) -> str:
    """The page with its generated parts as the manifest has them."""
    for name, text in (("bus matrix", bus_matrix(manifest)), ("lineage", lineage(manifest))):
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n{text}\n{end}{after}"
    return page


def bus_matrix(manifest: Node) -> str:
    """Facts × dimensions as a Markdown table."""
    marts = dict(_marts(manifest))
    dimensions = [name for name in _KEYS if name in marts]
    titles = [name.removeprefix("dim_") for name in dimensions]
    lines = [
        f"| fact | one row per | {' | '.join(titles)} |",
        f"|---|---|{'---|' * len(titles)}",
    ]
    for name, node in marts.items():
        if name.startswith("fct_"):
            cells = [_cell(dimension, node["columns"]) for dimension in dimensions]
            lines.append(f"| `{name}` | {_grain(node)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def lineage(manifest: Node) -> str:
    """Which apps feed which facts, and which facts feed which reports, as a Mermaid picture."""
    marts = {name: node for name, node in _marts(manifest) if not name.startswith("dim_")}
    lines = ["```mermaid", "flowchart LR"]
    for name in marts:
        if name != _EVERYWHERE:
            feeds = sorted(set(_feeds(manifest, f"model.kota.{name}")))
            lines += [f"  {feed} --> {name}" for feed in feeds]
    return "\n".join([*lines, "```"]) + "\n"


def _marts(manifest: Node) -> Iterator[tuple[str, Node]]:
    """By name, in the order of the alphabet."""
    nodes = manifest["nodes"].values()
    found = [n for n in nodes if n["resource_type"] == "model" and n["schema"] == "marts"]
    return iter(sorted((node["name"], node) for node in found))


def _cell(dimension: str, columns: Node) -> str:
    if dimension == "dim_dates":
        return "●" if any(column["data_type"] == "date" for column in columns.values()) else ""
    key = next((key for key in _KEYS[dimension] if key in columns), "")
    if len(_KEYS[dimension]) > 1:
        return key.removesuffix("_code")
    return "●" if key else ""


def _grain(node: Node) -> str:
    found = _GRAIN.search(" ".join(node["description"].split()))
    return found[1] if found else ""


def _feeds(manifest: Node, node_id: str) -> Iterator[str]:
    """The marts and apps right behind a node, other models between them passed over."""
    for parent in manifest["nodes"][node_id]["depends_on"].get("nodes", ()):
        name = parent.split(".")[-1]
        if parent.startswith("source."):
            schema = manifest["sources"][parent]["schema"]
            if schema.startswith("lake_"):
                yield schema.removeprefix("lake_")
        elif name.startswith(("fct_", "rpt_")):
            if name != _EVERYWHERE:
                yield name
        elif not name.startswith(CORE):
            yield from _feeds(manifest, parent)


def main(manifest: Path) -> None:
    """Bring the page up to date."""
    page = PAGE.read_text("utf-8")
    PAGE.write_text(rewritten(page, json.loads(manifest.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
