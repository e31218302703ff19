"""extract: values at points, along lines, in polygons; statistics of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError, TooLargeError, UDFError
from pyterra.expr import Array, Node
from pyterra.extent import SpatExtent
from pyterra.grid import Grid, Window
from pyterra.plan import memory_budget
from pyterra.raster._build import choice, layer_positions, node_of
from pyterra.raster._geoms import geoms_on, is_vector, vector_of
from pyterra.raster._shapes import Rule, Shapes, shapes_of, wrapped
from pyterra.raster._table import layer_column
from pyterra.run import blocks_of

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.raster.spatraster import SpatRaster

FAST = ("sum", "mean", "min", "max", "isNA", "notNA")
"""Statistics that need no list of values."""
COLLECTED = ("median", "modal", "sd", "std", "var", "range", "prod", "any", "all", "first", "table")
_ALIASES = {"count": "notNA", "length": "notNA", "mode": "modal"}


# Values of cells, wherever they lie


@dataclass(frozen=True, eq=False)
class PickCells:
    """Values of chosen cells of a block."""

    cells: NDArray[np.int64]
    """Cell numbers, ascending."""
    ncol: int

    def __call__(self, block: Array, window: Window) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        first, stop = np.searchsorted(
            self.cells, (window.row * self.ncol, window.row_stop * self.ncol)
        )
        row, col = np.divmod(self.cells[first:stop], self.ncol)
        inside = (col >= window.col) & (col < window.col_stop)
        places = np.flatnonzero(inside)
        values = block[:, row[inside] - window.row, col[inside] - window.col]
        return first + places, values.T.astype(np.float64)


def values_at(node: Node, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values of cells by number, shape (n, nlyr); NaN for -1. Only blocks that hold one of them are computed."""
    out = np.full((len(cells), len(node.layers)), np.nan)
    wanted, back = np.unique(cells, return_inverse=True)
    skipped = int(np.searchsorted(wanted, 0))
    wanted = wanted[skipped:]
    if wanted.size == 0:
        return out
    row, col = np.divmod(wanted, node.grid.ncol)
    boxes = np.column_stack([row, row, col, col])
    found = np.full((len(wanted) + skipped, len(node.layers)), np.nan)
    for _, (places, values) in blocks_of(
        node, PickCells(wanted, node.grid.ncol), label="extract", boxes=boxes
    ):
        found[places + skipped] = values
    out[:] = found[back.reshape(-1)]
    return out


