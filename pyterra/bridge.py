"""The bridge to R, found by name when an object of R comes in or is asked for: it lies above all that calls it."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def of_r(module: str) -> Any:
    """A module of `pyterra.rbridge`."""
    return import_module(f"pyterra.rbridge.{module}")


def is_r(value: Any) -> bool:
    """Whether it is an object of R, as rpy2 holds it."""
    return type(value).__module__.partition(".")[0] == "rpy2"


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
    return of_r("convert").to_r(x)
