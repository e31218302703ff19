"""Numbers of cells. Those of terra 1.9 are one higher."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


@pytest.fixture
def r():
    values = np.array([[[1, 5, NAN], [5, 2, 3]], [[7, 1, NAN], [NAN, 9, 1]]])
    return pt.rast(values, names=["a", "b"], crs="")


POLYGONS = [
    "POLYGON ((0 0, 1.7 0, 1.7 1.4, 0 1.4, 0 0))",
    "POLYGON ((2.1 1.1, 2.3 1.1, 2.3 1.3, 2.1 1.3, 2.1 1.1))",
]


def test_cells_without_missing_layers(r):
    assert r.cells().tolist() == [0, 1, 4, 5]
    assert pt.rast(r, nlyrs=1).cells().tolist() == [0, 1, 2, 3, 4, 5]


def test_cells_by_value(r):
    assert [found.tolist() for found in r.cells([5, 1])] == [[0, 1, 3], [1, 5]]
    assert r.cells([5, 1], pairs=True)[0].values.tolist() == [[0, 1], [1, 5], [3, 5]]
    assert [found.tolist() for found in r.cells([1, None])] == [[0, 2], [1, 2, 3, 5]]
    assert r.cells(7)[1].tolist() == [0]


def test_cells_of_an_extent(r):
    assert r.cells(pt.ext(0, 2, 0, 1)).tolist() == [3, 4]
    assert r.cells(pt.ext(0.4, 1.6, 0.4, 1.6)).tolist() == [0, 1, 3, 4]
    assert r.cells(pt.ext(5, 6, 7, 8)).tolist() == []


def test_cells_of_points(r):
    at = [(0.5, 0.5), (1.5, 1.2), (9, 9)]
    assert r.cells(at).values.tolist() == [[0, 3], [1, 1], [2, -1]]
    found = r.cells(pt.vect(at), method="bilinear")
    assert found.iloc[1, :5].tolist() == [1, 1, 2, 4, 5]
    np.testing.assert_allclose(found.iloc[1, 5:].astype(float), [0.7, 0, 0.3, 0], atol=1e-15)
    assert found.iloc[2, 1:5].tolist() == [-1] * 4
    assert found.iloc[2, 5:].isna().all()


def test_the_weights_of_the_nearest_cells_give_the_bilinear_value():
    r = pt.rast(np.arange(12.0).reshape(3, 4), crs="")
    at = [(1.2, 1.9), (2.8, 0.7)]
    found = r.cells(at, method="bilinear")
    values = r.values(drop=True)[found[["c1", "c2", "c3", "c4"]]]
    np.testing.assert_allclose(
        (values * found[["w1", "w2", "w3", "w4"]].to_numpy()).sum(axis=1),
        r.extract(at, method="bilinear")["lyr.1"],
    )


def test_cells_of_polygons(r):
    v = pt.vect(POLYGONS)
    assert r.cells(v).values.tolist() == [[0, 3], [0, 4], [1, 2]]
    assert r.cells(v, small=False).values.tolist() == [[0, 3], [0, 4], [1, -1]]
    assert r.cells(v, touches=True)["cell"].tolist() == [0, 1, 3, 4, 2]
    np.testing.assert_allclose(r.cells(v, exact=True)["weights"], [0.4, 0.28, 1, 0.7, 0.04])


def test_cells_of_lines(r):
    v = pt.vect("LINESTRING (0.1 0.1, 2.5 0.3, 2.6 1.7)")
    assert r.cells(v)["cell"].tolist() == [2, 3, 4, 5]


def test_nothing_is_read_for_geometries(r):
    class Unread:
        def __call__(self, *blocks):
            raise AssertionError("a block was computed")

    from pyterra.raster.build import cells_raster

    lazy = cells_raster([r._node], r._node.layers, np.dtype(np.float64), Unread())
    assert lazy.cells(pt.vect(POLYGONS))["cell"].tolist() == [3, 4, 2]
    assert lazy.cells(pt.ext(0, 1, 0, 1)).tolist() == [3]


def test_what_does_not_fit_is_refused(r):
    with pytest.raises(ArgumentError, match="weights and exact are for polygons, got lines"):
        r.cells(pt.vect("LINESTRING (0 0, 1 1)"), exact=True)
    with pytest.raises(ArgumentError, match="cells: y must be numbers, got 'forest'"):
        r.cells("forest")


def test_cells_of_an_extent_of_less_than_a_cell_are_one(r):
    assert r.cells(pt.ext(1.1, 1.4, 0.6, 0.9)).tolist() == [4]
    assert r.extract(pt.ext(1.1, 1.4, 0.6, 0.9)).to_numpy().tolist() == [[2, 9]]
    assert r.cells(pt.ext(11, 12, 0, 1)).tolist() == []
