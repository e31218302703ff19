"""app, lapp and sapp: functions over the layers of each cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Array, Cells, Layer, Node, Runs, join
from pyterra.frozen import dataclass
from pyterra.functions.foreign import (
    Calling,
    ForeignCells,
    ForeignFunction,
    callable_of,
    foreign,
    try_foreign,
)
from pyterra.functions.udf import (
    BlockFunction,
    CompiledCells,
    Function,
    LayerArguments,
    PythonCells,
    dispatcher,
    is_numpy_reduction,
    try_out,
)
from pyterra.raster import summary
from pyterra.raster.build import FLOAT64, is_raster, node_of, on_grid, raster, renamed
from pyterra.raster.join import c
from pyterra.statistics import Statistic, named

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

Kernel = Callable[..., Array]


def app(
    x: SpatRaster,
    fun: str | Callable[..., Any],
    *,
    per: Literal["cell", "block"] = "cell",
    na_rm: bool = False,
    names: Sequence[str] | None = None,
    nlyr: int | None = None,
    **arguments: Any,
) -> SpatRaster:
    """Apply a function to the layers of each cell.

    Parameters
    ----------
    x : SpatRaster
    fun : str or callable
        A statistic: ``sum mean median modal min max range prod sd std var rms any all none which which_min which_max
        first last count count_na nunique``, as `pyterra.statistics.TABLE` says. Or a function ``fun(v)`` that takes
        the values of the layers at a cell (float64, NaN = missing) and gives a number, or as many numbers as the
        result has layers. It is compiled with numba where numba can type it; else it runs in Python on worker
        processes. numpy's reductions (``np.nanmean``) are called for a whole block with ``axis=0``. Or an R function
        of rpy2, which takes the values of a cell or, like ``rowSums``, a matrix of cells; it is called once per
        block, by the calling thread.
    per : {"cell", "block"}
        With "block", ``fun(block)`` gets an array (layer, row, col) and returns (row, col) or (k, row, col).
    na_rm : bool
        Leave missing layers out of a statistic. An R function gets it as ``na.rm``.
    names : sequence of str, optional
        Names of the layers of the result.
    nlyr : int, optional
        Number of layers of the result; by default the function is tried on the values 1 to n.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        One layer per value that `fun` gives. Names are kept when there are as many as before.

    Raises
    ------
    UDFError
        Where the function fails. The message says in which block, for which cells and shapes.

    See Also
    --------
    lapp : Hands the layers over one by one.
    tapp : Works on groups of layers.
    sapp : Works layer by layer.
    global_ : Takes statistics of all cells of a layer.

    Notes
    -----
    A block function must treat every cell by itself: its blocks have no fixed size. Compiled functions follow numba's
    arithmetic (a division by zero gives inf or raises ZeroDivisionError as in Python).

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, nlyrs=3, vals=[1, 2, 3, 4, 5, 9])
    >>> r.app("max").values(drop=True)
    array([5., 9.])
    >>> r.app(lambda v: v[2] - v[0]).values(drop=True)
    array([4., 7.])
    """
    node = node_of(x, "app")
    known = named(fun, "app", arguments=arguments)
    if known is not None:
        return renamed(summary.statistic(x, known.name, na_rm=na_rm), names)
    theirs = foreign(fun)
    if theirs is not None:
        return raster(_foreign_app(node, theirs.bound(with_na_rm(arguments, na_rm)), per, names, nlyr))
    function = Function(fun, arguments)  # type: ignore[arg-type]
    if per == "block" or is_numpy_reduction(function.call):
        kernel: Kernel = BlockFunction(function, axis=per != "block")
        count = nlyr or _try_block(kernel, len(node.layers))
        return raster(_user_node(node, kernel, _output_layers(node.layers, count, names, ()), "app"))
    if per != "cell":
        raise ArgumentError(f"app: per must be 'cell' or 'block', got {per!r}")
    labels = tuple[str, ...]()
    if nlyr is None:
        nlyr, _, labels = try_out(function, len(node.layers), "app")
    kernel, runs = cell_kernel(function, nlyr)
    return raster(_user_node(node, kernel, _output_layers(node.layers, nlyr, names, labels), "app", runs))


def cell_kernel(function: Function, count: int) -> tuple[Kernel, Runs]:
    """The kernel of a cell function, compiled if that works, and where it runs."""
    if dispatcher(function, "(float64[::1],)") is not None:
        return CompiledCells(function, count, FLOAT64), "threads"
    return PythonCells(function, count, FLOAT64), "processes"


@dataclass(frozen=True)
class LayerFunction:
    """A statistic or a function of the layers of a cell, as a kernel of blocks (layer, row, col)."""

    kernel: Kernel
    count: int
    """Values that it gives."""
    runs: Runs
    named: Statistic | None
    """The statistic that it is; None for a function of a user's."""

    def dtype(self, of_values: np.dtype[Any]) -> np.dtype[Any]:
        """dtype of what it gives."""
        return FLOAT64 if self.named is None else self.named.dtype(of_values)


