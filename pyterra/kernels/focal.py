"""Statistics of the window around every cell.

The block comes padded by the halo on every side (the caller decides what lies outside the raster); the result
has no halo. Windows of ones take the fast ways of ``focal_slide`` and ``focal_order``, weighted sums and means
that of ``focal_gather``; for whatever else there is, the cells of the windows are laid out as layers (``stats``).
"""

from __future__ import annotations

from itertools import product
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels import destination, focal_gather, focal_order, focal_slide, stats
from pyterra.kernels.focal_gather import focal_user

__all__ = ["NaPolicy", "focal", "focal_user", "keep_by_policy", "windows"]

Array: TypeAlias = npt.NDArray[Any]
NaPolicy = Literal["all", "only", "omit"]

# fun -> a kernel, and the same where NaN cells are left out; and whether it looks at truth
_EXTREMES = {
    "min": (focal_slide.minimum, focal_slide.minimum_valid, False),
    "max": (focal_slide.maximum, focal_slide.maximum_valid, False),
    "any": (focal_slide.maximum, focal_slide.maximum_valid, True),
    "all": (focal_slide.minimum, focal_slide.minimum_valid, True),
}
_SUMS = {"sum": focal_slide.total, "mean": focal_slide.total, "prod": focal_slide.product}
_STRIP_VALUES, _STRIP_COLS = 1 << 18, 64
"""Cells of windows that are laid out as layers at a time, and how wide a strip is at least."""


def focal(
    padded: Array,
    weights: npt.ArrayLike,
    fun: str = "sum",
    *,
    na_rm: bool = False,
    na_policy: NaPolicy = "all",
    out_dtype: Any = np.float64,
) -> Array:
    """One statistic of the window around every cell.

    Parameters
    ----------
    padded : float ndarray of shape (layer, row + h - 1, col + w - 1), C order
        The block with a halo of ``h // 2`` rows and ``w // 2`` columns on each side.
    weights : array-like of shape (h, w), odd
        Multiplies the values; NaN where a cell is not used. All ones is the plain window.
    fun : str
        A statistic of ``stats.layer_stat``, with the used cells of the window as layers, in row-major order;
        ``mean`` is the weighted mean.
    na_rm : bool
        Leave NaN cells out.
    na_policy : {"all", "only", "omit"}
        For which cells to compute: all; only those that are NaN, the others keep their value (and ``na_rm``
        is on); or only those that are not, the others stay NaN.
    out_dtype : dtype
        Of the result. Sums are made in float64 whatever it is.

    Returns
    -------
    ndarray of shape (layer * k, row, col)
        The ``k`` numbers (two for ``range``) of the first layer first.
    """
    weights = np.asarray(weights, np.float64)
    h, w = weights.shape
    nlyr, nrow, ncol = padded.shape
    out = destination.empty((nlyr * stats.width(fun), nrow - h + 1, ncol - w + 1), out_dtype)
    drop = na_rm or na_policy == "only"
    plain = bool((weights == 1).all())
    if fun in ("sum", "mean") and not plain:
        focal_gather.weighted(padded, weights, fun == "mean", drop, _counts(h, w), out)
    elif plain and fun in _SUMS:
        _SUMS[fun](padded, h, w, fun == "mean", drop, _counts(h, w), out)
    elif plain and fun in _EXTREMES:
        _extreme(padded, h, w, fun, drop, out)
    elif plain and fun in ("sd", "std"):
        mean = np.empty(out.shape)
        focal_slide.total(padded, h, w, True, drop, _counts(h, w), mean)
        focal_slide.spread(padded, h, w, mean, drop, 1 if fun == "sd" else 0, out)
    elif plain and fun in ("median", "modal"):
        _order(padded, h, w, fun == "modal", drop, out)
    else:
        _as_layers(padded, weights[None], fun, drop, out)
    return keep_by_policy(out, padded, h, w, na_policy)


