"""Spatial autocorrelation: whether neighbours are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.raster.build import node_of
from pyterra.raster.focal import focal, window_weights
from pyterra.raster.reduce import global_ as over_cells
from pyterra.raster.scaling import scale

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster

QUEEN = ((1, 1, 1), (1, 0, 1), (1, 1, 1))
"""The eight cells around each."""


def autocor(
    x: SpatRaster,
    w: ArrayLike = QUEEN,
    method: Literal["moran", "geary"] = "moran",
    *,
    global_: bool = True,
    standardize: bool = False,
) -> NDArray[np.float64] | SpatRaster:
    """Spatial autocorrelation, of all cells or around each.

    Parameters
    ----------
    x : SpatRaster
    w : array-like of shape (h, w)
        Weights of neighbours, with odd sides; by default those of the eight cells around each. Missing neighbours have
        no weight.
    method : {"moran", "geary"}
        Moran's I, above 0 where neighbours are alike; or Geary's C, below 1 where they are.
    global_ : bool
        One number for each layer; otherwise a raster of the index around each cell.
    standardize : bool
        With `global_`: divide the weights of each cell by their sum.

    Returns
    -------
    ndarray of shape (layer,), float64, or SpatRaster
        A raster, float64, is computed when it is asked for; missing cells stay.

    Raises
    ------
    ArgumentError
        Where `w` has an even side, or is larger than twice the raster.

    See Also
    --------
    focal : Computes with windows of cells.
    layer_cor : Correlates layers.

    Notes
    -----
    With the standardized values z (of a sample, n - 1), the weights w of the neighbours that are there and their sum
    S: I = n sum(w z_i z_j) / (S sum(z²)), C = (n - 1) sum(w (z_i - z_j)²) / (2 S sum(z²)); around a cell
    I_i = z_i sum_j(w z_j) / sum_j(w) and C_i = sum_j(w (z_i - z_j)²). Sources: Moran (1950), Biometrika 37:17; Geary
    (1954), The Incorporated Statistician 5:115; Anselin (1995), Geographical Analysis 27:93.

    Examples
    --------
    >>> import pyterra as pt
    >>> rook = [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    >>> halves = pt.rast([[0, 0, 1, 1], [0, 0, 1, 1]])
    >>> halves.autocor(rook).round(3).tolist(), halves.autocor(rook, "geary").round(3).tolist()
    ([0.6], [0.35])
    >>> checks = pt.rast([[0, 1, 0, 1], [1, 0, 1, 0]])
    >>> checks.autocor(rook).tolist()
    [-1.0]
    """
    grid = node_of(x, "autocor").grid
    method = choice(method, ("moran", "geary"), "autocor: method")
    weights = window_weights(w, grid.nrow, grid.ncol, "autocor")
    z = scale(x)
    total = focal(z * 0 + 1, weights, "sum", na_rm=True)
    beside = focal(z, weights, "sum", na_rm=True)
    if method == "moran":
        alike = z * beside
    else:
        alike = total * z**2 - 2 * z * beside + focal(z**2, weights, "sum", na_rm=True)
    if not global_:
        return alike / total if method == "moran" else alike
    if standardize:
        alike, total = alike / total, total / total
    sums, s0 = (_sum(part * (z * 0 + 1)) for part in (alike, total))
    if method == "geary":
        found: NDArray[np.float64] = sums / (2 * s0)
        return found
    count = over_cells(x, "count")["count"].to_numpy(np.float64)
    return count * sums / (s0 * (count - 1))


def _sum(x: SpatRaster) -> Any:
    return over_cells(x, "sum", na_rm=True)["sum"].to_numpy(np.float64)
