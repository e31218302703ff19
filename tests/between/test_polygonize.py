"""Cells as geometries."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


@pytest.fixture
def r():
    return pt.rast(nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, crs="", vals=range(12), names="a")


class TestGeometries:
    def test_polygons_of_equal_cells(self):
        r = pt.rast([[1.0, 1, NAN], [2.4, 2, 1]], crs="")
        v = r.as_polygons()
        assert v.values().iloc[:, 0].tolist() == [1, 2]
        assert shapely.area(v.geoms).tolist() == [3, 2]
        assert shapely.get_num_geometries(v.geoms).tolist() == [2, 1]
        assert r.as_polygons(round=False).values().iloc[:, 0].tolist() == [1, 2, pytest.approx(2.4)]

    def test_points_of_known_cells(self):
        r = pt.rast(np.array([[[1.0, NAN]], [[NAN, NAN]]]), crs="", names=["a", "b"])
        assert len(r.as_points()) == 0
        assert len(r.as_points(na_all=True)) == 1
        assert len(r.as_points(na_rm=False)) == 2

    def test_points_and_rasters_there_and_back(self, r):
        again = r.as_points().rasterize(r, "a")
        np.testing.assert_array_equal(again.to_numpy(), r.to_numpy())

    def test_polygons_and_rasters_there_and_back(self, r):
        again = (r % 3).as_polygons().rasterize(r, "a")
        np.testing.assert_array_equal(again.to_numpy(), (r % 3).to_numpy())

    def test_lines_are_the_borders_of_rows_and_columns(self, r):
        assert len(r.as_lines()) == 4 + 1 + 3 + 1

    def test_missing_cells_cannot_be_joined(self, r):
        with pytest.raises(ArgumentError, match="aggregate=False"):
            r.as_polygons(na_rm=False)


def test_the_polygon_of_the_extent_has_a_vertex_at_each_row_and_column():
    r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=1, crs="")
    ring = r.as_polygons(extent=True).crds().tolist()
    upper, lower = [[0, 1], [1, 1], [2, 1], [3, 1]], [[3, 0], [2, 0], [1, 0], [0, 0]]
    assert ring == [*upper, [3, 0.5], *lower, [0, 0.5], [0, 1]]


@pytest.mark.parametrize("seed", range(3))
def test_the_polygon_of_the_extent_covers_it(seed):
    rng = np.random.default_rng(seed)
    x, y, w, h = rng.uniform(-100, 100, 4)
    rows, cols = rng.integers(1, 20, 2)
    r = pt.rast(nrows=rows, ncols=cols, xmin=x, xmax=x + abs(w), ymin=y, ymax=y + abs(h), crs="")
    v = r.as_polygons(extent=True)
    assert list(v.ext) == list(r.ext)
    assert len(v.crds()) == 2 * (rows + cols) + 1
    assert all(v.is_valid())
