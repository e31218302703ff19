"""Layers divided in two."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.raster.thresh import CLASSES, otsu

NAN = np.nan


@pytest.fixture
def r():
    values = np.array([[[1, 5, NAN], [5, 2, 3]], [[7, 1, NAN], [NAN, 9, 1]]])
    return pt.rast(values, names=["a", "b"])


@pytest.mark.parametrize(
    ("method", "numbers", "together"), [("mean", [3.2, 4.5], [34 / 9]), ("median", [3, 4], [3])]
)
def test_thresholds_are_those_of_terra(r, method, numbers, together):
    """The numbers are those of terra 1.9."""
    np.testing.assert_allclose(r.thresh(method, as_raster=False), numbers)
    np.testing.assert_allclose(r.thresh(method, combine=True, as_raster=False), together)
    found = r.thresh(method)
    assert (found.names, found.is_bool()) == (["a", "b"], [True, True])
    np.testing.assert_array_equal(found.values()[:, 0], [0, 1, NAN, 1, 0, 0])


def test_otsu_takes_the_classes_whose_means_differ_most():
    """Every limit between two classes is tried. terra 1.9 gives the same for values in two equal heaps only."""
    rng = np.random.default_rng(4)
    for share in (200, 600):
        values = np.r_[rng.normal(0, 1, share), rng.normal(4, 1, 300)]
        counts, edges = np.histogram(values, CLASSES)
        middles = (edges[1:] + edges[:-1]) / 2
        best, wanted = -1.0, 0.0
        for k in range(1, CLASSES):
            n, m = counts[:k], counts[k:]
            if not n.sum() or not m.sum():
                continue
            apart = np.average(middles[:k], weights=n) - np.average(middles[k:], weights=m)
            if n.sum() * m.sum() * apart**2 > best * (1 + 1e-12):
                best, wanted = n.sum() * m.sum() * apart**2, middles[k - 1]
        assert otsu(values) == pytest.approx(wanted, abs=1e-12)


def test_equal_values_are_not_above_their_threshold():
    r = pt.rast([[4, 4, NAN]])
    np.testing.assert_array_equal(r.thresh().values(drop=True), [0, 0, NAN])
    assert np.isnan(pt.rast([[NAN, NAN]]).thresh(as_raster=False)).all()


def test_other_methods_are_refused(r):
    with pytest.raises(ArgumentError, match="thresh: method: must be one of mean, median, otsu, got 'mode'"):
        r.thresh("mode")