def keep_by_policy(out: Array, padded: Array, h: int, w: int, na_policy: NaPolicy) -> Array:
    """Put back the cells that ``na_policy`` leaves alone; ``out`` is changed in place and returned."""
    if na_policy != "all":
        nrow, ncol = out.shape[1:]
        centre = padded[:, h // 2 : h // 2 + nrow, w // 2 : w // 2 + ncol]
        if len(out) > len(centre):
            centre = np.repeat(centre, len(out) // len(centre), axis=0)
        keep = np.isnan(centre) if na_policy == "omit" else ~np.isnan(centre)
        np.copyto(out, centre, where=keep, casting="same_kind")
    return out


def windows(padded: Array, h: int, w: int) -> Array:
    """Every window as a view, for functions that are not compiled.

    Parameters
    ----------
    padded : ndarray of shape (layer, row + h - 1, col + w - 1)
    h, w : int
        Window height and width, in cells.

    Returns
    -------
    ndarray of shape (layer, row, col, h, w)
        Read-only; no values are copied.
    """
    return np.lib.stride_tricks.sliding_window_view(padded, (h, w), axis=(1, 2))


def _counts(h: int, w: int) -> Array:
    """An array of the dtype in which cells of a window are counted, the narrower the faster."""
    return np.empty(0, np.int16 if h * w <= np.iinfo(np.int16).max else np.int32)


def _extreme(padded: Array, h: int, w: int, fun: str, drop: bool, out: Array) -> None:
    """Lowest or highest value; ``all`` without ``na_rm`` is 0 beside NaN, so it looks at valid cells too."""
    plain, without, truth = _EXTREMES[fun]
    (without if drop else plain)(padded, h, w, truth, out)
    if fun == "all" and not drop and np.isnan(out).any():
        valid = np.empty(out.shape, out.dtype)
        without(padded, h, w, truth, valid)
        out[valid == 0] = 0
    if fun == "any" and drop:
        out[np.isnan(out)] = 0


def focal3d(
    padded: Array, weights: Array, fun: str, *, na_rm: bool = False, out_dtype: Any = np.float64
) -> Array:
    """One statistic of the window of rows, columns and layers around every cell.

    Parameters
    ----------
    padded : float ndarray of shape (layer + d - 1, row + h - 1, col + w - 1)
        The block with a halo on each side, and the layers before and after.
    weights : ndarray of shape (d, h, w), odd
        Multiplies the values; NaN where a cell is not used.
    fun : str
        A statistic of ``stats.layer_stat``, with the used cells of the window as layers, layer by layer in row-major
        order.
    na_rm : bool
        Leave NaN cells out.
    out_dtype : dtype
        Of the result.

    Returns
    -------
    ndarray of shape (layer * k, row, col)
        The ``k`` numbers (two for ``range``) of the first layer first.
    """
    nlyr, nrow, ncol = (size - side + 1 for size, side in zip(padded.shape, weights.shape, strict=True))
    out = np.empty((nlyr * stats.width(fun), nrow, ncol), out_dtype)
    _as_layers(padded, weights, fun, na_rm, out)
    return out


def _as_layers(padded: Array, weights: Array, fun: str, drop: bool, out: Array) -> None:
    """Lay the used cells of the windows (layer, row, col) out as layers, a strip of rows at a time."""
    nrow, ncol = out.shape[1:]
    nlyr = len(padded) - len(weights) + 1
    numbers = out.reshape(nlyr, -1, nrow, ncol)
    used = np.argwhere(~np.isnan(weights))
    dtype = padded.dtype if np.all(weights[~np.isnan(weights)] == 1) else np.dtype(np.float64)
    wide = min(ncol, max(_STRIP_COLS, _STRIP_VALUES // len(used)))
    tall = min(nrow, max(1, _STRIP_VALUES // (len(used) * wide)))
    for layer, y, x in product(range(nlyr), range(0, nrow, tall), range(0, ncol, wide)):
        rows, cols = min(tall, nrow - y), min(wide, ncol - x)
        cells = np.empty((len(used), rows, cols), dtype)
        with np.errstate(invalid="ignore", over="ignore"):
            for target, (k, i, j) in zip(cells, used, strict=True):
                block = padded[layer + k, y + i :, x + j :][:rows, :cols]
                np.multiply(block, weights[k, i, j], out=target, dtype=dtype)
        found = stats.layer_stat(cells.reshape(len(used), -1), fun, drop, out_dtype=out.dtype)
        numbers[layer, :, y : y + rows, x : x + cols] = found.reshape(-1, rows, cols)


def _order(padded: Array, h: int, w: int, modal: bool, drop: bool, out: Array) -> None:
    """Median or mode; the network for 3 by 3 cannot see NaN, so blocks with any go by ranks."""
    if (h, w) == (3, 3) and not modal and not np.isnan(padded).any():
        focal_order.median_of_nine(padded, out)
        return
    bits = padded.view(np.uint32 if padded.dtype == np.float32 else np.uint64)
    focal_order.order_statistic(padded, bits, h, w, modal, drop, out)
