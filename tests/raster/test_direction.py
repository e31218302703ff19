"""direction: where the nearest value lies, against all pairs, terra 1.9 and geodesics of pyproj."""

import numpy as np
import pyproj
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")
SMALL = ((NAN, NAN, NAN, NAN), (NAN, 1, NAN, NAN), (NAN, NAN, NAN, 2))


def test_directions_are_those_of_terra():
    # terra 1.9-45: direction(x), and direction(x, from = TRUE, degrees = TRUE)
    expected = [
        [2.3561945, 3.141593, 3.926991, 3.141593],
        [1.5707963, NAN, 4.712389, 3.141593],
        [0.7853982, 0.0, 1.570796, NAN],
    ]
    x = pt.rast(SMALL)
    np.testing.assert_allclose(x.direction().to_numpy()[0], expected, atol=1e-6)
    back = [[315, 0, 45, 0], [270, NAN, 90, 0], [225, 180, 270, NAN]]
    assert np.array_equal(x.direction(from_=True, degrees=True).to_numpy()[0], back, equal_nan=True)


def test_directions_on_the_earth_are_those_of_terra():
    # terra 1.9-45: direction(x, degrees = TRUE); with method = "geo" it gives -134.80673 for the third
    x = pt.rast(SMALL, crs="EPSG:4326")
    got = x.direction(degrees=True).to_numpy()[0]
    np.testing.assert_allclose(got[0], [134.99892, 180, 225.00108, 180], atol=1e-5)
    np.testing.assert_allclose(got[1:, 0], [89.98691, 44.98800], atol=1e-5)
    got = x.direction(degrees=True, method="geo").to_numpy()[0]
    np.testing.assert_allclose(got[0], [134.80673, 180, 360 - 134.80673, 180], atol=1e-5)


@pytest.mark.parametrize("crs", ["EPSG:3035", "EPSG:4326"])
def test_each_cell_looks_at_one_of_the_nearest(crs):
    rng = np.random.default_rng(4)
    values = np.where(rng.random((12, 15)) < 0.06, 1.0, NAN)
    x = pt.rast(values, extent=(-7, 8, 30, 54), crs=crs)
    got, far = x.direction(degrees=True, method="geo").to_numpy()[0], x.distance().to_numpy()[0]
    centres = x.xy_from_cell(range(180)).reshape(12, 15, 2)
    geod = pyproj.Geod(a=6378137.0, f=0)
    for cell in zip(*np.nonzero(np.isnan(values)), strict=True):
        ways = []
        for source in zip(*np.nonzero(values == 1), strict=True):
            (x0, y0), (x1, y1) = centres[cell], centres[source]
            if crs == "EPSG:4326":
                length = geod.inv(x0, y0, x1, y1)[2]
                way = pyproj.Geod(ellps="WGS84").inv(x0, y0, x1, y1)[0] % 360
            else:
                length, way = np.hypot(x1 - x0, y1 - y0), np.degrees(np.arctan2(x1 - x0, y1 - y0)) % 360
            if length <= far[cell] * (1 + 1e-9):
                ways.append(way)
        assert min(abs(way - got[cell]) for way in ways) < 1e-6


def test_the_way_may_lead_over_the_antimeridian():
    x = pt.rast([[NAN, NAN, NAN, NAN, NAN, 1.0]], extent=(-180, 180, -30, 30), crs="EPSG:4326")
    assert x.direction(degrees=True).to_numpy()[0, 0, 0] == pytest.approx(270)


def test_without_a_value_there_is_no_direction():
    assert np.isnan(pt.rast([[NAN, NAN]]).direction().to_numpy()).all()
    assert np.isnan(pt.rast([[NAN, NAN]], crs="EPSG:4326").direction(method="geo").to_numpy()).all()


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="direction: method"):
        pt.rast([[1.0]]).direction(method="haversine")
