"""rasterize: what is burned, and what its layers are called."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError, LayerError

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


class TestPolygons:
    def test_cells_whose_centre_lies_inside_get_1(self, grid):
        same(boxes((0, 0, 1.6, 1)).rasterize(grid), [[NAN, NAN, NAN], [1, 1, NAN]])

    def test_the_last_geometry_wins(self, grid):
        v = boxes((0, 0, 2, 1), (1, 0, 3, 1), a=[5, 6])
        same(v.rasterize(grid, "a", background=0), [[0, 0, 0], [5, 6, 6]])

    @pytest.mark.parametrize(
        ("fun", "both", "alone"),
        [("median", 6, 6), ("which_max", 1, 0), (np.ptp, 2, 0), ("nunique", 3, 1), ("rms", 55**0.5, NAN)],
    )
    def test_whatever_else_there_is_gets_the_values_in_the_order_of_the_polygons(
        self, grid, fun, both, alone
    ):
        v = boxes((0, 0, 3, 1), (1, 0, 2, 1), (1, 0, 2, 1), a=[6, 7, 5])
        np.testing.assert_allclose(cells(v.rasterize(grid, "a", fun))[1], [alone, both, alone], rtol=1e-12)

    def test_touched_cells_count_on_demand(self, grid):
        v = boxes((0.8, 0.1, 1.2, 0.2))
        same(v.rasterize(grid), [[NAN] * 3] * 2)
        same(v.rasterize(grid, touches=True), [[NAN] * 3, [1, 1, NAN]])

    def test_text_becomes_a_factor_in_the_order_of_the_alphabet(self, grid):
        r = boxes((0, 0, 1, 1), (1, 0, 2, 1), kind=["wood", "lake"]).rasterize(grid, "kind")
        assert r.is_factor() == [True]
        assert r.levels[0].iloc[:, 1].tolist() == ["lake", "wood"]
        assert cells(r)[1][:2] == [1, 0]

    def test_by_gives_a_layer_per_value(self, grid):
        r = boxes((0, 0, 1, 1), (1, 0, 2, 1), kind=["wood", "lake"]).rasterize(grid, 3, by="kind")
        assert r.names == ["lake", "wood"]
        assert np.isnan(r.to_numpy()).sum() == 10

    def test_whole_numbers_and_truth_stay_so_where_they_are_chosen(self, grid):
        v = boxes((0, 0, 1, 1)).cbind({"i": [4], "t": [True]})
        assert (v.rasterize(grid, "i").is_int(), v.rasterize(grid, "t").is_bool()) == ([True], [True])
        assert v.rasterize(grid, "t", background=0).is_bool() == [True]
        assert v.rasterize(grid, "t", background=2).is_int() == [True]
        assert not any(
            v.rasterize(grid, "i", **more).is_int()[0] for more in ({"background": 0.5}, {"fun": "mean"})
        )
        whole = grid.init("cell")
        assert v.rasterize(whole, "i", update=True).is_int() == [True]
        assert v.rasterize(whole * 0.5, "i", update=True).is_int() == [False]

    def test_update_keeps_values_where_nothing_lies(self, grid):
        base = pt.rast(grid, vals=range(6))
        same(boxes((0, 0, 1, 1)).rasterize(base, 9, update=True), [[0, 1, 2], [9, 4, 5]])

    def test_large_codes_stay_exact(self, grid):
        r = boxes((0, 0, 3, 2), code=[2**40 + 1]).rasterize(grid, "code")
        assert cells(r)[0][0] == 2**40 + 1

    def test_no_geometries_give_the_background(self, grid):
        empty = boxes((0, 0, 1, 1))[[False]]
        same(empty.rasterize(grid, background=4), [[4] * 3] * 2)


class TestPoints:
    def test_missing_values_can_be_left_out(self, grid):
        v = pt.vect([[0.1, 0.1], [0.2, 0.2]], atts={"a": [1, NAN]})
        same(v.rasterize(grid, "a", na_rm=True, background=0), [[0, 0, 0], [1, 0, 0]])

    @pytest.mark.parametrize("as_shapes", [False, True])
    def test_update_keeps_values_whatever_the_background(self, grid, as_shapes):
        v, base = pt.vect([[0.5, 0.5]], atts={"a": [9]}), pt.rast(grid, vals=range(6))
        r = (v.buffer(0.4) if as_shapes else v).rasterize(base, "a", update=True, background=0)
        same(r, [[0, 1, 2], [9, 4, 5]])

    def test_no_field_is_1(self, grid):
        same(pt.rasterize([[0.5, 0.5]], grid, None, background=0), [[0, 0, 0], [1, 0, 0]])

    def test_a_single_number_with_a_name_by_groups_is_named_after_them(self, grid):
        v = pt.vect([[0.5, 0.5], [0.5, 0.5]], atts={"g": ["p", "q"]})
        assert v.rasterize(grid, fun=lambda x: {"n": x.size}, by="g").names == ["p", "q"]
        assert v.rasterize(grid, fun=lambda x: {"n": x.size}).names == ["n"]

    def test_by_of_no_geometries_makes_no_layers(self, grid):
        v = pt.vect([[0.5, 0.5]], atts={"g": ["p"]})[[False]]
        assert v.rasterize(grid, fun="range", by="g").to_numpy().shape == (0, 2, 3)

    def test_bare_coordinates_will_do(self, grid):
        same(pt.rasterize([[0.5, 0.5], [9, 9]], grid, fun="count", background=0), [[0, 0, 0], [1, 0, 0]])


class TestSeveralFields:
    """Numbers and names of terra 1.9-45: rasterize(v, r, c("a", "s")) and rasterize(xy, r, values = cbind(u, w))."""

    @pytest.fixture
    def points(self):
        places = [(0.5, 0.5), (0.5, 0.5), (1.5, 1.5), (0.6, 0.6)]
        return pt.vect(places, atts={"a": [3, 9, 4, 1], "i": [1, 2, 3, 4], "s": ["x", "z", "y", "x"]}, crs="")

    def test_each_column_is_a_layer(self, points, grid):
        r = points.rasterize(grid, ["a", "s"])
        assert (r.names, r.is_factor()) == (["a", "s"], [False, True])
        np.testing.assert_array_equal(r.to_numpy()[:, [0, 1], [1, 0]], [[4, 1], [1, 0]])

    def test_names_tell_the_statistic(self, points, grid):
        assert points.rasterize(grid, ["a", "s"], "max").names == ["a_max", "s_max"]
        assert points.rasterize(grid, ["a"], "range").names == ["a_range_min", "a_range_max"]
        assert points.buffer(0.2).rasterize(grid, ("a",), np.ptp).names == ["a"]

    def test_values_may_have_columns(self, points, grid):
        r = points.rasterize(grid, np.array([[1, 2, 3, 4], [11, 12, 13, 14]]).T, background=0)
        assert r.names == ["lyr1", "lyr2"]
        assert r.to_numpy().tolist() == [[[0, 3, 0], [4, 0, 0]], [[0, 13, 0], [14, 0, 0]]]

    def test_update_takes_the_layer_of_each(self, points, grid):
        base = pt.rast(grid, nlyrs=2, vals=range(12))
        r = points.rasterize(base, ["a", "a"], update=True)
        assert r.to_numpy()[:, 1].tolist() == [[1, 4, 5], [1, 10, 11]]

    def test_by_takes_one(self, points, grid):
        with pytest.raises(ArgumentError, match="by takes one field, got 2"):
            points.rasterize(grid, ["a", "s"], by="s")
        with pytest.raises(ArgumentError, match="cover takes one field, got 2"):
            points.buffer(0.1).rasterize(grid, ["a", "s"], cover=True)

    def test_a_layer_each_of_those_that_have_one_below(self, points, grid):
        base = pt.rast(grid, nlyrs=2, vals=range(12), names=["p", "q"])
        assert points.rasterize(base, ["a", "i"], "max", update=True).names == ["a_max", "i_max"]
        assert points.rasterize(base, "a", "max", update=True).names == ["p", "q"]
        with pytest.raises(ArgumentError, match="one per field, got 2 for 3 fields"):
            points.rasterize(base, ["a", "i", "a"], update=True)
        with pytest.raises(ArgumentError, match="one per field, got 2 for 1 fields"):
            points.rasterize(base, ["a"], update=True)

    def test_several_numbers_without_names_are_counted_through(self, points, grid):
        """As terra 1.9 does: rasterize(v, r, c("a", "i"), fun = function(x, ...) c(length(x), 1))."""
        assert points.rasterize(grid, ["a", "i"], lambda x: (x.size, 1)).names == [
            "lyr1",
            "lyr2",
            "lyr3",
            "lyr4",
        ]

    def test_names_of_several_numbers_follow_those_of_the_fields(self, points, grid):
        names = points.rasterize(grid, ["a", "i"], lambda x: {"n": x.size, "lyr1": 1}).names
        assert names == ["a_n", "a_lyr1", "i_n", "i_lyr1"]
        assert points.rasterize(grid, ["a", "i"], lambda x: {"lyr1": x.size, "n": 1}).names[0] == "a_lyr1"
        assert points.rasterize(grid, ["a", "i"], lambda x: {"n": x.size}).names == ["a", "i"]

    def test_a_list_of_one_is_told_by_its_name(self, points, grid):
        assert points.rasterize(grid, ["i"], "max").names == ["i_max"]
        assert points.rasterize(grid, "i", "max").names == ["max"]
        assert points.rasterize(grid, ["i"], "max", by="s").names == ["x", "y", "z"]

    @pytest.mark.parametrize(
        ("fun", "name", "value"), [(None, "s", 0), ("max", "s_max", 2), ("min", "s_min", 0)]
    )
    def test_text_at_points_is_ranked_by_its_codes(self, points, grid, fun, name, value):
        r = points.rasterize(grid, "s", fun)
        assert r.names == [name]
        same(r, [[NAN, 1, NAN], [value, NAN, NAN]])


class TestErrors:
    def test_a_column_that_is_not_there_is_named_with_near_ones(self, grid):
        with pytest.raises(LayerError, match="'height'"):
            boxes((0, 0, 1, 1), height=[1]).rasterize(grid, "heigth")

    def test_reference_systems_must_match(self, grid):
        v = pt.vect(shapely.box(0, 0, 1, 1), crs="EPSG:3035")
        grid.crs = "EPSG:4326"
        with pytest.raises(CRSMismatchError):
            v.rasterize(grid)

    @pytest.mark.parametrize("wrong", [{"touches": True}, {"cover": True}])
    def test_points_have_no_area(self, grid, wrong):
        with pytest.raises(ArgumentError, match="points"):
            pt.vect([[0, 0]]).rasterize(grid, **wrong)

    def test_the_grid_must_be_a_raster(self):
        with pytest.raises(ArgumentError, match="SpatRaster"):
            boxes((0, 0, 1, 1)).rasterize(pt.ext(0, 1, 0, 1))
