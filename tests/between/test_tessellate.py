"""tessellate: numbers of terra 1.9, and gaps and overlaps."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError

SQUARE = pt.ext(0, 100, 0, 100)
EARTH = 510065621724088.4
"""Square metres, of the ellipsoid."""


def covers(v, extent):
    """Whether polygons cover an extent, and none overlaps another."""
    whole = shapely.union_all(v.geoms)
    xmin, xmax, ymin, ymax = extent
    assert shapely.covers(whole.buffer(1e-9 * (xmax - xmin)), shapely.box(xmin, ymin, xmax, ymax))
    np.testing.assert_allclose(whole.area, shapely.area(v.geoms).sum(), rtol=1e-9)


@pytest.mark.parametrize(
    ("extent", "size", "flat", "count", "edges"),
    [
        ((0, 100, 0, 100), 10, False, 149, (-10, 110, -8.660254, 106.809801)),
        ((0, 100, 0, 100), 10, True, 149, (-8.660254, 106.809801, -10, 110)),
        ((0, 95, 0, 63), 10, False, 99, (-10, 105, -8.660254, 72.168784)),
        ((0, 100, 0, 80), 15, True, 58, (-12.990381, 108.253175, -15, 90)),
    ],
)
def test_hexagons_are_those_of_terra(extent, size, flat, count, edges):
    """`tessellate(ext(...), size, flat_top = flat)` of terra 1.9-45."""
    v = pt.tessellate(pt.ext(*extent), size, flat_top=flat)
    assert len(v) == count
    np.testing.assert_allclose(list(v.ext), edges, atol=1e-5)
    np.testing.assert_allclose(shapely.area(v.geoms), size**2 * np.sqrt(3) / 2)
    covers(v, extent)


def test_rectangles_fit_or_are_squares():
    fitting = pt.tessellate(pt.ext(0, 95, 0, 63), 10, type="rect")
    assert len(fitting) == 60
    assert list(fitting.ext) == [0, 95, 0, 63]
    covers(fitting, (0, 95, 0, 63))
    squares = pt.tessellate(pt.ext(0, 95, 0, 63), 10, type="rectangle", align="align")
    assert len(squares) == 70
    np.testing.assert_allclose(shapely.area(squares.geoms), 100)
    covers(squares, (0, 95, 0, 63))


def test_rectangles_of_longitude_and_latitude_are_those_of_terra():
    """`tessellate(ext(5, 15, 45, 50), 200000, geo = TRUE, type = "rect")`, and `align = "equal"`."""
    area = pt.ext(5, 15, 45, 50)
    fitting = pt.tessellate(area, 200_000, type="rectangle", lonlat=True)
    np.testing.assert_allclose(
        [fitting.expanse().min(), fitting.expanse().max()], [33788534068, 35977726045], rtol=1e-9
    )
    squares = pt.tessellate(area, 200_000, type="rectangle", align="align", lonlat=True)
    np.testing.assert_allclose(list(squares.ext), [4.490072, 15.50993, 44.80505, 50.19495], rtol=1e-6)
    np.testing.assert_allclose(squares.expanse().max(), 40032450938, rtol=1e-9)
    assert fitting.is_lonlat()


@pytest.mark.parametrize("flat", [False, True])
def test_hexagons_of_the_earth_have_one_area(flat):
    v = pt.tessellate(size=3_000_000, flat_top=flat)
    assert v.is_valid().all()
    np.testing.assert_allclose(list(v.ext), [-180, 180, -90, 90])
    areas = v.expanse()
    np.testing.assert_allclose(areas.sum(), EARTH, rtol=1e-8)
    np.testing.assert_allclose(shapely.union_all(v.geoms).area, 360 * 180, rtol=1e-6)
    whole = areas[np.abs([g.bounds[1] for g in v.geoms]) < 60]
    assert areas.max() < 1.01 * np.median(areas)
    assert len(whole) > 20
    some = pt.tessellate(pt.ext(5, 15, 45, 50), 200_000, flat_top=flat, lonlat=True)
    assert np.ptp(some.expanse()) < 1e-3 * some.expanse().mean()
    np.testing.assert_allclose(some.expanse().mean(), 200_000**2 * np.sqrt(3) / 2, rtol=1e-3)


def test_of_rasters_with_a_reference_system():
    r = pt.rast(nrows=2, ncols=2, extent=(4e6, 4.1e6, 3e6, 3.1e6), crs="EPSG:3035")
    v = pt.tessellate(r, 20_000)
    assert v.crs == r.crs
    covers(v, tuple(r.ext))


def test_what_cannot_be_is_refused():
    for size in (0, -1, float("nan")):
        with pytest.raises(ArgumentError, match="tessellate: size must be above 0"):
            pt.tessellate(SQUARE, size)
    with pytest.raises(ArgumentError, match="tessellate: type: must be one of hexagon, rectangle"):
        pt.tessellate(SQUARE, 1, type="polyhedron")
    with pytest.raises(ArgumentError, match="tessellate: align: must be one of"):
        pt.tessellate(SQUARE, 1, type="rectangle", align="cube")
