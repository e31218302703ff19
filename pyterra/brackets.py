"""What stands in brackets: as everywhere in Python, numbers below 0 count from the end."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np


def counted(key: Any, size: int) -> Any:
    """Numbers, or a slice, with what is below 0 counted from the end of `size`; names and tests stay as they are.

    Numbers that are too small stay below 0, so that whoever looks for them can say which they were.

    Examples
    --------
    >>> counted(-1, 5), counted(slice(-2, None), 5), counted([0, "red", -5, -6], 5)
    (4, [3, 4], [0, 'red', 0, -6])
    """
    if isinstance(key, slice):
        return list(range(size)[key])
    if isinstance(key, str | bool | np.bool_):
        return key
    if isinstance(key, Integral):
        return int(key) + size if -size <= int(key) < 0 else int(key)
    if isinstance(key, list | tuple):
        return [counted(item, size) for item in key]
    array = np.asarray(key)
    if array.dtype.kind != "i":
        return key
    return np.where((array < 0) & (array >= -size), array + size, array)
