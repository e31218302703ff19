"""Attributes at places, statistics in polygons, sample points."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError

CRS = "EPSG:3035"


@pytest.fixture
def squares():
    shapes = [shapely.box(x, 0, x + 2, 2) for x in (0, 2, 10)]
    return pt.vect(shapes, crs=CRS, atts={"a": [1, 2, 3], "g": ["x", "y", "y"]})


def test_attributes_are_found_at_points(squares):
    found = squares.extract([[1, 1], [2, 1], [50, 50]])
    assert found["id_y"].tolist() == [0, 1, 1, 2]
    assert found["a"].tolist()[:3] == [1, 1, 2]
    assert found["a"].isna().tolist() == [False] * 3 + [True]
    assert squares.extract(pt.vect([[1, 1]], crs=CRS))["a"].tolist() == [1]
    with pytest.raises(CRSMismatchError):
        squares.extract(pt.vect([[1, 1]], crs="EPSG:4326"))


def test_points_are_summarised_in_polygons(squares):
    points = pt.vect(
        [[1, 1], [1, 0.5], [2, 1], [50, 50]], crs=CRS, atts={"n": [1, 3, 8, 99], "t": list("abcd")}
    )
    found = points.zonal(squares, as_polygons=True)
    assert found.names == ["a", "g", "n"]
    assert found["n"].tolist()[:2] == [4, 8]
    assert np.isnan(found["n"].iloc[2])
    assert points.zonal(squares, "max", as_polygons=True)["n"].tolist()[:2] == [8, 8]
    with pytest.raises(ArgumentError, match="must be polygons, got points"):
        squares.zonal(points)


def test_sample_points_lie_in_their_polygons(squares):
    found = squares.spat_sample(200, seed=4)
    assert len(found) == 200
    own = found.extract(found)["id_y"]
    assert len(own) == 200
    inside = found.intersect(squares)
    assert (inside["a_1"] == inside["a_2"]).all()
    assert np.bincount(found["a"])[1:].min() > 40
    assert squares.spat_sample([1, 0, 5], seed=1)["a"].tolist() == [1, 3, 3, 3, 3, 3]
    assert squares.spat_sample(7, strata="g", seed=1)["g"].value_counts().to_dict() == {"x": 7, "y": 7}
    same = (squares.spat_sample(5, seed=9).crds() for _ in "ab")
    assert np.array_equal(*same)


def test_sample_points_are_as_dense_on_the_ground_everywhere():
    band = pt.vect(pt.ext(0, 1, 0, 80), crs="OGC:CRS84")
    lat = band.spat_sample(4000, seed=2).crds()[:, 1]
    expected = np.sin(np.radians(40)) / np.sin(np.radians(80))
    assert (lat < 40).mean() == pytest.approx(expected, abs=0.03)


def test_a_lattice_has_about_as_many_points_as_asked(squares):
    assert 80 <= len(squares.spat_sample(100, "regular")) <= 120


class TestCellsAreStrata:
    """As terra 1.9 has it: each cell is a stratum, whatever its value. White are the cells 1, 3, 6, 8 of 4 x 4."""

    @pytest.fixture
    def points(self):
        xy = np.random.default_rng(3).uniform(-1, 9, (90, 2))
        return pt.vect(xy, crs="EPSG:3857", atts={"id": range(90)})

    @pytest.fixture
    def cells(self):
        return pt.rast(
            nrows=4, ncols=4, xmin=0, xmax=8, ymin=0, ymax=8, crs="EPSG:3857", vals=[1, np.nan] * 8
        )

    @pytest.mark.parametrize("size", [1, 2, 3, 90])
    def test_at_most_so_many_of_each(self, points, cells, size):
        own = cells.cell_from_xy(points.crds())
        found = points.spat_sample(size, strata=cells, seed=1)
        counts = np.bincount(cells.cell_from_xy(found.crds()), minlength=16)
        np.testing.assert_array_equal(counts, np.minimum(np.bincount(own[own >= 0], minlength=16), size))
        assert found["id"].is_monotonic_increasing
        assert found["id"].is_unique
        assert np.array_equal(found.crds(), points.crds()[found["id"]])
        assert found["id"].tolist() == points.spat_sample(size, strata=cells, seed=1)["id"].tolist()

    @pytest.mark.parametrize(("chess", "of"), [("white", [0, 2, 5, 7]), ("black", [1, 3, 4, 6])])
    def test_fields_of_a_chessboard(self, points, cells, chess, of):
        found = cells.cell_from_xy(points.spat_sample(1, strata=cells, chess=chess, seed=1).crds())
        assert [number for number in sorted(found) if number < 8] == of

    def test_all_points_are_drawn_equally_often(self, cells):
        points = pt.vect([[1.0, 1.0]] * 4, crs="EPSG:3857", atts={"id": range(4)})
        rng = np.random.default_rng(5)
        drawn = np.bincount([points.spat_sample(1, strata=cells, seed=rng)["id"][0] for _ in range(400)])
        assert drawn.min() > 70

    def test_none_beyond_the_raster(self, points, cells):
        assert len(points.shift(20, 0).spat_sample(1, strata=cells)) == 0

    def test_what_cannot_be_is_refused(self, points, cells):
        for size, more in ((0, {}), ([1, 2], {}), (1, {"method": "regular"})):
            with pytest.raises(ArgumentError, match="one size of at least 1"):
                points.spat_sample(size, strata=cells, **more)
        with pytest.raises(ArgumentError, match="must be points, got polygons"):
            points.buffer(1).spat_sample(1, strata=cells)
        with pytest.raises(ArgumentError, match="must be single"):
            points.aggregate().spat_sample(1, strata=cells)
        with pytest.raises(ArgumentError, match="chess"):
            points.buffer(1).spat_sample(1, chess="white")
        with pytest.raises(pt.errors.CRSMismatchError):
            points.project("EPSG:4326").spat_sample(1, strata=cells)


def test_samples_that_cannot_be_are_refused(squares):
    with pytest.raises(ArgumentError, match="at least 1"):
        squares.spat_sample(0)
    for size in (1.5, np.nan, "5", [1, 0, 1.5], None):
        with pytest.raises(ArgumentError, match="spat_sample: size must be whole numbers, got"):
            squares.spat_sample(size)
    with pytest.raises(ArgumentError, match=r"size must be whole numbers, got 2\.5"):
        squares.spat_sample(2.5, "regular")
    with pytest.raises(ArgumentError, match="one per geometry"):
        squares.spat_sample([1, 2])
    with pytest.raises(ArgumentError, match="must be one of random, regular"):
        squares.spat_sample(5, "stratified")
    with pytest.raises(ArgumentError, match="must be polygons or lines, got points"):
        squares.centroids().spat_sample(1)


def test_points_drawn_from_several_polygons_are_in_random_order(squares):
    found = squares.spat_sample(60, seed=1)["a"].to_numpy()
    assert not (np.diff(found) >= 0).all()
    each = squares.spat_sample([2, 1, 1], seed=1)["a"].tolist()
    assert each == [1, 1, 2, 3]


@pytest.fixture
def roads():
    """Lines of 30, 10 and twice 5 metres."""
    shapes = ["LINESTRING (0 0, 30 0)", "LINESTRING (0 10, 4 10, 4 10, 10 10)"]
    shapes.append("MULTILINESTRING ((0 20, 5 20), (10 20, 15 20))")
    return pt.vect(shapes, crs=CRS, atts={"id": [1, 2, 3], "g": ["a", "b", "b"]})


def test_regular_points_lie_at_equal_distances_along_lines(roads):
    # terra 1.9: crds(spatSample(v, 10, "regular")), and c(2, 3, 1) points
    found = roads.spat_sample(10, "regular")
    assert found["id"].tolist() == [1] * 6 + [2] * 2 + [3] * 2
    np.testing.assert_allclose(found.crds()[:, 0], [2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 2.5, 7.5, 2.5, 12.5])
    found = roads.spat_sample([2, 3, 1], "regular")
    np.testing.assert_allclose(found.crds()[:5, 0], [7.5, 22.5, 10 / 6, 5, 50 / 6])
    assert found["id"].tolist() == [1, 1, 2, 2, 2, 3]
    found = roads.spat_sample(4, "regular", strata="g")
    np.testing.assert_allclose(found.crds()[4:, 0], [2.5, 7.5, 2.5, 12.5])
    assert found["id"].tolist() == [1] * 4 + [2, 2, 3, 3]


def test_random_points_lie_on_lines_in_proportion_to_their_length(roads):
    found = roads.spat_sample(2000, seed=3)
    owner = found["id"].to_numpy() - 1
    assert shapely.distance(found.geoms, roads.geoms[owner]).max() < 1e-9
    assert np.abs(np.bincount(owner) / 2000 - [0.6, 0.2, 0.2]).max() < 0.04
    assert roads.spat_sample([0, 2, 0], seed=1)["id"].tolist() == [2, 2]
    assert roads.spat_sample(3, strata="g", seed=1)["g"].value_counts().to_dict() == {"a": 3, "b": 3}
    with pytest.raises(ArgumentError, match="one per geometry"):
        roads.spat_sample([1, 2])


def test_lines_on_the_earth_are_measured_on_the_ground():
    far = pt.vect(
        ["LINESTRING (0 0, 10 0)", "LINESTRING (0 60, 10 60)"], crs="OGC:CRS84", atts={"id": [1, 2]}
    )
    assert far.spat_sample(30, "regular")["id"].value_counts().to_dict() == {1: 20, 2: 10}
    (middle,) = far[1].spat_sample(1, "regular").crds()
    assert middle[0] == pytest.approx(5)
    assert 60.08 < middle[1] < 60.11  # the geodesic bends to the north: atan(tan 60 / cos 5) is 60.0945
    none = pt.vect("LINESTRING (1 1, 1 1)", crs=CRS)
    assert len(none.spat_sample(4)) == 0
