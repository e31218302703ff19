"""What is burned into cells: a statistic of what lies there."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError

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


class TestFunctionsOfSeveralNumbers:
    """`rasterize(v, r, "a", fun = function(x, ...) c(length(x), sum(x)))` of terra 1.9 has the layers lyr1 and lyr2."""

    @pytest.fixture
    def v(self):
        return pt.vect(
            [[0.1, 0.1], [0.2, 0.2], [2.5, 1.5]], atts={"a": [1, 5, 3], "b": [2, 4, 6], "g": list("pqp")}
        )

    def test_a_layer_for_each(self, grid, v):
        found = v.rasterize(grid, "a", lambda x: (x.size, x.sum()), background=-1)
        assert found.names == ["lyr1", "lyr2"]
        assert found.to_numpy().tolist() == [[[-1, -1, 1], [2, -1, -1]], [[-1, -1, 3], [6, -1, -1]]]

    def test_of_several_fields(self, grid, v):
        found = v.rasterize(grid, ["a", "b"], lambda x: (x.size, x.sum()))
        assert found.names == ["lyr1", "lyr2", "lyr3", "lyr4"]
        assert found.to_numpy()[:, 1, 0].tolist() == [2, 6, 2, 6]
        named = v.rasterize(grid, ["a", "b"], lambda x: {"low": x.min(), "high": x.max()})
        assert named.names == ["a_low", "a_high", "b_low", "b_high"]

    def test_of_groups(self, grid, v):
        found = v.rasterize(grid, "a", lambda x: {"low": x.min(), "high": x.max()}, by="g")
        assert found.names == ["p_low", "p_high", "q_low", "q_high"]
        np.testing.assert_array_equal(found.to_numpy()[:, 1, 0], [1, 1, 5, 5])
        np.testing.assert_array_equal(found.to_numpy()[:, 0, 2], [3, 3, NAN, NAN])

    def test_of_polygons(self, grid):
        found = boxes((0, 0, 1, 1), (0, 0, 2, 1)).rasterize(grid, [4, 7], lambda x: [x.min(), x.max()])
        assert found.to_numpy()[:, 1, :2].tolist() == [[4, 7], [7, 7]]

    def test_of_nothing(self, grid, v):
        assert v[[]].rasterize(grid, "a", lambda x: [1, 2]).shape == (1, 2, 3)
        beyond = v.shift(100, 0).rasterize(grid, "a", lambda x: [1, 2], background=0)
        assert beyond.to_numpy().tolist() == np.zeros((1, 2, 3)).tolist()

    def test_as_many_for_each_cell(self, grid, v):
        burned = v.rasterize(grid, "a", lambda x: x)
        with pytest.raises(UDFError, match="as many numbers for every group"):
            burned.values()

    def test_update_takes_one(self, grid, v):
        grid = grid.init(1)
        with pytest.raises(ArgumentError, match="update takes one layer, got 2"):
            v.rasterize(grid, "a", lambda x: [1, 2], update=True)
