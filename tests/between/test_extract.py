"""extract: points, lines, polygons, cells; statistics."""

import numpy as np
import pandas as pd
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError, LayerError, TooLargeError, UDFError

NAN = float("nan")


@pytest.fixture
def r():
    return pt.rast(nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, crs="", vals=range(12), names="a")


def box(*bounds, **more):
    return pt.vect(shapely.box(*bounds), **more)


class TestPoints:
    def test_a_point_takes_the_value_of_its_cell(self, r):
        out = r.extract(pt.vect([[0.5, 2.5], [3.5, 0.5], [9, 9]]), cells=True, xy=True)
        assert list(out.columns) == ["ID", "a", "cell", "x", "y"]
        np.testing.assert_array_equal(
            out.to_numpy(), [[0, 0, 0, 0.5, 2.5], [1, 11, 11, 3.5, 0.5], [2, NAN, -1, NAN, NAN]]
        )

    def test_coordinates_and_cells_have_no_id(self, r):
        assert list(r.extract([[0.5, 0.5]]).columns) == ["a"]
        assert r.extract([0, 11, -1])["a"].tolist()[:2] == [0, 11]
        assert r.extract([-1])["a"].isna().all()

    def test_a_table_of_coordinates_has_ids(self, r):
        assert r.extract(pd.DataFrame({"x": [0.5], "y": [0.5]})).to_numpy().tolist() == [[0, 8]]

    def test_statistics_are_those_of_the_points_of_a_geometry(self, r):
        several = pt.vect([shapely.MultiPoint([[0.5, 2.5], [3.5, 0.5], [9, 9]]), shapely.Point(1.5, 2.5)])
        assert r.extract(several, "sum", na_rm=True)["a"].tolist() == [11, 1]
        assert r.extract(several, "sum")["a"].isna().tolist() == [True, False]
        assert r.extract(several, lambda v: v.size, na_rm=True)["a"].tolist() == [2, 1]
        with pytest.raises(ArgumentError, match="'table' is for lines and polygons"):
            r.extract(several, "table")

    def test_layers_can_be_chosen_per_point(self, r):
        both = pt.c(r, r * 10)
        both.names = ["a", "b"]
        v = pt.vect([[0.5, 0.5], [1.5, 0.5]], atts={"which": ["b", "a"]})
        for layer in ("which", ["b", "a"], [1, 0]):
            out = both.extract(v, layer=layer)
            assert out["layer"].tolist() == ["b", "a"]
            assert out["value"].tolist() == [80, 9]

    def test_bind_of_several_cells_of_a_polygon_says_how_to_join(self, r):
        with pytest.raises(ArgumentError, match=r"extract: bind needs one row per geometry.*values\.merge"):
            r.extract(pt.as_polygons(r.ext), bind=True)

    def test_bind_gives_the_points_with_their_values(self, r):
        out = r.extract(pt.vect([[0.5, 0.5]], atts={"a": [5]}), bind=True)
        assert out.names == ["a", "a.1"]

    def test_labels_or_numbers(self, r):
        r.levels = [{8: "wood"}]
        r.names = ["a"]
        v = pt.vect([[0.5, 0.5], [0.5, 1.5]])
        assert r.extract(v)["a"].tolist() == ["wood", NAN] or r.extract(v)["a"].isna().tolist() == [
            False,
            True,
        ]
        assert r.extract(v, raw=True)["a"].tolist() == [8, 4]

    def test_longitudes_beyond_the_date_line_are_followed(self):
        r = pt.rast(nrows=1, ncols=36, vals=range(36))
        assert r.extract(pt.vect([[185.0, 0.0], [-185.0, 0.0]], crs=r.crs)).iloc[:, 1].tolist() == [0, 35]


