"""Moving windows over several layers at once: how layers go together, and regressions of one on others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Array, Halo, Layer, Neighbourhood, Node, Runs
from pyterra.frozen import dataclass
from pyterra.functions.foreign import ForeignWindows, foreign, try_foreign
from pyterra.functions.udf import Function, numbers_from
from pyterra.raster.build import FLOAT64, node_of, raster
from pyterra.raster.focal import window_weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster

Weights = tuple[tuple[float, ...], ...]
Groups = tuple[tuple[int, ...], ...]
"""Numbers of layers that go together."""


@dataclass(frozen=True)
class Correlations(Neighbourhood):
    """Correlation of each layer with the next."""

    weights: Weights
    na_rm: bool

    def __call__(self, padded: Array) -> Array:
        weights = np.asarray(self.weights)
        return np.stack(
            [
                kernels.moments.correlation(padded[i : i + 2], weights, self.na_rm)
                for i in range(len(padded) - 1)
            ]
        )


@dataclass(frozen=True)
class Regressions(Neighbourhood):
    """Coefficients of the regression of the first layer on the others."""

    weights: Weights
    na_rm: bool
    intercept: bool

    def __call__(self, padded: Array) -> Array:
        out: Array = kernels.moments.least_squares(
            padded, np.asarray(self.weights), self.na_rm, self.intercept
        )
        return out


@dataclass(frozen=True)
class WindowsFunction(Neighbourhood):
    """A user's function of the windows of several layers: of each layer and the next, or of all."""

    weights: Weights
    function: Function
    count: int
    groups: tuple[tuple[int, ...], ...]

    def __call__(self, padded: Array) -> Array:
        weights = np.asarray(self.weights)
        used = ~np.isnan(weights)
        windows = kernels.focal.windows(padded.astype(np.float64, copy=False), *weights.shape)
        nrow, ncol = windows.shape[1:3]
        out = np.empty((len(self.groups), self.count, nrow, ncol))
        for k, row, col in np.ndindex(len(self.groups), nrow, ncol):
            out[k, :, row, col] = numbers_from(
                self.function, self.count, *(windows[i, row, col][used] for i in self.groups[k])
            )
        return out.reshape(-1, nrow, ncol)


def focal_pairs(
    x: SpatRaster,
    w: ArrayLike = 3,
    fun: Literal["pearson"] | Callable[..., Any] = "pearson",
    *,
    na_rm: bool = False,
    fillvalue: float | None = None,
    **arguments: Any,
) -> SpatRaster:
    """How each layer and the next go together within windows.

    Parameters
    ----------
    x : SpatRaster
        Two layers or more.
    w : int, (int, int) or array-like of shape (h, w)
        Size of the window in cells (rows, columns), odd; or weights, NaN for cells that are not used.
    fun : str or callable
        ``pearson``, the correlation; or a function ``fun(first, second)`` of the values of both windows (float64), which
        gives a number or several; of R, too. Weights other than 1 go to it as ``weights=``.
    na_rm : bool
        Leave out cells where one of the two is missing; a function of R gets it as ``na.rm=``.
    fillvalue : float, optional
        Value outside the raster; missing by default.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        A layer for each pair of neighbours (``lyr1``, ``lyr2`` ...). Missing where a layer does not vary.

    Raises
    ------
    ArgumentError
        For less than two layers; where `w` is even, or larger than twice the raster.

    See Also
    --------
    focal_reg : Regressions within windows.
    layer_cor : Correlations of whole layers.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2, 3]], [[2, 4, 6]], [[3, 2, 1]]])
    >>> r.focal_pairs((1, 3)).to_numpy()[:, 0, 1].tolist()
    [1.0, -1.0]
    """
    node = _several(x, "focal_pairs")
    weights = window_weights(w, node.grid.nrow, node.grid.ncol, "focal_pairs")
    pairs = len(node.layers) - 1
    if isinstance(fun, str):
        _known(fun, "pearson", arguments, "focal_pairs")
        return _windowed(
            node,
            weights,
            Correlations(_rows(weights), na_rm),
            [f"lyr{i + 1}" for i in range(pairs)],
            fillvalue,
            "focal_pairs",
        )
    groups = tuple((i, i + 1) for i in range(pairs))
    kernel, count, ends = _tried(fun, arguments, na_rm, weights, groups, "focal_pairs")
    suffixes = [f"_{end}" for end in ends] if count > 1 else [""]
    names = [f"lyr{i + 1}{suffix}" for i in range(pairs) for suffix in suffixes]
    return _windowed(node, weights, kernel, names, fillvalue, "focal_pairs")


