"""Cells placed by arrays of coordinates: where points lie among them, and the grid that holds them all."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, MemoryBudgetError, SourceError
from pyterra.expr import Array
from pyterra.forks import renewed
from pyterra.grid import Grid
from pyterra.grid.crs import describe_crs, is_lonlat, transformer, turn_of
from pyterra.grid.extent import Extent
from pyterra.grid.geolocation import Arrays, Geolocation
from pyterra.plan import memory_budget

KEPT = 2
"""Pairs of arrays that a process keeps: every block asks for the same one."""
PER_VALUE = 80
"""Bytes for each value while they are read: the two arrays, and their places as points of a sphere."""
LOOKED_AT = 512
"""Values along a side that are transformed to know what a grid must hold."""

_lock = renewed(threading.Lock())
_known: OrderedDict[Arrays, Array] = OrderedDict()


def locate(told: Geolocation, x: Array, y: Array) -> Array:
    """Fractional rows and columns, shape (2, n), of points in the CRS of the arrays; NaN where there is no cell."""
    found = kernels.mesh.locate(_places(told), x, y, sphere=is_lonlat(told.crs))
    for axis in (0, 1):
        found[axis] = told.first[axis] + found[axis] * told.step[axis]
    return found


def _places(told: Geolocation) -> Array:
    """What the arrays tell, as the kernel takes it: kept, as every block asks for it."""
    arrays = told.arrays
    with _lock:
        if arrays not in _known:
            _known[arrays] = kernels.mesh.places_of(*_read(told), sphere=is_lonlat(told.crs))
            while len(_known) > KEPT:
                _known.popitem(last=False)
        _known.move_to_end(arrays)
        return _known[arrays]


def _read(told: Geolocation) -> tuple[Array, Array]:
    """Both arrays, missing where one of them is, or where a longitude or latitude cannot be one.

    Raises
    ------
    MemoryBudgetError
        Where they do not fit: a place is looked for in all of them.
    SourceError
        Where they place no cell.
    """
    arrays = told.arrays
    need, budget = PER_VALUE * arrays.size, memory_budget()
    if need > budget // 2:
        raise MemoryBudgetError(
            f"project: the arrays {' and '.join(arrays.names)} must fit in half of the memory, {need} bytes of {budget}; "
            "allow more with pt.options(memory=)"
        )
    x, y = (np.array(v, np.float64) for v in arrays.values())
    away = ~(np.isfinite(x) & np.isfinite(y))
    if is_lonlat(told.crs):
        away |= (np.abs(y) > 90) | (np.abs(x) > 720)
    x[away] = y[away] = np.nan
    if min(x.shape) < 2 or away.all():
        raise SourceError(
            f"project: {' and '.join(arrays.names)} must place two rows and two columns at least, got {x.shape[0]} x "
            f"{x.shape[1]} values, {int((~away).sum())} of them places"
        )
    return x, y


def grid_of(told: Geolocation, wkt: str) -> Grid:
    """Square cells in a CRS over all places, of the size that the cells have usually."""
    known = _places(told)
    rows, cols = (np.unique(np.r_[0 : n - 1 : max(n // LOOKED_AT, 1), n - 2]) for n in known.shape[:2])
    here, below, beside, last = (
        _there(told, wkt, known[np.ix_(rows + down, cols + right)])
        for down, right in ((0, 0), (1, 0), (0, 1), (1, 1))
    )
    around = turn_of(wkt)
    steps = np.stack([below - here, beside - here])
    if around:
        steps[:, 0] -= around * np.rint(steps[:, 0] / around)
    with np.errstate(invalid="ignore"):
        areas = np.abs(steps[0, 0] * steps[1, 1] - steps[0, 1] * steps[1, 0]) / (told.step[0] * told.step[1])
        areas, wide = areas[areas > 0], np.abs(steps).sum(axis=0) / 2
    if not areas.size:
        raise ArgumentError(
            f"project: the places of the cells cannot be told in {describe_crs(wkt)}; give another CRS, or a raster as y"
        )
    size = float(np.sqrt(np.median(areas)))
    places = np.concatenate([v.reshape(2, -1) for v in (here, below, beside, last)], axis=1)
    places = places[:, np.isfinite(places).all(axis=0)]
    if around:
        places[0] = _in_a_row(places[0], around)
    (west, south), (east, north) = places.min(axis=1), places.max(axis=1)
    dx, dy = (float(np.nanmedian(v)) for v in wide)
    return Grid.from_resolution(Extent(west - dx, east + dx, south - dy, north + dy), size, size, wkt)


def _there(told: Geolocation, wkt: str, places: Array) -> Array:
    """Places in another CRS, shape (2, ...); NaN where there are none."""
    x, y = kernels.mesh.coordinates_of(places, sphere=is_lonlat(told.crs))
    found = np.stack(transformer(told.crs, wkt).transform(x.ravel(), y.ravel())).reshape(2, *x.shape)
    found[:, ~np.isfinite(found).all(axis=0)] = np.nan
    return found


def _in_a_row(x: Array, around: float) -> Array:
    """Positions on a circle without the seam where that would part them: begun after the widest gap."""
    home = np.mod(x + around / 2, around) - around / 2
    order = np.sort(home)
    gaps = np.diff(np.r_[order, order[0] + around])
    begin = order[(int(gaps.argmax()) + 1) % order.size]
    moved: Array = np.where(home < begin, home + around, home)
    return moved
