"""Every verb as a function: ``focal(r, 3)`` is ``r.focal(3)``, with one signature and one docstring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyterra.raster.spatraster import SpatRaster


def _verbs() -> dict[str, Callable[..., Any]]:
    return {
        name: member
        for name, member in vars(SpatRaster).items()
        if callable(member) and not name.startswith("_")
    }


VERBS: dict[str, Callable[..., Any]] = _verbs()
"""Name -> function of all public methods of SpatRaster."""
