"""Statistics over cells: global_, minmax, and counts of values. Computed block by block, in the order of the blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Array, Node, Read, Reduce, join, select
from pyterra.functions.foreign import callable_of
from pyterra.grid import Window
from pyterra.io.array import ArraySource
from pyterra.plan import Gathering
from pyterra.raster._build import choice, node_of, on_grid
from pyterra.run import known_answer, reduce, to_array

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

MOMENTS = ("sum", "mean", "min", "max", "range", "prod", "sd", "std", "var", "rms", "isNA", "notNA")
BUILT_IN = (*MOMENTS, "modal", "median")
WEIGHTED = ("sum", "mean")
VALUE_BYTES = 160.0
"""Of a value, its count and their place in a table, and of both lists while they are merged."""
CELL_BYTES = 28.0
"""Of a cell that is handed to a user's function: as computed, as float64, and without missing ones."""
FEWER_VALUES = "round() or classify() the values, or take fewer layers"
BY_BLOCKS = "take a statistic that is computed block by block, or a part of the raster"
_ALIASES = {"count": "notNA", "count_na": "isNA", "mode": "modal"}
_LABELS = {"isNA": "isNA", "notNA": "notNA"}


def _flat(block: Array) -> Array:
    return block.reshape(len(block), -1)


# Moments: everything that needs counts, sums and extremes only


def _moments_of(block: Array, window: Window) -> Any:
    return kernels.reduce.moments(_flat(block))


def _same(partial: Any) -> Any:
    return partial


_MOMENTS = "moments"


def moments(node: Node) -> Any:
    """Counts, sums and extremes of every layer (`kernels.reduce.Moments`), computed once per node."""
    return reduce(Reduce(node=node, chunk=_moments_of, combine=_merge_moments, finalise=_same), key=_MOMENTS)


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
        ``sum mean min max range prod sd std var rms isNA notNA modal median``, or ``fun(values)`` with the values of
        a layer (float64, in memory), giving a number or several.
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

    fun = callable_of(fun)
    node = node_of(x, "global_")
    names = [layer.name for layer in node.layers]
    if weights is not None:
        return _weighted(node, weights, fun, na_rm)
    if callable(fun) and not isinstance(fun, str):
        return _by_function(node, fun, na_rm, arguments)
    if arguments:
        raise ArgumentError(f"global_: built-ins take no further arguments, got {', '.join(arguments)}")
    wanted = [fun] if isinstance(fun, str) else list(fun)
    columns: dict[str, Any] = {}
    for item in wanted:
        name = choice(_ALIASES.get(item, item), BUILT_IN, "global_: fun")
        columns |= _statistic(node, name, na_rm)
    return pd.DataFrame(columns, index=pd.Index(names))


def _statistic(node: Node, name: str, na_rm: bool) -> dict[str, Any]:
    if name in ("modal", "median"):
        return {name: [_by_counts(counted, name, na_rm) for counted in counts_of(node, None, "global_")]}
    finish, known = kernels.reduce.finish_moments, moments(node)
    if name == "range":
        return {"min": finish(known, "min", na_rm), "max": finish(known, "max", na_rm)}
    inner = {"isNA": "count_na", "notNA": "count"}.get(name, name)
    return {name: finish(known, inner, na_rm)}


def _by_counts(counted: tuple[Any, Any], name: str, na_rm: bool) -> float:
    values, counts = counted
    missing = np.isnan(values)
    if missing.any() and not na_rm:
        return float("nan")
    values, counts = values[~missing], counts[~missing]
    if values.size == 0:
        return float("nan")
    if name == "modal":
        return float(kernels.reduce.most_frequent((values, counts)))
    ends, total = np.cumsum(counts), int(counts.sum())
    low, high = (
        values[np.searchsorted(ends, (total - 1) // 2 + 1)],
        values[np.searchsorted(ends, total // 2 + 1)],
    )
    return float(low + high) / 2


@dataclass(frozen=True)
class WeightedSums:
    """Partial weighted sums; the last layer holds the weights."""

    def __call__(self, block: Array, window: Window) -> Any:
        flat = _flat(block)
        return kernels.reduce.sum_weighted(flat[:-1], flat[-1:])


def _weighted(node: Node, weights: SpatRaster, fun: Any, na_rm: bool) -> pd.DataFrame:
    import pandas as pd

    name = choice(fun, WEIGHTED, "global_: fun with weights")
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


def _by_function(node: Node, fun: Callable[..., Any], na_rm: bool, arguments: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    Gathering("global_", "cells", CELL_BYTES, BY_BLOCKS).check(node.grid.cells)
    for i, layer in enumerate(node.layers):
        values = to_array(select(node, [i])).ravel().astype(np.float64)
        if na_rm:
            values = values[~np.isnan(values)]
        try:
            rows.append(np.atleast_1d(np.asarray(fun(values, **arguments), dtype=np.float64)))
        except Exception as error:
            raise UDFError(
                f"global_: the function raised {type(error).__name__}: {error} for layer {layer.name!r} "
                f"({values.size} values)"
            ) from error
    if len({row.size for row in rows}) > 1:
        raise UDFError("global_: the function must give as many values for every layer")
    labels = ["global"] if rows[0].size == 1 else [f"global_{i + 1}" for i in range(rows[0].size)]
    return pd.DataFrame(np.stack(rows), index=pd.Index([la.name for la in node.layers]), columns=labels)


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
        NaN for a layer without values.

    Examples
    --------
    >>> import pyterra as pt
    >>> (pt.rast([[3, 1]]) * 2).minmax().ravel().tolist()
    [2.0, 6.0]
    """
    node = node_of(x, "minmax")
    if compute and any(layer.range is None for layer in node.layers):
        moments(node)
    found = [limits or (np.nan, np.nan) for limits in known_limits(node)]
    return np.array(found).T.reshape(2, len(found))


def known_limits(node: Node) -> list[tuple[float, float] | None]:
    """Lowest and highest value of each layer, where the source says them, they were computed before, or lie in memory."""
    limits = [layer.range for layer in node.layers]
    if all(limits):
        return limits
    found = known_answer(node, _MOMENTS)
    if found is None:
        return _limits_in_memory(node) or limits
    finish = kernels.reduce.finish_moments
    ends = zip(finish(found, "min", True), finish(found, "max", True), strict=True)
    return [told or (float(low), float(high)) for told, (low, high) in zip(limits, ends, strict=True)]


def _limits_in_memory(node: Node) -> list[tuple[float, float] | None]:
    if not (isinstance(node, Read) and isinstance(node.source, ArraySource)):
        return []
    layers = [node.source.array[band] for band in node.bands]
    return [(float(np.fmin.reduce(a, axis=None)), float(np.fmax.reduce(a, axis=None))) for a in layers]


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
