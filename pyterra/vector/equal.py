"""all_equal, identical: whether two vectors are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pyterra.grid.crs import same_crs
from pyterra.vector.build import check_vector, is_vector

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

TOLERANCE = 1.5e-8
"""As R's all.equal."""


def all_equal(target: SpatVector, current: SpatVector, *, tolerance: float = TOLERANCE) -> bool | list[str]:
    """Whether two vectors are equal but for rounding, or how they differ.

    Parameters
    ----------
    target, current : SpatVector
    tolerance : float
        How far apart numbers may be, relative to their size.

    Returns
    -------
    True, or list of str
        What differs, where they are not equal: numbers and types of geometries, reference systems, coordinates,
        attributes.

    See Also
    --------
    identical : Asks for the same numbers.
    compare_geom : Compares geometries one by one.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1]], atts={"a": [1, 2]})
    >>> v.all_equal(v)
    True
    >>> v.all_equal(v.shift(1, 0))
    ['geometries differ']
    """
    check_vector(target, "all_equal")
    check_vector(current, "all_equal")
    if len(target) != len(current):
        return [f"numbers of geometries differ: {len(target)} and {len(current)}"]
    said = []
    if target.geomtype() != current.geomtype():
        said.append(f"types differ: {target.geomtype()} and {current.geomtype()}")
    if not same_crs(target.wkt, current.wkt):
        said.append("reference systems differ")
    if not _same_geometry(target, current, tolerance):
        said.append("geometries differ")
    return said + _attributes(target, current, tolerance) or True


def _same_geometry(a: SpatVector, b: SpatVector, tolerance: float) -> bool:
    first, second = (np.asarray(v.geom(), np.float64) for v in (a, b))
    if first.shape != second.shape:
        return False
    return np.allclose(first, second, rtol=tolerance, atol=0.0, equal_nan=True)


def _attributes(a: SpatVector, b: SpatVector, tolerance: float) -> list[str]:
    import pandas as pd

    try:
        pd.testing.assert_frame_equal(
            a.as_data_frame(), b.as_data_frame(), rtol=tolerance, atol=0.0, check_exact=tolerance == 0
        )
    except AssertionError as error:
        return [f"attributes differ: {str(error).splitlines()[0]}"]
    return []


def identical(x: SpatVector, y: SpatVector) -> bool:
    """Whether two vectors have the same geometries, attributes and reference system.

    Parameters
    ----------
    x, y : SpatVector

    Returns
    -------
    bool

    See Also
    --------
    all_equal : Lets numbers differ by rounding, and tells what differs.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1]], atts={"a": [1, 2]})
    >>> v.identical(v), v.identical(v.shift(1, 0))
    (True, False)
    """
    check_vector(x, "identical")
    return is_vector(y) and all_equal(x, y, tolerance=0.0) is True
