"""distance to geometries, in the plane and on the sphere."""

import numpy as np
import pytest
import shapely

import pyterra as pt


def row(*values, res=1.0, crs=""):
    n = len(values)
    return pt.rast(nrows=1, ncols=n, xmin=0, xmax=n * res, ymin=0, ymax=res, crs=crs, vals=values)


def listed(r):
    return [None if v != v else round(float(v), 6) for v in r.values(drop=True)]


def test_to_points_lines_and_polygons():
    r = row(1, 1, 1, 1)
    assert listed(r.distance([[0.5, 0.5]])) == [0, 1, 2, 3]
    assert listed(r.distance(pt.vect("LINESTRING (0 5, 0 -5)"))) == [0.5, 1.5, 2.5, 3.5]
    assert listed(r.distance(pt.vect(shapely.box(0, 0, 2, 1)))) == [0, 0, 0.5, 1.5]


def test_edges_on_the_sphere_are_great_circles():
    r = pt.rast(nrows=2, ncols=1, xmin=0, xmax=10, ymin=0, ymax=20, crs="EPSG:4326")
    d = r.distance(pt.vect("LINESTRING (-20 0, 30 0)", crs="EPSG:4326")).values(drop=True)
    np.testing.assert_allclose(d, 6378137 * np.deg2rad([15, 5]), rtol=1e-12)


def test_points_beyond_the_date_line_are_near():
    r = pt.rast(nrows=1, ncols=36, ymin=-5, ymax=5)
    d = r.distance(pt.vect([[185.0, 0.0]], crs=r.crs)).values(drop=True)
    assert d.argmin() == 0
    assert d[0] == pytest.approx(0, abs=1e-6)
