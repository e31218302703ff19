"""Where geometries lie: masks that are made of them."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.between.presence import presence

NAN = float("nan")


@pytest.fixture
def grid():
    return pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2, crs="")


def boxes(*bounds):
    import shapely

    return pt.vect([shapely.box(*b) for b in bounds])


def same(r, expected):
    np.testing.assert_array_equal(r.to_numpy()[0], np.array(expected, dtype=float))


@pytest.mark.parametrize(
    ("value", "touches", "ones"),
    [
        ([(0.5, 0.5), (2.5, 1.5)], False, [2, 3]),
        (pt.vect("LINESTRING (0.5 0.5, 1.5 0.5)"), False, [3, 4]),
        (pt.vect("LINESTRING (0.5 0.9, 0.9 1.1)"), True, [0, 3]),
        (pt.ext(0, 1.4, 0, 1.4), False, [3]),
        (pt.ext(0, 1.4, 0, 1.4), True, [0, 1, 3, 4]),
    ],
)
def test_1_where_something_lies(grid, value, touches, ones):
    node = presence(value, grid._node.grid, "mask", touches=touches)
    block = node.kernel(node.grid, node.grid.window)
    assert np.flatnonzero(block == 1).tolist() == ones
    assert np.isnan(np.delete(block.ravel(), ones)).all()


class TestMasks:
    def test_cells_outside_become_missing(self, grid):
        r = pt.rast(grid, vals=range(6))
        same(r.mask(boxes((0, 0, 0.9, 1.1))), [[0, NAN, NAN], [3, NAN, NAN]])
        same(r.mask(boxes((0, 0, 0.9, 1.1)), touches=False), [[NAN] * 3, [3, NAN, NAN]])
        same(r.mask(boxes((0, 0, 0.9, 1.1)), touches=False, inverse=True), [[0, 1, 2], [NAN, 4, 5]])

    def test_crop_can_mask_too(self, grid):
        triangle = pt.vect("POLYGON ((0 0, 2 0, 0 2, 0 0))")
        r = pt.rast(grid, vals=range(6)).crop(triangle, mask=True, touches=False)
        assert r.shape == (1, 2, 2)
        assert np.isnan(r.to_numpy()[0, 0, 1])

    def test_crop_follows_the_date_line(self):
        r = pt.rast(nrows=1, ncols=36, vals=range(36))
        part = r.crop(pt.ext(160, 200, -90, 90))
        assert part.to_numpy().ravel().tolist() == [34, 35, 0, 1]
        assert list(part.ext)[:2] == [160, 200]
