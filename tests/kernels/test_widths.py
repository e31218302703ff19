"""The narrowest strip around convex figures, against every direction."""

import numpy as np
import pytest
import shapely

from pyterra.kernels.widths import across


def ends_of(shapes):
    hulls = shapely.convex_hull(shapes)
    xy, of = shapely.get_coordinates(hulls, return_index=True)
    first = np.searchsorted(of, np.arange(len(hulls) + 1))
    return across(xy, first, shapely.get_dimensions(hulls) == 2)


@pytest.mark.parametrize("seed", range(3))
def test_no_direction_is_narrower(seed):
    rng = np.random.default_rng(seed)
    shapes = [shapely.MultiPoint(rng.normal(size=(n, 2)) * [3, 1]) for n in (3, 8, 30)]
    ends = ends_of(shapes)
    turn = np.linspace(0, np.pi, 20_000)
    for shape, width in zip(shapes, np.hypot(*(ends[:, 1] - ends[:, 0]).T), strict=True):
        along = shapely.get_coordinates(shape) @ [np.cos(turn), np.sin(turn)]
        narrowest = np.ptp(along, axis=0).min()
        assert width <= narrowest
        assert width == pytest.approx(narrowest, rel=1e-3)


def test_what_has_no_area_has_no_width_and_nothing_is_missing():
    ends = ends_of(shapely.from_wkt(["LINESTRING (1 2, 3 4)", "POLYGON EMPTY", "POINT (5 6)"]))
    assert ends[0].tolist() == [[1, 2], [1, 2]]
    assert np.isnan(ends[1]).all()
    assert ends[2].tolist() == [[5, 6], [5, 6]]
