"""extract: points, lines, polygons, cells; statistics."""

import tracemalloc

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

    def test_bilinear_leaves_missing_neighbours_out_along_x_first(self):
        r = pt.rast([[4.0, NAN], [7.0, 8.0]], crs="")
        assert r.extract([[1, 1]], method="bilinear").iloc[0, 0] == 5.75

    def test_bilinear_takes_the_cell_itself_beyond_the_outermost_centres(self, r):
        assert r.extract([[0.1, 2.9]], method="bilinear")["a"].tolist() == [0]

    def test_coordinates_and_cells_have_no_id(self, r):
        assert list(r.extract([[0.5, 0.5]]).columns) == ["a"]
        assert r.extract([0, 11, -1, 12])["a"].tolist()[:2] == [0, 11]
        assert r.extract([-1, 12])["a"].isna().all()

    def test_a_table_of_coordinates_has_ids(self, r):
        assert r.extract(pd.DataFrame({"x": [0.5], "y": [0.5]})).to_numpy().tolist() == [[0, 8]]

    def test_layers_can_be_chosen_per_point(self, r):
        both = pt.c(r, r * 10)
        both.names = ["a", "b"]
        v = pt.vect([[0.5, 0.5], [1.5, 0.5]], atts={"which": ["b", "a"]})
        for layer in ("which", ["b", "a"], [1, 0]):
            out = both.extract(v, layer=layer)
            assert out["layer"].tolist() == ["b", "a"]
            assert out["value"].tolist() == [80, 9]

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


class TestPolygons:
    def test_every_cell_whose_centre_lies_inside(self, r):
        out = r.extract(box(0, 0, 2, 1), cells=True)
        assert out.to_numpy().tolist() == [[0, 8, 8], [0, 9, 9]]

    def test_a_polygon_that_holds_no_centre_takes_what_it_touches(self, r):
        v = box(0.8, 0.1, 1.2, 0.2)
        assert r.extract(v)["a"].tolist() == [8, 9]
        assert r.extract(v, small=False)["a"].isna().tolist() == [True]

    def test_a_polygon_elsewhere_gives_one_missing_row(self, r):
        assert r.extract(box(9, 9, 10, 10)).to_numpy()[0, 0] == 0
        assert r.extract(box(9, 9, 10, 10))["a"].isna().tolist() == [True]

    def test_exact_fractions_weigh_mean_and_sum(self, r):
        v = box(0, 0, 1.5, 1)
        assert r.extract(v, exact=True)["fraction"].tolist() == [1, 0.5]
        assert r.extract(v, weights=True)["weight"].tolist() == [1, 0.5]
        assert r.extract(v, "mean", exact=True)["a"].tolist() == [pytest.approx((8 + 4.5) / 1.5)]
        assert r.extract(v, "sum", exact=True)["a"].tolist() == [12.5]

    @pytest.mark.parametrize(
        ("fun", "expected"),
        [
            ("sum", 17),
            ("mean", 8.5),
            ("min", 8),
            ("max", 9),
            ("median", 8.5),
            ("notNA", 2),
            ("isNA", 0),
            ("sd", 0.5**0.5),
        ],
    )
    def test_statistics(self, r, fun, expected):
        assert r.extract(box(0, 0, 2, 1), fun)["a"].tolist() == [pytest.approx(expected)]

    def test_one_missing_cell_makes_a_statistic_missing(self, r):
        r[2, 0] = NAN
        for fun in ("mean", "median"):
            assert r.extract(box(0, 0, 2, 1), fun)["a"].isna().all()
            assert r.extract(box(0, 0, 2, 1), fun, na_rm=True)["a"].tolist() == [9]

    def test_a_function_may_give_several_numbers(self, r):
        out = r.extract(box(0, 0, 2, 1), np.sort)
        assert list(out.columns) == ["ID", "a", "a.1"]
        assert out.to_numpy().tolist() == [[0, 8, 9]]

    def test_a_table_counts_values(self, r):
        out = (r > 8).extract(box(0, 0, 4, 1), "table")
        assert out["count"].tolist() == [1, 3]

    def test_lines_take_all_cells_they_touch(self, r):
        assert r.extract(pt.vect("LINESTRING (0.5 0.5, 2.5 0.5)"))["a"].tolist() == [8, 9, 10]

    def test_only_blocks_that_hold_a_geometry_are_computed(self, r, monkeypatch):
        seen = []
        big = pt.rast(nrows=5000, ncols=5000, xmin=0, xmax=5000, ymin=0, ymax=5000, crs="", vals=1)

        def spy(block):
            seen.append(block.shape)
            return block[0]

        assert big.app(spy, per="block").extract(box(10, 10, 12, 12), "sum").iloc[0, 1] == 4
        assert sum(np.prod(shape[1:]) for shape in seen) < 5000 * 5000 / 4


