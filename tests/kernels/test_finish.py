"""Statistics of sums and of counted values are those of the values themselves."""

from __future__ import annotations

import numpy as np
import pytest

from pyterra.kernels import finish, reduce, stats

NAN = np.nan
# One list per row: no gap, nothing, a gap, all false, one value, both infinities.
LISTS = np.array(
    [
        [4, 2, 2, -1.5],
        [NAN, NAN, NAN, NAN],
        [NAN, 0, 3, 3],
        [0, 0, 0, 0],
        [NAN, NAN, 7, NAN],
        [np.inf, -np.inf, 1, 1],
    ]
)


@pytest.mark.parametrize("na_rm", [False, True])
@pytest.mark.parametrize(
    "name", ["sum", "mean", "min", "max", "prod", "sd", "std", "var", "rms", "count", "count_na"]
)
def test_sums_are_finished_as_layers_are(name, na_rm):
    with np.errstate(invalid="ignore"):
        expected = stats.layer_stat(LISTS.T, name, na_rm)[0]
        np.testing.assert_allclose(finish.finish(reduce.moments(LISTS), name, na_rm), expected, rtol=1e-14)


@pytest.mark.parametrize("na_rm", [False, True])
@pytest.mark.parametrize("name", ["any", "all", "none"])
def test_sums_of_truths_are_finished_as_layers_are(name, na_rm):
    parts = reduce.moments(finish.truths(LISTS))
    np.testing.assert_array_equal(
        finish.finish(parts, name, na_rm), stats.layer_stat(LISTS.T, name, na_rm)[0]
    )


@pytest.mark.parametrize("na_rm", [False, True])
@pytest.mark.parametrize("name", ["modal", "median", "nunique"])
def test_counts_are_finished_as_layers_are(name, na_rm):
    found = [finish.finish_counts(reduce.value_counts(row), name, na_rm) for row in LISTS]
    np.testing.assert_array_equal(found, stats.layer_stat(LISTS.T, name, na_rm)[0])


def test_truths_are_one_and_zero_and_missing():
    np.testing.assert_array_equal(finish.truths(np.array([-2, 0, NAN, -0.0, np.inf])), [1, 0, NAN, 0, 1])
