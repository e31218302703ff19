"""spat_sample and summary: some of the cells, and what they look like."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, ExtentError, PyterraWarning
from pyterra.expr import Array, Node, Reduce, coarsen, join
from pyterra.grid import Grid, Window
from pyterra.raster._build import choice, extent_of, node_of, on_grid, raster, skeleton
from pyterra.raster.tables import labels_of, unique_names
from pyterra.raster.values import matrix_of_cells
from pyterra.run import reduce

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

Cells = NDArray[np.int64]
Method = Literal["random", "regular", "stratified", "weights"]
METHODS = ("random", "regular", "stratified", "weights")
ROUNDS = 50
"""Draws that are tried before cells are looked for one by one."""


def spat_sample(
    x: SpatRaster,
    size: int | tuple[int, int],
    method: Method = "random",
    *,
    replace: bool = False,
    na_rm: bool = False,
    as_raster: bool = False,
    as_df: bool = True,
    as_points: bool = False,
    values: bool = True,
    cells: bool = False,
    xy: bool = False,
    ext: Any = None,
    warn: bool = True,
    weights: SpatRaster | None = None,
    exp: float = 5,
    exhaustive: bool = False,
    each: bool = True,
    seed: int | np.random.Generator | None = None,
) -> Any:
    """Some of the cells.

    Parameters
    ----------
    x : SpatRaster
    size : int or (int, int)
        Number of cells: of each stratum for ``stratified``; rows and columns may be given for ``regular``.
    method : {"random", "regular", "stratified", "weights"}
        By chance (on lon/lat grids in proportion to the area of cells); on a grid of rows and columns, as near to
        `size` as they allow; from each value of the first layer; or by chance with the first layer as weights.
    replace : bool
        A cell may be drawn more than once; for ``random``.
    na_rm : bool
        Only cells without missing values.
    as_raster : bool
        For ``regular``: a raster of fewer cells over the same ground. Files are read at reduced resolution.
    as_df : bool
        Give a DataFrame (labels for factors), else an array.
    as_points : bool
        Give a SpatVector of points with the values as attributes.
    values, cells, xy : bool
        Give the values, cell numbers, coordinates.
    ext : SpatExtent or object with an extent, optional
        Draw from this part of `x`.
    warn : bool
        Warn when there are fewer cells than asked for.
    weights : SpatRaster, optional
        For ``stratified``: one layer of weights within the strata.
    exp : float
        With `na_rm`: so many times `size` cells are looked at first.
    exhaustive : bool
        With `na_rm`: look at all cells, for rasters that are mostly missing.
    each : bool
        For ``stratified``: `size` is for each stratum, else for all together.
    seed : int or numpy.random.Generator, optional
        The same seed gives the same sample.

    Returns
    -------
    pandas.DataFrame, ndarray, SpatVector or SpatRaster
        Columns ``cell``, ``x`` and ``y`` as asked for, then a column per layer. ``stratified`` always tells the cells,
        unless their coordinates are asked for.

    Raises
    ------
    ArgumentError
        Where arguments do not go together.

    Notes
    -----
    Only the blocks that hold chosen cells are read, except for ``stratified``, ``weights`` and `exhaustive`, which
    look at all of them, one after the other. A seed gives the same cells whatever the blocks.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=4, ncols=4, vals=range(16), names="v")
    >>> r.spat_sample((2, 2), "regular")["v"].tolist()
    [5.0, 7.0, 13.0, 15.0]
    """
    node = node_of(x, "spat_sample")
    choice(method, METHODS, "spat_sample: method")
    window = _window(node.grid, ext)
    if as_raster:
        if method != "regular":
            raise ArgumentError("spat_sample: as_raster needs method='regular'")
        return _thinned(node, window, _sides(size, window, up=True))
    if replace and method != "random":
        raise ArgumentError(f"spat_sample: replace needs method='random', got {method!r}")
    if weights is not None and method != "stratified":
        raise ArgumentError(f"spat_sample: weights needs method='stratified', got {method!r}")
    rng = np.random.default_rng(seed)
    wanted = int(np.prod(size))
    if wanted < 1:
        raise ArgumentError(f"spat_sample: size must be 1 or more, got {size}")
    if method == "regular":
        found = _regular(node.grid, window, _sides(size, window))
        found = _with_values(node, found) if na_rm else found
    elif method == "random" and not na_rm:
        found = _random(node.grid, window, wanted, rng, replace)
    elif method == "random":
        found = _random_valid(node, window, wanted, rng, replace, exp, exhaustive)
    else:
        found = _drawn(node, window, wanted, rng, method, weights, each)
        cells = cells or (method == "stratified" and not xy)
    if warn and method in ("random", "weights") and found.size < wanted:
        warnings.warn(
            f"spat_sample: only {found.size} cells of {wanted} could be had", PyterraWarning, stacklevel=2
        )
    return _given(node, found, values, cells, xy, as_df, as_points)


def _window(grid: Grid, ext: Any) -> Window:
    if ext is None:
        return grid.window
    window = grid.window_of(extent_of(ext)).intersection(grid.window)
    if window is None:
        raise ExtentError("spat_sample: ext must overlap the raster")
    return window


# Regular


def _sides(size: Any, window: Window, up: bool = False) -> tuple[int, int]:
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


def _regular(grid: Grid, window: Window, sides: tuple[int, int]) -> Cells:
    rows, cols = (
        start + ((np.arange(n) + 0.5) * (size / n)).astype(np.int64)
        for start, size, n in ((window.row, window.nrow, sides[0]), (window.col, window.ncol, sides[1]))
    )
    return np.asarray(rows[:, None] * np.int64(grid.ncol) + cols[None, :]).ravel()


def _thinned(node: Node, window: Window, sides: tuple[int, int]) -> SpatRaster:
    from pyterra.raster.crop import crop
    from pyterra.raster.meta import sources
    from pyterra.raster.warp import resample

    x = raster(node)
    if window != node.grid.window:
        x = crop(x, node.grid.extent_of(window))
    if sides == (x.nrow, x.ncol):
        return x
    target = raster(skeleton(Grid(x.ext, *sides, x._node.grid.crs), x._node.layers))
    factor = min(x.nrow // sides[0], x.ncol // sides[1]) // 2
    if factor > 1 and any(sources(x)):
        x = raster(coarsen(x._node, factor))
    return resample(x, target, "near")


# By chance


def _random(grid: Grid, window: Window, size: int, rng: np.random.Generator, again: bool) -> Cells:
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


def _with_values(node: Node, cells: Cells) -> Cells:
    return cells[~np.isnan(matrix_of_cells(node, cells)).any(axis=1)]


def _random_valid(
    node: Node, window: Window, size: int, rng: np.random.Generator, again: bool, exp: float, exhaustive: bool
) -> Cells:
    """Cells by chance among those without missing values."""
    if exhaustive:
        found = _drawn(node, window, size, rng, "valid", None, True)
        return found if not again or found.size == 0 else rng.choice(found, size)
    drawn = _random(node.grid, window, int(np.ceil(max(1.0, exp) * size)), rng, again)
    return _with_values(node, drawn)[:size]


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


def _drawn(
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


def _given(
    node: Node, cells: Cells, values: bool, number: bool, xy: bool, as_df: bool, as_points: bool
) -> Any:
    import pandas as pd

    matrix = matrix_of_cells(node, cells) if values else np.empty((cells.size, 0))
    places = node.grid.xy_from_cell(cells)
    if not as_df and not as_points:
        parts = [cells[:, None].astype(float)] if number else []
        return np.column_stack([*parts, *([places] if xy else []), matrix])
    columns: dict[str, Any] = {"cell": cells} if number else {}
    if xy:
        columns |= {"x": places[:, 0], "y": places[:, 1]}
    table = pd.DataFrame(columns, index=range(cells.size))
    if values:
        names = unique_names([layer.name for layer in node.layers])
        shown = {
            name: labels_of(layer, matrix[:, i]) if layer.categories else matrix[:, i]
            for i, (name, layer) in enumerate(zip(names, node.layers, strict=True))
        }
        table = pd.concat([table, pd.DataFrame(shown, index=table.index)], axis=1)
        table.columns = [*columns, *(layer.name for layer in node.layers)]
    if not as_points:
        return table
    from pyterra.vector._build import build
    from pyterra.vector.make import points_of

    table.columns = unique_names(list(table.columns))
    return build(points_of(places), table, node.grid.crs)


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

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 6]]).summary()["lyr.1"].tolist()
    [1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 0.0]
    """
    import pandas as pd

    node = node_of(x, "summary")
    if size is not None and node.grid.cells > size:
        part = node_of(_thinned(node, node.grid.window, _sides(size, node.grid.window)), "summary")
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
