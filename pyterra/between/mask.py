"""mask: cells set to missing where a mask is, or outside of geometries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.between.geoms import stands_for_vector
from pyterra.between.presence import presence
from pyterra.errors import ArgumentError
from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.kernels.cover import is_any
from pyterra.raster.build import (
    cells_raster,
    exact_dtype,
    is_raster,
    mixed,
    node_of,
    on_grid,
    per_layer,
    recycled,
)
from pyterra.raster.cover import NAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import ExtentLike


@dataclass(frozen=True)
class Mask:
    """A value where the mask has one of some values (or has none of them)."""

    values: tuple[float, ...]
    inverse: bool
    update: float
    dtype: np.dtype[Any]
    keep_missing: bool = False
    """Whether cells that are missing already stay so."""

    def __call__(self, block: Array, mask: Array) -> Array:
        hit = is_any(mask, self.values)
        if self.inverse:
            hit = ~hit
        if self.keep_missing:
            hit &= ~np.isnan(block)
        return np.where(hit, np.asarray(self.update, self.dtype), block)


def mask(
    x: SpatRaster,
    mask: ExtentLike,
    *,
    inverse: bool = False,
    maskvalues: float | Sequence[float] | None = NAN,
    updatevalue: float | None = None,
    touches: bool = True,
) -> SpatRaster:
    """Cells set to missing where a mask is missing, or outside of geometries.

    Parameters
    ----------
    x : SpatRaster
    mask : SpatRaster, SpatVector, SpatExtent or geometries
        A raster with more layers than `x` repeats the layers of `x`. Geometries keep the cells on which they lie.
    inverse : bool
        Set the other cells instead.
    maskvalues : number or sequence
        Values of the mask that set cells; missing by default.
    updatevalue : float, optional
        What the cells become; missing by default. Cells that were missing already become it too, unless they lie
        outside of geometries (as in terra).
    touches : bool
        Keep all cells that a line or polygon touches; otherwise those whose centre lies inside a polygon, or on the
        render path of a line.

    Returns
    -------
    SpatRaster
        Names, types and categories of `x`.

    See Also
    --------
    crop : Cuts out an extent, and masks with ``mask=True``.
    cover : Fills missing cells.
    ifel : Chooses between two values by a test.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3]])
    >>> r.mask(pt.rast([[7, float("nan"), 7]])).values(drop=True).tolist()
    [1.0, nan, 3.0]
    >>> west = pt.vect("POLYGON ((0 0, 1.2 0, 1.2 1, 0 1, 0 0))")
    >>> r.mask(west, touches=False, updatevalue=0).values(drop=True).tolist()
    [1.0, 0.0, 0.0]
    """
    node = node_of(x, "mask")
    if is_raster(mask):
        other = node_of(mask, "mask")
    elif stands_for_vector(mask):
        other = presence(mask, node.grid, "mask", touches=touches)
    else:
        raise ArgumentError(f"mask: the mask must be a SpatRaster or a SpatVector, got {type(mask).__name__}")
    grid = node.grid.check_same(other.grid, "mask")
    count = max(len(node.layers), len(other.layers))
    inputs = [recycled(on_grid(n, grid), count) for n in (node, other)]
    update = NAN if updatevalue is None else float(updatevalue)
    names = (
        node.layers
        if len(node.layers) == count
        else [replace(la, name=f"lyr{i + 1}") for i, la in enumerate(inputs[0].layers)]
    )
    layers = [mixed(la, [update]) if update == update else la.without_range() for la in names]
    dtype = exact_dtype([update], node.dtype)
    keep = not is_raster(mask) and not inverse
    kernel = Mask(per_layer(maskvalues, "mask: maskvalues"), inverse, update, dtype, keep)
    return cells_raster(inputs, layers, dtype, kernel)