class TestAnotherReferenceSystem:
    """As terra 1.9 has it: the vector is projected, with a warning. No other verb does so."""

    @pytest.fixture
    def metres(self):
        return pt.rast(
            nrows=3,
            ncols=4,
            extent=(4e6, 4e6 + 4e4, 3e6, 3e6 + 3e4),
            crs="EPSG:3035",
            vals=range(12),
            names="a",
        )

    @pytest.mark.parametrize(
        "shapes",
        [
            [shapely.Point(4_005_000, 3_025_000), shapely.Point(4_035_000, 3_005_000), shapely.Point(0, 0)],
            [shapely.LineString([(4_005_000, 3_025_000), (4_035_000, 3_005_000)])],
            [shapely.box(4_001_000, 3_001_000, 4_024_000, 3_019_000)],
        ],
    )
    @pytest.mark.parametrize("more", [{}, {"fun": "mean"}, {"cells": True, "xy": True}])
    def test_vectors_are_projected(self, metres, shapes, more):
        given = pt.vect(shapes, crs="EPSG:3035")
        with pytest.warns(pt.errors.PyterraWarning, match="extract: the vector is projected .* to .*3035"):
            found = metres.extract(given.project("EPSG:4326"), **more)
        pd.testing.assert_frame_equal(found, metres.extract(given, **more))
        with pytest.warns(pt.errors.PyterraWarning, match="is projected"):
            bound = metres.extract(given.project("EPSG:4326"), "mean", bind=True)
        assert bound.crs == "EPSG:4326"
        assert bound["a"].dropna().tolist() == metres.extract(given, "mean")["a"].dropna().tolist()

    def test_zones_and_ranges_of_layers(self, metres):
        area = pt.vect(shapely.box(4_001_000, 3_001_000, 4_024_000, 3_019_000), crs="EPSG:3035")
        with pytest.warns(pt.errors.PyterraWarning, match="is projected"):
            found = metres.zonal(area.project("EPSG:4326"))
        pd.testing.assert_frame_equal(found, metres.zonal(area))
        given = pt.vect([[4_005_000.0, 3_025_000.0]], crs="EPSG:3035").project("EPSG:4326")
        with pytest.warns(pt.errors.PyterraWarning, match="is projected"):
            assert pt.c(metres, metres + 1).extract_range(given, 0, 1, lyr_fun="sum").tolist() == [1]

    def test_what_has_no_place_there_has_no_value(self, metres):
        with pytest.warns(pt.errors.PyterraWarning) as told:
            found = metres.extract(pt.vect([[-170.0, -52.0], [5.567, 50.25]], crs="EPSG:4326"))
        assert found["a"].isna().tolist() == [True, False]
        assert ["no place" in str(one.message) for one in told] == [False, True]

    def test_one_without_is_taken_for_the_same(self, metres):
        with pytest.warns(pt.errors.PyterraWarning, match="one input has no CRS"):
            assert metres.extract(pt.vect([[4_005_000.0, 3_025_000.0]])).iloc[0, 1] == 0

    def test_other_verbs_do_not_guess(self, metres):
        area = pt.vect(shapely.box(4_001_000, 3_001_000, 4_024_000, 3_019_000), crs="EPSG:3035").project(
            "EPSG:4326"
        )
        for asks in (metres.mask, metres.crop, metres.distance, metres.cells, area.rasterize):
            with pytest.raises(CRSMismatchError, match=r"project\(\) first"):
                asks(metres if asks == area.rasterize else area)


class TestErrors:
    def test_weights_are_for_polygons(self, r):
        with pytest.raises(ArgumentError, match="polygons"):
            r.extract(pt.vect("LINESTRING (0 0, 1 1)"), exact=True)

    def test_weighted_statistics_are_few(self, r):
        with pytest.raises(ArgumentError, match="sum, mean, min, max"):
            r.extract(box(0, 0, 1, 1), "median", exact=True)

    def test_unknown_statistics_are_refused_with_a_hint(self, r):
        with pytest.raises(ArgumentError, match="'median'"):
            r.extract(box(0, 0, 1, 1), "medain")

    def test_layers_that_do_not_exist(self, r):
        with pytest.raises(LayerError):
            r.extract(pt.vect([[0.5, 0.5]]), layer="b")
        with pytest.raises(LayerError, match=r"extract: layer must be from 0 to 0, got 1"):
            r.extract(pt.vect([[0.5, 0.5]]), layer=1)

    def test_a_failing_function_is_named(self, r):
        with pytest.raises(UDFError, match="ZeroDivisionError"):
            r.extract(box(0, 0, 1, 1), lambda v: 1 / 0)

    def test_cell_numbers_are_whole(self, r):
        with pytest.raises(ArgumentError, match="whole"):
            r.extract([0.5])

    def test_a_list_of_values_must_fit_the_memory(self, r):
        big = pt.rast(nrows=300, ncols=300, xmin=0, xmax=300, ymin=0, ymax=300, crs="", vals=1.5)
        v = pt.vect([shapely.box(0, 0, 300, 300)] * 40)
        with pt.options(memory="60MB"), pytest.raises(TooLargeError, match="give fun="):
            big.extract(v)
        assert (big.extract(v, "sum").iloc[:, 1] == 300 * 300 * 1.5).all()


