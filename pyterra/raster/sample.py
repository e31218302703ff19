"""Some of the cells, chosen by rule or by chance; summary: what they look like."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import Array, Node, Reduce, coarsen, join
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.raster.build import extent_of, node_of, on_grid, raster, skeleton
from pyterra.raster.crop import cut
from pyterra.raster.tables import labels_of, unique_names
from pyterra.raster.values import matrix_of_cells
from pyterra.run import reduce

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

Cells = NDArray[np.int64]
ROUNDS = 50
"""Draws that are tried before cells are looked for one by one."""


def window_in(grid: Grid, ext: Any) -> Window:
    if ext is None:
        return grid.window
    window = grid.whole_cells(extent_of(ext)).intersection(grid.window)
    if window is None:
        raise ExtentError("spat_sample: ext must overlap the raster")
    return window


# Regular


def sides_of(size: Any, window: Window, up: bool = False) -> tuple[int, int]:
    """Rows and columns of a regular sample."""
    if isinstance(size, Sequence | np.ndarray):
        if len(size) != 2:
            raise ArgumentError(f"spat_sample: size must be one number, or rows and columns, got {size}")
        rows, cols = (int(v) for v in size)
    else:
        share = np.sqrt(min(1.0, size / window.cells))
        turn = np.ceil if up else np.rint
        rows, cols = (int(turn(share * n - 1e-9)) for n in (window.nrow, window.ncol))
    return min(max(rows, 1), window.nrow), min(max(cols, 1), window.ncol)


def regular_cells(grid: Grid, window: Window, sides: tuple[int, int]) -> Cells:
    rows, cols = (
        start + ((np.arange(n) + 0.5) * (size / n)).astype(np.int64)
        for start, size, n in ((window.row, window.nrow, sides[0]), (window.col, window.ncol, sides[1]))
    )
    return np.asarray(rows[:, None] * np.int64(grid.ncol) + cols[None, :]).ravel()


def thinned(node: Node, window: Window, sides: tuple[int, int], *, exact: bool = False) -> SpatRaster:
    """A regular sample as a raster; of files at reduced resolution, unless its cells must be cells of the raster."""
    from pyterra.raster.sources import sources
    from pyterra.raster.warp import resample

    x = raster(cut(node, window))
    if sides == (x.nrow, x.ncol):
        return x
    target = raster(skeleton(Grid(x.ext, *sides, x._node.grid.crs), x._node.layers))
    factor = int(sqrt(x.ncell / (sides[0] * sides[1])))
    if factor > 1 and not exact and any(sources(x)):
        x = raster(coarsen(x._node, factor))
    return resample(x, target, "near")


# By chance


def random_cells(grid: Grid, window: Window, size: int, rng: np.random.Generator, again: bool) -> Cells:
    """Cells of a window by chance; on grids in degrees in proportion to the cosine of the latitude."""
    if not again and size >= window.cells:
        found = rng.permutation(window.cells)
    elif grid.is_lonlat:
        found = _by_latitude(grid, window, size, rng, again)
    elif again:
        found = rng.integers(0, window.cells, size)
    else:
        found = rng.choice(window.cells, size, replace=False)
    rows, cols = np.divmod(found, window.ncol)
    return np.asarray((rows + window.row) * np.int64(grid.ncol) + cols + window.col)


def _by_latitude(grid: Grid, window: Window, size: int, rng: np.random.Generator, again: bool) -> Cells:
    share = np.cos(np.radians(np.clip(grid.y_from_row(np.arange(window.row, window.row_stop)), -90, 90)))
    ends = np.cumsum(np.maximum(share, 1e-12))

    def draw(count: int) -> Cells:
        rows = np.minimum(np.searchsorted(ends, rng.random(count) * ends[-1], side="right"), window.nrow - 1)
        return np.asarray(rows * np.int64(window.ncol) + rng.integers(0, window.ncol, count))

    found = draw(size)
    if again:
        return found
    if (
        2 * size > window.cells
    ):  # so many that drawing again and again would not end: the smallest keys of all cells
        keys = rng.standard_exponential(window.cells) / np.repeat(share, window.ncol)
        return np.asarray(np.argsort(keys, kind="stable")[:size])
    while True:
        first = np.sort(np.unique(found, return_index=True)[1])
        if first.size >= size:
            return found[first[:size]]
        found = np.concatenate([found[first], draw(size)])


def with_values(node: Node, cells: Cells) -> Cells:
    return cells[~np.isnan(matrix_of_cells(node, cells)).any(axis=1)]


def random_valid(
    node: Node, window: Window, size: int, rng: np.random.Generator, again: bool, exp: float, exhaustive: bool
) -> Cells:
    """Cells by chance among those without missing values."""
    if exhaustive:
        found = drawn(node, window, size, rng, "valid", None, True)
        return found if not again or found.size == 0 else rng.choice(found, size)
    chosen = random_cells(node.grid, window, int(np.ceil(max(1.0, exp) * size)), rng, again)
    return with_values(node, chosen)[:size]


# By keys: every cell gets a number that follows from the seed and its place, and the smallest win


@dataclass(frozen=True)
class SmallestKeys:
    """The cells with the smallest keys, per stratum."""

    ncol: int
    window: Window
    size: int
    seed: int
    what: str
    """``stratified``: the first layer tells the stratum; ``weights``: it is the weight; ``valid``: all are one."""
    weighted: bool
    """Whether the last layer holds weights."""

    def __call__(self, block: Array, window: Window) -> tuple[Cells, Array, Array]:
        inside = window.intersection(self.window)
        if inside is None:
            return np.empty(0, np.int64), np.empty(0), np.empty(0)
        rows, cols = inside.slices_in(window)
        part = block[:, rows, cols].reshape(len(block), -1).astype(np.float64)
        row, col = np.divmod(np.arange(part.shape[1]), inside.ncol)
        cells = (row + inside.row) * np.int64(self.ncol) + col + inside.col
        weight = part[-1] if self.weighted else part[0] if self.what == "weights" else np.ones(part.shape[1])
        valid = ~np.isnan(part).any(axis=0) & (weight > 0)
        keys = exponentials(cells[valid], self.seed) / weight[valid]
        strata = part[0, valid] if self.what == "stratified" else np.zeros(keys.size)
        return smallest(cells[valid], strata, keys, self.size)

    def merge(self, a: Any, b: Any) -> Any:
        """The smallest of two parts."""
        cells, strata, keys = (np.concatenate(pair) for pair in zip(a, b, strict=True))
        return smallest(cells, strata, keys, self.size)


def exponentials(cells: Cells, seed: int) -> Array:
    """A number above 0 for each cell, exponentially distributed, that follows from its place and a seed (splitmix64)."""
    with np.errstate(over="ignore"):
        h = cells.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
        h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        h ^= h >> np.uint64(31)
    return np.asarray(-np.log(((h >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53))


def smallest(cells: Cells, strata: Array, keys: Array, size: int) -> tuple[Cells, Array, Array]:
    """The `size` smallest keys of each stratum, by stratum and key."""
    order = np.lexsort((cells, keys, strata))
    cells, strata, keys = cells[order], strata[order], keys[order]
    starts = np.flatnonzero(np.concatenate([[True], strata[1:] != strata[:-1]])) if strata.size else order
    rank = np.arange(strata.size) - np.repeat(starts, np.diff(np.append(starts, strata.size)))
    keep = rank < size
    return cells[keep], strata[keep], keys[keep]


def drawn(
    node: Node,
    window: Window,
    size: int,
    rng: np.random.Generator,
    what: str,
    weights: SpatRaster | None,
    each: bool,
) -> Cells:
    """Cells with the smallest keys; looks at all cells, block by block."""
    both = node if what == "valid" else node_of(raster(node)[0], "spat_sample")
    if weights is not None:
        extra = node_of(weights, "spat_sample: weights")
        if len(extra.layers) != 1:
            raise ArgumentError(f"spat_sample: weights must have one layer, got {len(extra.layers)}")
        both = join([both, on_grid(extra, node.grid.check_same(extra.grid, "spat_sample"))])
    kernel = SmallestKeys(
        node.grid.ncol, window, size, int(rng.integers(0, 2**63)), what, weights is not None
    )
    found = reduce(
        Reduce(
            node=both,
            chunk=kernel,
            combine=kernel.merge,
            finalise=_same,
            temporaries=80.0 + 8.0 * len(both.layers),
        )
    )
    cells, strata, keys = found
    if not each and what == "stratified" and cells.size:
        share = int(np.ceil(size / np.unique(strata).size))
        cells = smallest(cells, strata, keys, share)[0]
    return np.asarray(cells)


def _same(partial: Any) -> Any:
    return partial


# What is given back


# summary

STATISTICS = ("min", "25%", "50%", "mean", "75%", "max", "missing")


def summary(x: SpatRaster, *, size: int | None = 100_000) -> pd.DataFrame:
    """What the values of each layer are like.

    Parameters
    ----------
    x : SpatRaster
    size : int or None
        About how many cells are looked at, in a regular sample; None for all.

    Returns
    -------
    pandas.DataFrame
        A column per layer; rows ``min 25% 50% mean 75% max missing``, and for factors a row per label with its count.

    See Also
    --------
    global_ : Takes statistics of all cells.
    hist : Draws the values.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 6]]).summary()["lyr.1"].tolist()
    [1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 0.0]
    """
    import pandas as pd

    node = node_of(x, "summary")
    if size is not None and node.grid.cells > size:
        part = node_of(thinned(node, node.grid.window, sides_of(size, node.grid.window)), "summary")
    else:
        part = node
    columns = {}
    names = unique_names([layer.name for layer in node.layers])
    for i, name in enumerate(names):
        values = raster(part)[i].values(drop=True)
        columns[name] = _described(node.layers[i], values)
    rows = list(dict.fromkeys(row for column in columns.values() for row in column))
    return pd.DataFrame({n: [c.get(row, np.nan) for row in rows] for n, c in columns.items()}, index=rows)


def _described(layer: Any, values: Array) -> dict[str, float]:
    valid = values[~np.isnan(values)]
    missing = float(values.size - valid.size)
    if layer.categories is not None:
        found, counts = np.unique(valid, return_counts=True)
        labels = [str(v) for v in labels_of(layer, found)]
        return {**dict(zip(labels, counts.astype(float), strict=True)), "missing": missing}
    if valid.size == 0:
        return {**dict.fromkeys(STATISTICS, float("nan")), "missing": missing}
    low, first, middle, third, high = (float(v) for v in np.quantile(valid, [0, 0.25, 0.5, 0.75, 1]))
    numbers = (low, first, middle, float(valid.mean()), third, high, missing)
    return dict(zip(STATISTICS, numbers, strict=True))