def bilinear_at(node: Node, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values between the centres of the four nearest cells, shape (n, nlyr).

    Missing neighbours are left out, along x first and then along y, as in terra.
    """
    grid = node.grid
    inside = grid.cell_from_xy(xy) >= 0
    fx = (xy[:, 0] - grid.extent.xmin) / grid.xres - 0.5
    fy = (grid.extent.ymax - xy[:, 1]) / grid.yres - 0.5
    col, row = (np.floor(np.where(inside, f, 0.0)).astype(np.int64) for f in (fx, fy))
    tx, ty = (fx - col)[:, None], (fy - row)[:, None]
    corners = []
    for down in (0, 1):
        for right in (0, 1):
            r, c = row + down, col + right
            if grid.is_global:
                c = c % grid.ncol
            known = inside & (r >= 0) & (r < grid.nrow) & (c >= 0) & (c < grid.ncol)
            corners.append(np.where(known, r * grid.ncol + c, -1))
    values = values_at(node, np.concatenate(corners)).reshape(4, len(xy), -1)
    upper, lower = (_between(values[2 * i], values[2 * i + 1], tx) for i in (0, 1))
    return np.where(inside[:, None], _between(upper, lower, ty), np.nan)


def _between(a: NDArray[np.float64], b: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = np.where(np.isnan(a), b, np.where(np.isnan(b), a, a + (b - a) * t))
    return out


# Cells of lines and polygons


@dataclass(frozen=True, eq=False)
class ShapeCells:
    """Geometry, cell number, weight and values of all cells of a block that shapes cover."""

    shapes: Shapes
    rules: NDArray[np.uint8]
    grid: Grid

    def __call__(self, block: Array, window: Window) -> tuple[Any, ...]:
        geometry, place, weight = self.shapes.cells(self.grid, window, self.rules)
        row, col = np.divmod(place, window.ncol)
        values = block.reshape(len(block), -1)[:, place].T.astype(np.float64)
        return geometry, (row + window.row) * self.grid.ncol + col + window.col, weight, values


@dataclass(frozen=True, eq=False)
class ShapeSums:
    """Counts, sums and extremes of the cells of a block that shapes cover."""

    shapes: Shapes
    rules: NDArray[np.uint8]
    grid: Grid

    def __call__(self, block: Array, window: Window) -> tuple[Any, Any]:
        geometry, place, weight = self.shapes.cells(self.grid, window, self.rules)
        groups, group = np.unique(geometry, return_inverse=True)
        part = kernels.gather.empty_groups(len(groups), len(block))
        kernels.gather.add_cells(group.reshape(-1), place, weight, block.reshape(len(block), -1), part)
        return groups, part


def _boxes(shapes: Shapes, grid: Grid) -> NDArray[np.int64]:
    """Rows and columns of the boxes of shapes."""
    x1, y1, x2, y2 = shapes.on(grid).boxes[~np.isnan(shapes.on(grid).boxes[:, 0])].T
    limits = np.column_stack([y1, y2, x1, x2])
    return np.floor(np.clip(limits, -2.0, max(grid.nrow, grid.ncol) + 2.0)).astype(np.int64)


def shape_sums(node: Node, shapes: Shapes, rules: NDArray[np.uint8]) -> NDArray[np.float64]:
    """`kernels.gather` statistics of every shape, shape (6, geometry, layer)."""
    total: NDArray[np.float64] = kernels.gather.empty_groups(len(shapes), len(node.layers))
    for _, (groups, part) in blocks_of(
        node, ShapeSums(shapes, rules, node.grid), label="extract", boxes=_boxes(shapes, node.grid), extra_per_cell=48.0
    ):
        kernels.gather.merge_groups(total, groups, part)
    return total


def shape_cells(
    node: Node, shapes: Shapes, rules: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Geometry, cell, weight and values (n, nlyr) of all covered cells, by geometry and cell.

    Raises
    ------
    TooLargeError
        Where they do not fit the memory budget.
    """
    parts, size, budget = [], 0, memory_budget()
    for _, part in blocks_of(
        node, ShapeCells(shapes, rules, node.grid), label="extract", boxes=_boxes(shapes, node.grid), extra_per_cell=48.0
    ):
        size += 2 * sum(array.nbytes for array in part)
        if size > budget:
            raise TooLargeError(
                f"extract: the values of all cells need more than the memory budget of {budget / 2**30:.1f} GiB; "
                f"give fun= ({', '.join(FAST)} need no list of values) or fewer geometries"
            )
        parts.append(part)
    if not parts:
        none = np.empty(0, np.int64)
        return none, none, np.empty(0), np.empty((0, len(node.layers)))
    geometry, cell, weight, values = (np.concatenate(list(column)) for column in zip(*parts, strict=True))
    order = np.lexsort((cell, geometry))
    return geometry[order], cell[order], weight[order], values[order]


# The verb


def extract(
    x: SpatRaster,
    y: Any,
    fun: str | Callable[..., Any] | None = None,
    *,
    method: Literal["simple", "bilinear"] = "simple",
    cells: bool = False,
    xy: bool = False,
    id: bool = True,
    weights: bool = False,
    exact: bool = False,
    touches: bool | None = None,
    small: bool = True,
    layer: Any = None,
    bind: bool = False,
    raw: bool = False,
    na_rm: bool = False,
    **arguments: Any,
) -> Any:
    """Values of a raster where geometries lie.

    Parameters
    ----------
    x : SpatRaster
    y : SpatVector, GeoDataFrame, shapely geometries, array of shape (n, 2), DataFrame of x and y, cell numbers, SpatExtent
        Where to look.
    fun : str or callable, optional
        A statistic of the cells of each line or polygon: ``sum mean min max isNA notNA median modal sd std var range
        prod any all first table``, or ``fun(values)`` with the values of one layer, giving a number or several.
    method : {"simple", "bilinear"}
        For points: the cell that a point falls in, or between the centres of the four nearest.
    cells, xy : bool
        Add columns ``cell``, or ``x`` and ``y`` (centres of cells).
    id : bool
        Begin with a column ``ID``, the number of the geometry from 0.
    weights, exact : bool
        For polygons: add the covered fraction of each cell (column ``weight`` or ``fraction``), and weigh `fun`
        (sum, mean, min or max) with it. Both are exact.
    touches : bool, optional
        All cells that a line or polygon touches; by default for lines only. Otherwise cells whose centre lies inside
        a polygon, or on the render path of a line.
    small : bool
        A polygon that holds no centre takes the cells it touches.
    layer : str, int, or a sequence with one per geometry, optional
        Layer to take the value from: a column of `y`, or names or numbers of layers.
    bind : bool
        Return `y` with the values as further attributes.
    raw : bool
        Numbers instead of labels for factors.
    na_rm : bool
        Leave missing values out before `fun`.
    **arguments
        Further arguments for a function.

    Returns
    -------
    pandas.DataFrame or SpatVector
        One row per point, or per geometry with `fun`, or per covered cell. Cells and coordinates without attributes
        give no ``ID``. A geometry beyond the raster gives one row of missing values.

    Raises
    ------
    CRSMismatchError
        Where the two have different reference systems.
    ArgumentError
        Where arguments do not fit the type of the geometries.
    TooLargeError
        Where a list of values does not fit the memory budget.

    Notes
    -----
    Only blocks on which a geometry lies are computed. Statistics other than the first six collect the values of the
    covered cells in memory. Geometries that cross the date line of a lon/lat raster are followed to the other side.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2, vals=range(6), names="a", crs="")
    >>> r.extract([(0.5, 1.5), (2.5, 0.5), (9, 9)])["a"].tolist()
    [0.0, 5.0, nan]
    """
    node = node_of(x, "extract")
    choice(method, ("simple", "bilinear"), "extract: method")
    if isinstance(y, SpatExtent):
        return _in_extent(node, y, cells, xy, raw)
    numbers = _cell_numbers(y)
    if numbers is not None:
        return _table(node, None, numbers, values_at(node, numbers), cells, xy, raw)
    frame = hasattr(y, "itertuples") and not is_vector(y)
    geoms, table, kind = geoms_on(np.asarray(y, np.float64) if frame else y, node.grid, "extract")
    if kind == "points":
        if fun is not None:
            raise ArgumentError("extract: fun is for lines and polygons, got points; summarise the table instead")
        owner, at, values = _at_points(node, geoms, method)
        ids = owner if table is not None or frame else None
        out = _table(node, ids, at, values, cells, xy, raw, layer=_layers_of(node, layer, table, owner))
    else:
        if (weights or exact) and kind != "polygons":
            raise ArgumentError(f"extract: weights and exact are for polygons, got {kind}")
        shapes = shapes_of(geoms, node.grid, polygon=kind == "polygons")
        rule = _rule(kind, weights or exact, touches)
        rules = shapes.rules(node.grid, rule, small=small)
        if fun is not None:
            out = _summaries(node, shapes, rules, fun, na_rm, arguments, weighted=weights or exact, raw=raw)
            out = _only_layer(out, _layers_of(node, layer, table, np.arange(len(shapes))), node)
        else:
            owner, at, weight, values = _with_empty(shapes, shape_cells(node, shapes, rules))
            more = {"fraction" if exact else "weight": weight} if weights or exact else {}
            chosen = _layers_of(node, layer, table, owner)
            out = _table(node, owner, at, values, cells, xy, raw, layer=chosen, more=more)
    if bind:
        if len(out) != len(geoms):
            raise ArgumentError("extract: bind needs one row per geometry; give fun=, or points")
        return _bound(y, out)
    return out if id or "ID" not in out else out.drop(columns="ID")


def _rule(kind: str, cover: bool, touches: bool | None) -> Rule:
    if cover:
        return "cover"
    if touches is None:
        touches = kind == "lines"
    return "touch" if touches else "centre" if kind == "polygons" else "path"


def _cell_numbers(y: Any) -> NDArray[np.int64] | None:
    """Cell numbers, where `y` is a row of whole numbers."""
    if isinstance(y, str) or is_vector(y) or hasattr(y, "columns"):
        return None
    array = np.asarray(y)
    if array.ndim > 1 or array.dtype.kind not in "iuf":
        return None
    array = np.atleast_1d(array)
    whole = np.isnan(array) | (array == np.floor(array)) if array.dtype.kind == "f" else np.ones(array.shape, bool)
    if not whole.all():
        raise ArgumentError("extract: cell numbers must be whole; coordinates have shape (n, 2)")
    return np.where(np.isnan(array), -1, array).astype(np.int64) if array.dtype.kind == "f" else array.astype(np.int64)


def _known_cells(grid: Grid, cells: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where((cells >= 0) & (cells < grid.cells), cells, -1)


def _at_points(
    node: Node, geoms: NDArray[Any], method: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    import shapely

    xy, owner = shapely.get_coordinates(geoms, return_index=True)
    if node.grid.is_lonlat:
        xy = _inside(xy, node.grid)
    cells = node.grid.cell_from_xy(xy)
    if len(np.unique(owner)) < len(geoms):  # empty points have no coordinates, but a row
        missing = np.setdiff1d(np.arange(len(geoms)), owner)
        owner, cells = np.r_[owner, missing], np.r_[cells, np.full(missing.size, -1)]
        xy = np.r_[xy, np.full((missing.size, 2), np.nan)]
        order = np.argsort(owner, kind="stable")
        owner, cells, xy = owner[order], cells[order], xy[order]
    return owner, cells, values_at(node, cells) if method == "simple" else bilinear_at(node, xy)


def _inside(xy: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """Longitudes beyond the grid, moved by 360 degrees where they then lie inside."""
    x, extent = xy[:, 0], grid.extent
    x = np.where((x > extent.xmax) & (x - 360 >= extent.xmin), x - 360, x)
    x = np.where((x < extent.xmin) & (x + 360 <= extent.xmax), x + 360, x)
    return np.column_stack([x, xy[:, 1]])


def _with_empty(shapes: Shapes, found: tuple[Any, ...]) -> tuple[Any, ...]:
    """The cells, with a row of missing values for each geometry that covers none."""
    geometry, cell, weight, values = found
    empty = np.setdiff1d(np.arange(len(shapes)), geometry)
    if empty.size == 0:
        return found
    geometry = np.r_[geometry, empty]
    order = np.argsort(geometry, kind="stable")
    cell = np.r_[cell, np.full(empty.size, -1)]
    weight = np.r_[weight, np.full(empty.size, np.nan)]
    values = np.concatenate([values, np.full((empty.size, values.shape[1]), np.nan)])
    return geometry[order], cell[order], weight[order], values[order]


def _in_extent(node: Node, extent: SpatExtent, cells: bool, xy: bool, raw: bool) -> Any:
    window = node.grid.window_of(extent, "near").intersection(node.grid.window)
    rows = np.arange(window.row, window.row_stop) if window else np.empty(0, np.int64)
    cols = np.arange(window.col, window.col_stop) if window else np.empty(0, np.int64)
    numbers = (rows[:, None] * node.grid.ncol + cols[None, :]).reshape(-1)
    return _table(node, None, numbers, values_at(node, numbers), cells, xy, raw)


def _table(
    node: Node,
    ids: NDArray[np.int64] | None,
    at: NDArray[np.int64],
    values: NDArray[np.float64],
    cells: bool,
    xy: bool,
    raw: bool,
    layer: NDArray[np.int64] | None = None,
    more: dict[str, Any] | None = None,
) -> pd.DataFrame:
    columns: list[tuple[str, Any]] = [] if ids is None else [("ID", ids)]
    if layer is None:
        columns += [
            (la.name, layer_column(la, values[:, i], raw=raw)) for i, la in enumerate(node.layers)
        ]
    else:
        names = np.array([la.name for la in node.layers], dtype=object)
        columns += [("layer", names[layer]), ("value", values[np.arange(len(layer)), layer])]
    at = _known_cells(node.grid, at)
    if cells:
        columns.append(("cell", at))
    if xy:
        centres = node.grid.xy_from_cell(at)
        columns += [("x", centres[:, 0]), ("y", centres[:, 1])]
    return _frame([*columns, *(more or {}).items()])


def _frame(columns: Sequence[tuple[str, Any]]) -> pd.DataFrame:
    """A table whose columns may share a name."""
    import pandas as pd

    out = pd.DataFrame({i: column for i, (_, column) in enumerate(columns)})
    out.columns = pd.Index([name for name, _ in columns], dtype=object)
    return out


def _layers_of(node: Node, layer: Any, table: Any, owner: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Layer of each row, where one is chosen per geometry."""
    if layer is None:
        return None
    if isinstance(layer, str) and table is not None and layer in table.columns:
        layer = table[layer].tolist()
    chosen = np.asarray(layer_positions(node.layers, layer), np.int64)
    count = int(owner.max()) + 1 if owner.size else 0
    if chosen.size not in (1, count):
        raise ArgumentError(f"extract: layer must be one layer, or one per geometry ({count}), got {chosen.size}")
    return chosen[owner] if chosen.size > 1 else np.full(owner.size, chosen[0])


def _only_layer(out: pd.DataFrame, chosen: NDArray[np.int64] | None, node: Node) -> pd.DataFrame:
    if chosen is None:
        return out
    if out.shape[1] != 1 + len(node.layers):
        raise ArgumentError("extract: layer needs a fun that gives one number")
    names = np.array([la.name for la in node.layers], dtype=object)
    picked = out.iloc[:, 1:].to_numpy()[np.arange(len(out)), chosen]
    return _frame([("ID", out["ID"].to_numpy()), ("layer", names[chosen]), ("value", picked)])


def _bound(y: Any, out: pd.DataFrame) -> Any:
    """The vector with the columns of a table beside its own."""
    vector = vector_of(y)
    table = vector.to_geopandas()
    for position, name in enumerate(out.columns):
        if name != "ID":
            table[_free(str(name), list(table.columns))] = out.iloc[:, position].to_numpy()
    return vector_of(table)


def _free(name: str, taken: Sequence[str]) -> str:
    number = 1
    label = name
    while label in taken:
        label, number = f"{name}.{number}", number + 1
    return label


# Statistics per geometry


def _summaries(
    node: Node,
    shapes: Shapes,
    rules: NDArray[np.uint8],
    fun: Any,
    na_rm: bool,
    arguments: dict[str, Any],
    *,
    weighted: bool,
    raw: bool,
) -> pd.DataFrame:
    """One row per geometry."""
    fun = _named(fun, weighted)
    ids = np.arange(len(shapes))
    names = [la.name for la in node.layers]
    if fun in FAST:
        found = kernels.gather.finish_groups(shape_sums(node, shapes, rules), fun, na_rm)
        return _frame([("ID", ids), *((name, found[:, i]) for i, name in enumerate(names))])
    geometry, _, _, values = shape_cells(node, shapes, rules)
    if fun == "table":
        return _counted(node, geometry, values, raw)
    stops = np.searchsorted(geometry, np.arange(len(shapes) + 1))
    columns: list[tuple[str, Any]] = [("ID", ids)]
    for i, name in enumerate(names):
        column = values[:, i]
        groups = [column[a:b] for a, b in zip(stops[:-1], stops[1:], strict=True)]
        results = grouped(groups, fun, na_rm, arguments, "extract")
        columns += [(name if k == 0 else f"{name}.{k}", results[:, k]) for k in range(results.shape[1])]
    return _frame(columns)


def _named(fun: Any, weighted: bool) -> Any:
    if isinstance(fun, str):
        fun = choice(_ALIASES.get(fun, fun), (*FAST, *COLLECTED), "extract: fun")
    elif not callable(fun):
        raise ArgumentError(f"extract: fun must be a name or a function, got {type(fun).__name__}")
    if weighted and fun not in ("sum", "mean", "min", "max"):
        raise ArgumentError("extract: with weights or exact, fun must be one of sum, mean, min, max; or leave it out")
    return fun


def grouped(
    groups: Sequence[NDArray[np.float64]], fun: Any, na_rm: bool, arguments: dict[str, Any], verb: str
) -> NDArray[np.float64]:
    """The numbers that a statistic or function gives for each group of values, shape (group, number).

    A group without values is missing.
    """
    rows: list[Any] = []
    for i, group in enumerate(groups):
        valid = group[~np.isnan(group)] if na_rm else group
        if valid.size == 0:
            rows.append(None)
            continue
        try:
            rows.append(np.atleast_1d(np.asarray(_one(valid, fun, arguments), np.float64)))
        except Exception as error:
            raise UDFError(
                f"{verb}: the function raised {type(error).__name__}: {error} [group {i}, {valid.size} values]"
            ) from error
    width = {len(row) for row in rows if row is not None}
    if len(width) > 1:
        raise UDFError(f"{verb}: the function must give as many numbers for every group, got {sorted(width)}")
    out = np.full((len(rows), width.pop() if width else 1), np.nan)
    for i, row in enumerate(rows):
        if row is not None:
            out[i] = row
    return out


def _one(values: NDArray[np.float64], fun: Any, arguments: dict[str, Any]) -> Any:
    if callable(fun):
        return fun(values, **arguments)
    if fun == "modal":
        known = values[~np.isnan(values)]
        if known.size < values.size:
            return np.nan
        found, counts = np.unique(known, return_counts=True)
        return found[np.argmax(counts)]
    if fun == "first":
        return values[0]
    if fun == "range":
        return [values.min(), values.max()]
    if fun in ("sd", "var"):
        spread = values.var(ddof=1) if values.size > 1 else np.nan
        return spread**0.5 if fun == "sd" else spread
    if fun in ("any", "all"):
        if np.isnan(values).any():
            return 0.0 if fun == "all" and (values == 0).any() else np.nan
        return float(getattr(np, fun)(values != 0))
    return {"median": np.median, "std": np.std, "prod": np.prod}[fun](values)


def _counted(node: Node, geometry: NDArray[np.int64], values: NDArray[np.float64], raw: bool) -> pd.DataFrame:
    """How often each value occurs in each geometry: columns ID, layer, value, count."""
    import pandas as pd

    parts = []
    for i, layer in enumerate(node.layers):
        known = ~np.isnan(values[:, i])
        pairs, counts = np.unique(
            np.column_stack([geometry[known], values[known, i]]), axis=0, return_counts=True
        )
        parts.append(
            pd.DataFrame(
                {
                    "ID": pairs[:, 0].astype(np.int64),
                    "layer": layer.name,
                    "value": layer_column(layer, pairs[:, 1], raw=raw) if len(node.layers) == 1 else pairs[:, 1],
                    "count": counts,
                }
            )
        )
    out = pd.concat(parts, ignore_index=True).sort_values(["ID"], kind="stable", ignore_index=True)
    return out.drop(columns="layer") if len(node.layers) == 1 else out


def zonal_polygons(
    x: SpatRaster,
    z: Any,
    fun: Any = "mean",
    *,
    na_rm: bool = False,
    weights: bool = False,
    exact: bool = False,
    touches: bool = False,
    small: bool = True,
    as_polygons: bool = False,
    **arguments: Any,
) -> Any:
    """A statistic of `x` per polygon: one row each, a column per layer; with `as_polygons` the polygons themselves."""
    out = extract(
        x, z, fun, weights=weights, exact=exact, touches=touches, small=small, na_rm=na_rm, bind=as_polygons, **arguments
    )
    return out if as_polygons else out.drop(columns="ID")


__all__ = ["extract", "wrapped", "zonal_polygons"]
