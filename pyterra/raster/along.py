"""The layers of a cell as a row of values: diff, roll, sort, and ranges of layers that differ from cell to cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells, Layer, Node, relabel, select
from pyterra.frozen import dataclass
from pyterra.raster.app import layer_function
from pyterra.raster.arith import binary
from pyterra.raster.build import (
    FLOAT32,
    cells_raster,
    geometry_of,
    is_raster,
    node_of,
    number,
    on_grid,
    one_layer,
    raster,
)
from pyterra.raster.crop import flip
from pyterra.raster.summary import LayerStatistic

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Raster

Kernel = Callable[..., Array]


def diff(x: SpatRaster, lag: int = 1) -> SpatRaster:
    """Differences between layers and earlier ones.

    Parameters
    ----------
    x : SpatRaster
    lag : int
        How many layers before.

    Returns
    -------
    SpatRaster
        As many layers as are left, with the names and times of the later ones.

    Raises
    ------
    ArgumentError
        Where there are no more layers than `lag`.

    See Also
    --------
    cumsum : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[[1]], [[4]], [[9]]]).diff().values().tolist()
    [[3.0, 5.0]]
    """
    node = node_of(x, "diff")
    count = len(node.layers)
    if not 0 < lag < count:
        raise ArgumentError(f"diff: lag must be above 0 and below the number of layers ({count}), got {lag}")
    later, earlier = (raster(select(node, range(*part))) for part in ((lag, count), (0, count - lag)))
    return binary(later, earlier, "-")


def rev(x: SpatRaster) -> SpatRaster:
    """All values in the opposite order: the last cell of the last layer comes first.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        The layers keep their places and names.

    See Also
    --------
    flip : Turns rows or columns round.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[[1, 2]], [[3, 4]]]).rev().to_numpy().tolist()
    [[[4.0, 3.0]], [[2.0, 1.0]]]
    """
    node = geometry_of(x, "rev")
    turned = select(node, range(len(node.layers) - 1, -1, -1))
    layers = tuple(
        replace(of, name=la.name, depth=la.depth, range=None).timed(la)
        for of, la in zip(turned.layers, node.layers, strict=True)
    )
    return flip(flip(raster(relabel(turned, layers)), "vertical"), "horizontal")


@dataclass(frozen=True)
class Rolled:
    """A function of the layers around each layer; -1 stands for a missing one."""

    windows: tuple[tuple[int, ...], ...]
    kernel: Kernel

    def __call__(self, block: Array) -> Array:
        parts = []
        nothing = np.full(block.shape[1:], np.nan, block.dtype)
        for window in self.windows:
            parts.append(self.kernel(np.stack([block[i] if i >= 0 else nothing for i in window])))
        return np.concatenate(parts)


def roll(
    x: SpatRaster,
    n: int,
    fun: str | Callable[..., Any] = "mean",
    *,
    type: Literal["around", "to", "from"] = "around",
    circular: bool = False,
    na_rm: bool = False,
    **arguments: Any,
) -> SpatRaster:
    """A statistic or a function of so many layers that follow each other, at every layer.

    Parameters
    ----------
    x : SpatRaster
    n : int
        Number of layers, 2 or more and at most as many as there are.
    fun : str or callable
        A statistic, or ``fun(v)`` with the values of `n` layers, giving a number; as for `app`.
    type : {"around", "to", "from"}
        The layers around each, half of them before it (of an even number one more), those that end with it, or those
        that begin with it.
    circular : bool
        After the last layer comes the first. Otherwise, layers before the first and after the last are missing.
    na_rm : bool
        Leave missing layers out of a statistic.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        Layers, names and times of `x`.

    Raises
    ------
    ArgumentError
        Where `n` does not fit.

    See Also
    --------
    cumsum : Takes all layers so far.
    focal : Takes neighbours in space.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]], [[6]], [[7]]])
    >>> r.roll(3, "mean").values().tolist()
    [[nan, 3.0, 5.0, nan]]
    >>> r.roll(2, "sum", type="to", na_rm=True).values().tolist()
    [[1.0, 3.0, 8.0, 13.0]]
    """
    node = node_of(x, "roll")
    count = len(node.layers)
    if not 1 < n <= count:
        raise ArgumentError(f"roll: n must be 2 or more, and at most the number of layers ({count}), got {n}")
    type = choice(type, ("around", "to", "from"), "roll: type")
    before = {"around": n // 2, "to": n - 1, "from": 0}[type]
    windows = [range(i - before, i - before + n) for i in range(count)]
    inside = tuple(
        tuple(i % count if circular or 0 <= i < count else -1 for i in window) for window in windows
    )
    found = layer_function(fun, n, "roll", na_rm, arguments)
    if found.count != 1:
        raise ArgumentError(f"roll: fun must give one number, got {found.count}")
    return raster(
        Cells(
            grid=node.grid,
            layers=tuple(layer.number() for layer in node.layers),
            dtype=found.dtype(node.dtype),
            arguments=(node,),
            kernel=Rolled(inside, found.kernel),
            temporaries=16.0 * (n + count),
            runs=found.runs,
            verb="" if found.named else "roll",
        )
    )


@dataclass(frozen=True)
class Sorted:
    """Layers in order of their values, or the places that they had; missing ones come last."""

    decreasing: bool
    order: bool

    def __call__(self, block: Array) -> Array:
        keys = -block if self.decreasing else block
        if not self.order:
            found = kernels.order.sorted_layers(keys.reshape(len(block), -1)).reshape(block.shape)
            return np.negative(found, out=found) if self.decreasing else found
        places = np.argsort(keys, axis=0, kind="stable")
        return np.where(np.isnan(np.take_along_axis(block, places, 0)), np.nan, places)


def sort(x: SpatRaster, *, decreasing: bool = False, order: bool = False) -> SpatRaster:
    """The values of each cell in their order, across layers.

    Parameters
    ----------
    x : SpatRaster
    decreasing : bool
        The highest value comes first.
    order : bool
        Give the numbers of the layers, from 0, in that order, in place of the values.

    Returns
    -------
    SpatRaster
        As many layers as `x`, under their names; missing ones come last.

    See Also
    --------
    which_min : Tells the layer with the lowest value.
    quantile : Takes some of the values in their order.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[5]], [[float("nan")]], [[3]]])
    >>> r.sort().values().tolist()
    [[3.0, 5.0, nan]]
    >>> r.sort(order=True).values().tolist()
    [[2.0, 0.0, nan]]
    """
    node = node_of(x, "sort")
    count = len(node.layers)
    layers = tuple(layer.number() for layer in node.layers)
    storages = {layer.storage for layer in node.layers}
    if not order and len(storages) == 1:
        layers = tuple(replace(layer, storage=next(iter(storages))) for layer in layers)
    return cells_raster(
        [node],
        layers,
        FLOAT32 if order else node.dtype,
        Sorted(decreasing, order),
        layerwise=False,
        temporaries=24.0 * count,
    )


# Ranges of layers, by cell


def _index_node(value: Any, grid_of: Node, verb: str, what: str) -> Node:
    node = one_layer(value, verb, what)
    return on_grid(node, grid_of.grid.check_same(node.grid, verb))


@dataclass(frozen=True)
class Selected:
    """Layers at an index, and some steps after it."""

    steps: tuple[int, ...]

    def __call__(self, block: Array, index: Array) -> Array:
        count = len(block)
        first = np.trunc(index[0])
        known = (first >= 0) & (first < count)
        out = np.full((len(self.steps), *first.shape), np.nan, block.dtype)
        place = np.where(known, first, 0).astype(np.int64)
        for target, step in zip(out, self.steps, strict=True):
            inside = known & (place + step < count)
            taken = np.take_along_axis(block, np.minimum(place + step, count - 1)[None], 0)[0]
            np.copyto(target, taken, where=inside)
        return out


def select_range(x: SpatRaster, y: SpatRaster, z: int = 1, *, repint: int = 0) -> SpatRaster:
    """Values of one layer or a few, which another raster chooses for each cell.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster
        One layer with numbers of layers of `x`, from 0; fractions are cut off.
    z : int
        How many layers to take, from there on.
    repint : int
        Take them again at this interval, as long as there are layers; 0 for once.

    Returns
    -------
    SpatRaster
        Missing where there is no such layer.

    Raises
    ------
    ArgumentError
        Where `z` or `repint` do not fit.

    See Also
    --------
    rapp : Applies a function to ranges of layers.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2]], [[3, 4]], [[5, 6]]])
    >>> r.select_range(pt.rast([[0, 2]])).values(drop=True).tolist()
    [1.0, 6.0]
    >>> r.select_range(pt.rast([[0, 2]]), 2).values().tolist()
    [[1.0, 3.0], [6.0, nan]]
    """
    node = node_of(x, "select_range")
    count = len(node.layers)
    index = _index_node(y, node, "select_range", "y")
    if z < 1 or not (repint == 0 or 1 < repint < count):
        raise ArgumentError(
            f"select_range: z must be 1 or more, repint 0 or from 2 to {count - 1}, got {z} and {repint}"
        )
    starts = range(0, count, repint) if repint else (0,)
    steps = tuple(start + k for start in starts for k in range(min(z, count)))
    layers = tuple(Layer(f"lyr{i + 1}") for i in range(len(steps)))
    inputs = [on_grid(node, index.grid), index]
    return cells_raster(
        inputs, layers, node.dtype, Selected(steps), layerwise=False, temporaries=32.0 + 8 * count
    )


@dataclass(frozen=True)
class Filled:
    """1 for the layers of a range, 0 for others."""

    limit: int
    circular: bool

    def __call__(self, block: Array) -> Array:
        first, last = np.trunc(block[:2])
        known = (first >= 0) & (first < self.limit) & (last >= 0) & (last < self.limit)
        if not self.circular:
            known &= first <= last
        out = np.empty((self.limit, *first.shape), np.float32)
        for i, target in enumerate(out):
            after, before = first <= i, i <= last
            inside = np.where(first <= last, after & before, after | before)
            target[...] = np.where(known, inside, np.nan)
        return out


def range_fill(x: SpatRaster, limit: int, *, circular: bool = False) -> SpatRaster:
    """Layers that tell which of them lie in a range, which differs from cell to cell.

    Parameters
    ----------
    x : SpatRaster
        Two layers: the first and the last layer of the range, from 0.
    limit : int
        How many layers to make.
    circular : bool
        After the last layer comes the first. Otherwise, a range that ends before it begins gives missing.

    Returns
    -------
    SpatRaster
        1 in the range, 0 elsewhere; missing where one of the two is missing or beyond the layers.

    Raises
    ------
    ArgumentError
        Where `x` does not have two layers.

    See Also
    --------
    rapp : Applies a function to such ranges.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[[1, 3]], [[2, 0]]]).range_fill(4, circular=True).values().tolist()
    [[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]]
    """
    node = node_of(x, "range_fill")
    if len(node.layers) != 2:
        raise ArgumentError(f"range_fill: x must have two layers, got {len(node.layers)}")
    if limit < 2:
        raise ArgumentError(f"range_fill: limit must be 2 or more, got {limit}")
    layers = [Layer(f"lyr{i + 1}") for i in range(limit)]
    return cells_raster([node], layers, FLOAT32, Filled(limit, circular), layerwise=False, temporaries=40.0)


MASKED = ("sum", "mean", "min", "max", "range", "prod", "sd", "std", "var", "rms", "median", "modal")
"""Statistics that are those of the layers in a range where the others are missing: no places, counts or truth."""


@dataclass(frozen=True)
class OverRanges:
    """A function of a range of layers, which differs from cell to cell; cells of one range are taken together."""

    kernel: Kernel
    count: int
    """Values that it gives."""
    first: int | None
    """None: the next input."""
    last: int | None
    clamp: bool
    circular: bool
    dtype: np.dtype[Any]

    def __call__(self, block: Array, *index: Array) -> Array:
        given = list(index)
        layers, shape = len(block), block.shape[1:]
        ends = [
            np.full(shape, float(end)) if end is not None else np.trunc(given.pop(0)[0].astype(np.float64))
            for end in (self.first, self.last)
        ]
        first, last, known = self._ranges(ends[0], ends[1], layers)
        out = np.full((self.count, *shape), np.nan, self.dtype)
        if isinstance(self.kernel, LayerStatistic) and self.kernel.name in MASKED:
            return self._masked(block, first, last, known)
        keys = first * layers + last
        for key in np.unique(keys[known]):
            here = known & (keys == key)
            a, b = divmod(int(key), layers)
            places = list(range(a, b + 1)) if a <= b else [*range(a, layers), *range(b + 1)]
            part = block[places][:, here]
            out[:, here] = self.kernel(np.ascontiguousarray(part)[:, None])[:, 0]
        return out

    def _masked(self, block: Array, first: Array, last: Array, known: Array) -> Array:
        """The statistic of layers of which those beyond the range are missing."""
        given: Any = self.kernel
        masked, odd = np.empty_like(block), ~known
        round_it = first > last
        for i, layer in enumerate(block):
            after, before = first <= i, i <= last
            inside = np.where(round_it, after | before, after & before) if self.circular else after & before
            masked[i] = np.where(inside, layer, np.nan)
            if not given.na_rm:
                odd |= inside & np.isnan(layer)
        out: Array = replace(given, na_rm=True)(masked)
        out[:, odd] = np.nan
        return out

    def _ranges(self, first: Array, last: Array, layers: int) -> tuple[Array, Array, Array]:
        """First and last layers, and whether there are any."""
        known = ~np.isnan(first) & ~np.isnan(last)
        if not self.circular:
            known &= first <= last
        if self.clamp:
            if not self.circular:
                known &= (first < layers) & (last >= 0)
            first, last = (np.clip(end, 0, layers - 1) for end in (first, last))
        known &= (first >= 0) & (first < layers) & (last >= 0) & (last < layers)
        a, b = (np.where(known, end, 0).astype(np.int64) for end in (first, last))
        return a, b, known


@dataclass(frozen=True)
class OnlyRange:
    """A function of all layers, in which those beyond a range have another value."""

    ranges: OverRanges
    fill: float

    def __call__(self, block: Array, *index: Array) -> Array:
        given = list(index)
        layers, shape = len(block), block.shape[1:]
        ends = [
            np.full(shape, float(end)) if end is not None else np.trunc(given.pop(0)[0].astype(np.float64))
            for end in (self.ranges.first, self.ranges.last)
        ]
        first, last, known = self.ranges._ranges(ends[0], ends[1], layers)
        number = np.arange(layers)[:, None, None]
        after, before = number >= first, number <= last
        inside = np.where(first <= last, after & before, after | before)
        out = self.ranges.kernel(np.where(inside, block, self.fill))
        return np.where(known, out, np.nan)


def _position(value: Any, name: str) -> int:
    """The number of a layer."""
    found = number(value, f"rapp: {name}")
    if found != np.floor(found) or not np.isfinite(found):
        raise ArgumentError(f"rapp: {name} must be a SpatRaster or the number of a layer, got {value!r}")
    return int(found)


def rapp(
    x: SpatRaster,
    first: Raster,
    last: Raster,
    fun: str | Callable[..., Any],
    *,
    allyrs: bool = False,
    fill: float = np.nan,
    clamp: bool = False,
    circular: bool = False,
    na_rm: bool = False,
    **arguments: Any,
) -> SpatRaster:
    """Apply a function to a range of layers that differs from cell to cell.

    Parameters
    ----------
    x : SpatRaster
    first, last : SpatRaster or int
        The first and the last layer of the range, from 0: numbers, of which one may be the same for all cells, or rasters
        of one layer. Fractions are cut off.
    fun : str or callable
        A statistic, or ``fun(v)`` with the values of the range; as for `app`.
    allyrs : bool
        Hand all layers over; those beyond the range have the value `fill`.
    fill : float
        Value of layers beyond the range.
    clamp : bool
        Take the part of a range that lies within the layers. Otherwise, a range that does not gives missing.
    circular : bool
        After the last layer comes the first. Otherwise, a range that ends before it begins gives missing.
    na_rm : bool
        Leave missing layers out of a statistic.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        One layer per value that `fun` gives.

    Raises
    ------
    ArgumentError
        Where neither end is a raster.

    See Also
    --------
    app : Takes all layers.
    select_range : Takes the values themselves.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2]], [[3, 4]], [[5, 6]]])
    >>> r.rapp(pt.rast([[0, 1]]), 2, "sum").values(drop=True).tolist()
    [9.0, 10.0]
    """
    node = node_of(x, "rapp")
    ends = [value for value in (first, last) if is_raster(value)]
    if not ends:
        raise ArgumentError(
            "rapp: first or last must be a SpatRaster; for the same layers in all cells use app()"
        )
    inputs = [node, *(_index_node(value, node, "rapp", "first and last") for value in ends)]
    inputs[0] = on_grid(node, inputs[1].grid)
    numbers = [
        None if is_raster(value) else _position(value, name)
        for name, value in (("first", first), ("last", last))
    ]
    found = layer_function(fun, len(node.layers), "rapp", na_rm, arguments)
    dtype = found.dtype(node.dtype)
    ranges = OverRanges(found.kernel, found.count, numbers[0], numbers[1], clamp, circular, dtype)
    names = ["lyr1"] if found.named and found.count == 1 else [f"lyr.{i + 1}" for i in range(found.count)]
    return raster(
        Cells(
            grid=inputs[0].grid,
            layers=tuple(Layer(name) for name in names),
            dtype=dtype,
            arguments=tuple(inputs),
            kernel=OnlyRange(ranges, float(fill)) if allyrs else ranges,
            temporaries=24.0 * len(node.layers) + 64.0,
            runs=found.runs,
            verb="" if found.named else "rapp",
        )
    )
