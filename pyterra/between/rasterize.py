"""rasterize: values of points, lines and polygons burned into cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.between.burned import (
    BurnPoints,
    BurnShapes,
    Fun,
    Numbers,
    gives,
    points_burner,
    shapes_burner,
)
from pyterra.between.fields import Field, Groups, fields_of, groups_of, one_group
from pyterra.between.geoms import geoms_on
from pyterra.between.shapes import Rule
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Init, Layer, Node, join, relabel
from pyterra.frozen import dataclass
from pyterra.functions.foreign import callable_of
from pyterra.grid import Grid
from pyterra.raster.build import FLOAT32, FLOAT64, cells_raster, is_raster, mixed, node_of, raster
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
        Keep the values of `y` where no geometry lies, whatever the `background`.
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
        function are named by it (a mapping or a named tuple), or ``lyr1``, ``lyr2`` and so on. Layers are of whole
        numbers, or of true and false, where the column and the `background` are and `fun` chooses one of its values.

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
    grid = y._node.grid
    geoms, table, kind = geoms_on(x, grid, "rasterize")
    fields = fields_of(field, table, len(geoms), "rasterize")
    groups = one_group(len(geoms)) if by is None else groups_of(by, table, "rasterize")
    _check_layers(fields, y.nlyr if update else None, by=by is not None, cover=cover)
    how = Burning(
        grid,
        kind,
        _rule(kind, touches, cover),
        TABLE["last"] if cover else _meant(fun),
        NAN if update else float(background),
        na_rm,
    )
    burners = [how.burner(geoms, one, groups) for one in fields]
    numbers = [gives(how.fun, burner.of_a_cell(grid)) for burner in burners]
    if by is not None:
        names = [name for label in groups.labels for name in numbers[0].after(label)]
    else:
        names = _names(fields, [how.label(one) for one in fields], numbers, how.fun)
    burned = [how.node(*each) for each in zip(fields, burners, numbers, strict=True)]
    return _over(y, _named(burned, names), fields) if update else raster(_named(burned, names))


def _check_layers(fields: Sequence[Field], below: int | None, *, by: bool, cover: bool) -> None:
    """Raise where the layers that are asked for do not go together; `below` is how many there are to update."""
    if len(fields) > 1 and (by or cover):
        what = "by" if by else "cover"
        raise ArgumentError(
            f"rasterize: {what} takes one field, got {len(fields)}; rasterize them one by one"
        )
    if fields[0].listed and below not in (None, 1, len(fields)):
        raise ArgumentError(
            f"rasterize: update needs one layer of y, or one per field, got {below} for {len(fields)} fields"
        )


def _rule(kind: str, touches: bool, cover: bool) -> Rule:
    """Which cells geometries of a type cover."""
    if kind == "points" and (touches or cover):
        raise ArgumentError("rasterize: touches and cover are for lines and polygons, got points")
    if cover and kind != "polygons":
        raise ArgumentError(f"rasterize: cover is for polygons, got {kind}")
    return "cover" if cover else "touch" if touches else "centre" if kind == "polygons" else "path"


def _meant(fun: Any) -> Fun:
    """The statistic or the function; the last value where nothing is said."""
    if fun is None:
        return TABLE["last"]
    fun = callable_of(fun)
    return named(fun, "rasterize") or fun


@dataclass(frozen=True)
class Burning:
    """What is burned, and how."""

    grid: Grid
    kind: str
    """Type of the geometries."""
    rule: Rule
    """Which cells lines or polygons cover."""
    fun: Fun
    """What a cell gets where several lie."""
    background: float
    na_rm: bool
    """Whether geometries without a value are left out."""

    def burner(self, geoms: NDArray[Any], field: Field, groups: Groups) -> BurnPoints | BurnShapes:
        """What burns the values of a field."""
        values = field.values
        if self.na_rm:
            given = ~np.isnan(values)
            geoms, values, groups = geoms[given], values[given], groups.of(given)
        if self.kind == "points":
            return points_burner(geoms, self.grid, values, groups, self.fun, self.background)
        if self.rule == "cover":
            geoms, groups = _united(geoms, groups)
            values = np.ones(len(geoms))
        polygon = self.kind == "polygons"
        return shapes_burner(
            geoms, self.grid, values, groups, self.fun, self.background, self.rule, polygon=polygon
        )

    def node(self, field: Field, burner: BurnPoints | BurnShapes, numbers: Numbers) -> Init:
        """The layers of a field, not named yet: one for each group and number."""
        covered = self.rule == "cover"
        known = self.fun if isinstance(self.fun, Statistic) and not covered else None
        values = np.append(1.0 if covered else field.values, self.background)
        layer = field.layer
        if known is None or not known.chooses:
            layer = mixed(Layer(layer.name), values)
        elif field.categories is None:
            layer = mixed(layer, values)
        narrow = known is not None and not known.real and _narrow(values)
        layers = (layer,) * (burner.depth * numbers.count)
        return Init(
            grid=self.grid,
            layers=layers,
            dtype=FLOAT32 if narrow else FLOAT64,
            kernel=replace(burner, width=numbers.count),
            temporaries=12.0 * len(layers) + PAIR_BYTES,
        )

    def label(self, field: Field) -> str:
        """What the layer of a field is called, as in terra."""
        name = field.layer.name
        if not isinstance(self.fun, Statistic) or (not field.listed and self.kind != "points"):
            return name
        if not field.listed and field.categories is None:
            return self.fun.name
        return name if self.fun.name == "last" else f"{name}_{self.fun.name}"


def _united(geoms: NDArray[Any], groups: Groups) -> tuple[NDArray[Any], Groups]:
    """One geometry per group, so that what several polygons cover counts once."""
    import shapely

    present = np.unique(groups.number)
    united = [shapely.union_all(geoms[groups.number == group]) for group in present]
    return np.array(united, dtype=object), replace(groups, number=present)


def _narrow(values: NDArray[np.float64]) -> bool:
    """Whether float32 holds all of them."""
    with np.errstate(over="ignore"):
        same = values.astype(np.float32) == values
    return bool(np.all(same | np.isnan(values)))


def _names(fields: Sequence[Field], bases: Sequence[str], numbers: Sequence[Numbers], fun: Fun) -> list[str]:
    """Names of the layers of fields. Several numbers of a function that have no names are counted through."""
    own = not isinstance(fun, Statistic)
    if own and not fields[0].listed and numbers[0].names:
        return list(numbers[0].names)
    if own and any(one.count > 1 and not one.names for one in numbers):
        return [f"lyr{k}" for k in range(1, sum(one.count for one in numbers) + 1)]
    return [name for base, one in zip(bases, numbers, strict=True) for name in one.after(base)]


def _named(nodes: Sequence[Node], names: Sequence[str]) -> Node:
    """The layers of all nodes, under their names."""
    joined = join(nodes)
    layers = (replace(layer, name=name) for layer, name in zip(joined.layers, names, strict=True))
    return relabel(joined, tuple(layers))


@dataclass(frozen=True)
class Covering:
    """The second input where there is one, else the first."""

    def __call__(self, below: Array, above: Array) -> Array:
        return np.where(np.isnan(above), below, above)


def _mixed(below: Layer, above: Layer) -> Layer:
    """A layer of which some values are those of another: plain numbers, or whole or true and false as both are."""
    plain = below.number()
    return mixed(plain if below.kind == "factor" else plain.as_kind(below.kind), others=(above,))


def _over(y: SpatRaster, burned: Node, fields: Sequence[Field]) -> SpatRaster:
    """What was burned, and `y` where nothing was; what came alone goes over all layers of `y`, which keep their names."""
    if len(burned.layers) != len(fields):
        raise ArgumentError(
            f"rasterize: update takes one layer, got {len(burned.layers)} of by, or of a fun of several numbers"
        )
    node = node_of(y, "rasterize")
    own, below, over = fields[0].listed, node.layers, burned.layers
    count = max(len(below), len(over))
    pairs = zip(below * (count // len(below)), over * (count // len(over)), strict=True)
    layers = [replace(_mixed(one, other), name=(other if own else one).name) for one, other in pairs]
    dtype = np.dtype(np.result_type(node.dtype, burned.dtype))
    return cells_raster([node, burned], layers, dtype, Covering())
