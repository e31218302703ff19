"""Focal kernels against numpy on every window, numbers from terra, and themselves on other blocks."""

from __future__ import annotations

import numpy as np
import pytest

from pyterra.kernels import stats
from pyterra.kernels.focal import focal, windows
from pyterra.statistics.table import TABLE

FUNS = sorted(stats.NAMES - {"range"})
NAN = np.nan


def pad(block, h, w, fill=NAN):
    return np.pad(block, ((0, 0), (h // 2, h // 2), (w // 2, w // 2)), constant_values=fill)


def block_of(rng, shape, dtype=np.float64, nan=0.2, classes=False):
    values = rng.integers(0, 5, shape) if classes else rng.normal(10, 20, shape)
    values = values.astype(dtype)
    values[rng.random(shape) < nan] = NAN
    return values


def dtype_of(fun, dtype, weights):
    """The dtype of the answer, as the verb asks for it: float32 for what is one of the values, or a small count."""
    return TABLE[fun].dtype(np.dtype(dtype)) if np.all(weights == 1) else np.float64


def lowest_mode(v):
    values, counts = np.unique(v, return_counts=True)
    return values[counts.argmax()]


def window_statistic(v, weights, fun, na_rm):
    """One window by numpy; the rules are written out here once more, plainly."""
    used = ~np.isnan(weights)
    k, v = weights[used], v[used]
    v = v * k
    valid = ~np.isnan(v)
    n = valid.sum()
    if fun in ("count", "count_na"):
        return n if fun == "count" else v.size - n
    if n == 0:
        return {"any": 0.0, "none": 1.0, "nunique": 0.0}.get(fun, NAN) if na_rm else NAN
    if fun == "all" and not na_rm and (v[valid] == 0).any():
        return 0.0
    if fun in ("first", "last") and not na_rm:
        return v[0 if fun == "first" else -1]
    if not na_rm and n < v.size and fun != "which":
        return NAN
    where = np.flatnonzero(valid)
    k, v = k[valid], v[valid]
    match fun:
        case "sum":
            return v.sum()
        case "mean":
            return v.sum() / k.sum()
        case "sd" | "std":
            ddof = int(fun == "sd")
            return v.std(ddof=ddof) if n > ddof else NAN
        case "which_min":
            return where[v.argmin()]
        case "which_max":
            return where[v.argmax()]
        case "which":
            return where[np.flatnonzero(v)[0]] if v.any() else NAN
        case "var" | "rms":
            return (
                np.sum((v - (v.mean() if fun == "var" else 0)) ** 2) ** (1 if fun == "var" else 0.5)
                / ((n - 1) ** (1 if fun == "var" else 0.5))
                if n > 1
                else NAN
            )
        case "first" | "last":
            return v[0 if fun == "first" else -1]
        case "modal":
            return lowest_mode(v)
        case "any" | "all":
            return float(getattr(v.astype(bool), fun)())
        case "none":
            return float(not v.any())
        case "nunique":
            return np.unique(v).size
        case _:
            return getattr(np, fun)(v)


def oracle(padded, weights, fun, na_rm):
    views = windows(padded.astype(np.float64), *weights.shape)
    flat = views.reshape(-1, *weights.shape)
    return np.array([window_statistic(v, weights, fun, na_rm) for v in flat]).reshape(views.shape[:3])


@pytest.mark.parametrize("na_rm", [False, True])
@pytest.mark.parametrize("fun", FUNS)
@pytest.mark.parametrize("size", [(1, 1), (3, 3), (1, 5), (5, 7), (11, 3)])
def test_focal_of_ones_equals_numpy(fun, na_rm, size):
    rng = np.random.default_rng(7)
    for dtype, classes in ((np.float32, True), (np.float64, False)):
        padded = pad(block_of(rng, (2, 7, 9), dtype, nan=0.1, classes=classes), *size)
        got = focal(padded, np.ones(size), fun, na_rm=na_rm, out_dtype=dtype_of(fun, dtype, np.ones(size)))
        np.testing.assert_allclose(
            got,
            oracle(padded, np.ones(size), fun, na_rm),
            rtol=1e-6 if dtype == np.float32 else 1e-12,
            atol=1e-12,
        )


@pytest.mark.parametrize("na_rm", [False, True])
@pytest.mark.parametrize("fun", FUNS)
def test_focal_with_weights_equals_numpy(fun, na_rm):
    rng = np.random.default_rng(8)
    for size in ((3, 3), (5, 7), (1, 9)):
        weights = rng.integers(0, 4, size) / 2
        weights[rng.random(size) < 0.2] = NAN
        weights[0, 0] = 0.5
        padded = pad(block_of(rng, (1, 6, 8), nan=0.05, classes=fun == "modal"), *size, fill=0.0)
        got = focal(padded, weights, fun, na_rm=na_rm)
        np.testing.assert_allclose(got, oracle(padded, weights, fun, na_rm), rtol=1e-12, atol=1e-12)


TERRA_INPUT = np.array([[[3, 1, NAN, 2, 5], [2, 2, 8, 0, 1], [7, 4, 6, -1, NAN], [9, 9, 3, 2, 2.0]]])
TERRA_WEIGHTS = np.array([[1, 0, NAN], [2, 0.5, 1], [0, 1, 3]])


def test_focal_weighted_which_min_counts_used_cells_as_terra_does():
    got = focal(pad(TERRA_INPUT, 3, 3, 0.0), TERRA_WEIGHTS, "which_min")[0]
    np.testing.assert_array_equal(got[2] + 1, [1, 2, 5, NAN, NAN])


def test_focal_na_policy_only_keeps_valid_cells_and_fills_the_others():
    block = np.arange(1.0, 17).reshape(1, 4, 4)
    block[0, 1, 1] = NAN
    got = focal(pad(block, 3, 3), np.ones((3, 3)), "mean", na_policy="only")
    expected = block.copy()
    expected[0, 1, 1] = 6
    np.testing.assert_array_equal(got, expected)


def test_focal_na_policy_omit_leaves_missing_cells_missing():
    block = np.arange(1.0, 17).reshape(1, 4, 4)
    block[0, 1, 1] = NAN
    got = focal(pad(block, 3, 3), np.ones((3, 3)), "mean", na_policy="omit", na_rm=True)[0]
    assert np.isnan(got[1, 1])
    np.testing.assert_allclose(got[0], [8 / 3, 3.6, 4.8, 5.5])


def test_focal_range_gives_two_layers_per_layer():
    block = np.arange(18.0).reshape(2, 3, 3)
    np.testing.assert_array_equal(focal(block, np.ones((3, 3)), "range").ravel(), [0, 8, 9, 17])


def test_focal_na_policy_of_several_numbers_per_layer_keeps_what_it_must():
    block = np.array([[[1.0, NAN, 3.0]]])
    got = focal(pad(block, 1, 3), np.ones((1, 3)), "range", na_policy="only")
    np.testing.assert_array_equal(got[:, 0], [[1, 1, 3], [1, 3, 3]])


def test_focal_of_all_missing_is_missing_but_for_truths_and_counts():
    padded = np.full((1, 5, 5), NAN)
    for fun in FUNS:
        expected = {"any": 0.0, "none": 1.0, "count": 0.0, "count_na": 9.0, "nunique": 0.0}.get(fun, NAN)
        np.testing.assert_array_equal(focal(padded, np.ones((3, 3)), fun, na_rm=True), expected, err_msg=fun)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("fun", FUNS)
def test_focal_bits_do_not_depend_on_the_block(fun, dtype):
    rng = np.random.default_rng(11)
    block = block_of(rng, (1, 75, 531), dtype, nan=0.002, classes=fun == "modal")
    plus = np.array([[NAN, 0.3, NAN], [0.7, 1.1, 0.7], [NAN, 0.3, NAN]])
    for weights in (np.ones((3, 3)), np.ones((5, 11)), plus):
        h, w = weights.shape
        padded = pad(block, h, w)
        for na_rm in (False, True):
            how = {"na_rm": na_rm, "out_dtype": dtype_of(fun, dtype, weights[~np.isnan(weights)])}
            whole = focal(padded, weights, fun, **how)
            for y, x, rows, cols in ((0, 0, 1, 1), (3, 5, 67, 514), (13, 501, 7, 29), (70, 1, 5, 530)):
                part = np.ascontiguousarray(padded[:, y : y + rows + h - 1, x : x + cols + w - 1])
                got = focal(part, weights, fun, **how)
                assert got.tobytes() == np.ascontiguousarray(whole[:, y : y + rows, x : x + cols]).tobytes()


def test_windows_are_views_without_copies():
    padded = np.arange(25.0).reshape(1, 5, 5)
    views = windows(padded, 3, 3)
    assert views.shape == (1, 3, 3, 3, 3)
    assert np.shares_memory(views, padded)
    np.testing.assert_array_equal(views[0, 1, 2], padded[0, 1:4, 2:5])
