"""Values replaced by other values: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


def is_any(block: Array, values: Sequence[float]) -> npt.NDArray[np.bool_]:
    """Where a block has one of some values, of which NaN is one that may be asked for."""
    found = np.zeros(block.shape, dtype=bool)
    for value in values:
        found |= np.isnan(block) if value != value else block == np.float64(value)
    return found
