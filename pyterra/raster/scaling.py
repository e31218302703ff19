"""scale, scale_linear, stretch: values on another scale, which follows from all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layers, Node
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import FLOAT64, cells_raster, node_of, number, per_layer, raster
from pyterra.raster.surveys import OfExtremes, OfMoments, OfSample, column, sample_of, sweep

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.kernels.reduce import Moments

Given = tuple[float, ...] | bool
"""Numbers, one per layer, or whether they are to be computed."""


@dataclass(frozen=True)
class Centred:
    """Values without what is taken off, over what they are divided by; one number per layer."""

    center: tuple[float, ...]
    scale: tuple[float, ...]

    def __call__(self, block: Array) -> Array:
        with np.errstate(all="ignore"):
            out: Array = np.subtract(block, column(self.center), dtype=np.float64)
            out /= column(self.scale)
        return out


@dataclass(frozen=True)
class Scale(OfMoments):
    """Values without the mean, over the standard deviation, or over the root mean square where the mean stays."""

    center: Given = True
    scale: Given = True

    def told(self, known: Moments) -> Centred:
        """The numbers."""
        mean = kernels.finish.finish(known, "mean", True)
        center = _numbers(self.center, mean, 0.0)
        n, offset = known.count, mean - center
        with np.errstate(all="ignore"):
            spread = np.sqrt((known.deviation + n * offset * offset) / np.where(n > 1, n - 1, np.nan))
        return Centred(tuple(center), tuple(_numbers(self.scale, spread, 1.0)))

    def values(self, block: Array, window: Window, state: Centred) -> Array:
        """Scaled values."""
        return state(block)


def _numbers(given: Given, computed: Array, nothing: float) -> Array:
    """The numbers that were given, those that were computed, or for each layer one that does nothing."""
    if given is True:
        return computed
    return np.full(len(computed), nothing) if given is False else np.asarray(given)


def _given(value: Any, count: int, what: str) -> Given:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    numbers = per_layer(value, what)
    return tuple(numbers[i % len(numbers)] for i in range(count))


def _plain(node: Node) -> Layers:
    return tuple(layer.number() for layer in node.layers)


def scale(
    x: SpatRaster, center: bool | float | Sequence[float] = True, scale: bool | float | Sequence[float] = True
) -> SpatRaster:
    """Values centred, and brought to one scale.

    Parameters
    ----------
    x : SpatRaster
    center : bool, number or sequence of numbers (one per layer)
        What is taken off the values of a layer; True for their mean, False for nothing.
    scale : bool, number or sequence of numbers (one per layer)
        What they are divided by then; True for the standard deviation (n - 1), or for the root of the sum of squares over
        n - 1 where no mean was taken off; False for nothing.

    Returns
    -------
    SpatRaster
        Names of `x`. Missing cells stay missing, and do not count; a layer of equal values becomes missing.

    See Also
    --------
    scale_linear : Brings values between two limits.
    global_ : Gives means and standard deviations.

    Notes
    -----
    The values are passed over twice.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 3]]).scale().values(drop=True).tolist()
    [-1.0, 0.0, 1.0]
    >>> pt.rast([[1, 2, 3]]).scale(1, 2).values(drop=True).tolist()
    [0.0, 0.5, 1.0]
    """
    node = node_of(x, "scale")
    taken = _given(center, len(node.layers), "scale: center")
    divided = _given(scale, len(node.layers), "scale: scale")
    if taken is not True and divided is not True:
        nothing = np.zeros(len(node.layers))
        kernel = Centred(
            tuple(_numbers(taken, nothing, 0.0).tolist()), tuple(_numbers(divided, nothing, 1.0).tolist())
        )
        return cells_raster([node], _plain(node), FLOAT64, kernel, layerwise=False)
    return raster(sweep(node, _plain(node), Scale(center=taken, scale=divided)))


@dataclass(frozen=True)
class Between:
    """Values brought from one range to another, per layer; held there or not."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    least: tuple[float, ...]
    most: tuple[float, ...]
    held: bool

    def __call__(self, block: Array) -> Array:
        low, high, least, most = (column(v) for v in (self.low, self.high, self.least, self.most))
        with np.errstate(all="ignore"):
            out: Array = kernels.destination.empty(block.shape, FLOAT64)
            np.subtract(block, low, out=out, dtype=np.float64)
            out *= most - least
            out /= high - low
            out += least
        return np.clip(out, least, most, out=out) if self.held else out


@dataclass(frozen=True)
class ScaleLinear(OfExtremes):
    """Values from their own range to another."""

    least: float = 0.0
    most: float = 1.0

    def told(self, low: Array, high: Array) -> Between:
        """The ranges."""
        count = len(low)
        return Between(tuple(low), tuple(high), (self.least,) * count, (self.most,) * count, held=False)

    def values(self, block: Array, window: Window, state: Between) -> Array:
        """Scaled values."""
        return state(block)


def scale_linear(x: SpatRaster, min: float = 0, max: float = 1) -> SpatRaster:
    """Values brought between two limits, so that the lowest of a layer is one of them and the highest the other.

    Parameters
    ----------
    x : SpatRaster
    min, max : float
        What the lowest and the highest value of each layer become.

    Returns
    -------
    SpatRaster
        Names of `x`; a layer of equal values becomes missing.

    Raises
    ------
    ArgumentError
        Where `min` is not below `max`.

    See Also
    --------
    stretch : Takes quantiles, or limits of your own.
    scale : Centres values.

    Notes
    -----
    The values are passed over twice.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[10, 15, 20]]).scale_linear(0, 100).values(drop=True).tolist()
    [0.0, 50.0, 100.0]
    """
    node = node_of(x, "scale_linear")
    least, most = number(min, "scale_linear: min"), number(max, "scale_linear: max")
    if not least < most:
        raise ArgumentError(f"scale_linear: min must be below max, got {min} and {max}")
    return raster(sweep(node, _plain(node), ScaleLinear(least=least, most=most)))


