"""Whether two rasters are the same, and how they differ."""

import numpy as np
import pytest

import pyterra as pt

NAN = np.nan


@pytest.fixture
def r():
    values = np.array([[[1, 5, NAN], [5, 2, 3]], [[7, 1, NAN], [NAN, 9, 1]]])
    return pt.rast(values, names=["a", "b"])


def test_equal_rasters_are_equal(r):
    assert r.all_equal(r * 1) is True
    assert r.identical(r * 1)
    assert r.all_equal(r + 1e-12) is True
    assert not r.identical(r + 1e-12)
    assert pt.rast(r).all_equal(pt.rast(r)) is True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r + 1, ["values differ: mean relative difference 0.264706"]),
        (lambda r: r[0], ["numbers of layers differ: 2 and 1"]),
        (lambda r: r.shift(1), ["rows, columns, extents or reference systems differ"]),
        (lambda r: r.clamp(upper=6, values=False), ["2 cells are missing in one of them"]),
        (lambda r: pt.rast(r), ["one of them has no values"]),
    ],
)
def test_what_differs_is_told(r, change, said):
    """The mean difference is 1, that of the nine values that differ 34 / 9."""
    assert r.all_equal(change(r)) == said
    assert not r.identical(change(r))


def test_other_names_and_other_things_are_not_identical(r):
    other = r.copy()
    other.names = ["x", "y"]
    assert r.all_equal(other) == ["names differ: a, b and x, y"]
    assert not r.identical(other)
    assert not r.identical(5)


def test_infinite_values_are_equal_to_themselves():
    r = pt.rast([[np.inf, 1]])
    assert r.identical(r + 0)
    assert r.all_equal(pt.rast([[-np.inf, 1]])) == ["values differ: mean absolute difference inf"]
