"""Hill shading and the area of the land, against terra 1.9 and by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError

NAN = float("nan")
HEIGHTS = [[1, 2, 3, 4], [2, 3, 4, 5], [9, 2, 1, 7], [NAN, 3, 3, 3]]


def hills():
    return pt.rast(HEIGHTS, crs="EPSG:3035")


def test_surface_area_is_that_of_terra():
    # terra 1.9-45: surfArea(x)
    expected = [
        [1.390119, 1.573132, 1.573132, 1.390119],
        [4.014574, 3.282467, 2.651087, 2.560552],
        [5.456148, 4.034529, 3.531590, 4.059550],
        [NAN, 2.649039, 2.298742, 2.720299],
    ]
    np.testing.assert_allclose(hills().surf_area().to_numpy()[0], expected, atol=1e-6)


def test_a_slope_has_the_area_of_its_plane():
    # cells of 2 x 3, rising 1 to the east and 5 to the south: sqrt((1/2)^2 + (5/3)^2 + 1) times the area; by hand
    row, col = np.mgrid[:5, :4]
    x = pt.rast(col + 5.0 * row, extent=(0, 8, 0, 15))
    inner = x.surf_area().to_numpy()[0, 1:-1, 1:-1]
    np.testing.assert_allclose(inner, 6 * np.sqrt(0.25 + 25 / 9 + 1), rtol=1e-14)


def test_shade_is_that_of_terra():
    # terra 1.9-45: shade(terrain(x, "slope", unit = "radians"), terrain(x, "aspect", unit = "radians"))
    slope, aspect = (hills().terrain(v, unit="radians") for v in ("slope", "aspect"))
    got = slope.shade(aspect)
    assert got.names == ["hillshade"]
    expected = np.full((4, 4), NAN)
    expected[1, 1], expected[1, 2], expected[2, 2] = 0.9707253, 0.3629331, 0.1889822
    np.testing.assert_allclose(got.to_numpy()[0], expected, atol=1e-7)
    got = slope.shade(aspect, 40, 270, normalize=True)
    np.testing.assert_allclose(got.to_numpy()[0, 1, 1:3], [90.27265, 253.7025], rtol=1e-6)


def test_several_suns_give_a_layer_each():
    slope, aspect = (hills().terrain(v, unit="radians") for v in ("slope", "aspect"))
    got = slope.shade(aspect, [30, 40, 50.5], [0, 90])
    assert got.names == ["hs_30_0", "hs_40_90", "hs_50.5_0"]
    assert np.array_equal(got.to_numpy()[1:2], slope.shade(aspect, 40, 90).to_numpy(), equal_nan=True)


def test_ground_in_its_own_shadow_is_black():
    slope, aspect = pt.rast([[1.5]]), pt.rast([[np.pi]])
    assert slope.shade(aspect, 10, 0).to_numpy()[0, 0, 0] < 0
    assert slope.shade(aspect, 10, 0, normalize=True).to_numpy()[0, 0, 0] == 0


def test_what_is_refused():
    one = pt.rast([[1.0, 2.0]])
    with pytest.raises(ArgumentError, match="aspect must have one layer, got 2"):
        one.shade(pt.rast(np.ones((2, 1, 2))))
    with pytest.raises(GridMismatchError):
        one.shade(pt.rast([[1.0]]))
    with pytest.raises(ArgumentError, match="angle must be numbers"):
        one.shade(one, [])
    with pytest.raises(ArgumentError, match="planar, got lon/lat"):
        pt.rast([[1.0]], crs="EPSG:4326").surf_area()
    with pytest.raises(ArgumentError, match="surf_area: the raster must have one layer"):
        pt.rast(np.ones((2, 1, 2))).surf_area()