class TestInputs:
    def test_an_extent_needs_coordinates(self, r):
        with pytest.raises(ArgumentError, match="crop: the vector must have coordinates, got 1 empty"):
            r.crop([shapely.Polygon()])

    def test_a_misspelt_argument_is_an_error(self, r):
        with pytest.raises(ArgumentError, match="there is no argument narm"):
            r.extract(box(0, 0, 2, 2), "mean", narm=True)


class TestSeveralStatistics:
    """What `terra::extract(fun = c("min", "max"))` gives: columns that begin with the name of the statistic."""

    @pytest.mark.parametrize("names", [["min", "max"], ["median", "min"], ["range", "nunique"]])
    def test_columns_are_those_of_each_alone(self, r, names):
        both = pt.c(r, r * 10)
        both.names = ["a", "b"]
        shapes = pt.vect([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 4, 3)])
        found = both.extract(shapes, names)
        for name in names:
            alone = both.extract(shapes, name).drop(columns="ID")
            alone = alone.add_prefix(f"{name}_")
            pd.testing.assert_frame_equal(found[list(alone.columns)], alone, check_column_type=False)
        assert found.shape[1] == 1 + sum(both.extract(shapes, name).shape[1] - 1 for name in names)

    def test_each_must_be_a_name(self, r):
        with pytest.raises(ArgumentError, match="names of statistics"):
            r.extract(box(0, 0, 2, 2), ["min", max])


def test_the_nearest_cell_with_a_value():
    """`extract(r, q, search_radius = 1)` of terra 1.9-45, and 300000 on lon/lat."""
    values = np.arange(1.0, 31).reshape(5, 6)
    values.ravel()[np.array([1, 2, 3, 7, 8, 9, 13, 14, 15, 16, 20]) - 1] = np.nan
    q = [(0.5, 4.5), (2.2, 2.7), (3.6, 2.4), (9, 9), (5.5, 0.5)]
    found = pt.rast(values, crs="", names=["a"]).extract(pt.vect(q), search_radius=1)
    assert found.columns.tolist() == ["ID", "a", "distance", "cell"]
    np.testing.assert_array_equal(found["a"], [np.nan, 21, 10, np.nan, 30])
    assert found["distance"].tolist() == [0, 1, 1, 0, 0]
    assert found["cell"].tolist() == [0, 20, 9, -1, 29]
    earth = pt.rast(values, crs="OGC:CRS84", names=["a"])
    found = earth.extract(pt.vect(q, crs="OGC:CRS84"), search_radius=300_000)
    np.testing.assert_allclose(found["distance"][1:3], [111319.4908, 111213.5366], rtol=1e-8)
    assert found["a"].tolist()[1:3] == [21, 17]
    with pytest.raises(ArgumentError, match="search_radius is for the cells of one layer"):
        pt.c(earth, earth).extract(q, search_radius=5)
    with pytest.raises(ArgumentError, match="search_radius must be above 0"):
        earth.extract(q, search_radius=-1)
    with pytest.raises(ArgumentError, match="search_radius is for points"):
        earth.extract(pt.vect("LINESTRING (0 0, 1 1)", crs="OGC:CRS84"), search_radius=1)


def test_extract_warns_of_cells_that_there_are_not_but_not_of_none():
    r = pt.rast([[1, 2], [3, 4]])
    with pytest.warns(
        pt.errors.PyterraWarning,
        match=r"extract: cells must be numbered 0 to 3, got 4; the values of 2 of 4 are",
    ):
        found = r.extract([3, 4, -1, -2]).iloc[:, 0].tolist()
    np.testing.assert_array_equal(found, [4, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(r.extract([0, -1, np.nan]).iloc[:, 0], [1, np.nan, np.nan])
    np.testing.assert_array_equal(r.extract(r.cell_from_xy([(9, 9)])).iloc[:, 0], [np.nan])
