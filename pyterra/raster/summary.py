"""The Summary group: statistics across the layers of each cell."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells, Layer, join
from pyterra.expr.layers import named
from pyterra.frozen import dataclass
from pyterra.raster.build import (
    FLOAT32,
    FLOAT64,
    cells_raster,
    constants,
    exact_dtype,
    is_raster,
    node_of,
    on_grid,
    per_layer,
    raster,
    recycled,
    same_grid,
)
from pyterra.statistics import TABLE
from pyterra.statistics.table import means

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Raster


@dataclass(frozen=True)
class LayerStatistic:
    """A statistic over the layers of each cell; inputs are joined layer by layer."""

    name: str
    na_rm: bool
    dtype: np.dtype[Any]

    def __call__(self, *blocks: Array) -> Array:
        block = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
        flat = block.reshape(len(block), -1)
        out: Array = kernels.stats.layer_stat(flat, self.name, self.na_rm, out_dtype=self.dtype)
        return out.reshape(len(out), *block.shape[1:])


@dataclass(frozen=True)
class Parallel:
    """A statistic over layer i of every input, for each i."""

    statistic: LayerStatistic

    def __call__(self, *blocks: Array) -> Array:
        parts = [self.statistic(np.stack([b[i] for b in blocks])) for i in builtins.range(len(blocks[0]))]
        return np.concatenate(parts)


def statistic(x: SpatRaster, name: str, others: Sequence[Any] = (), *, na_rm: bool = False) -> SpatRaster:
    """One statistic across layers, or with more rasters one per layer ("parallel"), as terra's Summary group."""
    wanted = TABLE[name]
    rasters = [x, *(o for o in others if is_raster(o))]
    numbers = [o for o in others if not is_raster(o)]
    nodes = [node_of(r, name) for r in rasters]
    grid = same_grid(nodes, name)
    nodes = [on_grid(n, grid) for n in nodes]
    dtype = wanted.dtype(np.result_type(*(n.dtype for n in nodes)))
    extra = [v for o in numbers for v in per_layer(o, name)]
    if extra:
        dtype = exact_dtype(extra, dtype)
        nodes.append(constants(extra, grid, exact_dtype(extra, FLOAT32)))
    kernel = LayerStatistic(name, na_rm, dtype)
    call: Callable[..., Array] = kernel
    if len(rasters) > 1:
        count = builtins.max(len(n.layers) for n in nodes[: len(rasters)])
        nodes = [recycled(n, count) for n in nodes]
        call = Parallel(kernel)
        layers = wanted.layers(nodes[0].layers)
    else:
        layers = named(wanted.labels)
        nodes = [join(nodes)]
    total = builtins.sum(len(n.layers) for n in nodes)
    return raster(
        Cells(
            grid=grid,
            layers=layers,
            dtype=dtype,
            arguments=tuple(nodes),
            kernel=call,
            temporaries=8.0 * total if len(nodes) > 1 else 0.0,
            takes_layers_apart=len(nodes) == 1,
        )
    )


_ONE = "One layer; with a second raster as many layers as the rasters have"
_FLAG = f"1 where it is so, else 0. {_ONE}"


def _summary(
    name: str, what: str, gives: tuple[str, str], layers: str = "r", result: str = _ONE, called: str = ""
) -> Callable[..., SpatRaster]:
    """A verb of the group: what it gives, and what its example gives without and with `na_rm`."""
    called = called or name

    @means(name)
    def verb(x: SpatRaster, *others: Raster, na_rm: bool = False) -> SpatRaster:
        return statistic(x, name, others, na_rm=na_rm)

    verb.__name__ = verb.__qualname__ = called
    verb.__doc__ = f"""{what}.

    Parameters
    ----------
    x : SpatRaster
    *others : SpatRaster or number
        With a second raster the statistic is taken layer by layer; numbers count as further layers.
    na_rm : bool
        Leave missing layers out; a cell without any value stays missing (also for sum and prod).

    Returns
    -------
    SpatRaster
        {result}.

    See Also
    --------
    app : Takes any statistic or function of the layers of a cell.
    global_ : Takes a statistic of the cells of each layer.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 5]], [[3, float("nan")]], [[8, 2]]])
    >>> {layers}.{called}().values(drop=True).tolist()
    {gives[0]}
    >>> {layers}.{called}(na_rm=True).values(drop=True).tolist()
    {gives[1]}
    """
    return verb


