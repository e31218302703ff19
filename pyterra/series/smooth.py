"""whittaker, savitzky_golay and mode_filter: smooth curves along the layers of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Halo
from pyterra.expr.method import Neighbourhood
from pyterra.frozen import dataclass
from pyterra.kernels.lanes import by_tiles, room, shares
from pyterra.raster.build import FLOAT64, cells_raster, node_of, numbers_of, raster
from pyterra.series.frames import frames_of, kept, what_counts

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

STRENGTHS = tuple(float(v) for v in 10.0 ** np.arange(-1, 5.25, 0.5))
"""Lambdas that are tried where none is given."""


@dataclass(frozen=True)
class Weighted:
    """What values of a series count, and which are kept."""

    frames: tuple[int, ...]
    numbers: tuple[float, ...] | None
    keep: bool

    def run(self, kernel: Any, block: Array, share: Array | None, layers: int) -> Array:
        """Call ``kernel(values, weights, frames, out)`` with layers in the order of time."""
        frames, order = np.array(self.frames), None
        if (np.diff(frames) < 0).any():
            order = np.argsort(frames)
            frames = frames[order]
        if share is None:
            share = shares(len(block), self.numbers)
        out = by_tiles(
            block,
            lambda v, w, out: kernel(v, w, frames, out),
            layers,
            share,
            order=order,
            frames=int(frames[-1]) + 1,
        )
        if order is not None:
            out[order] = out.copy()
        return np.where(np.isnan(block), out, block) if self.keep else out


@dataclass(frozen=True)
class Whittaker(Weighted):
    """The smoother of Whittaker."""

    strengths: tuple[float, ...]
    order: int

    def __call__(self, block: Array, share: Array | None = None) -> Array:
        strengths = np.array(self.strengths)
        bands = kernels.whittaker.penalty(max(*self.frames, self.order) + 1, self.order)

        def kernel(values: Array, weights: Array, frames: Array, out: Array) -> None:
            kernels.whittaker.smooth(values, weights, frames, strengths, self.order, bands, out)

        return self.run(kernel, block, share, len(block))


@dataclass(frozen=True)
class LocalPolynomial(Weighted):
    """The filter of Savitzky and Golay along the layers."""

    width: int
    order: int

    def __call__(self, block: Array, share: Array | None = None) -> Array:
        table = kernels.savgol.coefficients(self.width, self.order)

        def kernel(values: Array, weights: Array, frames: Array, out: Array) -> None:
            kernels.savgol.smooth(values, weights, frames, table, self.order, out)

        return self.run(kernel, block, share, len(block))


@dataclass(frozen=True)
class LocalPolynomial3D(Neighbourhood):
    """The filter of Savitzky and Golay over layers, rows and columns."""

    shape: tuple[int, int, int]
    order: int

    def __call__(self, block: Array) -> Array:
        rows, cols = block.shape[1] - self.shape[1] + 1, block.shape[2] - self.shape[2] + 1
        out = np.empty((len(block), rows, cols))
        box = kernels.savgol.coefficients_of_box(self.shape, self.order)
        kernels.savgol.smooth_box(
            block.astype(np.float64, copy=False), box, kernels.savgol.terms(self.order), out
        )
        return out


@dataclass(frozen=True)
class Modes:
    """The most frequent value of the layers around each."""

    half: int
    na_rm: bool

    def __call__(self, block: Array) -> Array:
        return by_tiles(
            block, lambda v, out: kernels.season_median.modes(v, self.half, self.na_rm, out), len(block)
        )


def whittaker(
    x: SpatRaster,
    lmbda: float | Sequence[float] | None = None,
    *,
    order: Literal[1, 2, 3] = 2,
    weights: Sequence[float] | SpatRaster | None = None,
    season_size: int | None = None,
    keep_original: bool = False,
) -> SpatRaster:
    """Smooth the layers of each cell, and fill its gaps, by Whittaker's curve: near the values, and smooth.

    Parameters
    ----------
    x : SpatRaster
        At least two layers, in equal steps of time (frames). Frames without a layer count as missing.
    lmbda : float or sequence of float, optional
        How much smoothness counts beside nearness, above 0. Of several, each cell takes the one with which left-out
        values are predicted best; by default 13 from 0.1 to 100000.
    order : {1, 2, 3}
        Of the differences that are kept small: 1 draws to a level, 2 to a line, 3 to a parabola.
    weights : sequence of float, or SpatRaster, optional
        What each layer counts, or each layer of each cell. Values of weight 0 count as missing.
    season_size : int, optional
        Frames in a year, which tells the frames of layers with times; by default as these tell.
    keep_original : bool
        Leave values that are there as they are, and fill gaps alone.

    Returns
    -------
    SpatRaster
        The layers of `x`, with names, times and units; missing where a cell has fewer than `order` values.

    Raises
    ------
    ArgumentError
        Where layers are no frames (see `season_size`), or an argument is not allowed.

    See Also
    --------
    savitzky_golay : Local polynomials.
    harmonic : Waves of a year.
    fill : This and other ways to fill gaps.

    Notes
    -----
    The z that makes ``sum w (y - z) ** 2 + lambda sum (D z) ** 2`` least, with D the differences; gaps have the weight
    0. The error of left-out values follows from the fit itself, by the diagonal of its hat matrix.

    References
    ----------
    Whittaker (1922): On a new method of graduation. Eilers (2003): A perfect smoother. Analytical Chemistry 75.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[1]], [[2]], [[nan]], [[4]], [[9]]])
    >>> r.whittaker(1).values().round(2).tolist()
    [[0.76, 1.9, 3.29, 5.24, 8.1]]
    """
    node = node_of(x, "whittaker")
    strengths = STRENGTHS if lmbda is None else tuple(numbers_of(lmbda, "whittaker: lmbda").ravel().tolist())
    if not all(0 < v < np.inf for v in strengths):
        raise ArgumentError(f"whittaker: lmbda must be above 0, got {lmbda}")
    if order not in (1, 2, 3):
        raise ArgumentError(f"whittaker: order must be 1, 2 or 3, got {order!r}")
    frames = frames_of(x, "whittaker", season_size)
    numbers, beside = what_counts(x, weights, "whittaker")
    kernel = Whittaker(frames.numbers, numbers, keep_original, strengths, order)
    layers = [kept(layer) for layer in node.layers]
    own = room(frames.count, kernels.whittaker.FIELDS + 6)
    return cells_raster((node, *beside), layers, FLOAT64, kernel, layerwise=False, **own)


def savitzky_golay(
    x: SpatRaster,
    width: int | tuple[int, int, int] = 5,
    order: int = 2,
    *,
    weights: Sequence[float] | SpatRaster | None = None,
    season_size: int | None = None,
    keep_original: bool = False,
) -> SpatRaster:
    """Smooth the layers of each cell by polynomials that are fitted around each of them, in time or in time and space.

    Parameters
    ----------
    x : SpatRaster
        At least two layers, in equal steps of time (frames). Frames without a layer count as missing.
    width : int or (int, int, int)
        Frames that a polynomial sees, odd; or frames, rows and columns: a polynomial of three variables, as for maps
        of many years.
    order : int
        Of the polynomial, below `width`.
    weights : sequence of float, or SpatRaster, optional
        What each layer counts, or each layer of each cell; not in three dimensions. Values of weight 0 count as
        missing.
    season_size : int, optional
        Frames in a year, which tells the frames of layers with times; by default as these tell.
    keep_original : bool
        Leave values that are there as they are, and fill gaps alone.

    Returns
    -------
    SpatRaster
        The layers of `x`, with names, times and units; missing where there are fewer values around than the polynomial
        has coefficients.

    Raises
    ------
    ArgumentError
        Where layers are no frames (see `season_size`), or an argument is not allowed.

    See Also
    --------
    whittaker : A smooth curve through all of a series.
    reconstruct : The same coefficients as weights, divided by those that are there.

    Notes
    -----
    At both ends of the series the window stays within it and the polynomial is taken beside its middle, as by scipy's
    ``savgol_filter(mode="interp")``. In three dimensions it sees what is there, and its middle is taken everywhere.

    References
    ----------
    Savitzky and Golay (1964): Smoothing and differentiation of data by simplified least squares procedures.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]], [[6]], [[4]], [[5]]])
    >>> r.savitzky_golay(3, 1).values().round(2).tolist()
    [[0.5, 3.0, 4.0, 5.0, 4.5]]
    """
    verb = "savitzky_golay"
    node = node_of(x, verb)
    widths = tuple(np.atleast_1d(np.asarray(width)).tolist())
    if len(widths) not in (1, 3) or any(not isinstance(w, int) or w < 1 or w % 2 == 0 for w in widths):
        raise ArgumentError(f"{verb}: width must be one or three odd numbers, got {width}")
    if not isinstance(order, int | np.integer) or not 0 <= order < max(widths):
        raise ArgumentError(
            f"{verb}: order must be a whole number from 0 to {max(widths) - 1}, got {order!r}"
        )
    frames = frames_of(x, verb, season_size)
    layers = tuple(kept(layer) for layer in node.layers)
    if len(widths) == 1:
        numbers, beside = what_counts(x, weights, verb)
        kernel = LocalPolynomial(frames.numbers, numbers, keep_original, widths[0], int(order))
        own = room(len(layers), 6)
        return cells_raster((node, *beside), layers, FLOAT64, kernel, layerwise=False, **own)
    if weights is not None or frames.numbers != tuple(range(len(layers))):
        raise ArgumentError(
            f"{verb}: in three dimensions layers must be one per frame, in order, and count the same; use "
            "fill_time() first, or leave out weights"
        )
    depth, height, wide = widths
    found = raster(
        Halo(
            grid=node.grid,
            layers=layers,
            dtype=FLOAT64,
            argument=node,
            rows=height // 2,
            cols=wide // 2,
            kernel=LocalPolynomial3D((depth, height, wide), int(order)),
            temporaries=16.0 * len(layers),
            layerwise=False,
        )
    )
    return x.cover(found) if keep_original else found


def mode_filter(x: SpatRaster, width: int = 3, *, na_rm: bool = True) -> SpatRaster:
    """The most frequent value of the layers around each layer of each cell, of classes that should not flicker.

    Parameters
    ----------
    x : SpatRaster
        Layers in the order of time.
    width : int
        Layers that are looked at, odd; at both ends there are fewer.
    na_rm : bool
        Leave missing layers out. Otherwise a layer with one around it is missing.

    Returns
    -------
    SpatRaster
        The layers of `x`, with classes, names and times. Of equally frequent values the lowest counts; what is missing
        stays so.

    Raises
    ------
    ArgumentError
        For a width that is not odd.

    See Also
    --------
    modal : The most frequent value of all layers.
    roll : Other statistics of the layers around each.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[1]], [[2]], [[1]], [[1]]])
    >>> r.mode_filter().values().tolist()
    [[1.0, 1.0, 1.0, 1.0, 1.0]]
    """
    node = node_of(x, "mode_filter")
    if not isinstance(width, int | np.integer) or width < 1 or width % 2 == 0:
        raise ArgumentError(f"mode_filter: width must be an odd number, got {width!r}")
    layers = [replace(layer, range=None) for layer in node.layers]
    return cells_raster(
        (node,), layers, node.dtype, Modes(int(width) // 2, na_rm), layerwise=False, temporaries=64.0
    )
