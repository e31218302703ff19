"""Methods whose work is done by layers above: found by name when they are called."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def to_r(x: Any) -> Any:
    """The same object in R, as rpy2 holds it.

    Parameters
    ----------
    x : SpatRaster, SpatVector or SpatExtent

    Returns
    -------
    R object
        terra's SpatRaster, SpatVector or SpatExtent.

    Raises
    ------
    ImportError
        Where R or rpy2 is missing, or they do not fit together; says what to do.
    RError
        Where terra cannot take it.

    Notes
    -----
    A raster whose values are bands of local files, under whatever names, goes as paths, and R reads what it needs. Other
    values are computed and travel in blocks. See `pyterra.rbridge.to_r`, which takes collections and tables too.
    """
    return import_module("pyterra.rbridge.convert").to_r(x)
