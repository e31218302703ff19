"""rasterize: values of points, lines and polygons burned into cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.geoms import geoms_on
from pyterra.between.shapes import RULES, Rule, Shapes, shapes_of, wrapped
from pyterra.errors import ArgumentError, LayerError, near_names, warn
from pyterra.expr import Array, Categories, Init, Layer, Positional
from pyterra.functions.foreign import callable_of
from pyterra.grid import Grid, Window
from pyterra.raster._build import FLOAT32, FLOAT64, cells_raster, choice, is_raster, mixed, node_of, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

JOINS = {"last": 0, "first": 1, "min": 2, "max": 3, "sum": 4, "mean": 5, "count": 6}
_ALIASES = {"length": "count"}
NAN = float("nan")


@dataclass(frozen=True, eq=False)
class BurnShapes(Positional):
    """Values of lines or polygons, by position."""

    shapes: Shapes
    rules: NDArray[np.uint8]
    """Rule of each geometry."""
    values: NDArray[np.float64]
    """Value of each geometry."""
    layers: NDArray[np.int64]
    """Layer that each geometry goes to."""
    depth: int
    """Number of layers."""
    join: int
    """What a cell gets that several geometries cover."""
    background: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.full((self.depth, window.nrow, window.ncol), self.background)
        chosen = self.shapes.on(grid).meeting(window)
        kernels.burn.paint(
            *self.shapes.arguments(grid, chosen, self.rules),
            window.row,
            window.col,
            grid.ncol,
            self.values,
            self.layers,
            self.join,
            out,
            np.zeros(out.shape, np.int32),
        )
        return out


@dataclass(frozen=True, eq=False)
class BurnPoints(Positional):
    """One value for each of some positions, per layer."""

    xy: tuple[NDArray[np.float64], ...]
    """Per layer: coordinates of the points that count, shape (n, 2)."""
    values: tuple[NDArray[np.float64], ...]
    """Per layer: their values."""
    fun: str | Callable[[Any], Any]
    background: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.full((len(self.xy), window.nrow, window.ncol), self.background)
        for layer, xy, values in zip(out, self.xy, self.values, strict=True):
            row, col = grid.row_from_y(xy[:, 1]) - window.row, grid.col_from_x(xy[:, 0]) - window.col
            inside = (row >= 0) & (row < window.nrow) & (col >= 0) & (col < window.ncol)
            cells = row[inside] * window.ncol + col[inside]
            order = np.argsort(cells, kind="stable")
            found, starts = np.unique(cells[order], return_index=True)
            if found.size == 0:
                continue
            layer.reshape(-1)[found] = joined(values[inside][order], starts, self.fun)
        return out


def joined(values: NDArray[np.float64], starts: NDArray[Any], fun: str | Callable[[Any], Any]) -> Any:
    """One number for each run of values that begins at `starts`."""
    stops = np.append(starts[1:], len(values))
    if callable(fun):
        return np.array([fun(values[a:b]) for a, b in zip(starts, stops, strict=True)], np.float64)
    if fun == "last":
        return values[stops - 1]
    if fun == "first":
        return values[starts]
    if fun == "count":
        return stops - starts
    reducers = {"min": np.minimum, "max": np.maximum, "sum": np.add, "mean": np.add}
    total = reducers[fun].reduceat(values, starts)
    return total / (stops - starts) if fun == "mean" else total


def rasterize(
    x: Any,
    y: SpatRaster,
    field: str | float | Sequence[float] = "",
    fun: str | Callable[[NDArray[np.float64]], float] | None = None,
    *,
    background: float = NAN,
    touches: bool = False,
    update: bool = False,
    cover: bool = False,
    by: str | None = None,
    na_rm: bool = False,
) -> SpatRaster:
    """Values of points, lines or polygons, burned into the cells of a raster.

    Parameters
    ----------
    x : SpatVector, anything that `vect` takes, or array of shape (n, 2)
        Geometries, or coordinates of points.
    y : SpatRaster
        The grid; its values count only with `update`.
    field : str, number or sequence of numbers
        Column of `x` with the values, or the values themselves (recycled); 1 by default. Text becomes a factor layer
        whose codes follow the alphabet, from 0.
    fun : {"last", "first", "min", "max", "sum", "mean", "count"} or callable, optional
        What a cell gets that several geometries cover; the last by default. A function of the values of a cell,
        giving a number, for points only.
    background : float
        Value of cells that no geometry covers.
    touches : bool
        All cells that a line or polygon touches; otherwise those whose centre lies inside a polygon, or on the render
        path of a line.
    update : bool
        Keep the values of `y` where no geometry lies.
    cover : bool
        The fraction of each cell that polygons cover (exact), instead of values.
    by : str, optional
        Column of `x`: a layer for each of its values.
    na_rm : bool
        Leave out geometries whose value is missing.

    Returns
    -------
    SpatRaster
        A layer named after `field` or `fun`, or ``layer``; or a layer per value of `by`.

    Raises
    ------
    ArgumentError
        Where an argument does not fit the type of the geometries.
    LayerError
        Where a column does not exist.
    CRSMismatchError
        Where the two have different reference systems.

    Notes
    -----
    A centre on the left edge of a polygon is outside, on the right edge inside. Beyond the date line of a lon/lat
    raster, geometries continue on the other side. Nothing is burned until values are wanted; a block looks only at
    the geometries that meet it.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2, crs="")
    >>> pt.rasterize([(0.5, 0.5), (2.5, 1.5)], r, [7, 8], background=0).to_numpy()[0].tolist()
    [[0.0, 0.0, 8.0], [7.0, 0.0, 0.0]]
    """
    if not is_raster(y):
        raise ArgumentError(
            f"rasterize: y must be a SpatRaster, got {type(y).__name__}; make one with rast()"
        )
    geoms, table, kind = geoms_on(x, y._node.grid, "rasterize")
    if update:
        node_of(y, "rasterize")
    values, layer = _values_of(field, table, len(geoms))
    groups = _groups(by, table, len(geoms))
    keep = ~np.isnan(values) if na_rm else np.ones(len(values), dtype=bool)
    fun = callable_of(fun)
    name = fun if isinstance(fun, str) else None
    if name is not None:
        name = choice(_ALIASES.get(name, name), tuple(JOINS), "rasterize: fun")
    if name in ("mean", "sum", "count") or cover:
        layer = replace(Layer(layer.name))
    if kind == "points":
        if touches or cover:
            raise ArgumentError("rasterize: touches and cover are for lines and polygons, got points")
        kernel: Any = _points_kernel(
            geoms, y._node.grid, values, groups, keep, name or fun or "last", background
        )
        layer = replace(layer, name=_point_name(layer.name, fun, name))
    else:
        if fun is not None and name is None:
            raise ArgumentError(
                f"rasterize: a function of one's own is for points, got {kind}; name one of {', '.join(JOINS)}"
            )
        if cover and kind != "polygons":
            raise ArgumentError(f"rasterize: cover is for polygons, got {kind}")
        rule: Rule = "cover" if cover else "touch" if touches else "centre" if kind == "polygons" else "path"
        geoms, values, groups = geoms[keep], values[keep], (groups[0][keep], groups[1])
        if cover:
            geoms, values, groups = _united(geoms, groups)
        shapes = shapes_of(geoms, y._node.grid, polygon=kind == "polygons")
        kernel = BurnShapes(
            shapes,
            np.full(len(shapes), RULES[rule], np.uint8),
            values,
            groups[0],
            len(groups[1]),
            JOINS[name or "last"],
            NAN if update else float(background),
        )
    layer = mixed(layer, [*values, background]) if layer.kind == "num" else layer
    layers = [replace(layer, name=label) for label in groups[1]] if by is not None else [layer]
    dtype = (
        FLOAT32
        if _narrow([*values, background]) and name not in ("mean", "sum") and not callable(fun) and not cover
        else FLOAT64
    )
    burned = Init(
        grid=y._node.grid,
        layers=tuple(layers),
        dtype=dtype,
        kernel=kernel,
        temporaries=12.0 * len(layers) + 16.0 + 24.0,
    )
    return _updated(burned, y) if update else raster(burned)


def _united(
    geoms: NDArray[Any], groups: tuple[NDArray[np.int64], list[str]]
) -> tuple[NDArray[Any], NDArray[np.float64], tuple[NDArray[np.int64], list[str]]]:
    """One geometry per group, so that what several polygons cover counts once."""
    import shapely

    present = np.unique(groups[0])
    united = np.array([shapely.union_all(geoms[groups[0] == group]) for group in present], dtype=object)
    return united, np.ones(len(present)), (present, groups[1])


def _point_name(label: str, fun: Any, name: str | None) -> str:
    if name is not None:
        return name
    return "last" if fun is None else label


def _narrow(values: Sequence[float]) -> bool:
    array = np.asarray(values, np.float64)
    with np.errstate(over="ignore"):
        same = array.astype(np.float32) == array
    return bool(np.all(same | np.isnan(array)))


def _values_of(field: Any, table: Any, count: int) -> tuple[NDArray[np.float64], Layer]:
    """Value of each geometry, and the layer they make."""
    if isinstance(field, str):
        if field == "":
            return np.ones(count), Layer("layer")
        column = column_of(table, field, "rasterize: field")
        if column.dtype.kind in "biuf":
            return np.asarray(column, np.float64), Layer(field)
        if hasattr(column, "cat") or str(column.dtype) == "category" or column.dtype.kind in "OUST":
            labels = sorted({str(v) for v in column if _given(v)})
            codes = {label: i for i, label in enumerate(labels)}
            numbers = np.array([codes[str(v)] if _given(v) else NAN for v in column])
            rows = tuple((i, label) for label, i in codes.items())
            return numbers, Layer(field, "factor", categories=Categories(("value", field), rows))
        return np.asarray(column.astype("float64"), np.float64), Layer(field)
    numbers = np.atleast_1d(np.asarray(field, np.float64))
    if numbers.ndim != 1 or numbers.size == 0:
        raise ArgumentError("rasterize: field must be a column, a number, or a number per geometry")
    if count and count % numbers.size:
        warn(f"rasterize: {numbers.size} values are recycled for {count} geometries")
    return numbers[np.arange(count) % numbers.size], Layer("layer")


def _given(value: Any) -> bool:
    return value is not None and value == value


def column_of(table: Any, name: str, what: str) -> Any:
    """A column of the attributes.

    Raises
    ------
    LayerError
        Where there is none of that name; near matches are named.
    """
    names = [] if table is None else [str(c) for c in table.columns]
    if name in names:
        return table[name]
    raise LayerError(f"{what} must be a column of the vector, got {name!r}{near_names(name, names)}")


def _groups(by: str | None, table: Any, count: int) -> tuple[NDArray[np.int64], list[str]]:
    """Layer of each geometry, and the names of the layers."""
    if by is None:
        return np.zeros(count, np.int64), ["layer"]
    import pandas as pd

    codes, labels = pd.factorize(column_of(table, by, "rasterize: by"), sort=True)
    if (codes < 0).any():
        raise ArgumentError(
            f"rasterize: by must be a column without missing values, got {by!r} with {int((codes < 0).sum())}"
        )
    return codes.astype(np.int64), [str(label) for label in labels]


def _points_kernel(
    geoms: NDArray[Any],
    grid: Grid,
    values: NDArray[np.float64],
    groups: tuple[NDArray[np.int64], list[str]],
    keep: NDArray[np.bool_],
    fun: Any,
    background: float,
) -> BurnPoints:
    import shapely

    xy, owner = shapely.get_coordinates(wrapped(geoms, grid) if grid.is_lonlat else geoms, return_index=True)
    chosen = [keep[owner] & (groups[0][owner] == i) for i in range(len(groups[1]))]
    return BurnPoints(
        tuple(xy[c] for c in chosen), tuple(values[owner[c]] for c in chosen), fun, float(background)
    )


@dataclass(frozen=True)
class Over:
    """The second input where there is one, else the first."""

    def __call__(self, below: Array, above: Array) -> Array:
        return np.where(np.isnan(above), below, above)


def _updated(burned: Init, y: SpatRaster) -> SpatRaster:
    node = node_of(y, "rasterize")
    if len(burned.layers) != 1:
        raise ArgumentError("rasterize: update and by cannot be combined")
    layers = [layer.number() for layer in node.layers]
    dtype = np.dtype(np.result_type(node.dtype, burned.dtype))
    return cells_raster([node, burned], layers, dtype, Over(), layerwise=False)


def presence(value: Any, grid: Grid, verb: str, *, touches: bool) -> Init:
    """1 where geometries (or an extent) lie, missing elsewhere: what masks are made of."""
    geoms, _, kind = geoms_on(value, grid, verb)
    if kind == "points":
        kernel: Any = _points_kernel(
            geoms,
            grid,
            np.ones(len(geoms)),
            _groups(None, None, len(geoms)),
            np.ones(len(geoms), bool),
            "last",
            NAN,
        )
    else:
        shapes = shapes_of(geoms, grid, polygon=kind == "polygons")
        rule: Rule = "touch" if touches else "centre" if kind == "polygons" else "path"
        count = len(shapes)
        kernel = BurnShapes(
            shapes, shapes.rules(grid, rule), np.ones(count), np.zeros(count, np.int64), 1, JOINS["last"], NAN
        )
    return Init(grid=grid, layers=(Layer("layer"),), dtype=FLOAT32, kernel=kernel, temporaries=52.0)
