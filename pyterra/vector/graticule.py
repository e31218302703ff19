"""Lines of equal longitude and latitude."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import checked
from pyterra.errors import ArgumentError
from pyterra.grid.crs import LONLAT, way
from pyterra.packages import pandas, shapely
from pyterra.vector.build import build, to_crs
from pyterra.vector.parts import joined

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import CRSLike

STEP = 0.9
"""Degrees between nodes: 100 km along a meridian."""


@checked
def graticule(
    lon: float | Sequence[float] = 30, lat: float | Sequence[float] = 30, crs: CRSLike = ""
) -> SpatVector:
    """Meridians and parallels, as lines for a map.

    Parameters
    ----------
    lon, lat : float or sequence of float
        Degrees from one line to the next, beginning at -180 and -90; or the longitudes and latitudes of the lines, at
        least two of each.
    crs : str, int or CRS, optional
        The coordinate reference system of the map, whose longitudes and latitudes these are; by default that of WGS 84.

    Returns
    -------
    SpatVector
        Lines with nodes every 0.9 degrees: first the meridians, then the parallels. ``h`` tells parallels, ``lon`` and
        ``lat`` where a line is. What the CRS has no place for is left out.

    Raises
    ------
    ArgumentError
        For steps that are not above 0, fewer than two lines, latitudes beyond the poles, or a CRS without a place on the
        earth.

    See Also
    --------
    SpatVector.lines : Draws them on a map.
    SpatVector.text : Writes what an attribute says.
    SpatVector.crop : Those of a region.

    Examples
    --------
    >>> import pyterra as pt
    >>> g = pt.graticule(60, 30, crs="+proj=robin")
    >>> g.values().iloc[[0, 7]].to_numpy().tolist()
    [[False, -180.0, nan], [True, nan, -90.0]]
    """
    lons, lats = _degrees(lon, "lon", 180), _degrees(lat, "lat", 90)
    if np.abs(lats).max() > 90:
        raise ArgumentError(f"graticule: lat must be from -90 to 90, got {lats[np.abs(lats) > 90][0]:g}")
    up, along = _steps(lats), _steps(lons)
    xy = [np.column_stack([np.full(len(up), at), up]) for at in lons]
    xy += [np.column_stack([along, np.full(len(along), at)]) for at in lats]
    line = np.repeat(np.arange(len(xy)), [len(part) for part in xy])
    target = to_crs(crs if crs else LONLAT)
    if target.geodetic_crs is None:
        raise ArgumentError(f"graticule: crs must have a place on the earth, got {target.name}")
    change = way(target.geodetic_crs, target)
    places = np.column_stack(change.transform(*np.concatenate(xy).T))
    parts, owner = _parts(places, line)
    table = pandas.DataFrame({
        "h": np.arange(len(xy)) >= len(lons),
        "lon": np.r_[lons, np.full(len(lats), np.nan)], "lat": np.r_[np.full(len(lons), np.nan), lats],
    })  # fmt: skip
    return build(joined(parts, owner, None, "lines"), table.iloc[np.unique(owner)], target)


def _degrees(value: Any, name: str, end: float) -> NDArray[np.float64]:
    given = np.asarray(value, dtype=np.float64)
    if not np.isfinite(given).all() or (given.ndim == 0 and not given > 0) or (given.ndim and given.size < 2):
        raise ArgumentError(
            f"graticule: {name} must be a step above 0, or two or more degrees, got {value!r}"
        )
    return np.arange(-end, end + 1e-9, float(given)) if given.ndim == 0 else given.ravel()


def _steps(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = degrees.min(), degrees.max()
    return np.linspace(low, high, max(int(np.ceil((high - low) / STEP)), 1) + 1)


def _parts(xy: Any, line: Any) -> tuple[Any, Any]:
    """Lines of the places that follow each other and are somewhere, and whose parts they are."""
    there = np.isfinite(xy).all(axis=1)
    begins = np.r_[True, (line[1:] != line[:-1]) | (there[1:] != there[:-1])]
    run = np.cumsum(begins) - 1
    use = there & (np.bincount(run)[run] > 1)
    _, number = np.unique(run[use], return_inverse=True)
    owner = line[use][np.unique(number, return_index=True)[1]] if use.any() else np.empty(0, np.int64)
    parts = shapely.linestrings(xy[use], indices=number) if use.any() else np.empty(0, dtype=object)
    return parts, owner
