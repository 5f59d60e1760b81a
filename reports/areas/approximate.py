"""Borders from what is known without a survey: every place belongs to the kelurahan whose middle is
nearest, as far as the city reaches about its outermost middles.
"""

import math

import shapely
from shapely.geometry import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from reports.areas.seed import Kelurahan

ORIGIN = "Batas perkiraan dari titik tengah kelurahan, bukan batas resmi"

# How far the city goes on beyond the middles at its edge, in degrees (about 700 m), and how closely
# its outline follows them: 0 would follow every dent, 1 none.
MARGIN = 0.0065
HOLLOWNESS = 0.45


def draw(areas: list[Kelurahan]) -> dict[str, BaseGeometry]:
    """A polygon for every kelurahan, without overlaps and without gaps, by code."""
    # Degrees of longitude are shorter than those of latitude: nearest is meant in metres.
    shrink = math.cos(math.radians(sum(area.latitude for area in areas) / len(areas)))
    points = [Point(area.longitude * shrink, area.latitude) for area in areas]
    middles = MultiPoint(points)
    outline = shapely.concave_hull(middles, ratio=HOLLOWNESS).buffer(MARGIN)
    cells = shapely.get_parts(shapely.voronoi_polygons(middles, extend_to=outline, ordered=True))
    return {
        area.code: shapely.transform(
            cell.intersection(outline), lambda corners: corners / (shrink, 1)
        )
        for area, cell in zip(areas, cells, strict=True)
    }
