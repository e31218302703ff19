"""Yes and no, with missing in place of no where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.raster.build import FLOAT32, cells_raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True)
class OnlyTrue:
    """1 where it is so, missing elsewhere."""

    def __call__(self, block: Array) -> Array:
        return np.where(block == 1, np.float32(1), np.float32(np.nan))


def told(x: SpatRaster, false_na: bool) -> SpatRaster:
    """A raster of yes and no; with `false_na`, missing stands for no."""
    return cells_raster([x._node], x._node.layers, FLOAT32, OnlyTrue()) if false_na else x