def focal_reg(
    x: SpatRaster,
    w: ArrayLike = 3,
    fun: Literal["ols"] | Callable[..., Any] = "ols",
    *,
    na_rm: bool = False,
    intercept: bool = True,
    fillvalue: float | None = None,
    **arguments: Any,
) -> SpatRaster:
    """Regression of the first layer on the others within windows.

    Parameters
    ----------
    x : SpatRaster
        Two layers or more: what is explained, then what explains it.
    w : int, (int, int) or array-like of shape (h, w)
        Size of the window in cells (rows, columns), odd; or weights, NaN for cells that are not used.
    fun : str or callable
        ``ols``, ordinary (weighted) least squares; or a function ``fun(y, x1, x2, ...)`` of the values of the windows
        (float64), which gives a number or several; of R, too. Weights other than 1 go to it as ``weights=``.
    na_rm : bool
        Leave out cells where a layer is missing; a function of R gets it as ``na.rm=``.
    intercept : bool
        Whether the regression has one.
    fillvalue : float, optional
        Value outside the raster; missing by default.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        ``intercept``, then a coefficient for each layer that explains, under its name. Missing where there are fewer
        cells than coefficients, or where a layer follows from others.

    Raises
    ------
    ArgumentError
        For less than two layers; where `w` is even, or larger than twice the raster.

    See Also
    --------
    focal_pairs : Correlations within windows.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 3, 5]], [[0, 1, 2]]], names=["y", "x"])
    >>> r.focal_reg((1, 3)).to_numpy()[:, 0, 1].tolist()
    [1.0, 2.0]
    """
    node = _several(x, "focal_reg")
    weights = window_weights(w, node.grid.nrow, node.grid.ncol, "focal_reg")
    names = [layer.name for layer in node.layers[1:]]
    if isinstance(fun, str):
        _known(fun, "ols", arguments, "focal_reg")
        regressions = Regressions(_rows(weights), na_rm, bool(intercept))
        labels = ["intercept", *names] if intercept else names
        return _windowed(node, weights, regressions, labels, fillvalue, "focal_reg")
    everything = (tuple(range(len(node.layers))),)
    kernel, count, ends = _tried(fun, arguments, na_rm, weights, everything, "focal_reg")
    return _windowed(node, weights, kernel, ends if count > 1 else ["focal_fun"], fillvalue, "focal_reg")


def _several(x: Any, verb: str) -> Node:
    node = node_of(x, verb)
    if len(node.layers) < 2:
        raise ArgumentError(f"{verb}: the raster must have two layers or more, got {len(node.layers)}")
    return node


def _rows(weights: Array) -> Weights:
    return tuple(tuple(float(v) for v in row) for row in weights)


def _known(fun: str, name: str, arguments: dict[str, Any], verb: str) -> None:
    if fun != name:
        raise ArgumentError(f"{verb}: fun must be {name!r} or a function, got {fun!r}")
    if arguments:
        raise ArgumentError(f"{verb}: {name} takes no argument {next(iter(arguments))!r}")


def _tried(
    fun: Any, arguments: dict[str, Any], na_rm: bool, weights: Array, groups: Groups, verb: str
) -> tuple[Neighbourhood, int, list[str]]:
    """What calls a function with the windows of groups of layers, the number of values it gives, and their names."""
    used, count = weights[~np.isnan(weights)], len(groups[0])
    more = {**({} if np.all(used == 1) else {"weights": used}), **arguments}
    theirs = foreign(fun)
    if theirs is not None:
        theirs = theirs.bound({**more, "na.rm": True} if na_rm else more)
        _, size, labels = try_foreign(theirs, ("parts",), count * used.size, ("",) * count, verb)
        names = [str(end) for end in labels or range(1, size + 1)]
        return ForeignWindows(_rows(weights), theirs, size, groups), size, names
    function = Function(fun, more)
    rng = np.random.default_rng(1)
    try:
        result = function(*rng.random((count, used.size)))
    except Exception as error:
        raise UDFError(
            f"{verb}: {function.name} raised {type(error).__name__}: {error} when it was tried on {count} windows of "
            f"{used.size} random values"
        ) from error
    found = np.atleast_1d(np.asarray(result, np.float64))
    if found.ndim > 1 or found.size == 0:
        raise UDFError(f"{verb}: {function.name} must give a number or a vector, got shape {found.shape}")
    ends = getattr(result, "_fields", None) or range(1, found.size + 1)
    return (
        WindowsFunction(_rows(weights), function, found.size, groups),
        found.size,
        [str(end) for end in ends],
    )


def _windowed(
    node: Node, weights: Array, kernel: Neighbourhood, names: list[str], fillvalue: float | None, verb: str
) -> SpatRaster:
    ours = not isinstance(kernel, WindowsFunction | ForeignWindows)
    runs: Runs = "threads" if ours else "here" if isinstance(kernel, ForeignWindows) else "processes"
    n = len(node.layers)
    return raster(
        Halo(
            grid=node.grid,
            layers=tuple(Layer(name) for name in names),
            dtype=FLOAT64,
            argument=node,
            rows=weights.shape[0] // 2,
            cols=weights.shape[1] // 2,
            kernel=kernel,
            fill=np.nan if fillvalue is None else float(fillvalue),
            wrap=node.grid.is_global,
            temporaries=8.0 * (2 * n * n + 5 * n + 8) if ours else 8.0 * (weights.size * n + len(names)),
            layerwise=False,
            runs=runs,
            verb="" if ours else verb,
        )
    )