class TestErrors:
    def test_reference_systems_must_match(self, r):
        r.crs = "EPSG:3035"
        with pytest.raises(CRSMismatchError):
            r.extract(box(0, 0, 1, 1, crs="EPSG:4326"))

    def test_fun_is_not_for_points(self, r):
        with pytest.raises(ArgumentError, match="points"):
            r.extract(pt.vect([[0, 0]]), "mean")

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
    @pytest.mark.parametrize("make", [list, lambda v: np.array(v, object), tuple])
    def test_shapely_geometries_in_a_row_are_a_vector(self, r, make):
        given = make([shapely.box(0, 0, 2, 1), shapely.box(2, 1, 4, 3)])
        assert r.extract(given, "sum")["a"].tolist() == [17, 18]
        assert r.mask(given).global_("notNA").iloc[0, 0] == 6
        assert pt.rasterize(given, r).global_("notNA").iloc[0, 0] == 6
        assert r.crop(given).shape == (1, 3, 4)
        assert r.distance(given)[0, 1].tolist() == [0.5]

    def test_what_is_no_vector_is_named(self, r):
        with pytest.raises(ArgumentError, match="make one with vect"):
            r.extract(["POINT (1 1)"])

    def test_an_extent_needs_coordinates(self, r):
        with pytest.raises(ArgumentError, match="crop: the vector must have coordinates, got 1 empty"):
            r.crop([shapely.Polygon()])

    def test_a_table_is_read_by_the_names_of_its_columns(self, r):
        swapped = pd.DataFrame({"n": ["u"], "y": [2.5], "x": [0.5]})
        assert r.extract(swapped)["a"].tolist() == [0]
        assert r.extract(pd.DataFrame({"lon": [3.5], "lat": [2.5]}))["a"].tolist() == [3]
        with pytest.raises(ArgumentError, match="columns x and y, or two columns, got lon, lat, n"):
            r.extract(pd.DataFrame({"lon": [3.5], "lat": [2.5], "n": ["u"]}))

    def test_a_misspelt_argument_is_an_error(self, r):
        with pytest.raises(ArgumentError, match="there is no argument narm"):
            r.extract(box(0, 0, 2, 2), "mean", narm=True)

    def test_statistics_of_polygons_that_overlap_need_little_memory(self):
        big = pt.rast(np.ones((1, 500, 500)), crs="", names="a")
        v = pt.vect([shapely.box(0, 0, 500, 500 - i) for i in range(100)])
        big.extract(v[0:2], "sum")
        tracemalloc.start()
        found = big.extract(v, "sum")["a"].tolist()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == [500.0 * (500 - i) for i in range(100)]
        assert peak < 100e6  # all cells of all polygons take 24 bytes each: 540 MB

    def test_a_polygon_wider_than_the_earth_has_no_holes(self):
        g = pt.rast(np.ones((1, 4, 36)), extent=[-180, 180, -90, 90], crs="EPSG:4326", names="g")
        v = box(-195, -90, 195, 90, crs="EPSG:4326")
        assert g.extract(v, "sum")["g"].tolist() == [144]
        assert g.mask(v).global_("notNA").iloc[0, 0] == 144


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
