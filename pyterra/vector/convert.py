"""To and from the neighbours: geopandas, GeoJSON-like mappings, Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd

    from pyterra.handles.spatvector import SpatVector


def to_geopandas(x: SpatVector) -> gpd.GeoDataFrame:
    """A copy of the vector as a GeoDataFrame.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    geopandas.GeoDataFrame

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2]], atts={"a": [5]}).to_geopandas()
       a     geometry
    0  5  POINT (1 2)
    """
    return x._table.copy()


def geo_interface(x: SpatVector) -> dict[str, Any]:
    """The features as GeoJSON-like mappings."""
    return dict(x._table.__geo_interface__)


def arrow_stream(x: SpatVector, requested_schema: Any = None) -> Any:
    """A stream of Arrow batches, geometries as GeoArrow WKB."""
    return x._table.to_arrow(index=False).__arrow_c_stream__(requested_schema)
