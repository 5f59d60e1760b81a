"""dbt's documentation of a candidate as one page: models, columns, tests and their lineage.

The page is dbt's own, filled from the manifest that the build left and a catalog of names and
types. `dbt docs generate --static` makes the same one by parsing the whole project again, which
takes longer than a third of a build.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from warehouse.candidate import Candidate

FOLDER = "dbt"
"""Beside the Data Docs."""

_MANIFEST, _CATALOG = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
_NO_ICON = """<link rel="shortcut icon" href="${require('./assets/favicons/favicon.ico')}"/>"""
_OF_THIS_MACHINE = ("root_path", "compiled_path", "build_path")


def write_dbt_docs(candidate: Candidate, folder: Path) -> Path:
    """Write ``index.html`` into ``folder`` and return it; readers see the old page or the new one.

    It holds no value of any row, asks nothing of the internet and tells nobody who reads it. Raises
    ``OSError`` or ``ValueError`` where the build left no readable manifest.
    """
    manifest = json.loads((candidate.folder / "dbt" / "manifest.json").read_text("utf-8"))
    page = files("dbt.task.docs").joinpath("index.html").read_text("utf-8")
    for mark, content in ((_MANIFEST, _told(manifest)), (_CATALOG, _catalog(manifest, candidate))):
        page = page.replace(mark, _inline(content))
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / ".index.html"
    beside.write_text(page.replace(_NO_ICON, ""), "utf-8")
    return beside.replace(folder / "index.html")


def _told(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest without paths of this machine, the rows made up for tests, and any tracking."""
    for kind in ("nodes", "sources", "macros", "unit_tests"):
        for node in manifest.get(kind, {}).values():
            for key in _OF_THIS_MACHINE:
                node.pop(key, None)
    for test in manifest.get("unit_tests", {}).values():
        test["given"] = [{"input": given["input"], "rows": []} for given in test["given"]]
        test["expect"] = {"rows": []}
    manifest.setdefault("metadata", {})["send_anonymous_usage_stats"] = False
    return manifest


def _catalog(manifest: dict[str, Any], candidate: Candidate) -> dict[str, Any]:
    """Names and types of what the candidate holds, as dbt's page reads them."""
    with duckdb.connect(candidate.path, read_only=True) as con:
        columns = con.execute(
            """select table_schema, table_name, column_name, data_type, ordinal_position
            from information_schema.columns order by all"""
        ).fetchall()
    held: dict[tuple[str, str], dict[str, Any]] = {}
    for schema, table, column, kind, position in columns:
        held.setdefault((schema, table), {})[column] = {
            "name": column,
            "type": kind,
            "index": position,
            "comment": None,
        }
    catalog: dict[str, Any] = {"metadata": manifest["metadata"], "errors": None}
    for kind in ("nodes", "sources"):
        catalog[kind] = {
            name: {
                "unique_id": name,
                "metadata": {"type": "table", "schema": schema, "name": table, "owner": None},
                "columns": held[schema, table],
                "stats": {},
            }
            for name, node in manifest.get(kind, {}).items()
            for schema, table in [(node["schema"], node.get("identifier") or node.get("alias"))]
            if (schema, table) in held
        }
    return catalog


def _inline(content: dict[str, Any]) -> str:
    """JSON that may stand inside a script: nothing in it ends the script."""
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
