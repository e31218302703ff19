"""layer_cor: correlation and covariance of every pair of layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, Reduce, join
from pyterra.frozen import dataclass
from pyterra.functions.foreign import callable_of
from pyterra.grid import Window
from pyterra.plan import Gathering
from pyterra.raster.build import node_of, number, on_grid, one_layer
from pyterra.raster.surveys import sample_of
from pyterra.run import reduce, to_array

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.kernels.pairs import Pairs

USES = ("everything", "complete.obs", "pairwise.complete.obs", "masked.complete")
STATISTICS = {
    "cor": "correlation",
    "pearson": "correlation",
    "cov": "covariance",
    "weighted.cov": "weighted_covariance",
}
ALIASES = {"weighted_cov": "weighted.cov"}


@dataclass(frozen=True)
class PairSums:
    """Partial sums of every pair of layers; the last layer may be weights."""

    complete: bool
    weighted: bool

    def __call__(self, block: Array, window: Window) -> Pairs:
        flat = block.reshape(len(block), -1)
        if self.weighted:
            return kernels.pairs.pairs(flat[:-1], flat[-1], complete=self.complete)
        return kernels.pairs.pairs(flat, complete=self.complete)


def _merged(a: Pairs, b: Pairs) -> Pairs:
    return kernels.pairs.merge_pairs(a, b)


def _same(parts: Pairs) -> Pairs:
    return parts


def layer_cor(
    x: SpatRaster,
    fun: str | Callable[..., float] = "cor",
    w: SpatRaster | None = None,
    *,
    as_sample: bool = True,
    use: str = "everything",
    maxcell: float = np.inf,
    **arguments: Any,
) -> dict[str, pd.DataFrame] | pd.DataFrame:
    """Correlation or covariance of every pair of layers.

    Parameters
    ----------
    x : SpatRaster
        Two layers or more.
    fun : {"cor", "cov", "weighted.cov"} or callable
        Pearson's correlation, the covariance, the covariance with weights; or ``fun(a, b)`` with the values of two
        layers (float64, in memory), giving a number.
    w : SpatRaster, optional
        One layer of weights.
    as_sample : bool
        Divide by n - 1 (with weights by their sum - 1), otherwise by n.
    use : {"everything", "complete.obs", "pairwise.complete.obs", "masked.complete"}
        What becomes of missing cells. A layer with some gives missing numbers ("everything"), or cells are left out that
        are missing in any layer ("complete.obs"), or in one of the pair ("pairwise.complete.obs"). With
        "masked.complete" you say that all layers are missing in the same cells. The beginning of a word does.
    maxcell : int
        Take a regular sample of at most so many cells.
    **arguments
        Further arguments for a function.

    Returns
    -------
    dict of pandas.DataFrame, or pandas.DataFrame
        ``correlation``, ``covariance`` or ``weighted_covariance``, with rows and columns called after the layers;
        ``mean`` (``weighted_mean``): that of the layer of the row, in the cells that count for it and the layer of the
        column; and ``n``, how many these are. For a function the matrix alone.

    Raises
    ------
    ArgumentError
        Where there is one layer only; where weights are missing, or given for another statistic.
    MemoryBudgetError
        Where the values for a function do not fit the memory budget.

    See Also
    --------
    global_ : Takes statistics of each layer.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2, 3]], [[2, 4, 9]]], names=["a", "b"])
    >>> r.layer_cor("cor")["correlation"].round(3).values.tolist()
    [[1.0, 0.971], [0.971, 1.0]]
    >>> r.layer_cor("cov")["covariance"].values.tolist()
    [[1.0, 3.5], [3.5, 13.0]]
    """
    node = node_of(x, "layer_cor")
    if len(node.layers) < 2:
        raise ArgumentError("layer_cor: x must have two layers or more, got 1")
    fun = callable_of(fun)
    name = ALIASES.get(fun, fun) if isinstance(fun, str) else ""
    if isinstance(fun, str) or not callable(fun):
        name = choice(name, tuple(STATISTICS), "layer_cor: fun")
        if arguments:
            raise ArgumentError(f"layer_cor: {fun!r} takes no further arguments, got {', '.join(arguments)}")
    used = _use(use)
    if (w is None) == (name == "weighted.cov"):
        raise ArgumentError("layer_cor: w must be given for fun='weighted.cov', and for no other")
    if w is not None:
        node = _weighed(node, w)
    node = sample_of(node, number(maxcell, "layer_cor: maxcell")) or node
    if not name:
        return _by_function(node, fun, used, arguments)
    return _told(_pairs(node, used, w is not None), [la.name for la in x._node.layers], name, used, as_sample)


def _use(word: str) -> str:
    found = [full for full in USES if isinstance(word, str) and word and full.startswith(word)]
    return found[0] if len(found) == 1 else choice(word, USES, "layer_cor: use")


def _weighed(node: Node, w: SpatRaster) -> Node:
    weights = one_layer(w, "layer_cor", "w")
    grid = node.grid.check_same(weights.grid, "layer_cor")
    return join([on_grid(node, grid), on_grid(weights, grid)])


def _pairs(node: Node, use: str, weighted: bool) -> Pairs:
    chunk = PairSums(use == "complete.obs", weighted)
    found: Pairs = reduce(
        Reduce(
            node=node,
            chunk=chunk,
            combine=_merged,
            finalise=_same,
            temporaries=40.0 * len(node.layers),
        )
    )
    return found


def _told(parts: Pairs, names: list[str], name: str, use: str, sample: bool) -> dict[str, pd.DataFrame]:
    import pandas as pd

    found = (
        kernels.pairs.correlation(parts)
        if STATISTICS[name] == "correlation"
        else kernels.pairs.covariance(parts, sample=sample)
    )
    mean, count = parts.mean, parts.count
    if use == "everything":
        odd = count < parts.seen
        found, mean = (np.where(odd, np.nan, values) for values in (found, mean))
        if STATISTICS[name] == "correlation":
            np.fill_diagonal(found, 1.0)  # as R's cor: a layer goes with itself, whatever is missing
    labels = pd.Index(names)
    tables = {
        STATISTICS[name]: found,
        "weighted_mean" if name == "weighted.cov" else "mean": mean,
        "n": count.astype(np.int64),
    }
    return {key: pd.DataFrame(table, index=labels, columns=labels) for key, table in tables.items()}


def _by_function(node: Node, fun: Any, use: str, arguments: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    count = len(node.layers)
    Gathering("layer_cor", "cells", 40.0 * count, "give maxcell=").check(node.grid.cells)
    values = to_array(node, own=False).reshape(count, -1).astype(np.float64)
    if use == "complete.obs":
        values = values[:, ~np.isnan(values).any(axis=0)]
    out = np.empty((count, count))
    for i in range(count):
        for j in range(i, count):
            both = values[[i, j]]
            if use == "pairwise.complete.obs":
                both = both[:, ~np.isnan(both).any(axis=0)]
            out[i, j] = out[j, i] = _number(fun(both[0], both[1], **arguments), fun)
    labels = pd.Index([layer.name for layer in node.layers])
    return pd.DataFrame(out, index=labels, columns=labels)


def _number(answer: Any, fun: Any) -> float:
    found = np.asarray(answer, np.float64)
    if found.size != 1:
        raise ArgumentError(f"layer_cor: fun must give one number for two layers, got {found.size}")
    return float(found.reshape(-1)[0])
