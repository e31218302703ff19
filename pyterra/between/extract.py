"""extract: values at points, along lines, in polygons; statistics of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.between.covered import of_owners, shape_cells, summaries, summary_table, tabulated
from pyterra.between.geoms import geoms_on, stands_for_vector, vector_of
from pyterra.between.search import nearest_known
from pyterra.between.shapes import Rule, Shapes, shapes_of
from pyterra.errors import ArgumentError, LayerError, warn
from pyterra.expr import Node
from pyterra.functions.foreign import callable_of
from pyterra.grid import Grid
from pyterra.grid.extent import Extent
from pyterra.io.safe.aside import apart
from pyterra.raster.at import bilinear_at, shifted_inside, values_at
from pyterra.raster.build import layer_positions, node_of
from pyterra.raster.table import layer_column, table
from pyterra.statistics import Statistic, named
from pyterra.statistics.table import COVERED, weighable

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Places


def extract(
    x: SpatRaster,
    y: Places | pd.DataFrame,
    fun: str | Sequence[str] | Callable[..., Any] | None = None,
    *,
    method: Literal["simple", "bilinear"] = "simple",
    cells: bool = False,
    xy: bool = False,
    id: bool = True,
    weights: bool = False,
    exact: bool = False,
    touches: bool | None = None,
    small: bool = True,
    layer: str | int | Sequence[str | int] | None = None,
    bind: bool = False,
    raw: bool = False,
    na_rm: bool = False,
    search_radius: float = 0,
    **arguments: Any,
) -> pd.DataFrame | SpatVector:
    """Values of a raster where geometries lie.

    Parameters
    ----------
    x : SpatRaster
    y : SpatVector, GeoDataFrame, geometries, array of shape (n, 2), DataFrame, cell numbers or SpatExtent
        Where to look; a DataFrame has the columns x and y.
    fun : str, sequence of str or callable, optional
        A statistic of the cells of each geometry, as for `app` (positions are counted in the order of the cells), or
        several, whose columns begin with its name; ``table``, how often each value occurs in lines or polygons; or
        ``fun(values)`` with the values of one layer, giving a number or several.
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
        Return `y` with the values as further attributes; for lines and polygons with `fun`.
    raw : bool
        Numbers instead of labels for factors.
    na_rm : bool
        Leave missing values out before `fun`.
    search_radius : float
        For points in missing cells of one layer: take the value of the nearest cell that has one, within this distance
        between centres, in metres for lon/lat and else in units of the CRS. Adds the columns ``distance`` and ``cell``.
    **arguments
        Further arguments for a function.

    Returns
    -------
    pandas.DataFrame or SpatVector
        One row per point, or per geometry with `fun`, or per covered cell. Cells and coordinates without attributes
        give no ``ID``. A geometry beyond the raster gives one row of missing values.

    Raises
    ------
    ArgumentError
        Where arguments do not fit the type of the geometries.
    MemoryBudgetError
        Where a list of values does not fit the memory budget.

    Warns
    -----
    PyterraWarning
        Where `y` has another CRS than `x`: its vertices are projected to that of the raster, the lines between them stay
        straight. With `bind` the result has the CRS of `y`.

    See Also
    --------
    zonal : Takes statistics of zones that are a raster.
    rasterize : Goes the other way, from geometries to cells.
    mask : Keeps the cells of geometries as a raster.

    Notes
    -----
    Only blocks on which a geometry lies are computed. ``sum mean min max range any all none count count_na`` need no list
    of values; others collect the values of the covered cells in memory. Geometries that cross the date line of a
    lon/lat raster are followed to the other side.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2, vals=range(6), names="a", crs="")
    >>> r.extract([(0.5, 1.5), (2.5, 0.5), (9, 9)])["a"].tolist()
    [0.0, 5.0, nan]
    """
    node = node_of(x, "extract")
    method = choice(method, ("simple", "bilinear"), "extract: method")
    summary = [] if fun is None else _meant(fun, arguments, weighted=weights or exact)
    if arguments and fun is None:
        raise ArgumentError(f"extract: further arguments are for a function, got {', '.join(arguments)}")
    if isinstance(y, Extent):
        return _in_extent(node, y, cells, xy, raw)
    numbers = _cell_numbers(y)
    if numbers is not None:
        _warn_of_cells_outside(node.grid, numbers)
        return _table(node, None, numbers, values_at(node, numbers), cells, xy, raw)
    frame = hasattr(y, "itertuples") and not stands_for_vector(y)
    geoms, atts, kind = geoms_on(_coordinates(y) if frame else y, node.grid, "extract", projected=True)
    if kind == "points":
        owner, at, values = _at_points(node, geoms, method)
        more: dict[str, Any] = {}
        if search_radius:
            _searchable(node, search_radius, fun, method)
            values[:, 0], far, at = nearest_known(node, at, values[:, 0], float(search_radius))
            more = {"distance": far, "cell": _known_cells(node.grid, at)}
        if "table" in summary:
            raise ArgumentError(
                "extract: 'table' is for lines and polygons, got points; use freq(), or count the rows"
            )
        if summary:
            count = len(geoms)
            of_each = [of_owners(node, owner, values, count, one, na_rm, arguments) for one in summary]
            out = summary_table(node, summary, of_each)
            out = _only_layer(out, _layers_of(node, layer, atts, np.arange(count)), node)
        else:
            ids = owner if atts is not None or frame else None
            raw = raw or method == "bilinear"
            chosen = _layers_of(node, layer, atts, owner)
            out = _table(node, ids, at, values, cells and not more, xy, raw, layer=chosen, more=more)
    else:
        if search_radius:
            raise ArgumentError(f"extract: search_radius is for points, got {kind}")
        if (weights or exact) and kind != "polygons":
            raise ArgumentError(f"extract: weights and exact are for polygons, got {kind}")
        shapes = shapes_of(geoms, node.grid, polygon=kind == "polygons")
        rule = rule_of(kind, weights or exact, touches)
        rules = shapes.rules(node.grid, rule, small=small)
        if summary:
            if "table" in summary:
                out = tabulated(node, shapes, rules, raw=raw)
            else:
                out = summaries(node, shapes, rules, summary, na_rm, arguments)
            out = _only_layer(out, _layers_of(node, layer, atts, np.arange(len(shapes))), node)
        else:
            found = shape_cells(node, shapes, rules)
            owner, at, weight, values = apart(with_empty, shapes, found)
            more = {"fraction" if exact else "weight": weight} if weights or exact else {}
            chosen = _layers_of(node, layer, atts, owner)
            out = _table(node, owner, at, values, cells, xy, raw, layer=chosen, more=more)
    if bind:
        if len(out) != len(geoms):
            raise ArgumentError(
                "extract: bind needs one row per geometry; give fun=, or points, or join the attributes to the values: "
                "values.merge(y.values(), left_on='ID', right_index=True)"
            )
        return _bound(y, out)
    return out if id or "ID" not in out else out.drop(columns="ID")


def _searchable(node: Node, radius: float, fun: Any, method: str) -> None:
    if len(node.layers) != 1 or fun is not None or method != "simple":
        raise ArgumentError(
            f"extract: search_radius is for the cells of one layer, without fun, got {len(node.layers)} layers; "
            "choose one, as with r[0]"
        )
    if not radius > 0:
        raise ArgumentError(f"extract: search_radius must be above 0, got {radius}")


def _meant(fun: Any, arguments: dict[str, Any], *, weighted: bool) -> list[Any]:
    """Statistics, or one function, or the word ``table``."""
    several = np.iterable(fun) and not (isinstance(fun, str) or callable(fun))
    meant = []
    for item in [callable_of(one) for one in (fun if several else [fun])]:
        known = named(item, "extract", arguments=arguments, also=("table",))
        if weighted:
            weighable(known, "extract: fun with weights or exact", COVERED)
        meant.append(known or item)
    if len(meant) > 1 and not all(isinstance(one, Statistic) for one in meant):
        raise ArgumentError(
            "extract: several of fun must be names of statistics; a function may give several numbers"
        )
    return meant


def rule_of(kind: str, cover: bool, touches: bool | None) -> Rule:
    """Which cells of lines or polygons are meant."""
    if cover:
        return "cover"
    if touches is None:
        touches = kind == "lines"
    return "touch" if touches else "centre" if kind == "polygons" else "path"


def _cell_numbers(y: Any) -> NDArray[np.int64] | None:
    """Cell numbers, where `y` is a row of whole numbers."""
    if isinstance(y, str) or stands_for_vector(y) or hasattr(y, "columns"):
        return None
    array = np.asarray(y)
    if array.ndim > 1 or array.dtype.kind not in "iuf":
        return None
    array = np.atleast_1d(array)
    whole = (
        np.isnan(array) | (array == np.floor(array))
        if array.dtype.kind == "f"
        else np.ones(array.shape, bool)
    )
    if not whole.all():
        raise ArgumentError("extract: cell numbers must be whole; coordinates have shape (n, 2)")
    return (
        np.where(np.isnan(array), -1, array).astype(np.int64)
        if array.dtype.kind == "f"
        else array.astype(np.int64)
    )


def _warn_of_cells_outside(grid: Grid, cells: NDArray[np.int64]) -> None:
    """-1 is what verbs give for no cell; other numbers are mistakes."""
    outside = cells[(cells < -1) | (cells >= grid.cells)]
    if outside.size:
        warn(
            f"extract: cells must be numbered 0 to {grid.cells - 1}, got {outside[0]}; the values of {outside.size} of "
            f"{cells.size} are missing"
        )


def _coordinates(frame: Any) -> NDArray[np.float64]:
    """The columns x and y of a DataFrame, or its two columns."""
    names = ["x", "y"] if {"x", "y"} <= set(frame.columns) else list(frame.columns)
    if len(names) != 2:
        raise ArgumentError(
            f"extract: a DataFrame must have the columns x and y, or two columns, got {', '.join(map(str, names))}"
        )
    xy: NDArray[np.float64] = np.asarray(frame[names], np.float64)
    return xy


def _known_cells(grid: Grid, cells: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where((cells >= 0) & (cells < grid.cells), cells, -1)


def _at_points(
    node: Node, geoms: NDArray[Any], method: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    import shapely

    xy, owner = shapely.get_coordinates(geoms, return_index=True)
    xy = shifted_inside(xy, node.grid)
    cells = node.grid.cell_from_xy(xy)
    if shapely.is_empty(geoms).any():  # they have no coordinates, but a row
        missing = np.setdiff1d(np.arange(len(geoms)), owner)
        owner, cells = np.r_[owner, missing], np.r_[cells, np.full(missing.size, -1)]
        xy = np.r_[xy, np.full((missing.size, 2), np.nan)]
        order = np.argsort(owner, kind="stable")
        owner, cells, xy = owner[order], cells[order], xy[order]
    return owner, cells, values_at(node, cells) if method == "simple" else bilinear_at(node, xy)


def with_empty(shapes: Shapes, found: tuple[Any, ...]) -> tuple[Any, ...]:
    """The cells, with a row of missing values for each geometry that covers none."""
    geometry, cell, weight, values = found
    empty = np.flatnonzero(np.bincount(geometry, minlength=len(shapes)) == 0)
    if empty.size == 0:
        return found
    geometry = np.r_[geometry, empty]
    order = np.argsort(geometry, kind="stable")
    cell = np.r_[cell, np.full(empty.size, -1)]
    weight = np.r_[weight, np.full(empty.size, np.nan)]
    values = np.concatenate([values, np.full((empty.size, values.shape[1]), np.nan)])
    return geometry[order], cell[order], weight[order], values[order]


def _in_extent(node: Node, extent: Extent, cells: bool, xy: bool, raw: bool) -> Any:
    window = node.grid.whole_cells(extent).intersection(node.grid.window)
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
) -> Any:
    columns: list[tuple[str, Any]] = [] if ids is None else [("ID", ids)]
    if layer is None:
        columns += [(la.name, layer_column(la, values[:, i], raw=raw)) for i, la in enumerate(node.layers)]
    else:
        names = np.array([la.name for la in node.layers], dtype=object)
        columns += [("layer", names[layer]), ("value", values[np.arange(len(layer)), layer])]
    at = _known_cells(node.grid, at)
    if cells:
        columns.append(("cell", at))
    if xy:
        centres = node.grid.xy_from_cell(at)
        columns += [("x", centres[:, 0]), ("y", centres[:, 1])]
    return table([*columns, *(more or {}).items()])


def _layers_of(node: Node, layer: Any, table: Any, owner: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Layer of each row, where one is chosen per geometry."""
    if layer is None:
        return None
    if isinstance(layer, str) and table is not None and layer in table.columns:
        layer = table[layer].tolist()
    asked = np.atleast_1d(np.asarray(layer, dtype=object))
    for number in asked[[isinstance(item, Integral) for item in asked]]:
        if not 0 <= number < len(node.layers):
            raise LayerError(f"extract: layer must be from 0 to {len(node.layers) - 1}, got {number}")
    chosen = np.asarray(layer_positions(node.layers, layer), np.int64)
    count = int(owner.max()) + 1 if owner.size else 0
    if chosen.size not in (1, count):
        raise ArgumentError(
            f"extract: layer must be one layer, or one per geometry ({count}), got {chosen.size}"
        )
    return chosen[owner] if chosen.size > 1 else np.full(owner.size, chosen[0])


def _only_layer(out: Any, chosen: NDArray[np.int64] | None, node: Node) -> Any:
    if chosen is None:
        return out
    if out.shape[1] != 1 + len(node.layers):
        raise ArgumentError("extract: layer needs a fun that gives one number")
    names = np.array([la.name for la in node.layers], dtype=object)
    picked = out.iloc[:, 1:].to_numpy()[np.arange(len(out)), chosen]
    return table([("ID", out["ID"].to_numpy()), ("layer", names[chosen]), ("value", picked)])


def _bound(y: Any, out: Any) -> Any:
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
