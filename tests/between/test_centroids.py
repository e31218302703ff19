"""centroids of rasters, by hand; terra 1.9-45 gives the same coordinates."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import NoValuesError

NAN = float("nan")
CELLS = [[1, NAN, 3], [4, 5, NAN]]


@pytest.fixture
def r():
    return pt.rast(
        np.array([CELLS, np.full((2, 3), NAN)]), crs="EPSG:3035", extent=(0, 3, 0, 2), names=["a", "b"]
    )


def test_the_middle_of_cells_that_have_a_value(r):
    got = r.centroids()
    assert got.geomtype() == "points"
    assert got.crds().tolist() == [[1.25, 1]]
    assert got["layer"].tolist() == ["a", "b"]
    assert got.geoms[1].is_empty
    assert pt.same_crs(got, r)


def test_weights(r):
    """x: (1 * 0.5 + 3 * 2.5 + 4 * 0.5 + 5 * 1.5) / 13; y: (4 * 1.5 + 9 * 0.5) / 13."""
    np.testing.assert_allclose(r["a"].centroids(weighted=True).crds(), [[17.5 / 13, 10.5 / 13]])
    assert pt.rast([[1, -1]]).centroids(True).geoms[0].is_empty


def test_means_of_rows_and_columns():
    values = np.random.default_rng(2).choice([1.0, NAN], (30, 40))
    whole = pt.rast(values, crs="", extent=(0, 4, 0, 3)).centroids().crds()
    row, col = np.nonzero(~np.isnan(values))
    expected = [(col.mean() + 0.5) / 10, 3 - (row.mean() + 0.5) / 10]
    np.testing.assert_allclose(whole[0], expected, rtol=1e-14)


def test_a_raster_without_values_is_refused():
    with pytest.raises(NoValuesError):
        pt.rast(nrows=2, ncols=2).centroids()
