"""clamp, cover, ifel, intersect: values replaced by limits, by another raster, by a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import Array, Layer, Node
from pyterra.expr.layers import Kind
from pyterra.frozen import dataclass
from pyterra.grid.extent import Extent
from pyterra.kernels.cover import is_any
from pyterra.raster.build import (
    FLOAT32,
    cells_raster,
    constants,
    exact_dtype,
    is_raster,
    mixed,
    node_of,
    on_grid,
    per_layer,
    recycled,
    same_grid,
)
from pyterra.raster.crop import cut

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Numbers

NAN = float("nan")
Rectangle = TypeVar("Rectangle", bound=Extent)


@dataclass(frozen=True)
class Clamp:
    """Limits per layer, or as further inputs."""

    lower: tuple[float, ...] | None
    """None = the next input."""
    upper: tuple[float, ...] | None
    values: bool
    dtype: np.dtype[Any]

    def __call__(self, block: Array, *limits: Array) -> Array:
        if self.values and self.lower is not None and self.upper is not None:
            held: Array = kernels.limits.hold(block, self.lower, self.upper, self.dtype)
            return held
        given = list(limits)
        low = _column(self.lower) if self.lower is not None else given.pop(0)
        high = _column(self.upper) if self.upper is not None else given.pop(0)
        with np.errstate(invalid="ignore"):
            if self.values:
                return np.where(block < low, low, np.where(block > high, high, block)).astype(self.dtype)
            return np.where((block < low) | (block > high), np.nan, block)


def _column(numbers: Sequence[float]) -> Array:
    return np.asarray(numbers, dtype=np.float64)[:, None, None]


def clamp(
    x: SpatRaster, lower: Numbers = -np.inf, upper: Numbers = np.inf, *, values: bool = True
) -> SpatRaster:
    """Values held between limits.

    Parameters
    ----------
    x : SpatRaster
    lower, upper : number, sequence (one per layer) or SpatRaster
    values : bool
        Values beyond a limit become the limit (True) or missing (False).

    Returns
    -------
    SpatRaster
        Missing stays missing.

    See Also
    --------
    classify : Replaces ranges of values.
    ifel : Chooses between two values by a test.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[-5, 3, 120]])
    >>> r.clamp(0, 100).values(drop=True).tolist()
    [0.0, 3.0, 100.0]
    >>> r.clamp(0, 100, values=False).values(drop=True).tolist()
    [nan, 3.0, nan]
    """
    node = node_of(x, "clamp")
    inputs: list[Node] = [node]
    sides: list[tuple[float, ...] | None] = []
    for limit, what in ((lower, "lower"), (upper, "upper")):
        if is_raster(limit):
            other = node_of(limit, "clamp")
            grid = node.grid.check_same(other.grid, "clamp")
            inputs.append(recycled(on_grid(other, grid), len(node.layers)))
            sides.append(None)
        else:
            numbers = per_layer(limit, f"clamp: {what}")
            if any(v != v for v in numbers):
                raise ArgumentError(f"clamp: {what} must not be missing; leave it out for no limit")
            sides.append(tuple(numbers[i % len(numbers)] for i in range(len(node.layers))))
    if sides[0] and sides[1] and any(a > b for a, b in zip(sides[0], sides[1], strict=True)):
        raise ArgumentError(f"clamp: lower must not be above upper, got {lower!r} and {upper!r}")
    same = all(s is not None and len(set(s)) == 1 for s in sides)
    lows, highs = (side[:1] if same and side else side for side in sides)
    finite = [v for s in sides if s is not None for v in s if np.isfinite(v)]
    dtype = np.dtype(np.result_type(*(n.dtype for n in inputs)))
    if values:
        dtype = exact_dtype(finite, dtype)
    layers = []
    for layer in node.layers:
        whole = all(v.is_integer() for v in finite) and len(inputs) == 1
        kept = layer.kind if whole or not values else "num"
        layers.append(
            replace(mixed(layer, finite), kind=kept)
            if values and finite
            else replace(layer, kind=kept, range=None)
        )
    return cells_raster(inputs, layers, dtype, Clamp(lows, highs, values, dtype), layerwise=same)


@dataclass(frozen=True)
class Cover:
    """The second input where the first has one of some values."""

    values: tuple[float, ...]

    def __call__(self, block: Array, other: Array) -> Array:
        return np.where(is_any(block, self.values), other, block)


@dataclass(frozen=True)
class Coalesce:
    """The first layer that has none of some values."""

    values: tuple[float, ...]

    def __call__(self, block: Array) -> Array:
        out = block[0].copy()
        for layer in block[1:]:
            empty = is_any(out, self.values)
            out[empty] = layer[empty]
        return out[None]


def cover(
    x: SpatRaster, y: SpatRaster | None = None, *, values: float | Sequence[float] | None = NAN
) -> SpatRaster:
    """Missing cells covered by another raster.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster, optional
        What shows where `x` has one of `values`. Without it, the result is the first layer of `x` that has a value.
    values : number or sequence
        Values that are covered; missing by default.

    Returns
    -------
    SpatRaster
        As many layers as the longer of the two; one layer without `y`.

    Raises
    ------
    GridMismatchError
        Where `x` and `y` do not share a grid.

    See Also
    --------
    merge : Joins rasters of different extents.
    mask : Sets cells to missing.

    Examples
    --------
    >>> import pyterra as pt
    >>> x = pt.rast([[1, float("nan"), 3]])
    >>> x.cover(pt.rast([[7, 8, 9]])).values(drop=True).tolist()
    [1.0, 8.0, 3.0]
    """
    node = node_of(x, "cover")
    codes = per_layer(values, "cover: values")
    if y is None:
        layer = mixed(_with_classes(node.layers[0]), (), node.layers)
        return cells_raster([node], [layer], node.dtype, Coalesce(codes), layerwise=False)
    other = node_of(y, "cover")
    grid = node.grid.check_same(other.grid, "cover")
    count = max(len(node.layers), len(other.layers))
    inputs = [recycled(on_grid(n, grid), count) for n in (node, other)]
    layers = [
        mixed(replace(_with_classes(la), unit=la.unit), (), [la, over])
        for la, over in zip(*(n.layers for n in inputs), strict=True)
    ]
    return cells_raster(inputs, layers, np.dtype(np.result_type(node.dtype, other.dtype)), Cover(codes))


def _with_classes(layer: Layer, of: Layer | None = None) -> Layer:
    """Plain numbers, or the classes of a layer (itself, unless told) with their colours."""
    of = layer if of is None else of
    kind: Kind = "factor" if of.kind == "factor" else "num"
    return replace(layer.number(), categories=of.categories, colors=of.colors, kind=kind)


@dataclass(frozen=True)
class Choose:
    """Yes where the test is 1, no where it is another number, missing where it is missing."""

    def __call__(self, test: Array, yes: Array, no: Array) -> Array:
        out = np.where(test == 1, yes, no)
        np.copyto(out, np.nan, where=np.isnan(test))
        return out


def ifel(test: SpatRaster, yes: Numbers, no: Numbers) -> SpatRaster:
    """One of two values, chosen by a test.

    Parameters
    ----------
    test : SpatRaster
        True where it is 1; where it is missing the result is missing.
    yes, no : SpatRaster, number or sequence of numbers (one per layer); None for missing

    Returns
    -------
    SpatRaster
        As many layers as the longest of the three, named as those of `no`, or of the test where `no` is a number; where
        these are fewer, as those of `yes`, or else of the test. Factors where the rasters among `yes` and `no` are
        factors of one table, and numbers are missing or values of it.

    See Also
    --------
    mask : Sets cells to missing by another raster.
    classify : Replaces values by a table.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 5, 9]])
    >>> pt.ifel(r > 4, r, 0).values(drop=True).tolist()
    [0.0, 5.0, 9.0]
    """
    nodes = [node_of(test, "ifel")]
    for value in (yes, no):
        if is_raster(value):
            nodes.append(node_of(value, "ifel"))
        else:
            numbers = per_layer(value, "ifel")
            nodes.append(constants(numbers, nodes[0].grid, exact_dtype(numbers, FLOAT32)))
    grid = same_grid(nodes, "ifel")
    count = max(len(n.layers) for n in nodes)
    inputs = [recycled(on_grid(n, grid), count) for n in nodes]
    dtype = np.dtype(np.result_type(inputs[1].dtype, inputs[2].dtype))
    by_no = [nodes[2], nodes[1], nodes[0]] if is_raster(no) else [nodes[0], nodes[1], nodes[2]]
    names = next(n.layers for n in by_no if len(n.layers) == count)
    chosen = [v for value in (yes, no) if not is_raster(value) for v in per_layer(value, "ifel")]
    rasters = [n for n, value in zip(inputs[1:], (yes, no), strict=True) if is_raster(value)]
    layers = []
    for i, la in enumerate(names):
        one = _one_table([n.layers[i] for n in rasters], chosen)
        layer = la.number() if one is None else _with_classes(la, one)
        layers.append(mixed(layer, chosen, [n.layers[i] for n in inputs[1:]]))
    return cells_raster(inputs, layers, dtype, Choose())


def _one_table(layers: Sequence[Layer], numbers: Sequence[float]) -> Layer | None:
    """The first layer, where all are factors of its table and the numbers are missing, or stand in it."""
    if not layers or any(la.kind != "factor" or la.categories != layers[0].categories for la in layers):
        return None
    table = layers[0].categories
    known = table.labels() if table is not None else {}
    return layers[0] if all(np.isnan(v) or v in known for v in numbers) else None


@dataclass(frozen=True)
class Both:
    """1 where both inputs have values, 0 where one has, missing where none has."""

    def __call__(self, a: Array, b: Array) -> Array:
        here, there = ~np.isnan(a), ~np.isnan(b)
        out = np.logical_and(here, there, out=kernels.destination.empty(a.shape, FLOAT32))
        np.copyto(out, np.nan, where=~(here | there))
        return out


@overload
def intersect(x: SpatRaster, y: SpatRaster) -> SpatRaster: ...
@overload
def intersect(x: SpatRaster, y: Rectangle) -> Rectangle | None: ...
def intersect(x: SpatRaster, y: Any) -> Any:
    """Where two rasters have values, on the ground that they share; of an extent, what the raster has of it.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster or SpatExtent
        A raster whose cells coincide with those of `x`, or an extent.

    Returns
    -------
    SpatRaster, SpatExtent or None
        A bool raster: 1 where both have a value, 0 where one has, missing where none has. Of an extent: the extent of the
        cells that `crop` would cut out, or None where there are none.

    Raises
    ------
    ExtentError
        Where they do not overlap.
    GridMismatchError
        Where their cells do not coincide.

    See Also
    --------
    cover : Fills missing cells.
    crop : Cuts out an extent.

    Examples
    --------
    >>> import pyterra as pt
    >>> a, b = pt.rast([[1, float("nan"), 1]]), pt.rast([[1, 1, float("nan")]])
    >>> a.intersect(b).values(drop=True).tolist()
    [1.0, 0.0, 0.0]
    """
    if isinstance(y, Extent):
        found = node_of(x, "intersect").grid.part_of(y)
        return None if found is None else type(y)(*found)
    first, second = node_of(x, "intersect"), node_of(y, "intersect: y")
    second.grid.check_aligned(first.grid)
    common = first.grid.extent.intersect(second.grid.extent)
    if common is None or common.width <= 0 or common.height <= 0:
        raise ExtentError(
            f"intersect: the rasters must overlap, got {first.grid.extent} and {second.grid.extent}"
        )
    parts = [cut(node, node.grid.window_of(common)) for node in (first, second)]
    grid = parts[0].grid.check_same(parts[1].grid, "intersect")
    count = max(len(node.layers) for node in parts)
    inputs = [recycled(on_grid(node, grid), count) for node in parts]
    layers = tuple(layer.as_kind("bool") for layer in inputs[0].layers)
    return cells_raster(inputs, layers, FLOAT32, Both())
