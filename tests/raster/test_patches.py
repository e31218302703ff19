"""patches: connected cells, small cases, and what is refused."""

import numpy as np
import pytest

import pyterra as pt
import pyterra.run.sweep
from pyterra.errors import ArgumentError

NAN = float("nan")


def row(*values, res=1.0, crs=""):
    n = len(values)
    return pt.rast(nrows=1, ncols=n, xmin=0, xmax=n * res, ymin=0, ymax=res, crs=crs, vals=values)


def listed(r):
    return [None if v != v else round(float(v), 6) for v in r.values(drop=True)]


class TestPatches:
    def test_numbers_follow_the_first_cells(self):
        assert listed(row(5, NAN, 3, 3, NAN, 1).patches()) == [1, None, 2, 2, None, 3]

    def test_corners_connect_on_demand(self):
        r = pt.rast([[1.0, NAN], [NAN, 1.0]], crs="")
        assert listed(r.patches()) == [1, None, None, 2]
        assert listed(r.patches(8)) == [1, None, None, 1]

    def test_zero_may_count_as_missing(self):
        assert listed(row(1, 0, 1).patches()) == [1, 1, 1]
        assert listed(row(1, 0, 1).patches(zero_as_na=True)) == [1, None, 2]

    def test_only_equal_values_connect_on_demand(self):
        assert listed(row(1, 1, 2, 1).patches(values=True)) == [1, 1, 2, 3]
        assert listed(row(1, 0, 0, 1).patches(values=True, zero_as_na=True)) == [1, 2, 2, 3]

    def test_around_the_earth(self):
        r = pt.rast(nrows=1, ncols=4, vals=[1, NAN, NAN, 1])
        assert listed(r.patches()) == [1, None, None, 1]

    def test_directions(self):
        with pytest.raises(ArgumentError, match="4 or 8"):
            row(1).patches(6)


PLANE = ("", (0, 58, 0, 37))


def scattered(seed, share, count=1):
    rng = np.random.default_rng(seed)
    array = rng.integers(0, 4, (count, 37, 29)).astype(float)
    array[rng.random(array.shape) > share] = NAN
    return array


def raster(array, place):
    return pt.rast(array, crs=place[0], extent=place[1])


@pytest.mark.parametrize("eight", [False, True])
def test_patches_against_scipy(eight):
    ndimage = pytest.importorskip("scipy.ndimage")
    r = raster(scattered(9, 0.5), PLANE)
    known = ~np.isnan(r.to_numpy()[0])
    labels, _ = ndimage.label(known, structure=np.ones((3, 3)) if eight else None)
    expected = np.where(known, labels, np.nan)
    np.testing.assert_array_equal(r.patches(8 if eight else 4).to_numpy()[0], expected)


def test_zeros_are_values_where_values_tell_patches():
    """`patches(r, values = TRUE, zeroAsNA = TRUE)` of terra 1.9-45."""
    r = pt.rast([[0, 0, 1, 1], [2, 2, 1, 0], [0, 2, 2, 0]], crs="")
    expected = [[1, 1, 2, 2], [3, 3, 2, 4], [5, 3, 3, 4]]
    assert r.patches(values=True, zero_as_na=True).to_numpy()[0].tolist() == expected


def test_patches_of_values_keep_the_name_of_the_layer():
    r = pt.rast(np.ones((1, 2, 2)), names=["a"])
    assert r.patches(values=True).names == ["a"]
    assert r.patches().names == ["patches"]
