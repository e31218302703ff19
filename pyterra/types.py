"""What arguments may be, for annotations: imported by type checkers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from numpy.typing import ArrayLike, NDArray


class WithWkt(Protocol):
    """A CRS of pyproj, rasterio, geopandas ..."""

    def to_wkt(self) -> str:
        """Well-known text."""


class WithGeometry(Protocol):
    """A geometry or a table of geometries: shapely, geopandas, and whatever else says so."""

    @property
    def __geo_interface__(self) -> Mapping[str, Any]:
        """As GeoJSON has it."""


class WithSides(Protocol):
    """Bounds of rasterio."""

    @property
    def left(self) -> float:
        """Least x."""

    @property
    def right(self) -> float:
        """Greatest x."""


if TYPE_CHECKING:
    import datetime
    import os

    import numpy as np
    import pandas as pd
    from matplotlib.colors import Colormap

    from pyterra.grid.extent import Extent
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector

    Path: TypeAlias = str | os.PathLike[str]
    CRSLike: TypeAlias = str | int | WithWkt | None
    ExtentLike: TypeAlias = (
        Extent | SpatRaster | SpatVector | WithGeometry | WithSides | ArrayLike | Mapping[str, float]
    )
    Places: TypeAlias = SpatVector | Extent | WithGeometry | ArrayLike
    Raster: TypeAlias = SpatRaster | float
    Numbers: TypeAlias = SpatRaster | ArrayLike | None
    Layers: TypeAlias = int | str | slice | Sequence[int | str | bool] | NDArray[Any]
    Columns: TypeAlias = str | int | slice | Sequence[str | int]
    Attributes: TypeAlias = pd.DataFrame | Mapping[str, Any]
    Moments: TypeAlias = (
        Sequence[float | str | datetime.date | np.datetime64 | pd.Timestamp]
        | NDArray[Any]
        | pd.DatetimeIndex
        | pd.PeriodIndex
    )
    Labels: TypeAlias = float | str | Sequence[float | str | None] | ArrayLike | None
    Color: TypeAlias = str | tuple[float, ...]
    Colors: TypeAlias = Color | Sequence[Color] | NDArray[Any]
    ColorMap: TypeAlias = str | Colormap | Sequence[Color]
    ClassColors: TypeAlias = Sequence[Color] | Mapping[Any, Color] | NDArray[Any]
    Rasters: TypeAlias = SpatRaster | Path | Sequence[SpatRaster | Path] | Mapping[str, SpatRaster | Path]
