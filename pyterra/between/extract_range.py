"""extract_range: values of a range of layers, another one for each place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.between.extract import extract
from pyterra.between.geoms import stands_for_vector, vector_of
from pyterra.errors import ArgumentError
from pyterra.expr import Node
from pyterra.functions.foreign import callable_of
from pyterra.raster.build import layer_positions, node_of
from pyterra.raster.table import layer_column, table
from pyterra.statistics import Statistic, named
from pyterra.statistics.groups import by_function, of_groups

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Places

LayerOf = str | int | Sequence[str | int]
Fun = str | Callable[..., Any]


def extract_range(
    x: SpatRaster,
    y: Places | pd.DataFrame,
    first: LayerOf,
    last: LayerOf,
    *,
    lyr_fun: Fun | None = None,
    geom_fun: Fun | None = None,
    id: bool = False,
    na_rm: bool = True,
    bind: bool = False,
    **arguments: Any,
) -> list[pd.DataFrame] | NDArray[np.float64] | pd.DataFrame | SpatVector:
    """Values of the layers from a first to a last one, which may differ from place to place.

    Parameters
    ----------
    x : SpatRaster
    y : SpatVector, GeoDataFrame, geometries, array of shape (n, 2), DataFrame or cell numbers
        Where to look, as for `extract`.
    first, last : str, int, or a sequence with one for each place
        Names or numbers of layers; a last one that lies before the first turns the order around.
    lyr_fun : str or callable, optional
        A statistic, or ``fun(values)``, of the layers of each place.
    geom_fun : str or callable, optional
        A statistic, or ``fun(values)``, of the cells of each line or polygon and layer; needed for these.
    id : bool
        Begin with a column ``ID``, the number of the place from 0.
    na_rm : bool
        Leave missing values out before the functions.
    bind : bool
        With `lyr_fun`: give `y` with the numbers as further attributes.
    **arguments
        Further arguments for `extract`, such as ``method="bilinear"``.

    Returns
    -------
    list of pandas.DataFrame, ndarray of shape (n,) or (n, k), pandas.DataFrame or SpatVector
        A table with one row for each place; with `lyr_fun` numbers, or with `id` a table of them in the column
        ``value``.

    Raises
    ------
    LayerError
        For layers that do not exist.
    ArgumentError
        For lines and polygons without `geom_fun`; where there is not one layer, or one for each place.

    See Also
    --------
    extract : Gives the values of all layers, or of one for each place.
    rapp : Does the same for all cells, with layers that rasters tell.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2]], [[3, 4]], [[5, 6]]], names=["a", "b", "c"])
    >>> r.extract_range([0, 1], [0, 1], 2, lyr_fun="sum").tolist()
    [9.0, 10.0]
    >>> r.extract_range([1], "b", "c")[0].to_dict("records")
    [{'b': 4, 'c': 6}]
    """
    node = node_of(x, "extract_range")
    found = _values(x, y, geom_fun, na_rm, arguments)
    begin, stop = (
        _one_each(node, layer, len(found), what) for layer, what in ((first, "first"), (last, "last"))
    )
    ranges = [
        np.arange(a, b + 1) if a <= b else np.arange(a, b - 1, -1) for a, b in zip(begin, stop, strict=True)
    ]
    if lyr_fun is None:
        if bind:
            raise ArgumentError("extract_range: bind needs one number for each place; give lyr_fun=")
        return [_row(node, found, i, chosen, id) for i, chosen in enumerate(ranges)]
    numbers = _of_layers(found, ranges, lyr_fun, na_rm)
    if not (id or bind):
        return numbers[:, 0] if numbers.shape[1] == 1 else numbers
    names = ["value"] if numbers.shape[1] == 1 else [f"value_{i}" for i in range(numbers.shape[1])]
    columns = list(zip(names, numbers.T, strict=True))
    if not bind:
        return table([("ID", np.arange(len(found))), *columns])
    if not stands_for_vector(y):
        raise ArgumentError("extract_range: bind is for vectors, whose attributes the numbers become")
    atts = vector_of(y).to_geopandas()
    for name, column in columns:
        atts[name] = column
    return vector_of(atts)


def _values(
    x: SpatRaster, y: Any, geom_fun: Any, na_rm: bool, arguments: dict[str, Any]
) -> NDArray[np.float64]:
    """Values of all layers at each place, shape (place, layer)."""
    given = set(arguments) - {"method", "touches", "small", "exact", "weights", "search_radius"}
    if given:
        raise ArgumentError(
            f"extract_range: {', '.join(sorted(given))} are not arguments of values at places"
        )
    shape = stands_for_vector(y) and vector_of(y).geomtype() not in ("points", "none")
    if shape and geom_fun is None:
        raise ArgumentError("extract_range: lines and polygons need geom_fun=, a statistic of their cells")
    out: Any = extract(x, y, geom_fun if shape else None, na_rm=na_rm and shape, raw=True, **arguments)
    nlyr = len(x._node.layers)
    values: NDArray[np.float64] = out.drop(columns="ID", errors="ignore").to_numpy(np.float64)
    if values.shape[1] < nlyr or (shape and values.shape[1] > nlyr):
        raise ArgumentError("extract_range: geom_fun must give one number for each geometry and layer")
    return values[:, :nlyr]


def _one_each(node: Node, layer: Any, count: int, what: str) -> list[int]:
    """The position of a layer for each place."""
    chosen = layer_positions(node.layers, layer)
    if len(chosen) not in (1, count):
        raise ArgumentError(
            f"extract_range: {what} must be one layer, or one for each place ({count}), got {len(chosen)}"
        )
    return chosen * count if len(chosen) == 1 else chosen


def _row(node: Node, values: NDArray[np.float64], i: int, chosen: NDArray[np.int64], id: bool) -> Any:
    columns: list[tuple[str, Any]] = [("ID", [i])] if id else []
    layers = [(node.layers[k], values[i : i + 1, k]) for k in chosen]
    return table(columns + [(la.name, layer_column(la, column)) for la, column in layers])


def _of_layers(
    values: NDArray[np.float64], ranges: list[NDArray[np.int64]], fun: Any, na_rm: bool
) -> NDArray[np.float64]:
    """Numbers of the layers of each place, shape (place, number)."""
    plain = callable_of(fun)
    known = named(plain, "extract_range")
    stack = np.concatenate([values[i, chosen] for i, chosen in enumerate(ranges)] or [np.empty(0)])[:, None]
    sizes = np.array([len(chosen) for chosen in ranges], np.int64)
    starts = np.cumsum(sizes) - sizes
    if isinstance(known, Statistic):
        return of_groups(stack, starts, known, na_rm)[:, 0]
    return by_function(stack, starts, plain, na_rm, "extract_range").numbers[:, 0]
