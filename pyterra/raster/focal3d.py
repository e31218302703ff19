"""focal3d: a function of the neighbourhood in rows, columns and layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Halo, Neighbourhood, Node, join, select
from pyterra.frozen import dataclass
from pyterra.functions.foreign import ForeignFunction, each_window, foreign, try_foreign
from pyterra.functions.udf import Function, numbers_from, try_out
from pyterra.raster.build import FLOAT64, constants, node_of, numbers_of, raster, widened
from pyterra.raster.focal import NaPolicy, check_odd
from pyterra.statistics import named

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster

Cube = tuple[tuple[tuple[float, ...], ...], ...]


@dataclass(frozen=True)
class CubeStatistic(Neighbourhood):
    """A statistic of the window."""

    weights: Cube
    fun: str
    na_rm: bool
    na_policy: NaPolicy
    dtype: np.dtype[Any]

    def __call__(self, padded: Array) -> Array:
        weights = np.asarray(self.weights)
        out = kernels.focal.focal3d(padded, weights, self.fun, na_rm=self.na_rm, out_dtype=self.dtype)
        return _kept(out, padded, weights, self.na_policy)


@dataclass(frozen=True)
class CubeFunction(Neighbourhood):
    """A user's function of the values of the window."""

    weights: Cube
    function: Function
    count: int
    na_policy: NaPolicy

    def __call__(self, padded: Array) -> Array:
        weights = np.asarray(self.weights)
        used = ~np.isnan(weights)
        windows = np.lib.stride_tricks.sliding_window_view(padded, weights.shape)
        nlyr, nrow, ncol = windows.shape[:3]
        out = np.empty((nlyr, self.count, nrow, ncol))
        for layer, row, col in np.ndindex(nlyr, nrow, ncol):
            out[layer, :, row, col] = numbers_from(
                self.function, self.count, windows[layer, row, col][used] * weights[used]
            )
        return _kept(out.reshape(-1, nrow, ncol), padded, weights, self.na_policy)


@dataclass(frozen=True)
class ForeignCube(Neighbourhood):
    """A function of another language of the values of the window, called for many windows at once."""

    weights: Cube
    function: ForeignFunction
    count: int
    na_policy: NaPolicy

    def __call__(self, padded: Array) -> Array:
        weights = np.asarray(self.weights)
        windows = np.lib.stride_tricks.sliding_window_view(padded, weights.shape)
        out = each_window(self.function, self.count, windows, weights)
        return _kept(out, padded, weights, self.na_policy)


