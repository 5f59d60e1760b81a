"""The city's own boundaries, taken from a GeoJSON file if they are what they should be."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from reports.areas.seed import Kelurahan

# Names under which files carry an area's code, tried in this order.
CODE_PROPERTIES = (
    "code", "kode", "area_code_kemendagri", "kode_kemendagri", "kode_desa", "kode_kelurahan",
    "KODE_DESA", "KODE_KEL", "KDEPUM", "KDCPUM", "kdepum", "ADM4_PCODE", "id",
)  # fmt: skip
# Where Indonesia is: a longitude is never a latitude here.
LONGITUDES, LATITUDES = (94.0, 142.0), (-12.0, 7.0)
# A border drawn twice is never drawn the same: below this share of the smaller area, or this many
# square degrees (about 1,200 m²), two areas only touch.
OVERLAP_SHARE, OVERLAP_AREA = 0.005, 1e-7
# A hole between areas is worth a look from this many square degrees (about a hectare).
GAP_AREA, SQUARE_KM = 1e-6, 1.22e4
# How far from the middle that the seed knows an area may lie, in degrees (about 1 km).
ASTRAY = 0.009


@dataclass
class Inspection:
    """What was found: the geometries by code, what forbids their use, and what was put right."""

    geometries: dict[str, BaseGeometry] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def inspect(path: Path, areas: list[Kelurahan]) -> Inspection:
    """Read a file of kelurahan boundaries and hold it against the kelurahan that there are."""
    found = Inspection()
    try:
        document = json.loads(path.read_text("utf-8"))
        features = document["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        found.problems.append(f"{path.name} is no GeoJSON file of features ({error})")
        return found
    known = {area.code: area for area in areas}
    _read(features, known, found)
    _complete(known, found)
    if not found.problems:
        _lie_where_they_should(known, found)
        _overlaps(known, found)
        _gaps(found)
    return found


def _read(features: list[dict[str, Any]], known: dict[str, Kelurahan], found: Inspection) -> None:
    codes = [_code(feature.get("properties") or {}) for feature in features]
    if doubled := [code for code, times in Counter(codes).items() if code and times > 1]:
        found.problems.append(f"there more than once: {', '.join(sorted(doubled))}")
    swapped: list[str] = []
    turned: list[str] = []
    foreign: list[str] = []
    for number, (code, feature) in enumerate(zip(codes, features, strict=True), start=1):
        if code is None:
            found.problems.append(f"feature {number} has no code of an area in its properties")
        elif code not in known:
            foreign.append(code)
        elif problem := _coordinates(feature):
            swapped.append(code)
            if problem not in found.problems:
                found.problems.append(problem)
        else:
            _take(code, known[code].name, feature["geometry"], turned, found)
    if foreign:
        found.problems.append(f"not a kelurahan of this city: {_some(sorted(foreign))}")
    if turned:
        found.notes.append(
            f"{len(turned)} outlines run clockwise and are turned (RFC 7946 § 3.1.6): "
            + _some(turned)
        )


def _take(
    code: str, name: str, geometry: dict[str, Any], turned: list[str], found: Inspection
) -> None:
    try:
        area = shape(geometry)
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError) as error:
        found.problems.append(f"{code} {name} can't be drawn ({error})")
        return
    if area.geom_type not in ("Polygon", "MultiPolygon") or area.is_empty:
        found.problems.append(f"{code} {name} is a {area.geom_type}, not a polygon")
        return
    if not area.is_valid:
        found.problems.append(f"{code} {name} is no proper outline: {explain_validity(area)}")
        return
    if any(not part.exterior.is_ccw for part in shapely.get_parts(area)):
        turned.append(code)
    found.geometries[code] = shapely.force_2d(shapely.orient_polygons(area))


def _code(properties: dict[str, Any]) -> str | None:
    for name in CODE_PROPERTIES:
        if value := properties.get(name):
            digits = "".join(filter(str.isdigit, str(value)))
            if len(digits) == 10:
                return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"
            return str(value)
    return None


def _coordinates(feature: dict[str, Any]) -> str | None:
    corners = list(_corners((feature.get("geometry") or {}).get("coordinates", [])))
    if not corners:
        return "some features have no coordinates"
    if all(_within(x, LONGITUDES) and _within(y, LATITUDES) for x, y in corners):
        return None
    if all(_within(y, LONGITUDES) and _within(x, LATITUDES) for x, y in corners):
        return "latitude and longitude are swapped: GeoJSON puts longitude first (RFC 7946 § 3.1.1)"
    if max(abs(number) for number in chain.from_iterable(corners)) > 360:
        return "the coordinates are metres of a projection; export them as WGS 84 (EPSG:4326)"
    return "some coordinates lie outside Indonesia"


def _corners(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
    else:
        for inner in coordinates:
            yield from _corners(inner)


def _within(number: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= number <= bounds[1]


def _complete(known: dict[str, Kelurahan], found: Inspection) -> None:
    missing = [f"{code} {known[code].name}" for code in sorted(known.keys() - found.geometries)]
    if missing and not found.problems:
        found.problems.append(f"{len(missing)} kelurahan have no boundary: {_some(missing)}")


def _lie_where_they_should(known: dict[str, Kelurahan], found: Inspection) -> None:
    for code, area in sorted(known.items()):
        middle = shapely.Point(area.longitude, area.latitude)
        if found.geometries[code].distance(middle) > ASTRAY:
            found.problems.append(
                f"{code} {area.name} lies more than 1 km from where that kelurahan is: "
                "were codes mixed up?"
            )


def _overlaps(known: dict[str, Kelurahan], found: Inspection) -> None:
    codes = sorted(found.geometries)
    shapes = [found.geometries[code] for code in codes]
    tree = shapely.STRtree(shapes)
    for left, right in sorted(map(tuple, tree.query(shapes, predicate="intersects").T.tolist())):
        if left >= right:
            continue
        shared = shapes[left].intersection(shapes[right]).area
        smaller = min(shapes[left].area, shapes[right].area)
        if shared > max(OVERLAP_AREA, OVERLAP_SHARE * smaller):
            found.problems.append(
                f"{codes[left]} {known[codes[left]].name} and {codes[right]} "
                f"{known[codes[right]].name} overlap by {100 * shared / smaller:.1f} % of the "
                "smaller one"
            )


def _gaps(found: Inspection) -> None:
    together = shapely.union_all(list(found.geometries.values()))
    holes = [
        shapely.Polygon(ring)
        for part in shapely.get_parts(together)
        for ring in getattr(part, "interiors", ())
    ]
    large = [hole for hole in holes if hole.area > GAP_AREA]
    for hole in large:
        middle = hole.representative_point()
        found.notes.append(
            f"between the areas is a gap of {hole.area * SQUARE_KM:.2f} km² at latitude "
            f"{middle.y:.4f}, longitude {middle.x:.4f}"
        )
    if slivers := len(holes) - len(large):
        found.notes.append(f"along borders are {slivers} gaps too small to see")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more
