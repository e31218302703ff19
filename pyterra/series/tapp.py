"""tapp: functions over groups of layers, which are often periods of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Array, Cells, Layer, Node, Runs
from pyterra.expr.times import in_step
from pyterra.frozen import dataclass
from pyterra.functions.foreign import ForeignCells, ForeignFunction, ForeignGroups, foreign, try_foreign
from pyterra.functions.udf import (
    BlockFunction,
    Function,
    is_numpy_reduction,
    try_out,
)
from pyterra.raster import summary
from pyterra.raster.app import Kernel, cell_kernel, with_na_rm
from pyterra.raster.build import FLOAT64, node_of, raster
from pyterra.series import periods
from pyterra.statistics import named

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


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
        A statistic, as for `app`; or a function ``fun(v)`` of the layers of a group at a cell, which may be of R.
    na_rm : bool
        Leave missing layers out of a statistic.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        One layer per group in order of first appearance, named ``X1`` for group 1, ``y_2020``, ``m_1``, ``ym_202001``,
        ``doy_032`` and so on for periods; ``X1_1, X1_2`` where `fun` gives several values.

    See Also
    --------
    app : Applies a function to all layers.
    set_time : Gives layers their times.

    Notes
    -----
    Weeks are those of ISO 8601: they begin on Monday, and week 1 is the one with the first Thursday of the year. Dekads
    are thirds of months (days 1 to 10, 11 to 20, the rest), 1 to 36 in a year; ``7days``, ``10days`` and ``15days``
    count from 1 January of each year. Times in ``yearmonths`` can be grouped by years, months and yearmonths, those in
    ``months`` and ``years`` by these.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]], [[10]]]).set_time(["2020-01-01", "2020-07-01", "2021-01-01"])
    >>> years = r.tapp("years", "sum")
    >>> dict(zip(years.names, years.values()[0].tolist()))
    {'y_2020': 3.0, 'y_2021': 10.0}
    >>> r.tapp([1, 2, 1], "max").values().tolist()
    [[10.0, 2.0]]
    """
    node = node_of(x, "tapp")
    keys, prefix = _group_keys(x, index)
    order = list(dict.fromkeys(keys))
    groups = tuple(tuple(i for i, k in enumerate(keys) if k == key) for key in order)
    known, theirs = named(fun, "tapp", arguments=arguments), foreign(fun)
    labels: Sequence[str] = ()
    runs: Runs
    if theirs is not None:
        theirs = theirs.bound(with_na_rm(arguments, na_rm))
        kernel, count, labels = _foreign_groups(theirs, groups, node)
        dtype, verb, runs = FLOAT64, "tapp", "here"
    elif known is not None:
        dtype = known.dtype(node.dtype)
        kernel = summary.LayerStatistic(known.name, na_rm, dtype)
        count, runs, verb = known.width, "threads", ""
    else:
        function = Function(fun, arguments)  # type: ignore[arg-type]
        dtype, verb = FLOAT64, "tapp"
        if is_numpy_reduction(function.call):
            kernel, count, runs = BlockFunction(function, axis=True), 1, "threads"
        else:
            sizes = {try_out(function, len(g), "tapp")[:2] for g in groups}
            if len(sizes) > 1:
                raise UDFError(
                    f"tapp: {function.name} must give as many values for every group, got {sorted(sizes)}"
                )
            count, _ = sizes.pop()
            kernel, runs = cell_kernel(function, count)
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
            temporaries=(24.0 if verb else 8.0) * (max(map(len, groups)) + len(layers)),
            runs=runs,
            verb=verb,
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
        ForeignCells(function, calling, count, names)
        for (calling, count, _), names in zip(tried, own, strict=True)
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
