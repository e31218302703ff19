"""focal: a function of every cell's neighbourhood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Halo, Neighbourhood, Node, Runs
from pyterra.frozen import dataclass
from pyterra.functions.foreign import ForeignFocal, foreign, try_foreign
from pyterra.functions.udf import Function, dispatcher, numbers_from, try_out
from pyterra.raster.build import FLOAT32, FLOAT64, exact_dtype, node_of, numbers_of, raster, widened
from pyterra.statistics import Statistic, named

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster

NaPolicy = Literal["all", "only", "omit"]


@dataclass(frozen=True)
class FocalStatistic(Neighbourhood):
    """A statistic of the window."""

    weights: tuple[tuple[float, ...], ...]
    fun: str
    na_rm: bool
    na_policy: NaPolicy
    dtype: np.dtype[Any]

    def __call__(self, padded: Array) -> Array:
        out: Array = kernels.focal.focal(
            padded, self.weights, self.fun, na_rm=self.na_rm, na_policy=self.na_policy, out_dtype=self.dtype
        )
        return out


@dataclass(frozen=True)
class FocalFunction(Neighbourhood):
    """A user's function of the values of the window."""

    weights: tuple[tuple[float, ...], ...]
    function: Function
    count: int
    na_policy: NaPolicy

    def __call__(self, padded: Array) -> Array:
        weights = np.asarray(self.weights)
        compiled = dispatcher(self.function, "(float64[::1],)")
        if compiled is not None:
            out: Array = kernels.focal.focal_user(padded, weights, compiled, self.count)
        else:
            out = self._in_python(padded, weights)
        if self.na_policy != "all":
            out = kernels.focal.keep_by_policy(out, padded, *weights.shape, self.na_policy)
        return out

    def _in_python(self, padded: Array, weights: Array) -> Array:
        used = ~np.isnan(weights)
        factors = weights[used]
        windows = kernels.focal.windows(padded, *weights.shape)
        nlyr, nrow, ncol = windows.shape[:3]
        out = np.empty((nlyr, self.count, nrow, ncol))
        for layer, row, col in np.ndindex(nlyr, nrow, ncol):
            out[layer, :, row, col] = numbers_from(
                self.function, self.count, windows[layer, row, col][used] * factors
            )
        return out.reshape(nlyr * self.count, nrow, ncol)


