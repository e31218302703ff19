"""Statistics over cells: global_, minmax, and counts of values. Computed block by block, in the order of the blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError, warn
from pyterra.expr import Array, Node, Read, Reduce, join, select
from pyterra.frozen import dataclass
from pyterra.functions.foreign import callable_of
from pyterra.grid import Window
from pyterra.io.safe.aside import apart
from pyterra.plan import Gathering
from pyterra.raster.build import geometry_of, node_of, on_grid, raster
from pyterra.run import known_answer, reduce, to_array
from pyterra.statistics import TABLE, Statistic, named
from pyterra.statistics.groups import by_function, of_groups, of_one_width
from pyterra.statistics.table import weighable

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

VALUE_BYTES = 160.0
"""Of a value, its count and their place in a table, and of both lists while they are merged."""
CELL_BYTES = 28.0
"""Of a cell that is handed to a user's function: as computed, as float64, and without missing ones."""
FEWER_VALUES = "round() or classify() the values, or take fewer layers"
BY_BLOCKS = "take a statistic that is computed block by block, or a part of the raster"


def _flat(block: Array) -> Array:
    return block.reshape(len(block), -1)


# Moments: everything that needs counts, sums and extremes only


def _moments_of(block: Array, window: Window) -> Any:
    return kernels.reduce.moments(_flat(block))


def _moments_of_truths(block: Array, window: Window) -> Any:
    return kernels.reduce.moments(kernels.finish.truths(_flat(block)))


def _same(partial: Any) -> Any:
    return partial


_MOMENTS = "moments"


def moments(node: Node, *, truth: bool = False) -> Any:
    """`kernels.reduce.Moments` of every layer, or of what is true there, computed once per node."""
    chunk, key = (_moments_of_truths, "truths") if truth else (_moments_of, _MOMENTS)
    return reduce(
        Reduce(
            node=node, chunk=chunk, combine=_merge_moments, finalise=_same, temporaries=16.0 if truth else 0.0
        ),
        key=key,
    )


def _merge_moments(a: Any, b: Any) -> Any:
    return kernels.reduce.merge_moments(a, b)


def global_(
    x: SpatRaster,
    fun: str | Sequence[str] | Callable[..., Any] = "mean",
    *,
    na_rm: bool = False,
    weights: SpatRaster | None = None,
    **arguments: Any,
) -> pd.DataFrame:
    """Statistics of all cells of each layer.

    Parameters
    ----------
    x : SpatRaster
    fun : str, sequence of str or callable
        Statistics, as for `app` (positions are numbers of cells), ``"anyNA"`` or ``"anynotNA"`` (whether any cell is
        missing, or is not), or ``fun(values)`` with the values of a layer
        (float64, in memory), giving a number or several; a mapping or a named tuple also tells
        what the columns are called.
    na_rm : bool
        Leave missing cells out; otherwise one missing cell makes the result missing.
    weights : SpatRaster, optional
        One layer of weights, for sum and mean.
    **arguments
        Further arguments for a function.

    Returns
    -------
    pandas.DataFrame
        A row per layer (its name), a column per statistic.

    See Also
    --------
    app : Takes a statistic of the layers of each cell.
    zonal : Takes statistics by zone.
    freq : Counts values.
    minmax : Gives the lowest and the highest value.

    Notes
    -----
    ``sd`` is that of a sample, ``std`` of the population; ``rms`` divides by n - 1, as terra's. Sums carry their
    rounding errors along, so blocks of another shape change the last digits at most.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, vals=[1, 2, 3, 6], names="a")
    >>> r.global_(["mean", "sd"]).round(3).values.tolist()
    [[3.0, 2.16]]
    """
    import pandas as pd

    node = node_of(x, "global_")
    several = np.iterable(fun) and not (isinstance(fun, str) or callable(fun))
    wanted: list[Any] = list(fun) if several else [fun]  # type: ignore[arg-type]
    meant = [
        named(callable_of(item), "global_", arguments=arguments, also=tuple(_WHETHER)) for item in wanted
    ]
    if weights is not None:
        return _weighted(node, weights, meant[0], na_rm)
    columns: dict[str, Any] = {}
    for item, known in zip(wanted, meant, strict=True):
        if isinstance(item, str) and item in _WHETHER:
            columns[item] = np.asarray(_statistic(node, TABLE[_WHETHER[item]], na_rm)[0]) > 0
        elif known is None:
            columns |= _by_function(node, callable_of(item), na_rm, arguments)
        else:
            found = _statistic(node, known, na_rm)
            columns |= dict(zip(known.gives or known.labels, found, strict=True))
    return pd.DataFrame(columns, index=pd.Index([layer.name for layer in node.layers]))


