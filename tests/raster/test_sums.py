"""Sums and means of rows and columns. The numbers are those of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(np.array([[[1, 5, NAN], [5, 2, 3]], [[7, 1, NAN], [NAN, 9, 1]]]))


@pytest.mark.parametrize(
    ("verb", "kept", "removed"),
    [
        ("row_sums", [[NAN, NAN], [10, NAN]], [[6, 8], [10, 10]]),
        ("row_means", [[NAN, NAN], [10 / 3, NAN]], [[3, 4], [10 / 3, 5]]),
        ("col_sums", [[6, NAN], [7, 10], [NAN, NAN]], [[6, 7], [7, 10], [3, 1]]),
        ("col_means", [[3, NAN], [3.5, 5], [NAN, NAN]], [[3, 7], [3.5, 5], [3, 1]]),
    ],
)
def test_rows_and_columns_are_summed_up(r, verb, kept, removed):
    np.testing.assert_allclose(getattr(r, verb)(), kept)
    np.testing.assert_allclose(getattr(r, verb)(na_rm=True), removed)


def test_the_sum_of_nothing_is_0_and_its_mean_is_missing():
    r = pt.rast([[NAN, NAN], [1, np.inf]])
    assert r.row_sums(na_rm=True).tolist() == [[0], [np.inf]]
    assert np.isnan(r.row_means(na_rm=True)[0, 0])
    assert pt.rast([[4]]).col_sums().tolist() == [[4]]
