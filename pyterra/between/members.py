"""What data sets and collections of rasters have as verbs where there are geometries too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pyterra.between.extract import extract

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def extract_each(x: Iterable[SpatRaster], y: Any, **options: Any) -> list[Any]:
    """Values of every raster where geometries lie.

    Parameters
    ----------
    y : SpatVector, array of xy, or cell numbers
        As of `SpatRaster.extract`.
    **options
        Options of `SpatRaster.extract`.

    Returns
    -------
    list
        What `SpatRaster.extract` gives of each.

    See Also
    --------
    SpatRaster.extract : The verb for one raster, where the options are described.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=[1, 2], names="v")
    >>> [table["v"].tolist() for table in pt.sds(a=r, b=r * 10).extract([[1.5, 0.5]])]
    [[2], [20]]
    """
    return [extract(one, y, **options) for one in x]