_WHETHER = {"anyNA": "count_na", "anynotNA": "count"}
"""Questions whether there is any of what a statistic counts."""


def _statistic(node: Node, known: Statistic, na_rm: bool) -> list[Any]:
    """The numbers of a statistic, each for all layers."""
    if known.counted:
        counted = counts_of(node, None, "global_")
        return [[kernels.finish.finish_counts(pair, known.name, na_rm) for pair in counted]]
    if known.sums is not None:
        parts = moments(node, truth=known.truth)
        return [kernels.finish.finish(parts, name, na_rm) for name in known.numbers]
    layers = _values_of_layers(node)
    found = [apart(of_groups, values[:, None], _WHOLE, known, na_rm)[0, 0] for values in layers]
    return list(np.array(found).T)


_WHOLE = np.zeros(1, np.int64)
"""Where the one group of all cells begins."""


def _values_of_layers(node: Node) -> Iterator[Array]:
    """The values of one layer after the other, where they fit into memory."""
    Gathering("global_", "cells", CELL_BYTES, BY_BLOCKS).check(node.grid.cells)
    for i in range(len(node.layers)):
        yield to_array(select(node, [i])).ravel().astype(np.float64)


@dataclass(frozen=True)
class WeightedSums:
    """Partial weighted sums; the last layer holds the weights."""

    def __call__(self, block: Array, window: Window) -> Any:
        flat = _flat(block)
        return kernels.reduce.sum_weighted(flat[:-1], flat[-1:])


def _weighted(node: Node, weights: SpatRaster, fun: Statistic | None, na_rm: bool) -> pd.DataFrame:
    import pandas as pd

    name = weighable(fun, "global_: fun with weights")
    other = node_of(weights, "global_")
    if len(other.layers) != 1:
        raise ArgumentError(f"global_: weights must have one layer, got {len(other.layers)}")
    grid = node.grid.check_same(other.grid, "global_")
    both = join([on_grid(node, grid), on_grid(other, grid)])
    parts = reduce(
        Reduce(node=both, chunk=WeightedSums(), combine=_merge_weighted, finalise=_same, temporaries=16.0)
    )
    values = kernels.reduce.finish_weighted(parts, name, na_rm)
    return pd.DataFrame({f"weighted_{name}": values}, index=pd.Index([la.name for la in node.layers]))


def _merge_weighted(a: Any, b: Any) -> Any:
    return kernels.reduce.merge_weighted(a, b)


def _by_function(node: Node, fun: Any, na_rm: bool, arguments: dict[str, Any]) -> dict[str, Any]:
    rows = []
    for layer, values in zip(node.layers, _values_of_layers(node), strict=True):
        told = [f"layer {layer.name!r}"]
        found = by_function(values[:, None], _WHOLE, fun, na_rm, "global_", columns=told, arguments=arguments)
        rows.append(found.numbers[0])
    numbers = of_one_width(rows, "global_")[:, 0]
    width = numbers.shape[1]
    labels = ["global"] if width == 1 else [f"global_{i + 1}" for i in range(width)]
    labels = list(found.names) or labels
    return dict(zip(labels, numbers.T, strict=True))


