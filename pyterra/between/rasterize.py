"""rasterize: values of points, lines and polygons burned into cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.between.burned import BurnPoints, BurnShapes, Fun, gives
from pyterra.between.geoms import geoms_on
from pyterra.between.shapes import RULES, Rule, shapes_of, wrapped
from pyterra.errors import ArgumentError, LayerError, near_names, warn
from pyterra.expr import Array, Categories, Init, Layer
from pyterra.frozen import dataclass
from pyterra.functions.foreign import callable_of
from pyterra.grid import Grid
from pyterra.raster.build import FLOAT32, FLOAT64, cells_raster, is_raster, mixed, node_of, raster
from pyterra.raster.join import c
from pyterra.statistics import TABLE, Statistic, named

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

NAN = float("nan")
PAIR_BYTES = 80.0
"""Of a geometry that lies at a cell: the cell, its place in their order, the value."""


def rasterize(
    x: Any,
    y: SpatRaster,
    field: str | float | Sequence[str] | Sequence[float] | NDArray[np.float64] = "",
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
    field : str, number, sequence of str or numbers, or ndarray of shape (n, k)
        Column of `x` with the values, or the values themselves (recycled); 1 by default. Text becomes a factor layer
        whose codes follow the alphabet, from 0. Several columns, or k values per geometry, make a layer each.
    fun : str or callable, optional
        What a cell gets where several geometries lie in it: a statistic of their values, as for `app` (positions are
        counted in the order of `x`), or a function that takes their values and gives a number, or always as many. By
        default it gets the value of the last geometry.
    background : float
        Value of cells that no geometry covers.
    touches : bool
        Whether all cells that a line or polygon touches count. Otherwise those count whose centre lies inside a
        polygon, or on the rendered path of a line.
    update : bool
        Keep the values of `y` where no geometry lies.
    cover : bool
        Return the exact fraction of each cell that polygons cover, instead of values; `fun` is not used.
    by : str, optional
        Column of `x`; the result has a layer for each of its values.
    na_rm : bool
        Leave out geometries whose value is missing.

    Returns
    -------
    SpatRaster
        A layer named after `field` or `fun`, or ``layer``; with `by`, a layer for each value. The layers of several
        columns, and those of text at points, are named after the column, followed by `fun` where it is not the last
        value or a function. Where `fun` gives several numbers, there are as many layers in place of each; those of a
        function are named by it (a mapping or a named tuple), or ``lyr1``, ``lyr2`` and so on.

    Raises
    ------
    ArgumentError
        Where an argument does not fit the type of the geometries.
    LayerError
        Where a column does not exist.
    CRSMismatchError
        Where the two have different reference systems.

    See Also
    --------
    SpatRaster.extract : Values of a raster at geometries.
    SpatRaster.mask : Keeps the cells that geometries cover.
    SpatRaster.as_polygons : Cells as polygons.

    Notes
    -----
    A centre on the left edge of a polygon is outside, and one on the right edge is inside. Beyond the date line of a
    lon/lat raster, geometries continue on the other side. Nothing is burned until values are wanted, and each block uses
    only the geometries that meet it.

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
    several = _several(field, cover)
    if several is not None:
        if by is not None:
            raise ArgumentError(
                f"rasterize: by takes one field, got {len(several)}; rasterize them one by one"
            )
        if update and y.nlyr not in (1, len(several)):
            raise ArgumentError(
                f"rasterize: update needs one layer of y, or one per field, got {y.nlyr} for {len(several)} fields"
            )
        parts = [
            rasterize(
                x,
                y[[k]] if update and y.nlyr > 1 else y,
                one,
                fun,
                background=background,
                touches=touches,
                update=update,
                na_rm=na_rm,
            )
            for k, (_, one) in enumerate(several)
        ]
        return _side_by_side(parts, [name for name, _ in several], fun)
    if update:
        node_of(y, "rasterize")
    values, layer = _values_of(field, table, len(geoms))
    groups = _groups(by, table, len(geoms))
    keep = ~np.isnan(values) if na_rm else np.ones(len(values), dtype=bool)
    meant = TABLE["last"] if cover else _meant(fun)
    known = meant if isinstance(meant, Statistic) else None
    text = layer.kind == "factor"
    if known is None or not known.chooses or cover:
        layer = Layer(layer.name)
    if kind == "points":
        if touches or cover:
            raise ArgumentError("rasterize: touches and cover are for lines and polygons, got points")
        kernel: Any = _points_kernel(geoms, y._node.grid, values, groups, keep, meant, background)
        ends = gives(meant, _values_of_a_cell(kernel, y._node.grid))
        kernel = replace(kernel, width=len(ends))
        layer = replace(layer, name=_named_after(layer.name, known) if text or known is None else known.name)
    else:
        if cover and kind != "polygons":
            raise ArgumentError(f"rasterize: cover is for polygons, got {kind}")
        rule: Rule = "cover" if cover else "touch" if touches else "centre" if kind == "polygons" else "path"
        geoms, values, groups = geoms[keep], values[keep], (groups[0][keep], groups[1])
        if cover:
            geoms, values, groups = _united(geoms, groups)
        shapes = shapes_of(geoms, y._node.grid, polygon=kind == "polygons")
        ends = gives(meant, values[:1])
        kernel = BurnShapes(
            shapes,
            np.full(len(shapes), RULES[rule], np.uint8),
            values,
            groups[0],
            len(groups[1]),
            meant,
            NAN if update else float(background),
            len(ends),
        )
    layer = mixed(layer, [*values, background]) if layer.kind == "num" else layer
    layers = [replace(layer, name=label) for label in groups[1]] if by is not None else [layer]
    if ends != ("",):
        alone = known is None and by is None
        layers = [replace(la, name=end if alone else f"{la.name}_{end}") for la in layers for end in ends]
    narrow = _narrow([*values, background]) and known is not None and not known.real and not cover
    burned = Init(
        grid=y._node.grid,
        layers=tuple(layers),
        dtype=FLOAT32 if narrow else FLOAT64,
        kernel=kernel,
        temporaries=12.0 * len(layers) + PAIR_BYTES,
    )
    return _updated(burned, y) if update else raster(burned)


def _meant(fun: Any) -> Fun:
    """The statistic or the function; the last value where nothing is said."""
    if fun is None:
        return TABLE["last"]
    fun = callable_of(fun)
    return named(fun, "rasterize") or fun


def _named_after(field: str, fun: Statistic | None) -> str:
    return field if fun is None or fun.name == "last" else f"{field}_{fun.name}"


def _numbers(field: Any) -> NDArray[np.float64]:
    try:
        return np.asarray(field, np.float64)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"rasterize: field must be a column, several columns, or numbers, got {field!r}"
        ) from None


def _several(field: Any, cover: bool) -> list[tuple[str, Any]] | None:
    """Names and values of several fields; None where there is one."""
    if cover or field is None or isinstance(field, str):
        return None
    if isinstance(field, list | tuple) and field and all(isinstance(name, str) for name in field):
        return [(name, name) for name in field]
    if np.ndim(field) != 2:
        return None
    names = [str(name) for name in getattr(field, "columns", [])]
    numbers = _numbers(field)
    names = names or [f"lyr{k + 1}" for k in range(numbers.shape[1])]
    return list(zip(names, numbers.T, strict=True)) or None


def _side_by_side(parts: list[SpatRaster], names: list[str], fun: Any) -> SpatRaster:
    """Rasters of several fields as one, each layer named after its field."""
    meant = _meant(fun)
    known = meant if isinstance(meant, Statistic) else None
    out = c(*parts)
    if out.nlyr == len(names):
        out.names = [_named_after(name, known) for name in names]
    elif known is None and parts[0].names[0] == "lyr1":  # numbers without names
        out.names = [f"lyr{k + 1}" for k in range(out.nlyr)]
    else:
        ends = known.gives if known is not None else parts[0].names
        out.names = [f"{_named_after(name, known)}_{end}" for name in names for end in ends]
    return out


def _united(
    geoms: NDArray[Any], groups: tuple[NDArray[np.int64], list[str]]
) -> tuple[NDArray[Any], NDArray[np.float64], tuple[NDArray[np.int64], list[str]]]:
    """One geometry per group, so that what several polygons cover counts once."""
    import shapely

    present = np.unique(groups[0])
    united = np.array([shapely.union_all(geoms[groups[0] == group]) for group in present], dtype=object)
    return united, np.ones(len(present)), (present, groups[1])


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
            numbers = np.array([codes[str(v)] if _given(v) else NAN for v in column], np.float64)
            rows = tuple((i, label) for label, i in codes.items())
            return numbers, Layer(field, "factor", categories=Categories(("value", field), rows))
        return np.asarray(column.astype("float64"), np.float64), Layer(field)
    numbers = np.atleast_1d(_numbers(field))
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
    fun: Fun,
    background: float,
) -> BurnPoints:
    import shapely

    xy, owner = shapely.get_coordinates(wrapped(geoms, grid) if grid.is_lonlat else geoms, return_index=True)
    chosen = [keep[owner] & (groups[0][owner] == i) for i in range(len(groups[1]))]
    return BurnPoints(
        tuple(xy[c] for c in chosen), tuple(values[owner[c]] for c in chosen), fun, float(background)
    )


def _values_of_a_cell(burned: BurnPoints, grid: Grid) -> NDArray[np.float64]:
    """Values of the points in the cell of the first point on the grid: what a function is tried on."""
    for xy, values in zip(burned.xy, burned.values, strict=True):
        cell = grid.cell_from_xy(xy)
        if (cell >= 0).any():
            return values[cell == cell[cell >= 0][0]]
    return np.empty(0)


@dataclass(frozen=True)
class Covering:
    """The second input where there is one, else the first."""

    def __call__(self, below: Array, above: Array) -> Array:
        return np.where(np.isnan(above), below, above)


def _updated(burned: Init, y: SpatRaster) -> SpatRaster:
    node = node_of(y, "rasterize")
    if len(burned.layers) != 1:
        raise ArgumentError(
            f"rasterize: update takes one layer, got {len(burned.layers)} of by, or of a fun of several numbers"
        )
    layers = [layer.number() for layer in node.layers]
    dtype = np.dtype(np.result_type(node.dtype, burned.dtype))
    return cells_raster([node, burned], layers, dtype, Covering(), layerwise=False)


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
            TABLE["last"],
            NAN,
        )
    else:
        shapes = shapes_of(geoms, grid, polygon=kind == "polygons")
        rule: Rule = "touch" if touches else "centre" if kind == "polygons" else "path"
        count = len(shapes)
        kernel = BurnShapes(
            shapes, shapes.rules(grid, rule), np.ones(count), np.zeros(count, np.int64), 1, TABLE["last"], NAN
        )
    return Init(grid=grid, layers=(Layer("layer"),), dtype=FLOAT32, kernel=kernel, temporaries=52.0)
