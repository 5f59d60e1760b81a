"""The file of shapes that a deploy reads: GeoJSON of every kelurahan and every kecamatan.

A kecamatan is its kelurahan put together, so that both maps have the same borders.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from reports.areas.seed import Kelurahan

# About a metre: a map of a city shows no less, and a chart asks for every corner at each query.
DECIMALS = 5
# Corners that would move a border by less than this many degrees (about 15 m) are left out, on both
# sides of a border alike.
TOLERANCE = 0.00015


def write_shapes(
    path: Path, areas: list[Kelurahan], geometries: Mapping[str, BaseGeometry], origin: str
) -> None:
    """Write ``path`` from every kelurahan's geometry; ``origin`` says whose borders they are."""
    rounded = shapely.set_precision(
        shapely.coverage_simplify([geometries[area.code] for area in areas], TOLERANCE),
        10**-DECIMALS,
    )
    simplified = dict(zip((area.code for area in areas), rounded, strict=True))
    features = [
        _feature(area.code, area.name, "kelurahan", simplified[area.code]) for area in areas
    ]
    kecamatan = {area.kecamatan_code: area.kecamatan_name for area in areas}
    for code, name in kecamatan.items():
        parts = [simplified[area.code] for area in areas if area.kecamatan_code == code]
        features.append(_feature(code, name, "kecamatan", shapely.union_all(parts)))
    collection = {"type": "FeatureCollection", "origin": origin, "features": features}
    path.parent.mkdir(parents=True, exist_ok=True)
    # A deploy may read at this moment: it sees the old file or the new one.
    new = path.with_name(path.name + ".new")
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    head = json.dumps({**collection, "features": []}, ensure_ascii=False).removesuffix("[]}")
    new.write_text(f"{head}[\n{lines}\n]}}\n", "utf-8")
    new.replace(path)


def _feature(code: str, name: str, level: str, geometry: BaseGeometry) -> dict[str, Any]:
    polygons = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    oriented = shapely.orient_polygons(MultiPolygon(polygons))
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "level": level},
        "geometry": json.loads(json.dumps(mapping(oriented))),
    }
