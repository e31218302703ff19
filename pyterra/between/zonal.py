"""zonal: statistics of zones, which are cells of another raster or polygons."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from pyterra.between.extract import extract
from pyterra.between.mask import mask
from pyterra.between.rasterize import rasterize
from pyterra.errors import ArgumentError
from pyterra.functions.foreign import callable_of
from pyterra.raster.build import is_raster, node_of, on_grid, raster
from pyterra.raster.zonal import crossed, painted, weight_node, zone_frame, zone_key, zone_table
from pyterra.statistics import named
from pyterra.statistics.table import weighable
from pyterra.vector.build import is_vector
from pyterra.vector.join import cbind

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Places


def zonal(
    x: SpatRaster,
    z: SpatRaster | Places,
    fun: str | Callable[..., Any] = "mean",
    *,
    na_rm: bool = False,
    w: SpatRaster | None = None,
    wide: bool = True,
    as_raster: bool = False,
    weights: bool = False,
    exact: bool = False,
    touches: bool = False,
    small: bool = True,
    as_polygons: bool = False,
    **arguments: Any,
) -> pd.DataFrame | SpatRaster | SpatVector:
    """A statistic of the cells of each zone.

    Parameters
    ----------
    x : SpatRaster
        Values; any number of layers.
    z : SpatRaster or SpatVector
        Zones: each different value of a layer is one (numbers are not rounded), missing cells are in none. Several
        layers: each combination is a zone. Or polygons, each of which is a zone.
    fun : str or callable
        A statistic, as for `app` (positions are counted in the order of the cells of a zone), or ``fun(values)`` with
        all values of a zone and layer (float64), giving a number or several; a mapping or a named tuple also
        tells what its numbers are called. What needs more than sums and extremes (``median modal nunique first``
        and so on, and functions) takes the values into memory.
    na_rm : bool
        Leave missing cells out; otherwise one missing cell makes the result missing.
    w : SpatRaster, optional
        Weights, for mean and sum; negative ones count as they are, and a mean is missing where they sum to 0. Of several
        layers the first is taken, with a warning.
    wide : bool
        With two layers of zones and one column of numbers: a column per zone of the second, ascending. Where two
        zones never meet the sum is 0, all else is missing.
    as_raster : bool
        Give a raster that has the statistic in the cells of each zone; where polygons overlap, that of the last.
    weights, exact, touches, small : bool
        Of polygons: which cells count, and how much, as for `extract`.
    as_polygons : bool
        Of polygons: give them, with the statistics as attributes.
    **arguments
        Further arguments for a function.

    Returns
    -------
    pandas.DataFrame, SpatRaster or SpatVector
        A row per zone, ascending: a column of zones (labels for factors) with the name of `z`, then a column per layer
        of `x`. Of polygons a row for each, in their order, without a column of zones; by ``"table"`` a row for each value
        that occurs in a polygon, with columns zone (from 0), value and count.

    Raises
    ------
    GridMismatchError
        Where `x`, `z` and `w` do not share a grid.

    See Also
    --------
    extract : Takes statistics of cells under geometries.
    global_ : Takes statistics of all cells.
    crosstab : Counts pairs of values.
    freq : Counts values.

    Examples
    --------
    >>> import pyterra as pt
    >>> x, z = pt.rast([[1, 2, 6]], names="v"), pt.rast([[1, 1, 2]], names="zone")
    >>> x.zonal(z).values.tolist()
    [[1.0, 1.5], [2.0, 6.0]]
    """
    of_polygons: dict[str, Any] = {
        "weights": weights,
        "exact": exact,
        "touches": touches,
        "small": small,
        "as_polygons": as_polygons,
    }
    if not is_raster(z):
        return _of_polygons(x, z, fun, na_rm, w, as_raster, **of_polygons, **arguments)
    if weights or exact or touches or as_polygons or not small:
        raise ArgumentError(
            f"zonal: {' '.join(of_polygons)} are for polygons, got zones that are a raster; "
            "for weights of cells there is w"
        )
    node, zones = node_of(x, "zonal"), node_of(z, "zonal: z")
    zones = on_grid(zones, node.grid.check_same(zones.grid, "zonal"))
    key, rows = zone_key(zones)
    values, table = zone_table(node, key, fun, na_rm, w, arguments)
    if as_raster:
        return painted(node, key, values, table)
    of_layers = values[:, None] if rows is None else rows[values.astype(np.int64)]
    if not wide or len(zones.layers) != 2 or len(table) != 1:
        return zone_frame(node, zones, of_layers, table)
    known = named(callable_of(fun), "zonal", arguments=arguments)
    nothing = 0.0 if known is not None and known.name == "sum" else np.nan
    return crossed(zones, of_layers, next(iter(table.values())), nothing)


def _of_polygons(
    x: SpatRaster, z: Any, fun: Any, na_rm: bool, w: Any, as_raster: bool, *, as_polygons: bool, **told: Any
) -> Any:
    """The branch for zones that are no raster: a row for each polygon, or the polygons."""
    if not is_vector(z):
        raise ArgumentError(f"zonal: z must be a SpatRaster or a SpatVector, got {type(z).__name__}")
    if as_raster and as_polygons:
        raise ArgumentError("zonal: the result is a raster or polygons, got as_raster and as_polygons")
    counted = isinstance(fun, str) and fun == "table"
    if counted and (as_raster or as_polygons):
        raise ArgumentError(
            "zonal: as_raster and as_polygons need a number per polygon, got fun 'table', which gives a table alone"
        )
    if w is not None:
        table = _weighed(x, z, fun, na_rm, w, told)
    elif as_polygons:
        return extract(x, z, fun, na_rm=na_rm, bind=True, **told)
    else:
        table = cast("pd.DataFrame", extract(x, z, fun, na_rm=na_rm, **told))
        if counted:
            return table.rename(columns={"ID": "zone"})
        table = table.drop(columns="ID")
    if as_raster:
        return rasterize(z, x, cast("Any", table), touches=told["touches"])
    return cbind(z, table) if as_polygons else table


def _weighed(
    x: SpatRaster, z: Any, fun: Any, na_rm: bool, w: SpatRaster, told: dict[str, Any]
) -> pd.DataFrame:
    """Sums of the values of cells times what they weigh; means by all that the cells with values weigh."""
    import pandas as pd

    def sums(cells: SpatRaster) -> Any:
        return cast("pd.DataFrame", extract(cells, z, "sum", na_rm=na_rm, **told)).iloc[:, 1:].to_numpy(float)

    name = weighable(named(callable_of(fun), "zonal"), "zonal: fun with w")
    heavy = raster(weight_node(w, node_of(x, "zonal")))
    found = sums(x * heavy)
    if name == "mean":
        mass = sums(mask(heavy, x))
        found = found / np.where(mass == 0, np.nan, mass)
    return pd.DataFrame(found, columns=x.names)
