"""clamp, cover, ifel and mask: terra's rules by small cases; codes that need float64."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


def row(*values, **options):
    return pt.rast(np.array([values], dtype=float), **options)


def values(r):
    return r.values(drop=True)


def test_clamp_limits_or_removes():
    r = row(-1, 0, 5, 9, NAN)
    np.testing.assert_array_equal(values(r.clamp(0, 5)), [0, 0, 5, 5, NAN])
    np.testing.assert_array_equal(values(r.clamp(0, 5, values=False)), [NAN, 0, 5, NAN, NAN])
    np.testing.assert_array_equal(values(r.clamp(lower=r * 0 + 1)), [1, 1, 5, 9, NAN])
    with pytest.raises(ArgumentError, match="lower"):
        r.clamp(5, 0)


def test_limits_per_layer():
    r = pt.rast(np.array([[[1.0, 9.0]], [[1.0, 9.0]]]))
    np.testing.assert_array_equal(r.clamp([2, 0], [5, 8]).to_numpy()[:, 0], [[2, 5], [1, 8]])


def test_cover_fills_missing_or_other_values():
    a, b = row(1, NAN, NAN), row(5, 6, NAN)
    np.testing.assert_array_equal(values(a.cover(b)), [1, 6, NAN])
    np.testing.assert_array_equal(values(a.cover(b, values=1)), [5, NAN, NAN])
    np.testing.assert_array_equal(values(pt.c(a, b, b * 0 + 1).cover()), [1, 6, NAN])


def test_ifel_is_true_for_one_alone():
    test = row(1, 0, 2, NAN)
    np.testing.assert_array_equal(values(test.ifel(10, 20)), [10, 20, 20, NAN])
    np.testing.assert_array_equal(values(test.ifel(None, test * 5)), [NAN, 0, 10, NAN])
    assert test.ifel([1, 2], 0).nlyr == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda r: r.clamp(lower=16_777_217),
        lambda r: r.mask(r > 1, maskvalues=[0, 1], updatevalue=16_777_217),
        lambda r: r.classify([[1, 16_777_217], [2, 16_777_217]]),
        lambda r: r.subst([1, 2], 16_777_217),
        lambda r: (r > 0).ifel(16_777_217, 0),
        lambda r: r * 0 + 16_777_217,
    ],
)
def test_codes_that_float32_cannot_hold_stay_exact(make):
    r = pt.rast(np.array([[1, 2]], dtype="int16"))
    assert values(make(r)).tolist() == [16_777_217, 16_777_217]


def test_assigned_codes_stay_exact():
    r = pt.rast(np.array([[1, 2]], dtype="int16"))
    r[r > 1] = 16_777_217
    assert values(r).tolist() == [1, 16_777_217]


def test_limits_of_clamp_are_not_missing():
    r = pt.rast([[1, 5]])
    for limits in ({"lower": float("nan")}, {"upper": [1, None]}, {"lower": None}):
        with pytest.raises(ArgumentError, match=r"clamp: (lower|upper) must not be missing; leave it out"):
            r.clamp(**limits)
