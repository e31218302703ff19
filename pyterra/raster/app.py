"""app, lapp, tapp and sapp: functions over the layers of each cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Array, Cells, Layer, Node
from pyterra.expr.times import in_step
from pyterra.functions.foreign import ForeignCells, ForeignFunction, ForeignGroups, Way, foreign, try_foreign
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
from pyterra.raster._build import FLOAT64, choice, node_of, raster
from pyterra.raster.join import c
from pyterra.series import periods

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

Kernel = Callable[..., Array]

BUILT_IN = (
    "sum", "mean", "median", "modal", "min", "max", "range", "prod", "any", "all", "none", "sd", "std", "var",
    "which", "which_min", "which_max", "first", "count", "count_na",
)  # fmt: skip
_ALIASES = {"which.min": "which_min", "which.max": "which_max", "notNA": "count", "isNA": "count_na"}
_LABELS = {"which_min": "which.min", "which_max": "which.max"}
_VERBS = {
    getattr(summary, name): name
    for name in (
        "sum",
        "mean",
        "median",
        "modal",
        "min",
        "max",
        "range",
        "prod",
        "any",
        "all",
        "which_min",
        "which_max",
    )
}


def built_in(fun: Any, verb: str) -> str | None:
    """Name of the built-in statistic that is meant, or None for a user's function.

    Only pyterra's own strings and functions are built-ins: a function of yours named `mean` is yours.
    """
    if isinstance(fun, str):
        return choice(_ALIASES.get(fun, fun), BUILT_IN, f"{verb}: fun")
    fun = getattr(fun, "of_raster", fun)  # a verb of several classes
    return _VERBS.get(fun) if callable(fun) and getattr(fun, "__hash__", None) else None


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
        A built-in: ``sum mean median modal min max range prod any all none sd std var which which_min which_max first
        count count_na``. Or a function of yours: ``fun(v)`` with `v` the values of the layers at a cell (float64,
        NaN = missing), giving a number or as many numbers as the result has layers. It is compiled with numba
        where numba can type it; else it runs in Python on worker processes. numpy's reductions (``np.nanmean``) are
        called for a whole block with ``axis=0``. Or an R function of rpy2, of a cell's values or, as ``rowSums``, of a
        matrix of cells: called once per block, by the calling thread.
    per : {"cell", "block"}
        With "block", ``fun(block)`` gets an array (layer, row, col) and returns (row, col) or (k, row, col).
    na_rm : bool
        For built-ins: leave missing layers out. An R function gets it as ``na.rm``.
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
        Where the function fails; says in which block, for which cells and shapes.

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
    name = built_in(fun, "app")
    if name is not None:
        if arguments:
            raise ArgumentError(
                f"app: {name!r} takes no further arguments, got {', '.join(arguments)}; use na_rm="
            )
        out = summary.statistic(x, name, na_rm=na_rm, label=_LABELS.get(name, name))
        return _renamed(out, names)
    theirs = foreign(fun)
    if theirs is not None:
        return raster(_foreign_app(node, theirs.bound(_with_na_rm(arguments, na_rm)), per, names, nlyr))
    function = Function(fun, arguments)  # type: ignore[arg-type]
    if per == "block" or is_numpy_reduction(function.call):
        kernel: Kernel = BlockFunction(function, axis=per != "block")
        count = nlyr or _try_block(kernel, len(node.layers))
        return raster(
            _user_node(node, kernel, _output_layers(node.layers, count, names, ()), "app", gil=False)
        )
    if per != "cell":
        raise ArgumentError(f"app: per must be 'cell' or 'block', got {per!r}")
    labels = tuple[str, ...]()
    if nlyr is None:
        nlyr, _, labels = try_out(function, len(node.layers), "app")
    kernel, gil = cell_kernel(function, nlyr)
    return raster(_user_node(node, kernel, _output_layers(node.layers, nlyr, names, labels), "app", gil=gil))


def cell_kernel(function: Function, count: int) -> tuple[Kernel, bool]:
    """The kernel of a cell function, compiled if that works, and whether it holds the GIL."""
    if dispatcher(function, "(float64[::1],)") is not None:
        return CompiledCells(function, count, FLOAT64), False
    return PythonCells(function, count, FLOAT64), True


def _foreign_app(
    node: Node, function: ForeignFunction, per: str, names: Sequence[str] | None, nlyr: int | None
) -> Node:
    ways: tuple[Way, ...] = ("rows",) if per == "block" else ("each", "rows")
    own = tuple(layer.name for layer in node.layers)
    try:
        way, count, labels = try_foreign(function, ways, len(own), own, "app")
    except UDFError:
        if nlyr is None:
            raise
        way, count, labels = ways[0], nlyr, ()
    if nlyr not in (None, count):
        raise ArgumentError(f"app: nlyr must be what the function gives ({count}), got {nlyr}")
    if names is None and not (labels and all(labels)):
        names = [f"lyr.{i + 1}" for i in range(count)]
    layers = _output_layers(node.layers, count, names, labels)
    return _foreign_node(node, ForeignCells(function, way, count, own), layers, "app")


def _with_na_rm(arguments: dict[str, Any], na_rm: bool) -> dict[str, Any]:
    """Arguments as an R function knows them."""
    return {**arguments, "na.rm": True} if na_rm else arguments


def _foreign_node(node: Node, kernel: Kernel, layers: tuple[Layer, ...], verb: str) -> Node:
    """A kernel of another language: it runs on the calling thread, on copies of the block."""
    built = _user_node(node, kernel, layers, verb, gil=False)
    assert isinstance(built, Cells)
    return replace(built, home=True, temporaries=24.0 * (len(node.layers) + len(layers)))


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


def _user_node(node: Node, kernel: Kernel, layers: tuple[Layer, ...], verb: str, *, gil: bool) -> Node:
    return Cells(
        grid=node.grid,
        layers=layers,
        dtype=FLOAT64,
        arguments=(node,),
        kernel=kernel,
        temporaries=16.0 * (len(node.layers) + len(layers)),
        gil=gil,
        user=verb,
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


def _renamed(x: SpatRaster, names: Sequence[str] | None) -> SpatRaster:
    if names is not None:
        x.names = names
    return x


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
        it gives an array (row, col), or several (a tuple, or an array (k, row, col)). Or an R function of rpy2 of one
        vector per layer, giving a vector or a matrix.
    usenames : bool
        Pass the layers by name: the parameters of `fun` are layer names.
    names : sequence of str, optional
        Names of the layers of the result.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster

    Raises
    ------
    UDFError
        Where the function fails; says in which block.

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
        return raster(_foreign_lapp(node, theirs.bound(arguments), labels if usenames else (), names))
    kernel = LayerArguments(Function(fun, arguments), labels if usenames else ())
    return over_arrays(node, kernel, names, (), f"{len(labels)} arrays of shape (2, 3)", "layer")


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
    built = _user_node(node, kernel, layers, "lapp", gil=False)
    dtype = np.dtype(np.float32 if out.dtype.kind == "b" else np.result_type(out.dtype, np.float32))
    return raster(replace(built, dtype=dtype if dtype in (np.float32, np.float64) else FLOAT64))


def _foreign_lapp(
    node: Node, function: ForeignFunction, by_name: tuple[str, ...], names: Sequence[str] | None
) -> Node:
    way, count, labels = try_foreign(function, ("columns",), len(node.layers), by_name, "lapp")
    if names is None and not labels:
        names = [f"lyr{i + 1}" for i in range(count)]
    layers = _output_layers(node.layers, count, names, labels)
    return _foreign_node(node, ForeignCells(function, way, count, by_name), layers, "lapp")


@dataclass(frozen=True)
class Groups:
    """One kernel per group of layers, results one after the other."""

    groups: tuple[tuple[int, ...], ...]
    kernel: Kernel

    def __call__(self, block: Array) -> Array:
        return np.concatenate([self.kernel(np.ascontiguousarray(block[list(g)])) for g in self.groups])


def tapp(
    x: SpatRaster,
    index: str | Sequence[Any] | Callable[[Any], Any],
    fun: str | Callable[..., Any],
    *,
    na_rm: bool = False,
    **arguments: Any,
) -> SpatRaster:
    """Apply a function to groups of layers.

    Parameters
    ----------
    x : SpatRaster
    index : sequence, str or callable
        The group of each layer (recycled); or a period of the time of the layers: ``years months yearmonths dekads
        yeardekads weeks yearweeks days doy 7days 10days 15days``; or a function that gives the group of a time stamp.
    fun : str or callable
        A built-in of `app`, or a function ``fun(v)`` of the layers of a group at a cell, which may be an R function.
    na_rm : bool
        For built-ins: leave missing layers out.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        One layer per group in order of first appearance, named ``X1`` for group 1, ``y_2020``, ``m_1``, ``ym_202001``,
        ``doy_032`` and so on for periods; ``X1_1, X1_2`` where `fun` gives several values.

    Notes
    -----
    Weeks are those of ISO 8601: they begin on Monday, and week 1 is the one with the first Thursday of the year. Dekads
    are thirds of months (days 1 to 10, 11 to 20, the rest), 1 to 36 in a year; ``7days``, ``10days`` and ``15days``
    count from 1 January of each year. Times in ``yearmonths`` can be grouped by years, months and yearmonths, those in
    ``months`` and ``years`` by these.
    """
    node = node_of(x, "tapp")
    keys, prefix = _group_keys(x, index)
    order = list(dict.fromkeys(keys))
    groups = tuple(tuple(i for i, k in enumerate(keys) if k == key) for key in order)
    name, theirs = built_in(fun, "tapp"), foreign(fun)
    labels: Sequence[str] = ()
    if theirs is not None:
        theirs = theirs.bound(_with_na_rm(arguments, na_rm))
        kernel, count, labels = _foreign_groups(theirs, groups, node)
        dtype, user, gil = FLOAT64, "tapp", False
    elif name is not None:
        if arguments:
            raise ArgumentError(
                f"tapp: {name!r} takes no further arguments, got {', '.join(arguments)}; use na_rm="
            )
        dtype = summary.statistic_dtype(name, node)
        kernel = summary.LayerStatistic(name, na_rm, dtype)
        count, gil, user = 2 if name == "range" else 1, False, ""
    else:
        function = Function(fun, arguments)  # type: ignore[arg-type]
        dtype, user = FLOAT64, "tapp"
        if is_numpy_reduction(function.call):
            kernel, count, gil = BlockFunction(function, axis=True), 1, False
        else:
            sizes = {try_out(function, len(g), "tapp")[:2] for g in groups}
            if len(sizes) > 1:
                raise UDFError(
                    f"tapp: {function.name} must give as many values for every group, got {sorted(sizes)}"
                )
            count, _ = sizes.pop()
            kernel, gil = cell_kernel(function, count)
    ends = labels or [str(i + 1) for i in range(count)]
    labels = [_made_name(key, prefix) for key in order]
    if count > 1:
        labels = [f"{label}_{end}" for label in labels for end in ends]
    stamps = _group_times(x, groups, index)
    layers = tuple(
        Layer(label, time=stamps[i // count][0], step=stamps[i // count][1]) for i, label in enumerate(labels)
    )
    return raster(
        Cells(
            grid=node.grid,
            layers=layers,
            dtype=dtype,
            arguments=(node,),
            kernel=kernel if theirs is not None else Groups(groups, kernel),
            temporaries=(24.0 if user else 8.0) * (max(map(len, groups)) + len(layers)),
            gil=gil,
            home=theirs is not None,
            user=user,
        )
    )


def _foreign_groups(
    function: ForeignFunction, groups: Sequence[tuple[int, ...]], node: Node
) -> tuple[Kernel, int, tuple[str, ...]]:
    """The kernel of a function of another language, the number of values it gives for a group, and their names."""
    own = [tuple(node.layers[i].name for i in group) for group in groups]
    tried = [try_foreign(function, ("each", "rows"), len(names), names, "tapp") for names in own]
    counts = {count for _, count, _ in tried}
    if len(counts) > 1:
        raise UDFError(
            f"tapp: the {function.foreign} must give as many values for every group, got {sorted(counts)}"
        )
    parts = tuple(
        ForeignCells(function, way, count, names) for (way, count, _), names in zip(tried, own, strict=True)
    )
    return ForeignGroups(tuple(groups), parts), tried[0][1], tried[0][2]


def _group_keys(x: SpatRaster, index: Any) -> tuple[list[Any], str]:
    if isinstance(index, str) or callable(index):
        stamps = x.time
        if stamps is None:
            raise ArgumentError("tapp: grouping by period needs layers with time; set .time first")
        if callable(index):
            return [index(stamp) for stamp in stamps], "X"
        return periods.labels(stamps, x.time_info(), index)
    keys = list(np.asarray(index).tolist()) if np.ndim(index) else [index]
    if not keys:
        raise ArgumentError("tapp: index must name a group per layer, got nothing")
    return [keys[i % len(keys)] for i in range(len(x))], "X"


def _made_name(key: Any, prefix: str) -> str:
    """The name of a group: a period, or a key without what R would not take, after ``X`` where it begins with a digit."""
    if isinstance(key, float) and key.is_integer():
        key = int(key)
    text = str(key)
    if prefix != "X":
        return prefix + text
    made = "".join(ch if ch.isalnum() or ch in "._" else "." for ch in text)
    return made if made[:1].isalpha() else prefix + made


def _group_times(x: SpatRaster, groups: Sequence[Sequence[int]], index: Any) -> list[tuple[Any, str]]:
    """Times of the groups for periods that are a step of time, as terra gives them."""
    if not isinstance(index, str) or index not in periods.STEPS:
        return [(None, "")] * len(groups)
    layers, step = x._node.layers, x.time_info()
    return [(_in_period(layers[group[0]], step, index), index) for group in groups]


def _in_period(layer: Layer, step: str, period: str) -> Any:
    stamp = in_step(layer, step)
    if period != "months" or step == "months":
        return in_step(replace(layer, time=stamp, step=step), period)
    months = (
        int(stamp.astype("datetime64[M]").astype(int))
        if isinstance(stamp, np.datetime64)
        else round(stamp * 12)
    )
    return float(months % 12 + 1)


def sapp(x: SpatRaster, fun: Callable[..., SpatRaster], **arguments: Any) -> SpatRaster:
    """Apply a function of a raster to each layer by itself, and join the results.

    Parameters
    ----------
    x : SpatRaster
    fun : callable
        ``fun(layer)`` with a SpatRaster of one layer, giving a SpatRaster. Or an R function of rpy2: it is called at
        once, with a SpatRaster of terra.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, nlyrs=2, vals=[1, 4, 9, 16])
    >>> r.sapp(pt.SpatRaster.sqrt).values()
    array([[1., 3.],
           [2., 4.]])
    """
    parts, theirs = [], foreign(fun)
    for layer in x:
        part = fun(layer, **arguments) if theirs is None else theirs.on_raster(layer, arguments)
        if not hasattr(part, "_node"):
            raise UDFError(f"sapp: the function must give a SpatRaster, got {type(part).__name__}")
        parts.append(part)
    return c(*parts)
