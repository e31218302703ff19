"""What a raster says of its grid and its layers, and what can be set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.expr.described import Described
from pyterra.handles.spatextent import SpatExtent
from pyterra.raster import categories as _categories
from pyterra.raster import geometry as _geometry
from pyterra.raster import naming as _naming
from pyterra.raster import sources as _sources
from pyterra.raster import time as _time
from pyterra.raster import window as _window

if TYPE_CHECKING:
    import pandas as pd
    import pyproj

    from pyterra.types import ExtentLike


class RasterProperties(Described):
    """Properties of a `SpatRaster`. Setting one describes the same object anew."""

    __slots__ = ()

    # Geometry

    @property
    def nrow(self) -> int:
        """Number of rows. Setting it drops the values."""
        return _geometry.nrow(self)

    @nrow.setter
    def nrow(self, value: int) -> None:
        _geometry.set_nrow(self, value)

    @property
    def ncol(self) -> int:
        """Number of columns. Setting it drops the values."""
        return _geometry.ncol(self)

    @ncol.setter
    def ncol(self, value: int) -> None:
        _geometry.set_ncol(self, value)

    @property
    def nlyr(self) -> int:
        """Number of layers. Setting it drops the values."""
        return _geometry.nlyr(self)

    @nlyr.setter
    def nlyr(self, value: int) -> None:
        _geometry.set_nlyr(self, value)

    @property
    def dim(self) -> tuple[int, int, int]:
        """Size as (nrow, ncol, nlyr), in terra's order. Setting it drops the values."""
        return _geometry.dim(self)

    @dim.setter
    def dim(self, value: Sequence[int]) -> None:
        _geometry.set_dim(self, value)

    @property
    def ncell(self) -> int:
        """Number of cells of a layer."""
        return _geometry.ncell(self)

    @property
    def size(self) -> int:
        """Number of cells of all layers together."""
        return _geometry.size(self)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of the values as an array: (nlyr, nrow, ncol)."""
        return _geometry.shape(self)

    @property
    def res(self) -> tuple[float, float]:
        """Cell size (x, y). Setting it drops the values."""
        return _geometry.res(self)

    @res.setter
    def res(self, value: float | tuple[float, float]) -> None:
        _geometry.set_res(self, value)

    @property
    def xres(self) -> float:
        """Width of a cell."""
        return _geometry.xres(self)

    @property
    def yres(self) -> float:
        """Height of a cell."""
        return _geometry.yres(self)

    @property
    def ext(self) -> SpatExtent:
        """Extent. Setting it keeps rows, columns and values."""
        return SpatExtent(*self._node.grid.extent)

    @ext.setter
    def ext(self, value: Any) -> None:
        _geometry.set_ext(self, value)

    @property
    def xmin(self) -> float:
        """Left edge."""
        return _geometry.xmin(self)

    @xmin.setter
    def xmin(self, value: float) -> None:
        _geometry.set_xmin(self, value)

    @property
    def xmax(self) -> float:
        """Right edge."""
        return _geometry.xmax(self)

    @xmax.setter
    def xmax(self, value: float) -> None:
        _geometry.set_xmax(self, value)

    @property
    def ymin(self) -> float:
        """Bottom edge."""
        return _geometry.ymin(self)

    @ymin.setter
    def ymin(self, value: float) -> None:
        _geometry.set_ymin(self, value)

    @property
    def ymax(self) -> float:
        """Top edge."""
        return _geometry.ymax(self)

    @ymax.setter
    def ymax(self, value: float) -> None:
        _geometry.set_ymax(self, value)

    @property
    def window(self) -> list[bool]:
        """Whether each layer is seen through a window. Setting it to an extent shows that part alone; None shows all."""
        return _window.window(self)

    @window.setter
    def window(self, value: ExtentLike | None) -> None:
        _window.set_window(self, value)

    @property
    def origin(self) -> tuple[float, float]:
        """Coordinates of the cell corner closest to (0, 0)."""
        return _geometry.origin(self)

    @origin.setter
    def origin(self, value: float | tuple[float, float]) -> None:
        _geometry.set_origin(self, value)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values, float32 or float64; missing is NaN."""
        return _geometry.dtype(self)

    @property
    def crs(self) -> pyproj.CRS | None:
        """Coordinate reference system; setting it names the CRS and transforms nothing."""
        return _geometry.crs(self)

    @crs.setter
    def crs(self, value: Any) -> None:
        _geometry.set_crs(self, value)

    # Layers

    @property
    def names(self) -> list[str]:
        """Layer names."""
        return _naming.names(self)

    @names.setter
    def names(self, value: str | Sequence[str]) -> None:
        _naming.set_names(self, value)

    @property
    def time(self) -> NDArray[Any] | None:
        """Time of the layers, an array of shape (nlyr,), or None.

        Days and seconds are datetime64, years and months whole numbers, months of years and plain numbers float64.
        """
        return _time.time(self)

    @time.setter
    def time(self, value: Any) -> None:
        _time.set_time_of(self, value)

    @property
    def units(self) -> list[str]:
        """Units of the layers."""
        return _naming.units(self)

    @units.setter
    def units(self, value: str | Sequence[str] | None) -> None:
        _naming.set_units(self, value)

    @property
    def depth(self) -> list[float] | None:
        """Depth of the layers, or None."""
        return _naming.depth(self)

    @depth.setter
    def depth(self, value: float | Sequence[float] | None) -> None:
        _naming.set_depth(self, value)

    @property
    def long_names(self) -> list[str]:
        """Long names of the layers."""
        return _naming.long_names(self)

    @long_names.setter
    def long_names(self, value: str | Sequence[str]) -> None:
        _naming.set_long_names(self, value)

    @property
    def varnames(self) -> list[str]:
        """Names of the variables that the layers are parts of."""
        return _naming.varnames(self)

    @varnames.setter
    def varnames(self, value: str | Sequence[str]) -> None:
        _naming.set_varnames(self, value)

    @property
    def depth_name(self) -> str:
        """What the depth of the layers is called."""
        return _naming.depth_name(self)

    @depth_name.setter
    def depth_name(self, value: str) -> None:
        _naming.set_depth_name(self, value)

    @property
    def depth_unit(self) -> str:
        """Unit of the depth of the layers."""
        return _naming.depth_unit(self)

    @depth_unit.setter
    def depth_unit(self, value: str) -> None:
        _naming.set_depth_unit(self, value)

    @property
    def na_flag(self) -> list[float | int | None]:
        """The number that stands for missing in each layer, or None. Setting it makes cells with that value missing."""
        return _sources.na_flag(self)

    @na_flag.setter
    def na_flag(self, value: float | Sequence[float | None] | None) -> None:
        _sources.set_na_flag(self, value)

    @property
    def scoff(self) -> NDArray[np.float64]:
        """Scale and offset of each layer, shape (nlyr, 2): a value is a stored number times scale, plus offset."""
        return _sources.scoff(self)

    @scoff.setter
    def scoff(self, value: Any) -> None:
        _sources.set_scoff(self, value)

    @property
    def rgb(self) -> list[int] | None:
        """The layers of red, green and blue (and alpha) of a picture, or None. Hue, saturation and a third count too."""
        return _categories.rgb(self)

    @rgb.setter
    def rgb(self, value: Sequence[int] | None) -> None:
        _categories.set_channels(self, value)

    @property
    def levels(self) -> list[pd.DataFrame | None]:
        """The table of categories of each layer, with values and active labels; None for a layer without categories."""
        return _categories.levels(self)

    @levels.setter
    def levels(self, value: Any) -> None:
        _categories.set_levels(self, value)

    @property
    def active_cat(self) -> list[int | None]:
        """Active label column per layer."""
        return _categories.active_cat(self)

    @active_cat.setter
    def active_cat(self, value: Any) -> None:
        _categories.set_active_cat(self, value)

    @property
    def colors(self) -> list[dict[int, tuple[int, int, int, int]] | None]:
        """The colour table of each layer as {value: (red, green, blue, alpha)}; None for a layer without colours.

        What is given may name a class by its label, and a colour as three or four numbers from 0 to 255, as
        ``"#rrggbb"``, or by a name that matplotlib knows.
        """
        return _categories.colors(self)

    @colors.setter
    def colors(self, value: Any) -> None:
        from pyterra.maps.palettes import channels

        _categories.set_colors(self, value, lambda color: channels(color, "colors"))
