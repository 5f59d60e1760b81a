"""The shapes of areas as datasets take them in: a JSON object of outlines, by area code.

``${KOTA_KECAMATAN_SHAPES}`` and ``${KOTA_KELURAHAN_SHAPES}`` stand in a dataset's SQL as a string:

    SELECT split_part(key, '#', 1) AS area_code, value::VARCHAR AS shape
    FROM json_each('${KOTA_KECAMATAN_SHAPES}')

An area of several parts has a row for each: its further parts are called ``36.71.01#2`` and so on.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LEVELS = ("kecamatan", "kelurahan")


def shape_variables(official: Path, approximate: Path) -> dict[str, str]:
    """What the assets' ``${…}`` about shapes become; the official ones where they were imported."""
    path = official if official.exists() else approximate
    collection = json.loads(path.read_text("utf-8"))
    variables = {"KOTA_SHAPES_ORIGIN": collection["origin"]}
    for level in LEVELS:
        outlines = {
            key: outline
            for feature in collection["features"]
            if feature["properties"]["level"] == level
            for key, outline in _outlines(feature)
        }
        text = json.dumps(outlines, separators=(",", ":"))
        variables[f"KOTA_{level.upper()}_SHAPES"] = text
    return variables


def _outlines(feature: dict[str, Any]) -> Iterator[tuple[str, list[list[float]]]]:
    code = feature["properties"]["code"]
    for number, (outline, *_holes) in enumerate(feature["geometry"]["coordinates"], start=1):
        yield (code if number == 1 else f"{code}#{number}"), outline
