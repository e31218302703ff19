"""Statistics of zones: zonal, and expanse, the ground that values or zones cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import warn
from pyterra.expr import Array, Cells, Layer, Node, Reduce, join, select
from pyterra.frozen import dataclass
from pyterra.functions.foreign import callable_of
from pyterra.grid import Window
from pyterra.io.safe.aside import apart
from pyterra.plan import Gathering
from pyterra.raster.area import SQUARE_METRES, Unit, area_node
from pyterra.raster.build import FLOAT64, geometry_of, node_of, on_grid, raster
from pyterra.raster.reduce import BY_BLOCKS, counts_of
from pyterra.raster.tables import combinations, labels_of, unique_names, zone_node
from pyterra.run import reduce, to_array
from pyterra.statistics import Statistic, named
from pyterra.statistics.groups import by_function, of_groups, of_one_width
from pyterra.statistics.table import weighable

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

ZONE_BYTES = 240.0
"""Of what is known of a zone and layer, three times while parts are merged."""
CELL_BYTES = 36.0
"""Of a cell whose zone and value are put in order; 34 were measured."""


# The key: one layer of numbers that tell zones apart


@dataclass(frozen=True)
class ZoneNumbers:
    """The number of the combination of the values of several layers."""

    levels: tuple[tuple[float, ...], ...]
    """The values of each layer, ascending."""

    def __call__(self, block: Array) -> Array:
        number = np.zeros(block.shape[1:])
        for layer, known in zip(block, self.levels, strict=True):
            values = np.array([*known, np.nan])
            place = np.searchsorted(values[:-1], layer)
            number = number * len(known) + np.where(np.isnan(layer), np.nan, place)
        return number[None]


def zone_key(zones: Node) -> tuple[Node, Array | None]:
    """A layer that numbers the zones; with several layers also the values behind each number."""
    if len(zones.layers) == 1:
        return zones, None
    levels = [values[~np.isnan(values)] for values, _ in counts_of(zones, None, "zonal")]
    key = Cells(
        grid=zones.grid,
        layers=(Layer("zone"),),
        dtype=FLOAT64,
        arguments=(zones,),
        kernel=ZoneNumbers(tuple(tuple(level.tolist()) for level in levels)),
        temporaries=40.0,
        layerwise=False,
    )
    rows = np.stack([axis.ravel() for axis in np.meshgrid(*levels, indexing="ij")], axis=1)
    return key, rows


# The statistics


@dataclass(frozen=True)
class BlockZones:
    """Partial statistics of the zones of a block; the layer after the values holds zones, one more the weights."""

    needs: tuple[str, ...]
    truth: bool
    layers: int

    def __call__(self, block: Array, window: Window) -> Any:
        flat = block.reshape(len(block), -1)
        values = kernels.finish.truths(flat[: self.layers]) if self.truth else flat[: self.layers]
        weights = flat[self.layers + 1] if len(flat) > self.layers + 1 else None
        return kernels.zones.zones_of(values, flat[self.layers], self.needs, weights)


def _merge(a: Any, b: Any) -> Any:
    return kernels.zones.merge_zones(a, b)


def _number_of_zones(found: Any) -> int:
    return int(found.values.size)


def _same(partial: Any) -> Any:
    return partial


def zone_table(
    node: Node, key: Node, fun: Any, na_rm: bool, w: SpatRaster | None, arguments: dict[str, Any]
) -> tuple[Array, dict[str, Array]]:
    """Zones, and a column of statistics per layer (or several)."""
    fun = callable_of(fun)
    known = named(fun, "zonal", arguments=arguments)
    names = unique_names([layer.name for layer in node.layers])
    inputs = [node, key]
    if w is not None:
        weighable(known, "zonal: fun with w")
        inputs.append(weight_node(w, node))
    if known is None or known.sums is None:
        values, found, ends = _collected(node, key, known or fun, na_rm, arguments)
        return values, _columns(names, found, ends)
    parts = reduce(
        Reduce(
            node=join(inputs),
            chunk=BlockZones(known.sums, known.truth, len(names)),
            combine=_merge,
            finalise=_same,
            count=_number_of_zones,
            temporaries=24.0 + 8.0 * len(names) * (2 if known.truth else 1),
        ),
        what=Gathering("zonal", "zones", 100.0 + ZONE_BYTES * len(names), "use zones that are coarser"),
    )
    numbers = [kernels.finish.finish(parts, name, na_rm) for name in known.numbers]
    return parts.values, _columns(names, np.stack(numbers, axis=-1), _ends(known))


def weight_node(w: Any, node: Node) -> Node:
    """The first layer of a raster of weights, on the grid of another."""
    weights = node_of(w, "zonal: w")
    if len(weights.layers) > 1:
        warn(f"zonal: w must have one layer, got {len(weights.layers)}; the first is taken")
        weights = select(weights, [0])
    return on_grid(weights, node.grid.check_same(weights.grid, "zonal"))


def _ends(known: Statistic) -> list[str]:
    """What follows the name of a layer, for each number of a statistic."""
    return [f"_{end}" for end in known.gives]


def _columns(names: Sequence[str], found: Array, ends: Sequence[str]) -> dict[str, Array]:
    """A column per layer, or several, of numbers of shape (layer, zone, number)."""
    count = found.shape[2]
    ends = [""] if count == 1 else ends or [f".{k + 1}" for k in range(count)]
    labels = [f"{name}{end}" for name in names for end in ends]
    return dict(zip(labels, found.transpose(0, 2, 1).reshape(len(labels), -1), strict=True))


def _collected(
    node: Node, key: Node, fun: Any, na_rm: bool, arguments: dict[str, Any]
) -> tuple[Array, Array, list[str]]:
    """Zones, statistics that need all values of a zone at once, shape (layer, zone, number), and their names."""
    Gathering("zonal", "cells", CELL_BYTES, BY_BLOCKS).check(node.grid.cells)
    zones = to_array(key).ravel()
    order, values, starts = apart(_by_zone, zones)
    found = []
    ends = _ends(fun) if isinstance(fun, Statistic) else []
    for i, layer in enumerate(node.layers):
        cells = apart(np.take, to_array(select(node, [i])).ravel(), order).astype(np.float64)[:, None]
        if isinstance(fun, Statistic):
            numbers = apart(of_groups, cells, starts, fun, na_rm)
        else:
            told = [f"layer {layer.name!r}"]
            numbers, names = by_function(
                cells, starts, fun, na_rm, "zonal", columns=told, arguments=arguments
            )
            ends = [f".{name}" for name in names]
        found.append(numbers[:, 0])
    return values.astype(np.float64), of_one_width(found, "zonal"), ends


def _by_zone(zones: Array) -> tuple[Array, Array, Array]:
    """Cells that are in a zone, zone after zone; the zones, and where the cells of each begin."""
    order = np.argsort(zones, kind="stable")
    order = order[: zones.size - int(np.isnan(zones).sum())]
    values, starts = np.unique(zones[order], return_index=True)
    return order, values, starts


# What is given back


def zone_frame(node: Node, zones: Node, rows: Array, table: dict[str, Array]) -> pd.DataFrame:
    import pandas as pd

    heads = [layer.name for layer in zones.layers]
    own = [layer.name for layer in node.layers]
    names = unique_names([*heads, *(own if len(own) == len(table) else table)])
    columns = {
        n: labels_of(la, rows[:, i]) for i, (n, la) in enumerate(zip(names, zones.layers, strict=False))
    }
    return pd.DataFrame({**columns, **dict(zip(names[len(heads) :], table.values(), strict=True))})


def crossed(zones: Node, rows: Array, numbers: Array, nothing: float) -> pd.DataFrame:
    """A row per zone of the first layer, a column per zone of the second; `nothing` where the two never meet.

    Parameters
    ----------
    zones : Node
        Two layers.
    rows : float64 array (combination, 2)
        Zones that meet.
    numbers : float64 array (combination,)
    """
    import pandas as pd

    (first, row), (second, col) = (np.unique(zone, return_inverse=True) for zone in rows.T)
    laid = np.full((len(first), len(second)), nothing)
    laid[row, col] = numbers
    out = pd.DataFrame(laid, columns=pd.Index(labels_of(zones.layers[1], second), dtype=None))
    out.insert(0, zones.layers[0].name, labels_of(zones.layers[0], first), allow_duplicates=True)
    return out


@dataclass(frozen=True)
class Painted:
    """Numbers of the zone at each cell."""

    zones: tuple[float, ...]
    numbers: tuple[tuple[float, ...], ...]

    def __call__(self, block: Array) -> Array:
        known, flat = np.array(self.zones), block[0].ravel()
        if known.size == 0:
            return np.full((len(self.numbers), *block.shape[1:]), np.nan)
        place = np.minimum(np.searchsorted(known, flat), known.size - 1)
        inside = known[place] == flat
        found = np.where(inside, np.array(self.numbers)[:, place], np.nan)
        return found.reshape(len(self.numbers), *block.shape[1:])


def painted(node: Node, key: Node, values: Array, table: dict[str, Array]) -> SpatRaster:
    names = list(table)
    labels = [la.name for la in node.layers] if len(names) == len(node.layers) else names
    return raster(
        Cells(
            grid=node.grid,
            layers=tuple(Layer(name) for name in labels),
            dtype=FLOAT64,
            arguments=(key,),
            kernel=Painted(tuple(values.tolist()), tuple(tuple(c.tolist()) for c in table.values())),
            temporaries=24.0 + 8.0 * len(names),
            layerwise=False,
        )
    )


# Areas


def expanse(
    x: SpatRaster,
    unit: Unit = "m",
    *,
    transform: bool = True,
    by_value: bool = False,
    zones: SpatRaster | None = None,
    wide: bool = False,
    usenames: bool = False,
) -> pd.DataFrame:
    """Area that the cells with values cover.

    Parameters
    ----------
    x : SpatRaster
        All cells of a raster without values count.
    unit : {"m", "km", "ha"}
        Square metres, square kilometres or hectares.
    transform : bool
        Measure planar grids on the ellipsoid too.
    by_value : bool
        Give the area of each value.
    zones : SpatRaster, optional
        One layer of zones, to be measured one by one.
    wide : bool
        Give a column per value, or per zone without `by_value`.
    usenames : bool
        Name the layers instead of numbering them.

    Returns
    -------
    pandas.DataFrame
        Columns ``layer`` (from 0), ``value``, ``zone`` as asked for, and ``area``.

    See Also
    --------
    cell_size : Gives the area of each cell.
    freq : Counts cells.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, float("nan")]], extent=(0, 3, 0, 1))
    >>> r.expanse(transform=False).values.tolist()
    [[0.0, 2.0]]
    """
    import pandas as pd

    unit = choice(unit, tuple(SQUARE_METRES), "expanse: unit")
    areas = area_node(geometry_of(x, "expanse").grid, unit, transform)
    if not x.has_values():
        if by_value or zones is not None:
            node_of(x, "expanse")
        return pd.DataFrame({"layer": [0], "area": [float(reduce_sum(areas))]})
    node = node_of(x, "expanse")
    zone = None if zones is None else zone_node(zones, node, "expanse")
    parts = [_areas_of(node, i, zone, areas, by_value) for i in range(len(node.layers))]
    table = pd.concat(parts, ignore_index=True)
    if usenames:
        table = table.assign(layer=[node.layers[i].name for i in table["layer"]])
    return _wide_areas(table) if wide and len(table.columns) > 2 else table


def reduce_sum(node: Node) -> float:
    """The sum of the cells of a layer."""
    from pyterra.raster.reduce import moments

    return float(kernels.finish.finish(moments(node), "sum", True)[0])


@dataclass(frozen=True)
class Presence:
    """1 where there is a value."""

    def __call__(self, block: Array) -> Array:
        return np.where(np.isnan(block), np.nan, 1.0).astype(block.dtype)


def _areas_of(node: Node, i: int, zone: Node | None, areas: Node, by_value: bool) -> pd.DataFrame:
    import pandas as pd

    layer = select(node, [i])
    key = layer
    if not by_value:
        key = Cells(
            grid=layer.grid,
            layers=(layer.layers[0].number(),),
            dtype=layer.dtype,
            arguments=(layer,),
            kernel=Presence(),
            temporaries=9.0,
            layerwise=True,
        )
    found = combinations(key if zone is None else join([key, zone]), "expanse", weights=areas)
    keep = ~np.isnan(found.rows).any(axis=1)
    rows, total = found.rows[keep], found.total[keep]
    columns: dict[str, Any] = {"layer": i}
    if by_value:
        columns["value"] = labels_of(layer.layers[0], rows[:, 0])
    if zone is not None:
        columns["zone"] = labels_of(zone.layers[0], rows[:, 1])
    if not by_value and zone is None and total.size == 0:
        total = np.zeros(1)
    return pd.DataFrame({**columns, "area": total}, index=range(len(total)))


def _wide_areas(table: pd.DataFrame) -> pd.DataFrame:
    across = "value" if "value" in table else "zone"
    keys = [name for name in ("layer", "zone") if name in table and name != across]
    order = list(dict.fromkeys(table[across]))
    wide = table.pivot_table(index=keys, columns=across, values="area", fill_value=0.0, sort=False)
    wide = wide[order].reset_index()
    wide.columns.name = None
    return wide
