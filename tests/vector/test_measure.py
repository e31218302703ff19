"""Areas and lengths."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, PyterraWarning

GEOD = pyproj.Geod(ellps="WGS84")
LONLAT = "OGC:CRS84"


def random_polygons(count, size, seed):
    rng = np.random.default_rng(seed)
    centres = rng.uniform([-170, -75], [170, 75], (count, 2))
    angles = np.sort(rng.uniform(0, 2 * np.pi, (count, 9)), axis=1)
    reach = rng.uniform(0.3, 1, (count, 9)) * size
    xy = centres[:, None] + reach[..., None] * np.stack([np.cos(angles), np.sin(angles)], axis=2)
    return pt.vect(list(shapely.convex_hull(shapely.polygons(xy))), crs=LONLAT)


@pytest.mark.parametrize("size", [0.01, 1.0, 12.0])
def test_areas_and_lengths_are_those_of_geographiclib(size):
    v = random_polygons(40, size, 5)
    expected = np.array([GEOD.geometry_area_perimeter(shape) for shape in v.geoms])
    assert np.allclose(v.expanse(), np.abs(expected[:, 0]), rtol=1e-9, atol=1e-4)
    assert np.allclose(v.perim(), expected[:, 1], rtol=1e-12)
    assert np.allclose(v.as_lines().perim(), expected[:, 1], rtol=1e-12)


def test_holes_are_taken_from_the_area_and_added_to_the_rim():
    ring = pt.vect("POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))", crs=LONLAT)
    outer, hole = pt.vect(pt.ext(0, 3, 0, 3), crs=LONLAT), pt.vect(pt.ext(1, 2, 1, 2), crs=LONLAT)
    assert ring.expanse()[0] == pytest.approx(outer.expanse()[0] - hole.expanse()[0], rel=1e-12)
    assert ring.perim()[0] == pytest.approx(outer.perim()[0] + hole.perim()[0], rel=1e-12)


def test_a_cap_around_a_pole_has_its_area():
    cap = pt.vect("POLYGON ((0 60, 90 60, 180 60, -90 60, 0 60))", crs=LONLAT)
    expected = abs(GEOD.polygon_area_perimeter([0, 90, 180, -90], [60] * 4)[0])
    assert cap.expanse()[0] == pytest.approx(expected, rel=1e-12)


def test_planar_areas_are_brought_to_the_ground():
    v = pt.vect(pt.ext(980000, 981000, 200000, 201000), crs="EPSG:2263")
    assert v.expanse()[0] == pytest.approx(92903.86, abs=0.01)
    assert v.expanse("ha", transform=False)[0] == pytest.approx((1000 * 1200 / 3937) ** 2 / 1e4)
    assert v.perim()[0] == pytest.approx(1219.2024)
    assert pt.vect([[0, 0]], crs="EPSG:3035").expanse().tolist() == [0]
    with pytest.warns(PyterraWarning, match="expanse: the CRS is not known"):
        assert pt.vect(pt.ext(0, 2, 0, 2)).expanse().tolist() == [4]
    with pytest.raises(ArgumentError, match="unit: must be one of m, km, ha"):
        v.expanse("acres")


# Relations
