"""classify, subst, clamp, cover, ifel and mask: terra's rules by small cases."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


def row(*values, **options):
    return pt.rast(np.array([values], dtype=float), **options)


def values(r):
    return r.values(drop=True)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0, 10, 10, 20, 20, 5, NAN]),
        ({"right": False}, [10, 10, 20, 20, 4, 5, NAN]),
        ({"right": None}, [10, 10, 10, 20, 20, 5, NAN]),
        ({"include_lowest": True}, [10, 10, 10, 20, 20, 5, NAN]),
        ({"right": False, "include_lowest": True}, [10, 10, 20, 20, 20, 5, NAN]),
        ({"others": -1}, [-1, 10, 10, 20, 20, -1, NAN]),
    ],
)
def test_intervals_close_where_they_are_told_to(options, expected):
    r = row(0, 1, 2, 3, 4, 5, NAN)
    np.testing.assert_array_equal(values(r.classify([[0, 2, 10], [2, 4, 20]], **options)), expected)


def test_the_first_interval_wins_and_the_last_exact_match():
    r = row(1, 2)
    np.testing.assert_array_equal(values(r.classify([[0, 5, 10], [0, 5, 20]])), [10, 10])
    np.testing.assert_array_equal(values(r.classify([[1, 10], [1, 20]])), [20, 2])


def test_exact_matches_and_others_take_missing_too():
    r = row(1, 2, NAN)
    np.testing.assert_array_equal(values(r.classify([[1, 10]], others=0)), [10, 0, 0])
    np.testing.assert_array_equal(values(r.classify([[NAN, 0]])), [1, 2, 0])
    np.testing.assert_array_equal(values(r.classify({1: 7})), [7, 2, NAN])


def test_cuts_make_a_factor_from_zero_and_lose_what_lies_outside():
    r = row(0, 1, 2, 3, 9, NAN)
    found = r.classify([0, 2, 4])
    np.testing.assert_array_equal(values(found), [NAN, 0, 0, 1, NAN, NAN])
    assert found.is_factor() == [True]
    assert list(found.levels[0].iloc[:, 1]) == ["(0 - 2]", "(2 - 4]"]
    assert list(r.classify([0, 2, 4], include_lowest=True).levels[0].iloc[:, 1]) == ["[0 - 2]", "(2 - 4]"]
    assert list(r.classify([0, 2, 4], brackets=False).levels[0].iloc[:, 1]) == ["0 - 2", "2 - 4"]


def test_a_number_of_classes_cuts_the_range_of_values_evenly():
    np.testing.assert_array_equal(values(row(0, 1, 2, 3, 4).classify(2)), [0, 0, 0, 1, 1])


def test_malformed_tables_are_refused():
    with pytest.raises(ArgumentError, match="columns"):
        row(1).classify([[1, 2, 3, 4]])
    with pytest.raises(ArgumentError, match="'from'"):
        row(1).classify([[3, 2, 1]])


def test_classification_drops_the_type_and_keeps_the_name():
    r = pt.rast(np.array([[1, 2]], dtype="uint8"), names="cover")
    found = r.classify([[1, 0.5]])
    assert found.names == ["cover"]
    assert found.is_int() == [False]


def test_subst_replaces_copies_and_knows_labels():
    np.testing.assert_array_equal(values(row(1, 2, 3, NAN).subst([1, 2], [10, 20])), [10, 20, 3, NAN])
    np.testing.assert_array_equal(values(row(1, 2, NAN).subst(1, 9, others=0)), [9, 0, 0])
    np.testing.assert_array_equal(values(row(1, NAN).subst(None, 7)), [1, 7])
    np.testing.assert_array_equal(values(row(1, 2, 3).subst([1, 2], 0)), [0, 0, 3])
    s = row(1, 2)
    s.levels = {1: "forest", 2: "grass"}
    changed = s.subst("forest", "grass")
    np.testing.assert_array_equal(values(changed), [2, 2])
    assert changed.is_factor() == [True]
    with pytest.raises(ArgumentError, match="no category"):
        s.subst("sea", "grass")


def test_subst_to_columns_makes_layers():
    found = row(1, 2, 5).subst([1, 2], [[10, 100], [20, 200]])
    assert found.names == ["lyr1", "lyr2"]
    np.testing.assert_array_equal(found.values(), [[10, 100], [20, 200], [5, 5]])


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


def test_mask_sets_missing_by_value_and_inverse():
    r, m = row(1, NAN, 3, 4), row(1, 1, NAN, 0)
    np.testing.assert_array_equal(values(r.mask(m)), [1, NAN, NAN, 4])
    np.testing.assert_array_equal(values(r.mask(m, inverse=True)), [NAN, NAN, 3, NAN])
    np.testing.assert_array_equal(values(r.mask(m, maskvalues=0, updatevalue=-9)), [1, NAN, 3, -9])
    np.testing.assert_array_equal(values(r.mask(m, maskvalues=[0, NAN])), [1, NAN, NAN, NAN])


def test_mask_keeps_type_and_categories_and_repeats_layers():
    s = row(1, 2)
    s.levels = {1: "forest", 2: "grass"}
    assert s.mask(row(1, NAN)).is_factor() == [True]
    assert s.mask(pt.c(row(1, NAN), row(NAN, 1))).nlyr == 2


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