sum = _summary("sum", "Sum of the layers of each cell", ("[12.0, nan]", "[12.0, 7.0]"))
mean = _summary("mean", "Mean of the layers of each cell", ("[4.0, nan]", "[4.0, 3.5]"))
min = _summary("min", "Minimum of the layers of each cell", ("[1.0, nan]", "[1.0, 2.0]"))
max = _summary("max", "Maximum of the layers of each cell", ("[8.0, nan]", "[8.0, 5.0]"))
prod = _summary("prod", "Product of the layers of each cell", ("[24.0, nan]", "[24.0, 10.0]"))
range = _summary(
    "range",
    "Minimum and maximum of the layers of each cell",
    ("[[1.0, 8.0], [nan, nan]]", "[[1.0, 8.0], [2.0, 5.0]]"),
    result="Two layers, ``range_min`` and ``range_max``; with a second raster two for each layer",
)
median = _summary("median", "Median of the layers of each cell", ("[3.0, nan]", "[3.0, 3.5]"))
any = _summary(
    "any",
    "Whether any layer of each cell is true, that is, not 0",
    ("[1.0, nan]", "[1.0, 0.0]"),
    "(r > 6)",
    _FLAG,
)
all = _summary(
    "all",
    "Whether all layers of each cell are true, that is, not 0",
    ("[0.0, nan]", "[0.0, 1.0]"),
    "(r < 6)",
    _FLAG,
)
nany = _summary(
    "none",
    "Whether no layer of each cell is true, that is, not 0",
    ("[0.0, nan]", "[0.0, 1.0]"),
    "(r > 6)",
    _FLAG,
    called="nany",
)


@means("modal")
def modal(
    x: SpatRaster,
    *others: Raster,
    ties: Literal["first", "lowest", "highest", "NA"] = "first",
    na_rm: bool = False,
) -> SpatRaster:
    """Most frequent value of the layers of each cell.

    Parameters
    ----------
    x : SpatRaster
    *others : SpatRaster or number
        Their layers count as those of `x` do.
    ties : {"first", "lowest", "highest", "NA"}
        Which of several that are equally frequent: the lowest (``first`` as well, as in terra), the highest, or none.
    na_rm : bool
        Leave missing layers out.

    Returns
    -------
    SpatRaster
        One layer.

    Raises
    ------
    ArgumentError
        Where `ties` is another word. terra's ``random`` is none of them: the value of a cell must not depend on chance.

    See Also
    --------
    freq : Counts the cells of each value.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 4]], [[2, 4]], [[2, 3]]])
    >>> r.modal().values(drop=True).tolist()
    [2.0, 4.0]
    """
    choice(ties, ("first", "lowest", "highest", "NA"), "modal: ties")
    nodes = [node_of(r, "modal") for r in (x, *(o for o in others if is_raster(o)))]
    grid = same_grid(nodes, "modal")
    x = raster(join([on_grid(n, grid) for n in nodes]))
    others = tuple(o for o in others if not is_raster(o))
    lowest = statistic(x, "modal", others, na_rm=na_rm)
    if ties in ("first", "lowest"):
        return lowest
    highest = -statistic(-x, "modal", [-other for other in others], na_rm=na_rm)
    if ties == "highest":
        return highest
    only = (lowest == highest).ifel(lowest, np.nan)
    only.names = lowest.names
    return only


@means("std")
def stdev(x: SpatRaster, *others: Raster, pop: bool = True, na_rm: bool = False) -> SpatRaster:
    """Standard deviation of the layers of each cell.

    Parameters
    ----------
    x : SpatRaster
    *others : SpatRaster or number
        With a second raster, layer by layer.
    pop : bool
        Divide by n, as for a population (the default, as in terra), otherwise by n - 1, as for a sample.
    na_rm : bool
        Leave missing layers out.

    Returns
    -------
    SpatRaster
        One layer; with a second raster as many layers as the rasters have.

    See Also
    --------
    global_ : Gives the standard deviation of the cells of each layer.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[2]], [[4]]])
    >>> r.stdev().values(drop=True).tolist()
    [1.0]
    >>> r.stdev(pop=False).round(4).values(drop=True).tolist()
    [1.4142]
    """
    return statistic(x, "std" if pop else "sd", others, na_rm=na_rm)


@means("which_min")
def which_min(x: SpatRaster) -> SpatRaster:
    """The layer with the lowest value of each cell.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        Numbers of layers, from 0; the first of several. Missing layers do not count.

    See Also
    --------
    min : Gives the value.
    which_max : Finds the highest value.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[5, 1]], [[3, 2]], [[9, float("nan")]]])
    >>> r.which_min().values(drop=True).tolist()
    [1.0, 0.0]
    """
    return statistic(x, "which_min", na_rm=True)


@means("which_max")
def which_max(x: SpatRaster) -> SpatRaster:
    """The layer with the highest value of each cell.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        Numbers of layers, from 0; the first of several. Missing layers do not count.

    See Also
    --------
    max : Gives the value.
    which_min : Finds the lowest value.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[5, 1]], [[3, 2]], [[9, float("nan")]]])
    >>> r.which_max().values(drop=True).tolist()
    [2.0, 1.0]
    """
    return statistic(x, "which_max", na_rm=True)


