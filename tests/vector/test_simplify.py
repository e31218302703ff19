"""Lines and borders with fewer vertices."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError


def test_a_tolerance_is_not_below_0():
    with pytest.raises(ArgumentError, match="tolerance must not be below 0"):
        pt.vect("LINESTRING (0 0, 5 0.1, 10 0)").simplify_geom(-1)


@pytest.mark.parametrize("tolerance", [0.001, 1, 60])
def test_many_vertices_are_simplified_as_few_are(tolerance, monkeypatch):
    """What is taken out before GEOS looks at it changes nothing: of types, heights, holes, parts and missing shapes."""
    monkeypatch.setattr("pyterra.vector.simplify._FEW", 1)
    rough = shapely.Point(0, 0).buffer(100, quad_segs=90).segmentize(0.5)
    polygons = [rough, shapely.Polygon(), rough.difference(shapely.Point(3, 0).buffer(20, quad_segs=50))]
    polygons += [shapely.MultiPolygon([rough]), shapely.union(rough, shapely.Point(500, 0).buffer(9))]
    polygons.append(
        shapely.difference(rough, shapely.LineString([(-50, 0), (99.9, 0)]).buffer(0.3))
    )  # a narrow bay
    lines = [
        shapely.LineString([(x, x % 3, x / 7) for x in range(300)]),
        rough.exterior.coords,
        [[0, 0], [9, 9]],
    ]
    for shapes in (polygons, [shapely.LineString(line) for line in lines]):
        v = pt.vect(np.array(shapes, dtype=object))
        expected = shapely.simplify(v.geoms, tolerance)
        assert shapely.to_wkb(v.simplify_geom(tolerance).geoms).tolist() == shapely.to_wkb(expected).tolist()