def focal(
    x: SpatRaster,
    w: ArrayLike = 3,
    fun: str | Callable[..., Any] = "sum",
    *,
    na_rm: bool = False,
    na_policy: NaPolicy = "all",
    fillvalue: float | None = None,
    expand: bool = False,
    names: Sequence[str] | None = None,
    **arguments: Any,
) -> SpatRaster:
    """A statistic of the window around each cell.

    Parameters
    ----------
    x : SpatRaster
    w : int, (int, int) or array-like of shape (h, w)
        Window size in cells (rows, columns), odd; or weights that multiply the values, NaN for cells that are not
        used. A weight of 0 is a value of 0, not an absent cell.
    fun : str or callable
        A statistic, as for `app` (positions are counted in row-major order; ``mean`` is the weighted mean), or
        a function ``fun(window)`` that takes the values of the window in row-major order (float64) and gives a number
        or several. It is compiled with numba where numba can type it, else it runs on worker processes. Or an R
        function of rpy2, called once per block by the calling thread.
    na_rm : bool
        Leave missing cells out of a statistic. A window without any value stays missing, also for sum. An R function
        gets it as ``na.rm``.
    na_policy : {"all", "only", "omit"}
        Compute all cells; or only the missing ones, while the others keep their value (this sets `na_rm`); or only
        those with a value.
    fillvalue : float, optional
        Value outside the raster; missing by default.
    expand : bool
        Repeat the border cells outside the raster instead.
    names : sequence of str, optional
        Names of the layers.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster

    Raises
    ------
    ArgumentError
        Where `w` is even or larger than twice the raster.

    See Also
    --------
    terrain : Computes slope, aspect and the like.
    aggregate : Makes one cell of several.

    Notes
    -----
    A raster in degrees that goes once around the earth is joined at its left and right edges. Windows are read with
    their halo; a cell's value does not depend on how the raster is cut into blocks.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    >>> float(r.focal(3, "mean").to_numpy()[0, 1, 1])
    5.0
    """
    node = node_of(x, "focal")
    weights = window_weights(w, node.grid.nrow, node.grid.ncol, "focal")
    na_policy = choice(na_policy, ("all", "only", "omit"), "focal: na_policy")
    fill: Any = "edge" if expand else np.nan if fillvalue is None else float(fillvalue)
    rows = tuple(tuple(float(v) for v in row) for row in weights)
    many, ends = len(node.layers) > 1, tuple[str, ...]()
    runs: Runs = "threads"
    known = named(fun, "focal", arguments=arguments)
    if known is not None:
        node = widened(node, exact_dtype([fill] if isinstance(fill, float) else [], node.dtype))
        dtype = _dtype(node, known, weights)
        kernel: Any = FocalStatistic(rows, known.name, na_rm, na_policy, dtype)
        labels = [la.name for la in node.layers] if many else [f"focal_{known.label or known.name}"]
        verb, count, ends = "", known.width, known.gives
    elif (theirs := foreign(fun)) is not None:
        theirs = theirs.bound({**arguments, "na.rm": True} if na_rm else arguments)
        _, count, ends = try_foreign(theirs, ("each",), int(np.sum(~np.isnan(weights))), (), "focal")
        kernel = ForeignFocal(rows, theirs, count, na_policy)
        runs, verb, dtype = "here", "focal", FLOAT64
        labels = [la.name for la in node.layers] if many else ["focal_fun"]
    else:
        function = Function(fun, arguments)  # type: ignore[arg-type]
        count = try_out(function, int(np.sum(~np.isnan(weights))), "focal")[0]
        verb, dtype = "focal", FLOAT64
        if dispatcher(function, "(float64[::1],)") is None:
            runs = "processes"
        kernel = FocalFunction(rows, function, count, na_policy)
        labels = [la.name for la in node.layers] if many else ["focal_fun"]
    if count > 1 and ends and not many and known is None:
        labels = list(ends)
    elif count > 1:
        labels = [f"{label}_{end}" for label in labels for end in ends or range(1, count + 1)]
    if names is not None:
        if len(names) != len(labels):
            raise ArgumentError(
                f"names: must be one per layer of the result ({len(labels)}), got {len(names)}"
            )
        labels = list(names)
    layers = (
        known.layers(node.layers)
        if known is not None
        else tuple(la.number() for la in node.layers for _ in range(count))
    )
    return raster(
        Halo(
            grid=node.grid,
            layers=tuple(replace(la, name=label) for la, label in zip(layers, labels, strict=True)),
            dtype=dtype,
            argument=node,
            rows=weights.shape[0] // 2,
            cols=weights.shape[1] // 2,
            kernel=kernel,
            fill=fill,
            wrap=node.grid.is_global,
            temporaries={"threads": 40.0, "here": 64.0, "processes": 8.0 * weights.size * len(node.layers)}[
                runs
            ],
            layerwise=count == 1,
            runs=runs,
            verb=verb,
        )
    )


def window_weights(w: Any, nrow: int, ncol: int, verb: str) -> Array:
    """Weights of a window, from its size or from weights.

    Raises
    ------
    ArgumentError
        Where it is even, larger than twice the raster, or holds no number.
    """
    array = numbers_of(w, f"{verb}: w")
    if array.ndim < 2:
        sizes = np.broadcast_to(array.ravel(), 2) if array.size in (1, 2) else array.ravel()
        if sizes.size != 2 or np.any(sizes != np.floor(sizes)):
            raise ArgumentError(
                f"{verb}: w must be one or two whole numbers, or a matrix of weights, got {w!r}"
            )
        check_odd(sizes, w, verb)
        array = np.ones((int(sizes[0]), int(sizes[1])))
    check_odd(array.shape, array.shape, verb)
    if array.shape[0] > 2 * nrow or array.shape[1] > 2 * ncol:
        raise ArgumentError(
            f"{verb}: w must not be larger than twice the raster ({nrow} x {ncol} cells), got "
            f"{array.shape[0]} x {array.shape[1]}"
        )
    if np.isnan(array).all():
        raise ArgumentError(f"{verb}: at least one weight must be a number")
    return array


def check_odd(sizes: Any, given: Any, verb: str) -> None:
    """See to it that a window has a middle.

    Raises
    ------
    ArgumentError
        Otherwise.
    """
    if any(int(s) % 2 == 0 or s < 1 for s in sizes):
        near = int(max(sizes))
        raise ArgumentError(f"{verb}: w must be odd, got {given}; use {max(1, near - 1)} or {near + 1}")


def _dtype(node: Node, known: Statistic, weights: Array) -> np.dtype[Any]:
    """That of the statistic; float64 where weights multiply the values, but for sums that float32 is sure to hold."""
    used = weights[~np.isnan(weights)]
    bytes_ = all(la.kind != "num" and la.storage in ("bool", "uint8", "int8") for la in node.layers)
    if known.name == "sum" and bytes_ and np.all(used == np.round(used)) and np.abs(used).sum() < 2**15:
        return FLOAT32
    return known.dtype(node.dtype) if np.all(used == 1) else FLOAT64
