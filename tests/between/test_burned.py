"""What is burned into cells: a statistic of what lies there."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import UDFError

NAN = float("nan")


@pytest.fixture
def grid():
    return pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2, crs="")


def boxes(*bounds, **atts):
    return pt.vect([shapely.box(*b) for b in bounds], atts=atts or None)


def cells(r):
    return r.to_numpy()[0].tolist()


def same(r, expected):
    np.testing.assert_array_equal(r.to_numpy()[0], np.array(expected, dtype=float))


@pytest.mark.parametrize(
    ("fun", "both"),
    [("first", 5), ("last", 6), ("min", 5), ("max", 6), ("sum", 11), ("mean", 5.5), ("count", 2)],
)
def test_a_statistic_joins_what_overlaps(grid, fun, both):
    v = boxes((0, 0, 2, 1), (1, 0, 3, 1), a=[5, 6])
    left, right = (1, 1) if fun == "count" else (5, 6)
    same(v.rasterize(grid, "a", fun), [[NAN, NAN, NAN], [left, both, right]])


def test_range_makes_two_layers(grid):
    v = boxes((0, 0, 2, 1), (1, 0, 3, 1), a=[5, 6])
    r = v.rasterize(grid, "a", "range")
    assert r.names == ["a_min", "a_max"]
    np.testing.assert_array_equal(r.to_numpy()[:, 1], [[5, 5, 6], [5, 6, 6]])


@pytest.mark.parametrize("fun", ["min", "max", "sum", "mean"])
@pytest.mark.parametrize("values", [[NAN, 6], [6, NAN]])
def test_one_missing_value_makes_a_statistic_missing(grid, fun, values):
    v = boxes((0, 0, 2, 1), (1, 0, 3, 1), a=values)
    assert np.isnan(cells(v.rasterize(grid, "a", fun))[1][1])


def test_what_several_polygons_cover_counts_once(grid):
    v = boxes((0, 0, 1, 0.5), (0, 0, 0.5, 1))
    assert cells(v.rasterize(grid, cover=True))[1][0] == pytest.approx(0.75)


def test_the_last_point_wins_even_if_missing(grid):
    v = pt.vect([[0.1, 0.1], [0.2, 0.2], [2.5, 1.5]], atts={"a": [1, NAN, 3]})
    same(v.rasterize(grid, "a", background=0), [[0, 0, 3], [NAN, 0, 0]])


def test_a_function_gets_the_values_of_a_cell(grid):
    v = pt.vect([[0.1, 0.1], [0.2, 0.2], [2.5, 1.5]], atts={"a": [1, 5, 3]})
    same(v.rasterize(grid, "a", np.ptp, background=-1), [[-1, -1, 0], [4, -1, -1]])


def test_a_function_must_give_one_number(grid):
    burned = boxes((0, 0, 1, 1)).rasterize(grid, fun=lambda v: [v.min(), v.max()])
    with pytest.raises(UDFError, match="must give one number per cell, got 2"):
        burned.values()
