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
    """The object as an object of R, as rpy2 holds it.

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
        Where R or rpy2 is missing, or they do not fit together. The message says what to do.
    RError
        Where terra cannot take it.

    See Also
    --------
    from_r : Makes objects of pyterra from those of R.

    Notes
    -----
    A raster whose values are bands of local files goes as paths, whatever the names of its layers, and R reads what it
    needs. Other values are computed and travel in blocks. `pyterra.rbridge.to_r` takes collections and tables too.

    Examples
    --------
    >>> import pyterra as pt
    >>> e = pt.ext(0, 2, 0, 1)
    >>> pt.from_r(e.to_r()) == e  # doctest: +SKIP
    True
    """
    return of_r("convert").to_r(x)