@dataclass(frozen=True)
class Stretch(OfSample):
    """Values from a range to another, and held there; what of the range is not given are quantiles of a sample."""

    least: tuple[float, ...] = ()
    most: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    """The range of each layer, where it is given; NaN where it follows from the quantiles."""
    high: tuple[float, ...] = ()
    quantiles: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    bylayer: bool = True

    def told(self, values: list[Array]) -> Between:
        """The ranges."""
        if not self.bylayer:
            values = [np.concatenate(values)] * len(values)
        low, high = (
            tuple(
                _quantile(of, q) if np.isnan(told) else told
                for of, q, told in zip(values, qs, given, strict=True)
            )
            for qs, given in zip(self.quantiles, (self.low, self.high), strict=True)
        )
        return Between(low, high, self.least, self.most, held=True)

    def values(self, block: Array, window: Window, state: Between) -> Array:
        """Stretched values."""
        return state(block)


def _quantile(values: Array, q: float) -> float:
    return float(np.quantile(values, q)) if values.size else float("nan")


@dataclass(frozen=True)
class Equalised(OfSample):
    """The share of a sample that is not above each value."""

    scale: float = 1.0

    def told(self, values: list[Array]) -> list[Array]:
        """The sample of each layer, in order."""
        return [np.sort(layer) for layer in values]

    def values(self, block: Array, window: Window, state: list[Array]) -> Array:
        """Shares."""
        out = np.empty(block.shape, np.float64)
        for target, layer, known in zip(out, block, state, strict=True):
            target[...] = np.searchsorted(known, layer, side="right") / max(known.size, 1) * self.scale
            target[np.isnan(layer)] = np.nan
        return out


def stretch(
    x: SpatRaster,
    minv: float | Sequence[float] = 0,
    maxv: float | Sequence[float] = 255,
    *,
    minq: float | Sequence[float] = 0,
    maxq: float | Sequence[float] = 1,
    smin: float | Sequence[float] | None = None,
    smax: float | Sequence[float] | None = None,
    histeq: bool = False,
    scale: float = 1,
    maxcell: float = 500_000,
    bylayer: bool = True,
) -> SpatRaster:
    """Values stretched over a range, to be looked at, or to be compared.

    Parameters
    ----------
    x : SpatRaster
    minv, maxv : number or sequence of numbers (one per layer)
        The range of the result.
    minq, maxq : number or sequence of numbers (one per layer)
        The quantiles of the values that become `minv` and `maxv`; what lies beyond becomes these too.
    smin, smax : number or sequence of numbers (one per layer), optional
        Values that become `minv` and `maxv`, in place of quantiles.
    histeq : bool
        Give the share of the values of a layer that are not above each (histogram equalization) instead.
    scale : float
        What the highest value becomes with `histeq`.
    maxcell : int
        Quantiles and shares are those of a regular sample of at most so many cells.
    bylayer : bool
        False: one range for all layers.

    Returns
    -------
    SpatRaster
        Names of `x`. Missing stays missing.

    Raises
    ------
    ArgumentError
        Where a lower limit is not below its upper limit.

    See Also
    --------
    scale_linear : Takes the lowest and the highest value of all cells.
    plot_rgb : Stretches what it shows.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[0, 5, 10]])
    >>> r.stretch().values(drop=True).tolist()
    [0.0, 127.5, 255.0]
    >>> r.stretch(0, 1, smin=5, smax=10).values(drop=True).tolist()
    [0.0, 0.0, 1.0]
    >>> pt.rast([[1, 50, 51, 99]]).stretch(histeq=True).values(drop=True).tolist()
    [0.25, 0.5, 0.75, 1.0]
    """
    node = node_of(x, "stretch")
    sample = sample_of(node, number(maxcell, "stretch: maxcell"))
    if histeq:
        method: Any = Equalised(scale=number(scale, "stretch: scale"))
        return raster(sweep(node, _plain(node), method, sample=sample))
    least, most = _pair(node, (minv, maxv), ("minv", "maxv"))
    quantiles = _pair(node, (minq, maxq), ("minq", "maxq"))
    if min(quantiles[0]) < 0 or max(quantiles[1]) > 1:
        raise ArgumentError(f"stretch: minq and maxq must lie between 0 and 1, got {minq} and {maxq}")
    low, high = _pair(node, (smin, smax), ("smin", "smax"))
    method = Stretch(least=least, most=most, low=low, high=high, quantiles=quantiles, bylayer=bylayer)
    known = not np.isnan([low, high]).any()
    if known:
        kernel = Between(low, high, least, most, held=True)
        return cells_raster([node], _plain(node), FLOAT64, kernel, layerwise=False)
    return raster(sweep(node, _plain(node), method, sample=sample))


def _pair(node: Node, given: tuple[Any, Any], names: tuple[str, str]) -> Any:
    """Two limits of each layer; None is NaN."""
    count = len(node.layers)
    sides = [per_layer(value, f"stretch: {name}") for value, name in zip(given, names, strict=True)]
    low, high = (tuple(side[i % len(side)] for i in range(count)) for side in sides)
    if any(a >= b for a, b in zip(low, high, strict=True)):
        raise ArgumentError(f"stretch: {names[0]} must be below {names[1]}, got {given[0]} and {given[1]}")
    return low, high
