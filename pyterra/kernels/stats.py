"""Statistics over the layers of each cell: ``(layer, cell)`` in, one value or a few per cell out.

Cells are taken in tiles, layers in order, and every cell has an accumulator of its own. So each cell's sum is
the same chain of float64 additions wherever its block begins, and the loops still vectorise across cells
without fast-math. Statistics that need the layers in order of value (median, quantiles, mode) are in
``order``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels import order
from pyterra.kernels._ahead import tile_of
from pyterra.kernels._jit import copy, empty, exact_jit, fill_all, span

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Kernel: TypeAlias = Callable[[Floats, bool, Floats], None]

TILE = 128  # cells; mean of 24 float32 layers, ns a cell: 64 6, 128 to 512 5.5, 1024 8
SORTED_VALUES = 1 << 18
"""Values that are put in order at a time."""

SUM, MEAN = 0, 1
ANY, ALL, NONE, WHICH = 0, 1, 2, 3


@exact_jit
def _total(block: Floats, what: int, na_rm: bool, out: Floats) -> None:
    """Sum or mean of the valid layers."""
    layers, cells = len(block), out.shape[1]
    needed = 1 if na_rm else layers
    total, count = empty(TILE), empty(TILE)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        fill_all(total, 0.0)
        fill_all(count, 0.0)
        for layer in range(layers):
            row = tile_of(block[layer], start, width)
            for k in range(width):
                value = np.float64(row[k])
                valid = value == value
                total[k] += value if valid else 0.0
                count[k] += 1.0 if valid else 0.0
        target = span(out[0], start, width)
        for k in range(width):
            result = total[k] / count[k] if what == MEAN and count[k] > 0.0 else total[k]
            target[k] = result if count[k] >= needed else np.nan


@exact_jit
def _product(block: Floats, na_rm: bool, out: Floats) -> None:
    """Product of the valid layers."""
    layers, cells = len(block), out.shape[1]
    needed = 1 if na_rm else layers
    product, count = empty(TILE), empty(TILE)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        fill_all(product, 1.0)
        fill_all(count, 0.0)
        for layer in range(layers):
            row = tile_of(block[layer], start, width)
            for k in range(width):
                value = np.float64(row[k])
                valid = value == value
                product[k] *= value if valid else 1.0
                count[k] += 1.0 if valid else 0.0
        target = span(out[0], start, width)
        for k in range(width):
            target[k] = product[k] if count[k] >= needed else np.nan


@exact_jit
def _spread(block: Floats, ddof: int, root: bool, centred: bool, na_rm: bool, out: Floats) -> None:
    """Variance, or its root, about the mean (or about 0): two passes, the second over a copy of the tile.

    The copy is there because the layers of a block whose size is a power of two fall on the same cache lines.
    """
    layers, cells = len(block), out.shape[1]
    needed = 1 if na_rm else layers
    total, count, squares, centre = empty(TILE), empty(TILE), empty(TILE), empty(TILE)
    tile = empty((layers, min(TILE, cells)), block.dtype)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        fill_all(total, 0.0)
        fill_all(count, 0.0)
        fill_all(squares, 0.0)
        for layer in range(layers):
            row, copy = tile_of(block[layer], start, width), tile[layer]
            for k in range(width):
                value = np.float64(row[k])
                valid = value == value
                copy[k] = row[k]
                total[k] += value if valid else 0.0
                count[k] += 1.0 if valid else 0.0
        for k in range(width):
            total[k] = total[k] / count[k] if count[k] > 0.0 else 0.0
            centre[k] = total[k] if centred else 0.0
        for layer in range(layers):
            copy = tile[layer]
            for k in range(width):
                difference = np.float64(copy[k]) - centre[k]
                squares[k] += difference * difference if difference == difference else 0.0
        target = span(out[0], start, width)
        for k in range(width):
            variance = squares[k] / (count[k] - ddof) if count[k] > ddof else np.nan
            finite = total[k] - total[k] == 0.0
            result = np.sqrt(variance) if root else variance
            target[k] = result if finite and count[k] >= needed else np.nan


@exact_jit
def _extreme(block: Floats, sign: int, na_rm: bool, out: Floats) -> None:
    """Minimum (``sign`` 1) or maximum (``sign`` -1)."""
    layers, cells = len(block), out.shape[1]
    needed = 1 if na_rm else layers
    factor = block.dtype.type(sign)
    best, count = empty(TILE, block.dtype), empty(TILE, np.int32)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        fill_all(best, np.inf)
        fill_all(count, 0)
        for layer in range(layers):
            row = tile_of(block[layer], start, width)
            for k in range(width):
                value = row[k] * factor
                best[k] = value if value < best[k] else best[k]
                count[k] += np.int32(value == value)
        target = span(out[0], start, width)
        for k in range(width):
            target[k] = best[k] * factor if count[k] >= needed else np.nan


@exact_jit
def _which_extreme(block: Floats, sign: int, na_rm: bool, out: Floats) -> None:
    """0-based layer of the first minimum (``sign`` 1) or maximum (``sign`` -1)."""
    layers, cells = block.shape
    needed = 1 if na_rm else layers
    factor = block.dtype.type(sign)
    best, where, count = empty(TILE, block.dtype), empty(TILE, np.int32), empty(TILE, np.int32)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        fill_all(best, np.inf)
        fill_all(where, -1)
        fill_all(count, 0)
        for layer in range(layers):
            row = tile_of(block[layer], start, width)
            for k in range(width):
                value = row[k] * factor
                valid = value == value
                better = (value < best[k]) | (valid & (where[k] < 0))
                best[k] = value if better else best[k]
                where[k] = layer if better else where[k]
                count[k] += np.int32(valid)
        target = span(out[0], start, width)
        for k in range(width):
            target[k] = where[k] if count[k] >= needed else np.nan


@exact_jit
def _truth(block: Floats, what: int, na_rm: bool, out: Floats) -> None:
    """Whether any, all or none of the layers is true (not zero), or which is the first."""
    layers, cells = block.shape
    true, false, where = empty(TILE, np.int32), empty(TILE, np.int32), empty(TILE, np.int32)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        fill_all(true, 0)
        fill_all(false, 0)
        fill_all(where, -1)
        for layer in range(layers):
            row = tile_of(block[layer], start, width)
            for k in range(width):
                value = row[k]
                is_true = (value == value) & (value != 0.0)
                true[k] += np.int32(is_true)
                false[k] += np.int32(value == 0.0)
                where[k] = layer if is_true & (where[k] < 0) else where[k]
        target = span(out[0], start, width)
        for k in range(width):
            unknown = not na_rm and true[k] + false[k] < layers
            if what == WHICH:
                target[k] = where[k] if true[k] > 0 else np.nan
            elif what == ALL:
                none = true[k] + false[k] == 0
                target[k] = 0.0 if false[k] > 0 else (np.nan if unknown or none else 1.0)
            else:
                found = true[k] > 0 if what == ANY else true[k] == 0
                target[k] = np.nan if unknown else (1.0 if found else 0.0)


@exact_jit
def _count(block: Floats, missing: bool, out: Floats) -> None:
    """Number of layers that are missing, or that are not."""
    layers, cells = block.shape
    count = empty(TILE, np.int32)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        fill_all(count, 0)
        for layer in range(layers):
            row = tile_of(block[layer], start, width)
            for k in range(width):
                count[k] += np.int32((row[k] != row[k]) == missing)
        copy(count, span(out[0], start, width))


@exact_jit
def _end(block: Floats, last: bool, na_rm: bool, out: Floats) -> None:
    """The first layer or the last, or with ``na_rm`` the first or last that is not missing."""
    layers, cells = block.shape
    found = empty(TILE, block.dtype)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        copy(span(block[layers - 1 if last else 0], start, width), span(found, 0, width))
        for i in range(1, layers if na_rm else 1):
            row = tile_of(block[layers - 1 - i if last else i], start, width)
            for k in range(width):
                value, known = (
                    row[k],
                    found[k],
                )  # both loaded first: a load under a condition stays scalar (4x)
                found[k] = known if known == known else value
        copy(found, span(out[0], start, width))


@exact_jit
def _accumulate(block: Floats, multiply: bool, out: Floats) -> None:
    """Running sum or product, carried in float64."""
    layers, cells = block.shape
    running = empty(TILE)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        copy(span(block[0], start, width), span(running, 0, width))
        copy(running, span(out[0], start, width))
        for layer in range(1, layers):
            row, target = tile_of(block[layer], start, width), span(out[layer], start, width)
            for k in range(width):
                running[k] = running[k] * row[k] if multiply else running[k] + row[k]
                target[k] = running[k]


@exact_jit
def _accumulate_extreme(block: Floats, sign: int, out: Floats) -> None:
    """Running minimum (``sign`` 1) or maximum (``sign`` -1); a missing value stays."""
    layers, cells = block.shape
    factor = block.dtype.type(sign)
    running = empty(TILE, block.dtype)
    for start in range(0, cells, TILE):
        width = min(TILE, cells - start)
        copy(span(block[0], start, width), span(running, 0, width))
        copy(running, span(out[0], start, width))
        for layer in range(1, layers):
            row, target = tile_of(block[layer], start, width), span(out[layer], start, width)
            for k in range(width):
                value, known = row[k], running[k]
                replace = (value * factor < known * factor) | ((value != value) & (known == known))
                running[k] = value if replace else known
                target[k] = running[k]


def _range(block: Floats, na_rm: bool, out: Floats) -> None:
    _extreme(block, 1, na_rm, out[:1])
    _extreme(block, -1, na_rm, out[1:])


def _different(block: Floats, na_rm: bool, out: Floats) -> None:
    """Number of different values: steps between the layers once they are in order."""
    step = max(1, SORTED_VALUES // max(1, len(block)))
    for start in range(0, block.shape[1], step):
        ordered = np.sort(block[:, start : start + step], axis=0)  # missing values come last
        valid = ~np.isnan(ordered)
        found = valid[:1].sum(axis=0) + ((ordered[1:] != ordered[:-1]) & valid[1:]).sum(axis=0)
        out[0, start : start + step] = np.where(na_rm | valid.all(axis=0), found, np.nan)


_STATISTICS: dict[str, Kernel] = {
    "sum": lambda block, na_rm, out: _total(block, SUM, na_rm, out),
    "mean": lambda block, na_rm, out: _total(block, MEAN, na_rm, out),
    "prod": _product,
    "min": lambda block, na_rm, out: _extreme(block, 1, na_rm, out),
    "max": lambda block, na_rm, out: _extreme(block, -1, na_rm, out),
    "range": _range,
    "sd": lambda block, na_rm, out: _spread(block, 1, True, True, na_rm, out),
    "std": lambda block, na_rm, out: _spread(block, 0, True, True, na_rm, out),
    "var": lambda block, na_rm, out: _spread(block, 1, False, True, na_rm, out),
    "rms": lambda block, na_rm, out: _spread(block, 1, True, False, na_rm, out),
    "median": order.median,
    "modal": order.modal,
    "any": lambda block, na_rm, out: _truth(block, ANY, na_rm, out),
    "all": lambda block, na_rm, out: _truth(block, ALL, na_rm, out),
    "none": lambda block, na_rm, out: _truth(block, NONE, na_rm, out),
    "which": lambda block, na_rm, out: _truth(block, WHICH, True, out),
    "which_min": lambda block, na_rm, out: _which_extreme(block, 1, na_rm, out),
    "which_max": lambda block, na_rm, out: _which_extreme(block, -1, na_rm, out),
    "first": lambda block, na_rm, out: _end(block, False, na_rm, out),
    "last": lambda block, na_rm, out: _end(block, True, na_rm, out),
    "count": lambda block, na_rm, out: _count(block, False, out),
    "count_na": lambda block, na_rm, out: _count(block, True, out),
    "nunique": _different,
}

NAMES: frozenset[str] = frozenset(_STATISTICS)
_BY_TILES = {"sum", "mean", "prod", "min", "max", "range", "sd", "std", "var", "rms"}
"""Statistics whose kernels go through as many cells as the result has, however long the rows of the block are."""


def width(name: str) -> int:
    """How many numbers a statistic gives."""
    return 2 if name == "range" else 1


def layer_stat(
    block: Floats, name: str, na_rm: bool = False, *, out_dtype: npt.DTypeLike | None = None
) -> Floats:
    """Return one statistic over the layers of each cell.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
        Missing is NaN. Rows of a larger array are not copied.
    name : str
        One of ``NAMES``. ``sd`` and ``var`` divide by n - 1, ``std`` by n; ``rms`` is the root of the sum of
        squares over n - 1, as in terra. ``which`` is the first layer that is not zero; ``count`` counts valid
        layers, ``count_na`` missing ones and ``nunique`` different ones. Layer positions are 0-based.
    na_rm : bool
        Leave missing layers out; a cell with no valid layer stays missing, for ``sum`` and ``prod`` too.
        Otherwise one missing layer makes the result missing. ``which``, ``count`` and ``count_na`` do not
        depend on it; ``first`` and ``last`` without it are the layers at the ends, whatever they hold.
    out_dtype : dtype, optional
        Default: float64 for ``sum`` and ``prod``, which may leave the exact range of float32; else the
        block's.

    Returns
    -------
    ndarray of shape (1, cell), or (2, cell) for ``range``

    Notes
    -----
    ``any`` and ``all`` count every value but 0 as true. A missing layer makes ``any`` missing, even where
    another layer is true; it makes ``all`` missing unless another layer is false. Where every layer is
    missing and ``na_rm`` is set, ``any`` is 0, ``none`` 1, ``nunique`` 0 and ``all`` missing. Ties of ``modal``
    go to the lowest value, of ``which_min`` and ``which_max`` to the first layer.
    """
    if name not in _STATISTICS:
        raise ValueError(f"layer_stat: name must be one of {', '.join(sorted(NAMES))}, got {name!r}")
    if out_dtype is None:
        out_dtype = np.float64 if name in ("sum", "prod") else block.dtype
    out = np.empty((width(name), block.shape[1]), out_dtype)
    _STATISTICS[name](_lengthened(block) if name in _BY_TILES else np.ascontiguousarray(block), na_rm, out)
    return out


def _lengthened(block: Floats) -> Floats:
    """The block as a contiguous one; part of a larger array without a copy, with rows that end where the next begins.

    The columns beyond those of the block are not to be touched: those of the last row may be no memory of the array.
    """
    step, within = block.strides[0] // block.itemsize, block.strides[1]
    if block.flags.c_contiguous or within != block.itemsize or step < block.shape[1]:
        return np.ascontiguousarray(block)
    return np.lib.stride_tricks.as_strided(block, (len(block), step))


def quantiles(
    block: Floats,
    probs: npt.ArrayLike,
    na_rm: bool = False,
    *,
    out_dtype: npt.DTypeLike | None = None,
) -> Floats:
    """Return quantiles (R's type 7, linear between order statistics) over the layers of each cell.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
    probs : array_like of shape (prob,), each in [0, 1]
    na_rm : bool
        Leave missing layers out; otherwise one missing layer makes the result missing.
    out_dtype : dtype, optional
        Default: the block's.

    Returns
    -------
    ndarray of shape (prob, cell)
    """
    wanted = np.atleast_1d(np.asarray(probs, np.float64))
    if not np.all((wanted >= 0) & (wanted <= 1)):
        raise ValueError(f"quantiles: probs must lie in [0, 1], got {wanted.tolist()}")
    block = np.ascontiguousarray(block)
    out = np.empty((wanted.size, block.shape[1]), block.dtype if out_dtype is None else out_dtype)
    order.quantiles(block, wanted, na_rm, out)
    return out


Running: TypeAlias = Literal["cumsum", "cumprod", "cummin", "cummax"]
"""Statistics along the layers."""


def cumulative(
    block: Floats,
    name: Running,
    *,
    out_dtype: npt.DTypeLike | None = None,
) -> Floats:
    """Return the running sum, product, minimum or maximum over the layers, missing from the first gap on.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
    name : {"cumsum", "cumprod", "cummin", "cummax"}
    out_dtype : dtype, optional
        Default: float64 for ``cumsum`` and ``cumprod``, else the block's.

    Returns
    -------
    ndarray of shape (layer, cell)
    """
    if name not in ("cumsum", "cumprod", "cummin", "cummax"):
        raise ValueError(f"cumulative: name must be cumsum, cumprod, cummin or cummax, got {name!r}")
    block = np.ascontiguousarray(block)
    widen = name in ("cumsum", "cumprod")
    if out_dtype is None:
        out_dtype = np.float64 if widen else block.dtype
    out = np.empty(block.shape, out_dtype)
    if widen:
        _accumulate(block, name == "cumprod", out)
    else:
        _accumulate_extreme(block, 1 if name == "cummin" else -1, out)
    return out
