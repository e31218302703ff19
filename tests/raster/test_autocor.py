"""autocor: against loops over pairs of cells, and numbers of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan
# set.seed(1); r <- rast(nrows=5, ncols=6, xmin=0, xmax=6, ymin=0, ymax=5, vals=round(runif(30)*10), crs="local")
# r[c(4, 17)] <- NA
VALUES = np.array(
    [
        [3, 4, 6, NAN, 2, 9],
        [9, 7, 6, 1, 2, 2],
        [7, 4, 8, 5, NAN, 10],
        [4, 8, 9, 2, 7, 1],
        [3, 4, 0, 4, 9, 3],
    ]
)
QUEEN = [[1, 1, 1], [1, 0, 1], [1, 1, 1]]
SKEW = [[0, 2, 0], [1, 0, 1], [0, 1, 0.5]]


@pytest.fixture
def x():
    return pt.rast(VALUES, extent=(0, 6, 0, 5), crs="")


def pairs(values, weights):
    """Cell, neighbour and weight, of pairs that are there."""
    weights = np.asarray(weights, float)
    h, w = weights.shape
    for i, j in np.argwhere(~np.isnan(values)):
        for a, b in np.argwhere(weights != 0):
            k, m = i + a - h // 2, j + b - w // 2
            if 0 <= k < values.shape[0] and 0 <= m < values.shape[1] and not np.isnan(values[k, m]):
                yield (i, j), (k, m), weights[a, b]


@pytest.mark.parametrize("weights", [QUEEN, SKEW, np.ones((3, 5))])
@pytest.mark.parametrize("standardize", [False, True])
def test_indices_are_sums_over_pairs(x, weights, standardize):
    z = VALUES - np.nanmean(VALUES)
    n, square = np.sum(~np.isnan(z)), np.nansum(z**2)
    sums = {}
    for i, _, w in pairs(z, weights):
        sums[i] = sums.get(i, 0.0) + w
    of = [(i, j, w / (sums[i] if standardize else 1)) for i, j, w in pairs(z, weights)]
    s0 = sum(w for *_, w in of)
    moran = n * sum(w * z[i] * z[j] for i, j, w in of) / (s0 * square)
    geary = (n - 1) * sum(w * (z[i] - z[j]) ** 2 for i, j, w in of) / (2 * s0 * square)
    assert x.autocor(weights, standardize=standardize) == pytest.approx([moran], rel=1e-12)
    assert x.autocor(weights, "geary", standardize=standardize) == pytest.approx([geary], rel=1e-12)


def test_moran_of_terra(x):
    """`autocor(r)`, `autocor(r, standardize = TRUE)`, `autocor(r, global = FALSE)` of terra 1.9-45."""
    assert x.autocor() == pytest.approx([-0.152922122842], rel=1e-10)
    assert x.autocor(standardize=True) == pytest.approx([-0.200889313511], rel=1e-10)
    around = x.autocor(global_=False).values().ravel()[:5]
    np.testing.assert_allclose(
        around, [-0.390913207714, -0.139297311626, -0.056213965407, NAN, 0.5074167], atol=1e-6
    )


def test_geary_around_each_cell(x):
    z = VALUES / np.nanstd(VALUES, ddof=1)
    expected = np.where(np.isnan(VALUES), NAN, 0.0)
    for i, j, w in pairs(z, SKEW):
        expected[i] += w * (z[i] - z[j]) ** 2
    np.testing.assert_allclose(x.autocor(SKEW, "geary", global_=False).to_numpy()[0], expected, atol=1e-12)


def test_each_layer_has_its_own(x):
    both = pt.c(x, x**2)
    assert both.autocor().tolist() == [*x.autocor(), *(x**2).autocor()]
    assert both.autocor(global_=False).names == both.names


def test_what_is_refused(x):
    with pytest.raises(ArgumentError, match="autocor: w must be odd"):
        x.autocor(np.ones((2, 3)))
    with pytest.raises(ArgumentError, match="autocor: method: must be one of"):
        x.autocor(QUEEN, "gi")
