"""clamp_ts and fill_time: layers as one line of time."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells, Constant, Layer, join, select
from pyterra.frozen import dataclass
from pyterra.raster.build import node_of, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

MOST = 100_000
"""Layers that a line of time may have."""
PART = 1e-6
"""Part of a step by which numbers may be off."""


@dataclass(frozen=True)
class Clamped:
    """The lowest value before its layer, and then the highest after its layer."""

    low: bool
    high: bool

    def __call__(self, block: Array) -> Array:
        layer = np.arange(len(block))[:, None, None]
        out = block
        if self.low:
            lowest = np.fmin.reduce(out, axis=0)
            out = np.where(layer < (out == lowest).argmax(axis=0), lowest, out)
        if self.high:
            highest = np.fmax.reduce(out, axis=0)
            out = np.where(layer > (out == highest).argmax(axis=0), highest, out)
        return out


def clamp_ts(x: SpatRaster, min: bool = False, max: bool = True) -> SpatRaster:
    """Values that no longer change beyond the lowest and the highest of each cell, layer by layer.

    Parameters
    ----------
    x : SpatRaster
        Layers in the order of time.
    min : bool
        Layers before the lowest value of a cell get that value.
    max : bool
        Layers after the highest value of a cell get that value; with `min`, after the highest of what it left.

    Returns
    -------
    SpatRaster

    Raises
    ------
    ArgumentError
        Where neither is asked for.

    See Also
    --------
    clamp : Values within limits.
    cummax : The highest so far.
    range_fill : Layers from one on.

    Notes
    -----
    Of equal values the first counts. Missing values are filled where a value is put in their place, and stay elsewhere.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[3]], [[1]], [[2]], [[5]], [[4]]])
    >>> r.clamp_ts().values(drop=True).ravel().tolist()
    [3.0, 1.0, 2.0, 5.0, 5.0]
    >>> r.clamp_ts(min=True, max=False).values(drop=True).ravel().tolist()
    [1.0, 1.0, 2.0, 5.0, 4.0]
    """
    node = node_of(x, "clamp_ts")
    if not (min or max):
        raise ArgumentError("clamp_ts: min or max must be True, got False for both")
    layers = tuple(replace(layer, range=None) for layer in node.layers)
    kernel = Clamped(bool(min), bool(max))
    cells = Cells(
        grid=node.grid,
        layers=layers,
        dtype=node.dtype,
        arguments=(node,),
        kernel=kernel,
        temporaries=20.0 * len(layers) + 24.0,
    )
    return raster(cells)


def fill_time(x: SpatRaster) -> SpatRaster:
    """Empty layers between those there are, so that the steps from each to the next are equal.

    Parameters
    ----------
    x : SpatRaster
        Its layers have times, no two the same.

    Returns
    -------
    SpatRaster
        Layers in the order of time. The step is the longest that meets the times of all of them; new layers are called
        ``lyr1``.

    Raises
    ------
    ArgumentError
        Where layers have no time, or the same; where numbers have no step in common, or a very short one.

    See Also
    --------
    approximate : Estimates missing values from the layers before and after.
    tapp : Layers of a period as one.

    Notes
    -----
    Nothing is computed. terra takes the shortest step between two layers, also where it does not meet all times.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]], [[4]]], names=["a", "b", "d"])
    >>> r.time = ["2001-01-01", "2001-01-02", "2001-01-04"]
    >>> r.fill_time().names, r.fill_time().values(drop=True).ravel().tolist()
    (['a', 'b', 'lyr1', 'd'], [1.0, 2.0, nan, 4.0])
    """
    node = node_of(x, "fill_time")
    stamps = [layer.time for layer in node.layers]
    steps = {layer.step for layer in node.layers}
    if any(stamp is None for stamp in stamps) or len(steps) != 1:
        raise ArgumentError("fill_time: all layers must have a time, got some without; set .time")
    order = np.argsort(np.asarray(stamps), kind="stable")
    line, at = _line(np.asarray(stamps)[order], steps.pop())
    ordered = select(node, [int(k) for k in order])
    if len(line) == len(order):
        return raster(ordered)
    first = ordered.layers[0]
    gaps = np.setdiff1d(np.arange(len(line)), at)
    empty = [Layer("lyr1", time=line[k], step=first.step, zone=first.zone) for k in gaps]
    nothing = Constant(
        grid=node.grid, layers=tuple(empty), dtype=node.dtype, numbers=(math.nan,) * len(empty)
    )
    places = np.argsort(np.r_[at, gaps], kind="stable")
    return raster(select(join([ordered, nothing]), [int(k) for k in places]))


def _line(stamps: NDArray[Any], step: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """All times of a line of equal steps, and which of them are the stamps, ascending."""
    dates = stamps.dtype.kind == "M"
    if dates:
        numbers: NDArray[Any] = stamps.astype(np.int64)
    else:
        scale = 12 if step == "yearmonths" else 1
        numbers = stamps.astype(np.float64) * scale
        numbers = numbers.round() if step != "raw" else numbers
    apart = np.diff(numbers)
    if (apart == 0).any():
        raise ArgumentError(
            f"fill_time: no two layers must have the same time, got {stamps[1:][apart == 0][0]} twice"
        )
    if not apart.size:
        return stamps, np.arange(1)
    whole = (apart == np.round(apart)).all()
    unit = float(np.gcd.reduce(apart.astype(np.int64))) if whole else float(apart.min())
    places = (numbers - numbers[0]) / unit
    at = np.round(places).astype(np.int64)
    if (np.abs(places - at) > PART).any() or at[-1] >= MOST:
        raise ArgumentError(
            f"fill_time: the times must have a step in common, at most {MOST} of them, got {stamps[0]} to {stamps[-1]}"
        )
    if dates:
        line = stamps[0] + (np.arange(at[-1] + 1) * int(unit)).astype(stamps.dtype.str.replace("M8", "m8"))
    else:
        line = (numbers[0] + np.arange(at[-1] + 1) * unit) / (12 if step == "yearmonths" else 1)
    line[at] = stamps
    return line, at