@dataclass(frozen=True)
class WeightedMean:
    """The mean of the layers of each cell with weights: numbers, or the layers of a second block."""

    weights: tuple[float, ...]
    na_rm: bool

    def __call__(self, block: Array, weights: Array | None = None) -> Array:
        total, weight = np.zeros(block.shape[1:]), np.zeros(block.shape[1:])
        for i, layer in enumerate(block):
            values = layer.astype(np.float64, copy=False)
            share = np.full(1, self.weights[i]) if weights is None else weights[i].astype(np.float64)
            product = values * share
            known = ~np.isnan(product) if self.na_rm else True
            np.add(total, product, out=total, where=known)
            np.add(weight, share, out=weight, where=known)
        with np.errstate(all="ignore"):
            return (total / weight)[None]


def weighted_mean(x: SpatRaster, w: SpatRaster | Sequence[float], *, na_rm: bool = False) -> SpatRaster:
    """Weighted mean of the layers of each cell.

    Parameters
    ----------
    x : SpatRaster
    w : SpatRaster or sequence of float
        The weights: a layer for each layer of `x`, or numbers above 0, which are repeated.
    na_rm : bool
        Leave out layers that are missing, or that have no weight.

    Returns
    -------
    SpatRaster
        One layer; missing where the weights sum to 0.

    Raises
    ------
    ArgumentError
        Where the weights are not above 0, or there are more or fewer layers of weights than layers.
    GridMismatchError
        Where `x` and `w` do not share a grid.

    See Also
    --------
    mean : Takes the mean without weights.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 4]], [[5, float("nan")]]])
    >>> r.weighted_mean([1, 3]).values(drop=True).tolist()
    [4.0, nan]
    >>> r.weighted_mean([1, 3], na_rm=True).values(drop=True).tolist()
    [4.0, 4.0]
    """
    node = node_of(x, "weighted_mean")
    count = len(node.layers)
    inputs, numbers = [node], tuple[float, ...]()
    if is_raster(w):
        other = node_of(w, "weighted_mean: w")
        if len(other.layers) != count:
            raise ArgumentError(
                f"weighted_mean: w must have {count} layers, as x has, got {len(other.layers)}"
            )
        grid = same_grid([node, other], "weighted_mean")
        inputs = [on_grid(node, grid), on_grid(other, grid)]
    else:
        given = per_layer(w, "weighted_mean: w")
        if len(given) > count or not builtins.all(v > 0 for v in given):
            raise ArgumentError(
                f"weighted_mean: w must be numbers above 0, at most one per layer ({count}), got {w}"
            )
        numbers = tuple(given[i % len(given)] for i in builtins.range(count))
    kernel = WeightedMean(numbers, na_rm)
    layer = Layer("weighted.mean")
    return cells_raster(inputs, [layer], FLOAT64, kernel, layerwise=False, temporaries=48.0)


def quantile(
    x: SpatRaster, probs: Sequence[float] = (0, 0.25, 0.5, 0.75, 1), *, na_rm: bool = False
) -> SpatRaster:
    """Quantiles of the layers of each cell, by linear interpolation between order statistics (R's type 7).

    Parameters
    ----------
    x : SpatRaster
    probs : sequence of float
        Probabilities from 0 to 1.
    na_rm : bool
        Leave missing layers out.

    Returns
    -------
    SpatRaster
        One layer per probability, named ``q0, q0.25`` and so on.

    See Also
    --------
    median : Gives the middle value.
    global_ : Applies a function to the cells of each layer.

    References
    ----------
    Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50, 361-365.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]], [[4]]])
    >>> r.quantile([0, 0.5, 0.75]).values().tolist()
    [[1.0, 2.0, 3.0]]
    """
    node = node_of(x, "quantile")
    values = tuple(float(p) for p in np.atleast_1d(np.asarray(probs, dtype=np.float64)))
    if not values or not np.all([0 <= p <= 1 for p in values]):
        raise ArgumentError(f"quantile: probs must lie between 0 and 1, got {probs}")
    return raster(
        Cells(
            grid=node.grid,
            layers=tuple(Layer(f"q{p:g}") for p in values),
            dtype=FLOAT64,
            arguments=(node,),
            kernel=Quantiles(values, na_rm),
            temporaries=8.0 * len(values),
        )
    )


@dataclass(frozen=True)
class Quantiles:
    """Quantiles over the layers of each cell."""

    probs: tuple[float, ...]
    na_rm: bool

    def __call__(self, block: Array) -> Array:
        out: Array = kernels.stats.quantiles(
            block.reshape(len(block), -1), self.probs, self.na_rm, out_dtype=FLOAT64
        )
        return out.reshape(len(self.probs), *block.shape[1:])
