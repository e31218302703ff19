"""classify and subst: terra's rules by small cases."""

import numpy as np
import pandas as pd
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


@pytest.mark.parametrize(
    "use",
    [
        lambda r: r.classify("k"),
        lambda r: r.classify([1, "k"]),
        lambda r: r.classify(None),
        lambda r: r.classify([]),
        lambda r: r.classify(float("nan")),
        lambda r: r.subst(1, "k", raw=True),
        lambda r: r.subst([1, 2], []),
        lambda r: r.focal("k"),
        lambda r: r.focal([3, "k"]),
        lambda r: r.extend([1, None]),
        lambda r: r.extend([1, "k"]),
        lambda r: r.clamp(["k"]),
        lambda r: r + ["k"],
        lambda r: r.freq(value=[1, 2]),
        lambda r: r.cell_from_row_col([0, 1, 2], [0, 1]),
        lambda r: r.cell_from_xy([1.0]),
        lambda r: r.ext * [1, 2],
        lambda r: r.ext % "k",
    ],
)
def test_what_is_no_number_is_an_error_of_arguments(use):
    with pytest.raises(ArgumentError):
        use(pt.rast([[1, 2], [3, 4]]))


@pytest.mark.parametrize(
    "column", [pd.to_datetime(["2020-01-01", "2021-01-01"]), ["a", "b"]], ids=["times", "texts"]
)
def test_a_table_of_times_or_texts_is_no_table_of_classes(column):
    table = pd.DataFrame({"from": column, "to": column, "becomes": [1, 2]})
    with pytest.raises(ArgumentError, match="classify: rcl"):
        pt.rast([[1, 2]]).classify(table)
    assert pt.rast([[1, 2]]).classify(pd.DataFrame({"is": [1], "becomes": [5]})).values(
        drop=True
    ).tolist() == [5, 2]


def test_subst_keeps_the_categories_whether_labels_or_values_are_replaced():
    """terra 1.9 with raw=TRUE; without, it replaces labels alone."""
    r = pt.rast(np.array([[0, 1, 2]])).as_int()
    r.levels = [pd.DataFrame({"id": [0, 1, 2], "cover": ["a", "b", "c"]})]
    for found in (r.subst(1, 2, raw=True), r.subst(1, 2), r.subst("b", "c")):
        assert found.to_numpy().ravel().tolist() == [0, 2, 2]
        assert found.levels[0]["cover"].tolist() == ["a", "b", "c"]


def test_labels_of_classes_keep_all_digits_before_the_point():
    # terra 1.9-45, but for the small number, which it calls 0
    r = pt.rast([[0.5, 2000, 2e6]])
    labels = r.classify([1e-7, 1 / 3, 12345.678, 1234567.891, 1e9]).levels[0]["lyr.1"].tolist()
    assert labels == [
        "(1e-07 - 0.333333]",
        "(0.333333 - 12345.678]",
        "(12345.678 - 1234567.891]",
        "(1234567.891 - 1000000000]",
    ]