def _kept(out: Array, padded: Array, weights: Array, na_policy: NaPolicy) -> Array:
    """The cells that the policy leaves alone put back."""
    depth, h, w = weights.shape
    middle = padded[depth // 2 : len(padded) - depth // 2]
    found: Array = kernels.focal.keep_by_policy(out, middle, h, w, na_policy)
    return found


def focal3d(
    x: SpatRaster,
    w: int | ArrayLike = 3,
    fun: str | Callable[..., Any] = "mean",
    *,
    na_rm: bool = False,
    na_policy: Literal["all", "only", "omit"] = "all",
    fillvalue: float | None = None,
    pad: bool = False,
    padvalue: float | None = None,
    expand: bool = False,
    names: Sequence[str] | None = None,
    **arguments: Any,
) -> SpatRaster:
    """A statistic of the window of rows, columns and layers around each cell.

    Parameters
    ----------
    x : SpatRaster
    w : int, (int, int, int) or array-like of shape (h, w, d)
        Window size (rows, columns, layers), odd; or weights that multiply the values, NaN for cells that are not used.
    fun : str or callable
        A statistic, as for `app`, with the values of the window as layers, layer by layer in row-major order; or a
        function ``fun(window)`` of these values (float64), which gives a number or several.
    na_rm : bool
        Leave missing cells out of a statistic.
    na_policy : {"all", "only", "omit"}
        Compute all cells; or only the missing ones of the middle layer, while the others keep their value (this sets
        `na_rm`); or only those with a value.
    fillvalue : float, optional
        Value outside the raster; missing by default.
    pad : bool
        Go on with layers of `padvalue` (by default `fillvalue`) before the first and after the last layer, so that the
        result has as many layers as `x`.
    padvalue : float, optional
    expand : bool
        Go on with the first and the last layer instead.
    names : sequence of str, optional
        Names of the layers; by default those in the middle of the windows.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        One layer for each that has enough before and after it.

    Raises
    ------
    ArgumentError
        Where `w` is even, or has more layers than there are.

    See Also
    --------
    focal : Looks at each layer by itself.
    tapp : Statistics of groups of layers.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]], [[6]]])
    >>> r.focal3d((1, 1, 3), "mean").values(drop=True)
    array([3.])
    >>> r.focal3d((1, 1, 3), "sum", expand=True).values().tolist()
    [[4.0, 9.0, 14.0]]
    """
    node = node_of(x, "focal3d")
    weights = _cube(w, node)
    na_policy = choice(na_policy, ("all", "only", "omit"), "focal3d: na_policy")
    fill = np.nan if fillvalue is None else float(fillvalue)
    half = weights.shape[0] // 2
    whole = (
        _extended(node, half, expand, fill if padvalue is None else float(padvalue))
        if pad or expand
        else node
    )
    if len(whole.layers) < weights.shape[0]:
        raise ArgumentError(
            f"focal3d: w must not have more layers than the raster ({len(whole.layers)}), got {weights.shape[0]}; "
            "or give pad=True"
        )
    middle = whole.layers[half : len(whole.layers) - half]
    cube: Cube = tuple(tuple(tuple(float(v) for v in row) for row in layer) for layer in weights)
    used = int(np.sum(~np.isnan(weights)))
    known = named(fun, "focal3d", arguments=arguments)
    if known is not None:
        plain = bool(np.all(weights[~np.isnan(weights)] == 1))
        whole = widened(whole, whole.dtype if plain and np.isnan(fill) else FLOAT64)
        dtype = known.dtype(whole.dtype) if plain else FLOAT64
        drop = na_rm or na_policy == "only"
        kernel: Any = CubeStatistic(cube, known.name, drop, na_policy, dtype)
        layers, ends, count, runs = known.layers(middle), known.gives, known.width, "threads"
    elif (theirs := foreign(fun)) is not None:
        theirs = theirs.bound({**arguments, "na.rm": True} if na_rm else arguments)
        _, count, ends = try_foreign(theirs, ("each",), used, (), "focal3d")
        kernel, dtype, runs = ForeignCube(cube, theirs, count, na_policy), FLOAT64, "here"
        layers = tuple(la.number() for la in middle for _ in range(count))
    else:
        function = Function(fun, arguments)  # type: ignore[arg-type]
        count, _, ends = try_out(function, used, "focal3d")
        kernel, dtype, runs = CubeFunction(cube, function, count, na_policy), FLOAT64, "processes"
        layers = tuple(la.number() for la in middle for _ in range(count))
    if names is None:
        suffixes = [f"_{end}" for end in ends or range(1, count + 1)] if count > 1 else [""]
        names = [f"{la.name}{suffix}" for la in middle for suffix in suffixes]
    elif len(names) != len(layers):
        raise ArgumentError(f"names: must be one per layer of the result ({len(layers)}), got {len(names)}")
    return raster(
        Halo(
            grid=node.grid,
            layers=tuple(replace(la, name=name) for la, name in zip(layers, names, strict=True)),
            dtype=dtype,
            argument=whole,
            rows=weights.shape[1] // 2,
            cols=weights.shape[2] // 2,
            kernel=kernel,
            fill=fill,
            wrap=node.grid.is_global,
            temporaries=40.0 if runs == "threads" else (64.0 if runs == "here" else 8.0 * used + 40.0),
            layerwise=False,
            runs=runs,  # type: ignore[arg-type]
            verb="" if known is not None else "focal3d",
        )
    )


def _extended(node: Node, half: int, expand: bool, value: float) -> Node:
    """The layers with more before and after them."""
    last = len(node.layers) - 1
    if expand:
        return select(node, [0] * half + list(range(last + 1)) + [last] * half)
    more = constants([value] * half, node.grid)
    return join([more, widened(node, FLOAT64), more]) if half else node


def _cube(w: Any, node: Node) -> Array:
    """Weights of shape (d, h, w)."""
    array = numbers_of(w, "focal3d: w")
    if array.ndim < 2:
        sizes = np.broadcast_to(array.ravel(), 3) if array.size in (1, 3) else array.ravel()
        if sizes.size != 3 or np.any(sizes != np.floor(sizes)):
            raise ArgumentError(
                f"focal3d: w must be one or three whole numbers, or weights (rows, columns, layers), got {w!r:.60}"
            )
        check_odd(sizes, w, "focal3d")
        array = np.ones([int(size) for size in sizes])
    if array.ndim != 3:
        raise ArgumentError(
            f"focal3d: w must have rows, columns and layers, got an array of shape {array.shape}"
        )
    check_odd(array.shape, array.shape, "focal3d")
    if array.shape[0] > 2 * node.grid.nrow or array.shape[1] > 2 * node.grid.ncol:
        raise ArgumentError(
            f"focal3d: w must not be larger than twice the raster ({node.grid.nrow} x {node.grid.ncol} cells), got "
            f"{array.shape[0]} x {array.shape[1]}"
        )
    if np.isnan(array).all():
        raise ArgumentError("focal3d: at least one weight must be a number")
    return np.ascontiguousarray(array.transpose(2, 0, 1))
