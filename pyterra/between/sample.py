"""spat_sample: some of the cells, as a table, as points, or as a smaller raster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import errors
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Node
from pyterra.raster.build import geometry_of, node_of
from pyterra.raster.sample import (
    Cells,
    drawn,
    random_cells,
    random_valid,
    regular_cells,
    sides_of,
    thinned,
    window_in,
    with_values,
)
from pyterra.raster.spread import exactly, kept, scattered, spread
from pyterra.raster.table import layer_column
from pyterra.raster.tables import unique_names
from pyterra.raster.values import matrix_of_cells
from pyterra.vector.build import build
from pyterra.vector.make import points_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import ExtentLike


Method = Literal["random", "regular", "stratified", "weights", "spread"]
METHODS = ("random", "regular", "stratified", "weights", "spread")


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
    as_mask: bool = False,
    values: bool = True,
    cells: bool = False,
    xy: bool = False,
    ext: ExtentLike | None = None,
    warn: bool = True,
    weights: SpatRaster | None = None,
    exp: float = 5,
    exhaustive: bool = False,
    exact: bool = False,
    each: bool = True,
    seed: int | np.random.Generator | None = None,
) -> pd.DataFrame | NDArray[Any] | SpatVector | SpatRaster:
    """A sample of the cells.

    Parameters
    ----------
    x : SpatRaster
    size : int or (int, int)
        Number of cells: of each stratum for ``stratified``; rows and columns may be given for ``regular``.
    method : {"random", "regular", "stratified", "weights", "spread"}
        By chance (on lon/lat grids in proportion to the area of cells); on a grid of rows and columns, as near to
        `size` as they allow; from each value of the first layer; by chance with the first layer as weights; or spread
        evenly over the cells without missing values.
    replace : bool
        Let a cell be drawn more than once, for ``random``.
    na_rm : bool
        Draw only cells without missing values.
    as_raster : bool
        Give a raster of fewer cells over the same ground: for ``regular`` (files are read at reduced resolution), and for
        ``random``, where each has the value of one of the cells under it.
    as_df : bool
        Give a DataFrame (labels for factors), else an array.
    as_points : bool
        Give a SpatVector of points with the values as attributes.
    as_mask : bool
        Give the raster itself, missing but in the cells of the sample.
    values, cells, xy : bool
        Give the values, cell numbers, coordinates.
    ext : SpatExtent or object with an extent, optional
        Draw from this part of `x`.
    warn : bool
        Warn when there are fewer cells than asked for.
    weights : SpatRaster, optional
        For ``stratified``: one layer of weights within the strata.
    exp : float
        How many times `size` cells are looked at first, with `na_rm`.
    exhaustive : bool
        Look at all cells, with `na_rm`, for rasters that are mostly missing.
    exact : bool
        Draw exactly `size` cells, for ``regular``: rows differ by one cell.
    each : bool
        Take `size` for each stratum, with ``stratified``; otherwise for all strata together.
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

    See Also
    --------
    extract : Gives the values at places that you have.

    Notes
    -----
    Of a raster without values, `cells`, `xy` and `as_points` give places alone.
    ``spread`` groups places by chance of `size` compact clusters (k-means of up to 400 places each, at least 2000 in all)
    and takes the place in the middle of each.
    Only the blocks that hold chosen cells are read, except for ``stratified``, ``weights``, ``spread`` and `exhaustive`,
    which look at all of them, one after the other. A seed gives the same cells whatever the blocks.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=4, ncols=4, vals=range(16), names="v")
    >>> r.spat_sample((2, 2), "regular")["v"].tolist()
    [5.0, 7.0, 13.0, 15.0]
    """
    method = choice(method, METHODS, "spat_sample: method")
    if method in ("random", "regular") and not na_rm and not as_raster and (cells or xy or as_points):
        node = geometry_of(x, "spat_sample")  # places alone need no values
        values = values and x.has_values()
    else:
        node = node_of(x, "spat_sample")
    window = window_in(node.grid, ext)
    if as_raster and method == "random":
        return scattered(node, window, sides_of(size, window, up=True), np.random.default_rng(seed))
    if as_raster:
        if method != "regular":
            raise ArgumentError("spat_sample: as_raster needs method='regular' or 'random'")
        return thinned(node, window, sides_of(size, window, up=True))
    if replace and method != "random":
        raise ArgumentError(f"spat_sample: replace needs method='random', got {method!r}")
    if weights is not None and method != "stratified":
        raise ArgumentError(f"spat_sample: weights needs method='stratified', got {method!r}")
    rng = np.random.default_rng(seed)
    wanted = int(np.prod(size))
    if wanted < 1:
        raise ArgumentError(f"spat_sample: size must be 1 or more, got {size}")
    if method == "regular":
        found = (
            exactly(node.grid, window, wanted)
            if exact
            else regular_cells(node.grid, window, sides_of(size, window, up=True))
        )
        found = with_values(node, found) if na_rm else found
    elif method == "random" and not na_rm:
        found = random_cells(node.grid, window, wanted, rng, replace)
    elif method == "random":
        found = random_valid(node, window, wanted, rng, replace, exp, exhaustive)
    elif method == "spread":
        found = spread(node, window, wanted, rng)
    else:
        found = drawn(node, window, wanted, rng, method, weights, each)
        cells = cells or (method == "stratified" and not xy)
    if warn and method in ("random", "weights", "spread") and found.size < wanted:
        errors.warn(f"spat_sample: only {found.size} cells of {wanted} could be had")
    if as_mask:
        return kept(node, found)
    return _given(node, found, values, cells, xy, as_df, as_points)


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
            name: layer_column(layer, matrix[:, i]) if layer.categories else matrix[:, i]
            for i, (name, layer) in enumerate(zip(names, node.layers, strict=True))
        }
        table = pd.concat([table, pd.DataFrame(shown, index=table.index)], axis=1)
        table.columns = [*columns, *(layer.name for layer in node.layers)]
    if not as_points:
        return table
    table.columns = unique_names(list(table.columns))
    return build(points_of(places), table, node.grid.crs)
