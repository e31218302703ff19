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


def test_ifel_has_the_names_of_no_or_else_of_the_test():
    test, yes, no = (pt.rast(np.ones((2, 1, 1)), names=[f"{c}1", f"{c}2"]) for c in "tyn")
    assert test.ifel(yes, 0).names == ["t1", "t2"]
    assert test.ifel(yes, no).names == ["n1", "n2"]
    assert test.ifel(0, no).names == ["n1", "n2"]
    assert test["t1"].ifel(yes, no["n1"]).names == ["y1", "y2"]
    assert test.ifel(0, no["n1"]).names == ["t1", "t2"]


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


def _classes(values, labels="abc"):
    r = pt.rast(values)
    r.levels = {i + 1: label for i, label in enumerate(labels)}
    r.colors = {1: "#ff0000", 2: "#00ff00"}
    return r


@pytest.mark.parametrize(
    ("yes", "no", "factor"),
    [
        (_classes([[1, 2, 3]]), None, True),
        (None, _classes([[1, 2, 3]]), True),
        (2, _classes([[1, 2, 3]]), True),
        (7, _classes([[1, 2, 3]]), False),
        (_classes([[1, 2, 3]]), _classes([[3, 3, 3]]), True),
        (_classes([[1, 2, 3]]), _classes([[3, 3, 3]], "xyz"), False),
        (pt.rast([[1, 2, 3]]), _classes([[1, 2, 3]]), False),
        (1, 0, False),
    ],
)
def test_ifel_of_classes_gives_classes_where_all_are_of_one_table(yes, no, factor):
    r = pt.ifel(pt.rast([[1, 0, 1]]), yes, no)
    assert r.is_factor() == [factor]
    assert r.has_colors() == [factor]


def test_cover_keeps_the_colours_of_its_classes():
    x = _classes([[1, NAN, 3]])
    assert x.cover(_classes([[2, 2, 2]])).has_colors() == [True]
    assert x.cover().has_colors() == [True]


@pytest.mark.parametrize("how", ["modal", "first", "last"])
def test_statistics_that_choose_classes_keep_their_colours(how):
    x = _classes([[1, 2], [3, 1]])
    assert x.aggregate(2, how).colors == x.colors
    assert x.aggregate(2, "mean").colors == [None]