def minmax(x: SpatRaster, *, compute: bool = True) -> NDArray[np.float64]:
    """Lowest and highest value of each layer.

    Parameters
    ----------
    x : SpatRaster
    compute : bool
        Compute limits that are not known, and keep them; otherwise they are NaN.

    Returns
    -------
    ndarray of shape (2, nlyr)
        NaN for a layer without values, with a warning where the raster has none at all.

    See Also
    --------
    range : Gives the lowest and highest of the layers of each cell.
    global_ : Takes other statistics of all cells.

    Examples
    --------
    >>> import pyterra as pt
    >>> (pt.rast([[3, 1]]) * 2).minmax().ravel().tolist()
    [2.0, 6.0]
    """
    node = geometry_of(x, "minmax")
    if not x.has_values():
        warn("minmax: the raster has no cell values, so that no layer has a lowest or highest one")
        return np.full((2, len(node.layers)), np.nan)
    if compute and any(layer.range is None for layer in node.layers):
        moments(node)
    found = [limits or (np.nan, np.nan) for limits in known_limits(node)]
    return np.array(found).T.reshape(2, len(found))


def has_minmax(x: SpatRaster) -> list[bool]:
    """Whether the lowest and highest value of each layer are known without computing.

    Returns
    -------
    list of bool
        One per layer.

    See Also
    --------
    set_minmax : Computes them.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]]) * 2
    >>> r.has_minmax(), r.set_minmax().has_minmax()
    ([False], [True])
    """
    return [limits is not None for limits in known_limits(x._node)] if x.has_values() else [False] * len(x)


def set_minmax(x: SpatRaster, force: bool = False) -> SpatRaster:
    """A raster that knows the lowest and highest value of each layer.

    Parameters
    ----------
    x : SpatRaster
    force : bool
        Compute them where the source tells them too.

    Returns
    -------
    SpatRaster

    See Also
    --------
    minmax : Gives them.

    Examples
    --------
    >>> import pyterra as pt
    >>> (pt.rast([[1, 2]]) * 2).set_minmax().minmax(compute=False).ravel().tolist()
    [2.0, 4.0]
    """
    node = geometry_of(x, "set_minmax")
    if not x.has_values():
        return raster(node)
    if force:
        node = replace(node, layers=tuple(layer.without_range() for layer in node.layers))
    low, high = minmax(raster(node))
    ends = zip(node.layers, low.tolist(), high.tolist(), strict=True)
    return raster(replace(node, layers=tuple(replace(layer, range=(a, b)) for layer, a, b in ends)))


def known_limits(node: Node) -> list[tuple[float, float] | None]:
    """Lowest and highest value of each layer, where the source says them, they were computed before, or lie in memory."""
    limits = [layer.range for layer in node.layers]
    if all(limits):
        return limits
    found = known_answer(node, _MOMENTS)
    if found is None:
        return _limits_in_memory(node) or limits
    finish = kernels.finish.finish
    ends = zip(finish(found, "min", True), finish(found, "max", True), strict=True)
    return [told or (float(low), float(high)) for told, (low, high) in zip(limits, ends, strict=True)]


def _limits_in_memory(node: Node) -> list[tuple[float, float] | None]:
    if not isinstance(node, Read) or node.source.held is None:
        return []
    return [node.source.limits(band) for band in node.bands]


# Counts of values


@dataclass(frozen=True)
class CountValues:
    """Different values of each layer and how often they occur."""

    digits: int | None

    def __call__(self, block: Array, window: Window) -> list[Any]:
        return [kernels.reduce.value_counts(layer, self.digits) for layer in block]


def _merge_counts(a: list[Any], b: list[Any]) -> list[Any]:
    return [kernels.reduce.merge_counts(pair) for pair in zip(a, b, strict=True)]


def _number_of_values(counted: list[Any]) -> int:
    return sum(values.size for values, _ in counted)


def counts_of(node: Node, digits: int | None, verb: str) -> list[tuple[Any, Any]]:
    """Per layer: different values (ascending, NaN last) and their counts."""
    counted: list[tuple[Any, Any]] = reduce(
        Reduce(
            node=node,
            chunk=CountValues(digits),
            combine=_merge_counts,
            finalise=_same,
            count=_number_of_values,
            temporaries=24.0,
        ),
        key=("counts", digits),
        what=Gathering(verb, "different values", VALUE_BYTES, FEWER_VALUES),
    )
    return counted
