"""freq: how often values occur, in all cells or in zones, which are cells of another raster or polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from pyterra.between.extract import extract
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells, Layer, Node, select
from pyterra.frozen import dataclass
from pyterra.raster.build import FLOAT32, is_raster, node_of, raster
from pyterra.raster.tables import counted, counted_in_zones, hits, in_zones, laid_out, number_of, with_digits
from pyterra.vector.build import is_vector

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector


def freq(
    x: SpatRaster,
    *,
    digits: int | None = 0,
    value: float | str | None = None,
    bylayer: bool = True,
    usenames: bool = False,
    zones: SpatRaster | SpatVector | None = None,
    wide: bool = False,
    touches: bool = False,
) -> pd.DataFrame:
    """How often each value occurs.

    Parameters
    ----------
    x : SpatRaster
    digits : int or None
        Decimals to which values are rounded first (half away from zero); None does not round.
    value : number or str, optional
        Count this value only; NaN counts missing cells.
    bylayer : bool
        Give a row per layer and value; otherwise the layers are counted together.
    usenames : bool
        Name the layers instead of numbering them.
    zones : SpatRaster or SpatVector, optional
        One layer of zones, or polygons, to be counted one by one.
    wide : bool
        Give a column per value instead of a row.
    touches : bool
        Of polygons: all cells that they touch; otherwise those whose centre they hold.

    Returns
    -------
    pandas.DataFrame
        Columns ``layer`` (from 0), ``value`` and ``count``, with zones also ``zone``, of polygons their number (from 0);
        labels for factors. Missing cells do not count.

    See Also
    --------
    unique : Gives the values alone.
    crosstab : Counts pairs of values of two layers.
    zonal : Takes statistics by zone.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 2]]).freq().values.tolist()
    [[0.0, 1.0, 1.0], [0.0, 2.0, 2.0]]
    """
    node = node_of(x, "freq")
    if touches and (zones is None or is_raster(zones)):
        raise ArgumentError("freq: touches is for zones that are polygons")
    if zones is None:
        table = counted(node, digits, value, bylayer)
    elif is_raster(zones):
        table = counted_in_zones(node, zones, digits, value, bylayer)
    elif is_vector(zones):
        parts = [_in_polygons(node, i, zones, digits, value, touches) for i in range(len(node.layers))]
        table = in_zones(node.layers, parts, value, bylayer)
    else:
        raise ArgumentError(f"freq: zones must be a SpatRaster or a SpatVector, got {type(zones).__name__}")
    return laid_out(table, node.layers, usenames, wide)


@dataclass(frozen=True)
class Hits:
    """1 where there is a number, or where there is none; missing elsewhere."""

    number: float

    def __call__(self, block: Array) -> Array:
        return np.where(hits(block, self.number), 1, np.nan).astype(FLOAT32)


def _in_polygons(
    node: Node, i: int, zones: Any, digits: int | None, value: Any, touches: bool
) -> tuple[Any, Any, Any]:
    """Polygons, values and counts of a layer; of one value a row of 0 for each polygon too."""
    layer = select(node, [i])
    cells = with_digits(layer, digits)
    if value is not None:
        cells = Cells(
            grid=node.grid,
            layers=(Layer("hits"),),
            dtype=FLOAT32,
            arguments=(cells,),
            kernel=Hits(number_of(layer.layers[0], value)),
            temporaries=8.0,
            layerwise=True,
        )
    table = cast(
        "pd.DataFrame", extract(raster(cells), zones, "table", small=False, touches=touches, raw=True)
    )
    found = tuple(table[name].to_numpy() for name in ("ID", "value", "count"))
    if value is None:
        return found[0], found[1], found[2]
    every = np.arange(len(zones))
    return (
        np.append(found[0], every),
        np.append(found[1], every),
        np.append(found[2], np.zeros(len(zones), np.int64)),
    )