def layer_function(
    fun: str | Callable[..., Any], width: int, verb: str, na_rm: bool, arguments: dict[str, Any]
) -> LayerFunction:
    """What is meant by a function of so many layers. It is tried on the numbers from 1 where it is a user's."""
    known = named(fun, verb, arguments=arguments)
    if known is not None:
        statistic = summary.LayerStatistic(known.name, na_rm, known.dtype(FLOAT64))
        return LayerFunction(statistic, known.width, "threads", known)
    theirs = foreign(fun)
    if theirs is not None:
        bound = theirs.bound(with_na_rm(arguments, na_rm))
        calling, count, _ = try_foreign(bound, ("each", "rows"), width, (), verb)
        return LayerFunction(ForeignCells(bound, calling, count, ()), count, "here", None)
    function = Function(fun, arguments)  # type: ignore[arg-type]
    if is_numpy_reduction(function.call):
        return LayerFunction(BlockFunction(function, axis=True), 1, "threads", None)
    count, _, _ = try_out(function, width, verb)
    kernel, runs = cell_kernel(function, count)
    return LayerFunction(kernel, count, runs, None)


def _foreign_app(
    node: Node, function: ForeignFunction, per: str, names: Sequence[str] | None, nlyr: int | None
) -> Node:
    callings: tuple[Calling, ...] = ("rows",) if per == "block" else ("each", "rows")
    own = tuple(layer.name for layer in node.layers)
    try:
        calling, count, labels = try_foreign(function, callings, len(own), own, "app")
    except UDFError:
        if nlyr is None:
            raise
        calling, count, labels = callings[0], nlyr, ()
    if nlyr not in (None, count):
        raise ArgumentError(f"app: nlyr must be what the function gives ({count}), got {nlyr}")
    if names is None and not (labels and all(labels)):
        names = [f"lyr.{i + 1}" for i in range(count)]
    layers = _output_layers(node.layers, count, names, labels)
    return _foreign_node(node, ForeignCells(function, calling, count, own), layers, "app")


def with_na_rm(arguments: dict[str, Any], na_rm: bool) -> dict[str, Any]:
    """Arguments as an R function knows them."""
    return {**arguments, "na.rm": True} if na_rm else arguments


def _foreign_node(node: Node, kernel: Kernel, layers: tuple[Layer, ...], verb: str) -> Node:
    """A kernel of another language: it runs on the calling thread, on copies of the block."""
    built = _user_node(node, kernel, layers, verb, "here")
    return replace(built, temporaries=24.0 * (len(node.layers) + len(layers)))


def _try_block(kernel: Kernel, layers: int) -> int:
    sample = np.arange(1, layers * 6 + 1, dtype=np.float64).reshape(layers, 2, 3)
    try:
        out = kernel(sample)
    except Exception as error:
        raise UDFError(
            f"app: the function raised {type(error).__name__}: {error} when it was tried on a block of shape "
            f"{sample.shape}"
        ) from error
    if out.ndim != 3 or out.shape[1:] != (2, 3):
        raise UDFError(
            f"app: for a block (layer, row, col) = {sample.shape} the function must give (2, 3) or (k, 2, 3), "
            f"got {out.shape}"
        )
    return len(out)


def _user_node(
    node: Node, kernel: Kernel, layers: tuple[Layer, ...], verb: str, runs: Runs = "threads"
) -> Cells:
    return Cells(
        grid=node.grid,
        layers=layers,
        dtype=FLOAT64,
        arguments=(node,),
        kernel=kernel,
        temporaries=16.0 * (len(node.layers) + len(layers)),
        runs=runs,
        verb=verb,
    )


