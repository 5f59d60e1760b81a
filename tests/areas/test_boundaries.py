"""The city's boundaries: what is taken, what is refused, and what is put right."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import mapping

from kota.settings import PROJECT_ROOT
from reports.areas.approximate import ORIGIN, draw
from reports.areas.official import inspect
from reports.areas.seed import Kelurahan, read_kelurahan
from reports.areas.shapes import write_shapes

WEST, SOUTH, SIDE = 106.60, -6.20, 0.02


@pytest.fixture
def areas() -> list[Kelurahan]:
    """Four kelurahan in a square, two in each of two kecamatan."""
    return [
        Kelurahan(
            f"36.71.0{1 + column}.100{1 + row}",
            f"Kelurahan {column}{row}",
            f"36.71.0{1 + column}",
            f"Kecamatan {column}",
            SOUTH + SIDE * (row + 0.5),
            WEST + SIDE * (column + 0.5),
        )
        for column in range(2)
        for row in range(2)
    ]


@pytest.fixture
def boundaries(areas: list[Kelurahan]) -> dict[str, Any]:
    """A proper file of their boundaries, which a test may spoil."""
    return {"type": "FeatureCollection", "features": [_feature(area) for area in areas]}


def _feature(area: Kelurahan, grow: float = 0.0) -> dict[str, Any]:
    half = SIDE / 2
    box = shapely.box(
        area.longitude - half - grow,
        area.latitude - half,
        area.longitude + half,
        area.latitude + half,
        ccw=True,
    )
    geometry = json.loads(json.dumps(mapping(box)))
    return {"type": "Feature", "properties": {"kode": area.code}, "geometry": geometry}


def _inspect(boundaries: dict[str, Any], areas: list[Kelurahan], folder: Path) -> Any:
    file = folder / "batas.geojson"
    file.write_text(json.dumps(boundaries), "utf-8")
    return inspect(file, areas)


def test_proper_boundaries_are_taken(
    boundaries: dict[str, Any], areas: list[Kelurahan], tmp_path: Path
) -> None:
    for feature in boundaries["features"]:
        feature["properties"]["kode"] = feature["properties"]["kode"].replace(".", "")
    found = _inspect(boundaries, areas, tmp_path)
    assert (found.problems, found.notes) == ([], [])
    assert found.geometries.keys() == {area.code for area in areas}


def test_a_clockwise_outline_is_turned(
    boundaries: dict[str, Any], areas: list[Kelurahan], tmp_path: Path
) -> None:
    boundaries["features"][0]["geometry"]["coordinates"][0].reverse()
    found = _inspect(boundaries, areas, tmp_path)
    assert found.problems == []
    assert "1 outlines run clockwise" in found.notes[0]
    assert shapely.get_parts(found.geometries[areas[0].code])[0].exterior.is_ccw


def test_a_gap_is_told(boundaries: dict[str, Any], areas: list[Kelurahan], tmp_path: Path) -> None:
    corners = boundaries["features"][0]["geometry"]["coordinates"]
    hole = shapely.box(WEST + 0.005, SOUTH + 0.005, WEST + 0.01, SOUTH + 0.01, ccw=False)
    corners.append([list(corner) for corner in hole.exterior.coords])
    found = _inspect(boundaries, areas, tmp_path)
    assert found.problems == []
    assert "a gap of 0.3" in found.notes[0]


def _swap(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    for feature in boundaries["features"]:
        [ring] = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[corner[::-1] for corner in ring]]


def _project(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    [ring] = boundaries["features"][0]["geometry"]["coordinates"]
    ring[:] = [[681_000 + x, 9_315_000 + y] for x, y in ring]


def _leave_out(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    del boundaries["features"][1]


def _rename(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    boundaries["features"][1]["properties"]["kode"] = "32.01.01.1001"


def _double(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    boundaries["features"].append(boundaries["features"][0])


def _forget_the_code(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    boundaries["features"][2]["properties"] = {"nama": "?"}


def _overlap(boundaries: dict[str, Any], areas: list[Kelurahan]) -> None:
    boundaries["features"][2] = _feature(areas[2], grow=SIDE / 4)


def _cross(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    [ring] = boundaries["features"][0]["geometry"]["coordinates"]
    ring[1], ring[2] = ring[2], ring[1]


def _exchange(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    first, last = boundaries["features"][0], boundaries["features"][3]
    first["properties"], last["properties"] = last["properties"], first["properties"]


def _flatten(boundaries: dict[str, Any], _areas: list[Kelurahan]) -> None:
    boundaries["features"][0]["geometry"] = {"type": "Point", "coordinates": [106.6, -6.2]}


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (_swap, "latitude and longitude are swapped"),
        (_project, "metres of a projection"),
        (_leave_out, "1 kelurahan have no boundary: 36.71.01.1002"),
        (_rename, "not a kelurahan of this city: 32.01.01.1001"),
        (_double, "there more than once: 36.71.01.1001"),
        (_forget_the_code, "feature 3 has no code"),
        (_overlap, "overlap by 25.0 % of the smaller one"),
        (_cross, "no proper outline: Self-intersection"),
        (_exchange, "lies more than 1 km from where that kelurahan is"),
        (_flatten, "is a Point, not a polygon"),
    ],
)
def test_wrong_boundaries_are_refused(
    spoil: Any,
    complaint: str,
    boundaries: dict[str, Any],
    areas: list[Kelurahan],
    tmp_path: Path,
) -> None:
    spoil(boundaries, areas)
    assert complaint in " ".join(_inspect(boundaries, areas, tmp_path).problems)


def test_a_file_that_is_none_is_refused(areas: list[Kelurahan], tmp_path: Path) -> None:
    file = tmp_path / "batas.geojson"
    file.write_text("<kml/>", "utf-8")
    assert "is no GeoJSON" in inspect(file, areas).problems[0]


def test_the_approximation_in_git_is_drawn_from_the_seed(tmp_path: Path) -> None:
    areas = read_kelurahan(PROJECT_ROOT)
    write_shapes(tmp_path / "drawn.geojson", areas, draw(areas), ORIGIN)
    kept = PROJECT_ROOT / "reports" / "areas" / "approximate.geojson"
    assert kept.read_text("utf-8") == (tmp_path / "drawn.geojson").read_text("utf-8")


def test_the_approximation_covers_every_area_once() -> None:
    areas = read_kelurahan(PROJECT_ROOT)
    cells = draw(areas)
    together = shapely.union_all(list(cells.values()))
    assert sum(cell.area for cell in cells.values()) == pytest.approx(together.area)
    assert together.geom_type == "Polygon"
    for area in areas:
        assert cells[area.code].contains(shapely.Point(area.longitude, area.latitude))
