"""Maps of dots that stand for so many of something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.maps import canvas
from pyterra.maps.overlays import named, points
from pyterra.raster.build import numbers_of
from pyterra.vector.build import check_kind
from pyterra.vector.query import spat_sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Color


def dots(
    x: SpatVector,
    field: str | int | Sequence[float] | NDArray[Any],
    size: float,
    *,
    col: Color = "#aa3377",
    cex: float = 0.5,
    pch: str = "o",
    border: Color | None = None,
    alpha: float | None = None,
    seed: int | np.random.Generator | None = None,
    ax: Axes | None = None,
) -> SpatVector:
    """Dots at random places in polygons, each of which stands for so many of something; drawn where there is a map.

    Parameters
    ----------
    x : SpatVector
        Polygons.
    field : str, int or sequence of float
        How many there are in each polygon: an attribute by name or number, or the numbers.
    size : float
        How many a dot stands for.
    col : colour
    cex, pch : float, str
        Size and marker of dots, as `points` has them.
    border : colour, optional
        Colour of the rim; that of the dot by default.
    alpha : float, optional
        Opacity, from 0 to 1.
    seed : int or numpy.random.Generator, optional
    ax : matplotlib Axes, optional
        The map; by default the one drawn last, if there is one.

    Returns
    -------
    SpatVector
        The dots, with the attributes of their polygons.

    See Also
    --------
    spat_sample : Takes so many points of each polygon.
    cartogram : Makes areas follow numbers.

    Notes
    -----
    Numbers are rounded to whole dots; missing ones and those below 0 have none.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect(pt.ext(0, 2, 0, 1))
    >>> len(v.dots([2600], 1000, seed=1))
    3
    """
    check_kind(x, "polygons", "dots")
    if not size > 0:
        raise ArgumentError(f"dots: size must be above 0, got {size}")
    told = x._table[named(x, field, "dots")] if isinstance(field, str | int) else field
    numbers = numbers_of(np.asarray(told).tolist(), "dots: field").ravel()
    if len(numbers) != len(x):
        raise ArgumentError(f"dots: field must have a number per polygon ({len(x)}), got {len(numbers)}")
    counts = np.round(np.clip(np.nan_to_num(numbers), 0, None) / size).astype(int)
    found = spat_sample(x, counts.tolist(), seed=seed)
    if ax is not None or canvas.is_drawn():
        points(found, col=col, cex=cex, pch=pch, border=border or col, alpha=alpha, ax=ax)
    return found
