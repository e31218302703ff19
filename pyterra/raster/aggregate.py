"""aggregate and disagg: groups of whole cells to one, and one to many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Axis, Constant, ManyInputs, Moved, Node, OneInput, Place, Regrid, Thinned
from pyterra.expr.layers import numbered
from pyterra.frozen import dataclass
from pyterra.functions.foreign import callable_of
from pyterra.functions.udf import Function, dispatcher, try_out
from pyterra.grid import Window
from pyterra.raster.build import FLOAT64, raster, skeleton
from pyterra.statistics import TABLE, named

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


SAMPLED = 2
"""Rows and columns of a group that a preview looks at."""


@dataclass(frozen=True)
class Coarsen(OneInput):
    """A statistic of every group of deep x rows x cols cells, from the first layer and the top left."""

    rows: int
    cols: int
    size: tuple[int, int]
    """Rows and columns of the input."""
    fun: str | Function
    na_rm: bool
    deep: int = 1
    """Layers of a group; where there are less, those that lack count as missing."""

    def behind(self, window: Window) -> Window | None:
        fine = Window(
            window.row * self.rows, window.col * self.cols, window.nrow * self.rows, window.ncol * self.cols
        )
        return fine.common(Window(0, 0, *self.size))

    def values(self, array: Array, covered: Window, window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        block, fact = self._pooled(array), (self.deep * self.rows, self.cols)
        if isinstance(self.fun, str):
            out: Array = kernels.aggregate.aggregate(block, fact, self.fun, na_rm=self.na_rm, out_dtype=dtype)
            return self._existing(out, window) if TABLE[self.fun].positions else out
        compiled = dispatcher(self.fun, "(float64[::1],)")
        if compiled is not None:
            return kernels.aggregate.aggregate_user(block, fact, compiled, 1, out_dtype=dtype)
        return self._in_python(block, window, dtype)

    def _pooled(self, block: Array) -> Array:
        """The layers of a group one under the other: its rows are those of its first layer, of its second ..."""
        if self.deep == 1:
            return block
        count, nrow, ncol = block.shape
        groups, rows = -(-count // self.deep), -(-nrow // self.rows)
        padded = np.full((groups * self.deep, rows * self.rows, ncol), np.nan, block.dtype)
        padded[:count, :nrow] = block
        parts = padded.reshape(groups, self.deep, rows, self.rows, ncol).transpose(0, 2, 1, 3, 4)
        return np.ascontiguousarray(parts).reshape(groups, rows * self.deep * self.rows, ncol)

    def _existing(self, found: Array, window: Window) -> Array:
        """Positions in whole groups -> positions among the cells that exist, where the last groups are cut off."""
        y, x = np.arange(window.row, window.row_stop), np.arange(window.col, window.col_stop)
        tall = np.minimum(self.size[0] - y * self.rows, self.rows)[:, None]
        wide = np.minimum(self.size[1] - x * self.cols, self.cols)[None, :]
        line, col = np.divmod(found, self.cols)
        layer, row = np.divmod(line, self.rows)
        out: Array = ((layer * tall + row) * wide + col).astype(found.dtype)
        return out

    def _in_python(self, block: Array, window: Window, dtype: np.dtype[Any]) -> Array:
        tall = self.deep * self.rows
        padded = np.full((len(block), window.nrow * tall, window.ncol * self.cols), np.nan)
        padded[:, : block.shape[1], : block.shape[2]] = block
        groups = padded.reshape(len(block), window.nrow, tall, window.ncol, self.cols).transpose(
            0, 1, 3, 2, 4
        )
        out = np.empty((len(block), window.nrow, window.ncol), dtype)
        for index in np.ndindex(*out.shape):
            out[index] = self.fun(groups[index].ravel())  # type: ignore[operator]
        return out

    def input_factor(self, factor: int) -> int | None:
        return ceil(factor * sqrt(self.rows * self.cols) / SAMPLED) if self._is_sampled else factor

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        source, size = inputs[0], (inputs[0].grid.nrow, inputs[0].grid.ncol)
        if not self._is_sampled:
            return replace(self, size=size)
        return Sampled.of(self, source, result)

    @property
    def _is_sampled(self) -> bool:
        """Whether a preview looks at some cells of large groups: what counts places or calls a function does not."""
        return (
            self.rows * self.cols > SAMPLED**2 and isinstance(self.fun, str) and not TABLE[self.fun].positions
        )

    def scratch(self, window: Window, nlyr: int) -> int:
        pooled = 2 * self.deep * nlyr * window.cells * self.rows * self.cols * 8 if self.deep > 1 else 0
        if isinstance(self.fun, str) and self.fun in kernels.aggregate.DIRECT:
            return pooled + window.cells * 8 * (nlyr + 3)
        return pooled + window.cells * self.deep * self.rows * self.cols * 8 * (nlyr + 2)


@dataclass(frozen=True)
class Sampled(OneInput):
    """A preview of `Coarsen`: a statistic of some cells of every group, evenly spread."""

    groups: Coarsen
    """Of the cells that are looked at."""
    places: Moved
    """Where they lie in the input."""
    weight: float
    """Cells that one of them stands for, where they are counted or added up."""

    @classmethod
    def of(cls, groups: Coarsen, source: Thinned, result: Thinned) -> Sampled:
        """For the cells of a coarser result."""
        size = (result.grid.nrow * SAMPLED, result.grid.ncol * SAMPLED)
        axes = (
            Axis(n, repeat=SAMPLED, shown=result.factor * fact, size=n * SAMPLED, read=source.factor)
            for n, fact in zip((source.full.nrow, source.full.ncol), (groups.rows, groups.cols), strict=True)
        )
        weight = (
            groups.rows * groups.cols / SAMPLED**2
            if isinstance(groups.fun, str) and TABLE[groups.fun].adds
            else 1.0
        )
        cells = replace(groups, rows=SAMPLED, cols=SAMPLED, size=size)
        return cls(cells, Moved((Place(*axes),)), weight)

    def behind(self, window: Window) -> Window | None:
        fine = self.groups.behind(window)
        return None if fine is None else self.places.windows(fine)[0]

    def values(self, array: Array, covered: Window, window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        fine = self.groups.behind(window)
        if fine is None:
            return np.full((nlyr, window.nrow, window.ncol), np.nan, dtype)
        cells = self.places.apply((array,), (covered,), fine, len(array), array.dtype)
        found = self.groups.values(cells, fine, window, nlyr, dtype)
        return found if self.weight == 1 else np.asarray(found * self.weight, dtype)

    def scratch(self, window: Window, nlyr: int) -> int:
        return self.groups.scratch(window, nlyr) + window.cells * SAMPLED**2 * nlyr * 8 * self.groups.deep

    def input_factor(self, factor: int) -> int | None:
        return None

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        raise TypeError("a preview of a preview picks cells from it")


def aggregate(
    x: SpatRaster,
    fact: int | Sequence[int] = 2,
    fun: str | Callable[..., Any] = "mean",
    *,
    na_rm: bool = False,
    **arguments: Any,
) -> SpatRaster:
    """Groups of cells made one.

    Parameters
    ----------
    x : SpatRaster
    fact : int or sequence of int
        Cells per group: one number, (rows, columns), or (rows, columns, layers). Groups start at the top left.
    fun : str or callable
        A statistic, as for `app` (positions are counted in row-major order), or ``fun(values)`` with the values of a
        group in row-major order (NaN beyond the edge).
    na_rm : bool
        Leave missing cells out of a statistic. Otherwise one missing cell, or one beyond the edge, makes the result
        missing.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        The extent grows where the number of rows or columns is not a multiple of `fact`.

    See Also
    --------
    disagg : Cuts cells into smaller ones.
    resample : Takes values to any other grid.
    focal : Gives a statistic of the surroundings of each cell.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 3], [4, 5, 6]]).aggregate(2, "max", na_rm=True).values(drop=True)
    array([5., 6.])
    """
    node = x._node
    rows, cols, deep = _factors(fact, node)
    fun = callable_of(fun)
    known = named(fun, "aggregate", arguments=arguments)
    grid = node.grid.thinned(rows, cols)
    if not node.has_values:
        return raster(skeleton(grid, node.layers if deep == 1 else numbered(-(-len(node.layers) // deep))))
    layers = node.layers
    if deep > 1:
        layers = tuple(replace(layer, name=f"lyr.{i + 1}") for i, layer in enumerate(layers[::deep]))
    if known is None:
        function = Function(fun, arguments)  # type: ignore[arg-type]
        if try_out(function, rows * cols * deep, "aggregate")[0] != 1:
            raise ArgumentError("aggregate: the function must give one number per group")
        dtype, fun, layers = FLOAT64, function, tuple(layer.number() for layer in layers)
    else:
        dtype, fun, layers = known.dtype(node.dtype), known.name, known.layers(layers)
    method = Coarsen(rows, cols, (node.grid.nrow, node.grid.ncol), fun, na_rm, deep)
    layerwise = deep == 1 and len(layers) == len(node.layers)
    return raster(
        Regrid(grid=grid, layers=layers, dtype=dtype, arguments=(node,), method=method, layerwise=layerwise)
    )


def _factors(fact: int | Sequence[int], node: Node) -> tuple[int, int, int]:
    numbers = [int(v) for v in np.atleast_1d(np.asarray(fact, dtype=np.float64))]
    if len(numbers) == 1:
        numbers *= 2
    if len(numbers) not in (2, 3) or min(numbers) < 1:
        raise ArgumentError(f"aggregate: fact must be one to three whole numbers from 1, got {fact}")
    rows, cols = min(numbers[0], node.grid.nrow), min(numbers[1], node.grid.ncol)
    return rows, cols, min(numbers[2], len(node.layers)) if len(numbers) == 3 else 1


def disagg(
    x: SpatRaster, fact: int | Sequence[int], method: Literal["near", "bilinear"] = "near"
) -> SpatRaster:
    """Cells cut into smaller ones.

    Parameters
    ----------
    x : SpatRaster
    fact : int or (int, int)
        Cells per side, or (rows, columns).
    method : {"near", "bilinear"}
        Repeat the value, or interpolate between cell centres.

    Returns
    -------
    SpatRaster
        The extent of `x` with smaller cells.

    See Also
    --------
    aggregate : Makes one cell of several.
    resample : Takes values to any other grid.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2]]).disagg((1, 2)).values(drop=True).tolist()
    [1.0, 1.0, 2.0, 2.0]
    """
    node = x._node
    numbers = [int(v) for v in np.atleast_1d(np.asarray(fact, dtype=np.float64))]
    numbers = numbers * 2 if len(numbers) == 1 else numbers
    if len(numbers) != 2 or min(numbers) < 1:
        raise ArgumentError(f"disagg: fact must be one or two whole numbers from 1, got {fact}")
    method = choice(method, ("near", "bilinear"), "disagg: method")
    grid = replace(node.grid, nrow=node.grid.nrow * numbers[0], ncol=node.grid.ncol * numbers[1])
    if isinstance(node, Constant):
        return raster(replace(node, grid=grid))
    if method == "bilinear":
        from pyterra.raster.warp import resample

        return resample(x, raster(skeleton(grid, node.layers)), "bilinear")
    layers = tuple(
        replace(la, kind=la.kind if la.kind == "factor" else "num", range=None) for la in node.layers
    )
    place = Place(Axis(node.grid.nrow, repeat=numbers[0]), Axis(node.grid.ncol, repeat=numbers[1]))
    return raster(
        Regrid(grid=grid, layers=layers, dtype=node.dtype, arguments=(node,), method=Moved((place,)))
    )
