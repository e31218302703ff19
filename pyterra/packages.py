"""geopandas, pandas and shapely under names that import them when they are first used: they take half a second."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas
    import pandas
    import pyproj
    import shapely
else:

    class _Late:
        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            return getattr(importlib.import_module(self._name), attribute)

    geopandas, pandas, pyproj, shapely = map(_Late, ("geopandas", "pandas", "pyproj", "shapely"))

__all__ = ["geopandas", "pandas", "pyproj", "shapely"]
