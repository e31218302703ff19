"""SpatVectorProxy: a vector that stays in its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyterra.arguments import Verbs
from pyterra.handles.spatextent import SpatExtent
from pyterra.maps import pages as _pages
from pyterra.vector import proxy as _proxy
from pyterra.vector.build import to_crs

if TYPE_CHECKING:
    import pyproj

    from pyterra.io.vector.read import FileLayer


class SpatVectorProxy(Verbs):
    """What a file says of its geometries and attributes. Made by ``vect(path, proxy=True)``; `query` reads records.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pyterra as pt
    >>> path = Path(tempfile.mkdtemp()) / "a.gpkg"
    >>> pt.vect([[1, 2], [3, 4]], crs="EPSG:3035", atts={"k": [7, 8]}).write_vector(path)
    >>> pt.vect(path, proxy=True)
    class       : SpatVectorProxy
    geometry    : points
    dimensions  : 2, 1  (geometries, attributes)
    extent      : 1, 3, 2, 4  (xmin, xmax, ymin, ymax)
    source      : a.gpkg
    coord. ref. : ETRS89-extended / LAEA Europe (EPSG:3035)
    names       :     k
    type        : <int>
    """

    __slots__ = ("_layer",)

    def __init__(self, layer: FileLayer) -> None:
        self._layer = layer

    @property
    def dim(self) -> tuple[int, int]:
        """Numbers of geometries and attributes."""
        return self._layer.count, len(self._layer.types)

    @property
    def names(self) -> list[str]:
        """Names of the attributes."""
        return list(self._layer.types)

    @property
    def ext(self) -> SpatExtent:
        """The extent of all geometries, as the file says it."""
        xmin, ymin, xmax, ymax = self._layer.bounds
        return SpatExtent(xmin, xmax, ymin, ymax)

    @property
    def crs(self) -> pyproj.CRS | None:
        """Coordinate reference system, or None."""
        found: pyproj.CRS | None = to_crs(self._layer.crs or "")
        return found

    geomtype = _proxy.geomtype
    sources = _proxy.sources
    query = _proxy.query

    def __len__(self) -> int:
        return self._layer.count

    def __repr__(self) -> str:
        return _proxy.text(self)

    def _repr_html_(self) -> str:
        return _pages.html_text(self)
