"""divide: numbers of terra 1.9, and sums by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.between.divide import places
from pyterra.errors import ArgumentError, ExtentError

# set.seed(1); r <- rast(matrix(round(runif(48)*10),6,8),crs="local")
VALUES = np.array(
    [
        [3, 9, 7, 4, 3, 5, 8, 8],
        [4, 7, 4, 8, 4, 6, 1, 6],
        [6, 6, 8, 9, 0, 5, 7, 5],
        [9, 1, 5, 2, 4, 2, 4, 8],
        [2, 2, 7, 7, 9, 8, 8, 0],
        [9, 2, 10, 1, 3, 7, 6, 5],
    ],
    float,
)


@pytest.fixture
def x():
    return pt.rast(VALUES, crs="")


def zones(x, *arguments, **more):
    return x.divide(*arguments, as_raster=True, **more).to_numpy()[0]


def test_parts_are_those_of_terra(x):
    """`divide(r, n, as.raster = TRUE)` of terra 1.9-45 for 3, `c(-2, 1)`, and `c(1, -1, -2)` (its first rows)."""
    expected = [[1, 1, 1, 1, 3, 3, 3, 3], [1, 1, 1, 1, 4, 4, 4, 4], [2, 2, 2, 2, 4, 4, 4, 4]]
    expected += [[v + 4 for v in row] for row in ([1, 1, 1, 1, 3, 3, 3, 3],) * 2] + [[6] * 4 + [8] * 4]
    assert zones(x, 3).tolist() == expected
    assert zones(x, [-2, 1])[[0, 5]].tolist() == [[1, 1, 1, 3, 3, 5, 5, 5], [2, 2, 2, 4, 4, 6, 6, 6]]
    rows = [[1, 1, 2, 3, 4, 4, 5, 6], [7, 8, 8, 9, 10, 11, 11, 12]]
    assert zones(x, [1, -1, -2])[[0, 5]].tolist() == rows
    assert zones(x, 2, "ew")[[0, 5]].tolist() == [[1] * 4 + [3] * 4, [2] * 4 + [4] * 4]


def test_polygons_and_both(x):
    found = x.divide(1)
    assert found["zones"].tolist() == [1, 2]
    assert [g.bounds for g in found.geoms] == [(0, 3, 8, 6), (0, 0, 8, 3)]
    zoned, shapes = x.divide(3, as_raster=None)
    assert (zoned.names, zoned.is_int(), len(shapes)) == (["zones"], [True], 8)


def test_missing_cells_weigh_nothing_and_belong_to_no_part(x):
    """The numbers of terra 1.9 for `s[c(3, 9, 20, 30, 31, 32)] <- NA; s[1:3, ] <- NA`."""
    values = VALUES.copy()
    values.ravel()[np.array([3, 9, 20, 30, 31, 32]) - 1] = np.nan
    values[:3] = np.nan
    found = zones(pt.rast(values, crs=""), 2)
    assert np.isnan(found[:3]).all()
    assert found[5].tolist() == [3, 3, 3, 4, 4, 4, 4, 4]
    assert np.isnan(found[3]).tolist() == [False] * 5 + [True] * 3
    boxes = pt.rast(values, crs="").divide(2, na_rm=False)
    assert [g.bounds for g in boxes.geoms] == [(0, 1, 4, 3), (4, 1, 8, 3), (0, 0, 3, 1), (3, 0, 8, 1)]
    assert not np.isnan(zones(pt.rast(values, crs=""), 2, na_rm=False)[3]).any()


@pytest.mark.parametrize("count", [2, 3, 4])
def test_places_are_nearest_to_equal_sums(count):
    rng = np.random.default_rng(count)
    for _ in range(50):
        sums = rng.integers(0, 9, rng.integers(count, 12)).astype(float)
        found = places(sums, count)
        assert [a for a, _ in found][1:] == [b for _, b in found][:-1]
        assert all(a < b for a, b in found)
        assert (found[0][0], found[-1][1]) == (0, len(sums))
        total, last = np.cumsum(sums), len(sums) - count + 1
        assert found[0][1] == 1 + np.argmin(abs(total[:last] - total[-1] / count))


def test_what_cannot_be_is_refused(x):
    with pytest.raises(ArgumentError, match="divide: n must be at least 1, got 0"):
        x.divide(0)
    with pytest.raises(ArgumentError, match="divide: n must be a number of cuts, or"):
        x.divide([1, 3])
    with pytest.raises(ArgumentError, match="parts must have 2 rows or more to be cut, got 1"):
        pt.rast([[1, 2]]).divide(1)
    with pytest.raises(ArgumentError, match="must have one layer"):
        pt.c(x, x).divide()
    with pytest.raises(ExtentError):
        (x * np.nan).divide()