def _output_layers(
    inputs: tuple[Layer, ...], count: int, names: Sequence[str] | None, labels: Sequence[str]
) -> tuple[Layer, ...]:
    if names is not None:
        if len(names) != count:
            raise ArgumentError(f"names: must be one per layer of the result ({count}), got {len(names)}")
        return tuple(Layer(str(name)) for name in names)
    if len(labels) == count:
        return tuple(Layer(label) for label in labels)
    if count == len(inputs):
        return tuple(Layer(layer.name) for layer in inputs)
    return tuple(Layer(f"lyr.{i + 1}") for i in range(count))


def lapp(
    x: SpatRaster,
    fun: Callable[..., Any],
    *,
    usenames: bool = False,
    names: Sequence[str] | None = None,
    **arguments: Any,
) -> SpatRaster:
    """Apply a function that takes one array per layer.

    Parameters
    ----------
    x : SpatRaster
    fun : callable
        ``fun(a, b, ...)`` with one array (row, col) per layer. It must be vectorised and treat every cell by itself;
        it gives an array (row, col), or several (a tuple, or an array (k, row, col)). Or an R function of rpy2, which
        takes one vector per layer and gives a vector or a matrix.
    usenames : bool
        Pass the layers by name: the parameters of `fun` are layer names.
    names : sequence of str, optional
        Names of the layers of the result.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        One layer per array that `fun` gives. Without `names` they have the names and times of `x` where they are as many
        as its layers, and are called ``lyr1, lyr2 ...`` elsewhere.

    Raises
    ------
    UDFError
        Where the function fails. The message says in which block.

    See Also
    --------
    app : Hands all layers over at once.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, nlyrs=2, vals=[1, 2, 3, 6], names=["red", "nir"])
    >>> r.lapp(lambda red, nir: (nir - red) / (nir + red)).values(drop=True)
    array([0.5, 0.5])
    """
    node = node_of(x, "lapp")
    labels = tuple(layer.name for layer in node.layers)
    if usenames and len(set(labels)) < len(labels):
        raise ArgumentError(f"lapp: usenames needs different layer names, got {', '.join(labels)}")
    theirs = foreign(fun)
    if theirs is not None:
        return raster(
            _timed(
                _foreign_lapp(node, theirs.bound(arguments), labels if usenames else (), names), node.layers
            )
        )
    kernel = LayerArguments(Function(fun, arguments), labels if usenames else ())
    made = over_arrays(node, kernel, names, [node.layers], f"{len(labels)} arrays of shape (2, 3)", "layer")
    return raster(_timed(made._node, node.layers))


def over_arrays(
    node: Node,
    kernel: Kernel,
    names: Sequence[str] | None,
    alike: Sequence[Sequence[Layer]],
    tried: str,
    each: str,
) -> SpatRaster:
    """What a function of arrays gives for each cell of a node. It is tried on a small block first.

    Parameters
    ----------
    alike : sequence of sequence of Layer
        The result keeps the names of the first that has as many layers.
    tried, each : str
        What the function was tried on, and what it has a parameter for; for messages.
    """
    sample = np.arange(1, len(node.layers) * 6 + 1, dtype=np.float64).reshape(-1, 2, 3)
    try:
        out = kernel(sample)
    except Exception as error:
        raise UDFError(
            f"lapp: the function raised {type(error).__name__}: {error} when it was tried on {tried}; "
            f"it needs one parameter per {each} and must work on arrays"
        ) from error
    if out.shape[1:] != (2, 3):
        raise UDFError(
            f"lapp: for arrays of shape (2, 3) the function must give (2, 3) or (k, 2, 3), got {out.shape}"
        )
    count = len(out)
    fitting = next((tuple(layers) for layers in alike if len(layers) == count), ())
    if names is not None or fitting:
        layers = _output_layers(fitting, count, names, ())
    else:
        layers = tuple(Layer(f"lyr{i + 1}") for i in range(count))
    built = _user_node(node, kernel, layers, "lapp")
    dtype = np.dtype(np.float32 if out.dtype.kind == "b" else np.result_type(out.dtype, np.float32))
    return raster(replace(built, dtype=dtype if dtype in (np.float32, np.float64) else FLOAT64))


def _timed(made: Node, like: tuple[Layer, ...]) -> Node:
    """What was made, with the times of the layers where there are as many."""
    if len(made.layers) != len(like):
        return made
    return replace(made, layers=tuple(la.timed(one) for la, one in zip(made.layers, like, strict=True)))


def _foreign_lapp(
    node: Node, function: ForeignFunction, by_name: tuple[str, ...], names: Sequence[str] | None
) -> Node:
    calling, count, labels = try_foreign(function, ("columns",), len(node.layers), by_name, "lapp")
    if names is None and not labels and count != len(node.layers):
        names = [f"lyr{i + 1}" for i in range(count)]
    layers = _output_layers(node.layers, count, names, labels)
    return _foreign_node(node, ForeignCells(function, calling, count, by_name), layers, "lapp")


def sapp(x: SpatRaster, fun: Callable[..., SpatRaster], **arguments: Any) -> SpatRaster:
    """Apply a function of a raster to each layer by itself, and join the results.

    Parameters
    ----------
    x : SpatRaster
    fun : callable
        A function ``fun(layer)`` that takes a SpatRaster of one layer and gives a SpatRaster; or an R function of
        rpy2, which is called at once with a SpatRaster of terra.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        The results, one after the other.

    See Also
    --------
    app : Applies a function to the layers of each cell.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, nlyrs=2, vals=[1, 4, 9, 16])
    >>> r.sapp(pt.SpatRaster.sqrt).values()
    array([[1., 3.],
           [2., 4.]])
    """
    return c(*(of_raster(fun, layer, arguments) for layer in x))


def of_raster(fun: Callable[..., Any], x: SpatRaster, arguments: dict[str, Any]) -> SpatRaster:
    """What a function of a raster gives: a raster of its own, whose names may be set."""
    theirs = foreign(fun)
    part = fun(x, **arguments) if theirs is None else theirs.on_raster(x, arguments)
    if not is_raster(part):
        raise UDFError(f"sapp: the function must give a SpatRaster, got {type(part).__name__}")
    return raster(part._node)


@dataclass(frozen=True)
class Halves:
    """``fun(a, b)`` as a function of both one after the other."""

    function: Function
    first: int
    """Values of `a`."""

    def __call__(self, values: Array) -> Any:
        return self.function(values[: self.first], values[self.first :])


def xapp(x: SpatRaster, y: SpatRaster, fun: Callable[..., Any], **arguments: Any) -> SpatRaster:
    """Apply a function to the layers of two rasters at each cell.

    Parameters
    ----------
    x, y : SpatRaster
        Rasters on one grid, with any number of layers.
    fun : callable
        ``fun(a, b)`` with the values of the layers of `x` and of `y` at a cell (float64, NaN = missing), giving a number
        or several. It runs in Python, on worker processes where that is worth while. Or an R function of rpy2.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        One layer per value that `fun` gives; names of `x` where these are as many as its layers.

    Raises
    ------
    GridMismatchError
        Where the two do not share a grid.
    UDFError
        Where the function fails. The message says in which block.

    See Also
    --------
    app : Takes one raster.
    lapp : Takes an array per layer.

    Examples
    --------
    >>> import pyterra as pt
    >>> a, b = pt.rast([[[1, 2]], [[3, 4]]]), pt.rast([[[10, 10]], [[1, 2]]])
    >>> a.xapp(b, lambda a, b: (a * b).sum()).values(drop=True).tolist()
    [13.0, 28.0]
    """
    nodes = [node_of(x, "xapp"), node_of(y, "xapp: y")]
    grid = nodes[0].grid.check_same(nodes[1].grid, "xapp")
    both = join([on_grid(node, grid) for node in nodes])
    if not callable(fun):
        raise ArgumentError(f"xapp: fun must be a function of two arrays, got {fun!r}")
    count = len(nodes[0].layers)
    cells = Function(Halves(Function(callable_of(fun), arguments), count), {})
    width, _, labels = try_out(cells, len(both.layers), "xapp")
    layers = _output_layers(nodes[0].layers, width, None, labels)
    runs: Runs = "here" if foreign(fun) is not None else "processes"
    return raster(_user_node(both, PythonCells(cells, width, FLOAT64), layers, "xapp", runs))
