"""What data sets and collections have as verbs beside those of `stacks`: times, values and grids of their members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import join, relabel, select
from pyterra.raster import app as _app
from pyterra.raster import frames as _frames
from pyterra.raster import geometry as _geometry
from pyterra.raster import time as _time
from pyterra.raster import warp as _warp
from pyterra.raster.build import raster
from pyterra.raster.join import c

if TYPE_CHECKING:
    from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset
    from pyterra.handles.spatraster import SpatRaster


def time(x: SpatRasterDataset) -> list[NDArray[Any] | None]:
    return [one.time for one in x]


def with_times(x: SpatRasterDataset, value: Any) -> list[SpatRaster]:
    """The sub-datasets with other times: those of each, or the same for all."""
    several = (list, tuple, range, np.ndarray)
    each = isinstance(value, list | tuple) and any(isinstance(v, several) for v in value)
    if each and len(value) != len(x):
        raise ArgumentError(f"sds: time must be one sequence per sub-dataset ({len(x)}), got {len(value)}")
    return [_time.set_time(one, value[i] if each else value) for i, one in enumerate(x)]


def time_info(x: SpatRasterDataset) -> list[str]:
    """The step of the times of each sub-dataset.

    Returns
    -------
    list of str
        What `SpatRaster.time_info` gives of each.

    See Also
    --------
    SpatRaster.time_info : The verb for one raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> s = pt.sds(a=pt.rast([[1, 2]]).set_time(["2020-01-31"]))
    >>> s.time_info()
    ['days']
    """
    return [_time.time_info(one) for one in x]


def as_array(x: SpatRasterDataset) -> NDArray[np.float64]:
    """All values as terra's array.

    Returns
    -------
    ndarray of float64 of shape (nrow, ncol, nlyr, sub-dataset)

    Raises
    ------
    ArgumentError
        Where sub-datasets differ in their numbers of layers.
    MemoryBudgetError
        Where the values of a sub-dataset do not fit the memory budget.

    See Also
    --------
    SpatRaster.to_numpy : Gives an array of shape (layer, row, col).

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> pt.sds(a=r, b=r * 10).as_array()[0, 1, 0].tolist()
    [2.0, 20.0]
    """
    if len(set(x.nlyr)) != 1:
        raise ArgumentError(
            f"as_array: sub-datasets must have one number of layers, got {x.nlyr}; ask each for its own"
        )
    return np.stack([_frames.as_array(one) for one in x], axis=-1)


def compare_geom(
    x: SpatRasterCollection,
    *,
    lyrs: bool = False,
    crs: bool = True,
    stop_on_error: bool = False,
    tolerance: float = 0.1,
) -> bool:
    """Whether all rasters share extent, rows, columns and CRS.

    Parameters
    ----------
    lyrs : bool
        Compare the numbers of layers too.
    crs : bool
        Compare the coordinate reference systems.
    stop_on_error : bool
        Raise instead of giving False.
    tolerance : float
        Share of a cell by which extents may differ.

    Returns
    -------
    bool

    Raises
    ------
    GridMismatchError
        Where they differ and `stop_on_error` is set.

    See Also
    --------
    SpatRaster.compare_geom : The verb for two rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> pt.sprc(r, r * 2).compare_geom(), pt.sprc(r, r.shift(5)).compare_geom()
    (True, False)
    """
    options: dict[str, Any] = {
        "lyrs": lyrs, "crs": crs, "stop_on_error": stop_on_error, "tolerance": tolerance,
    }  # fmt: skip
    return all(_geometry.compare_geom(x[0], one, **options) for one in x[1:])


def impose(x: SpatRasterCollection, y: SpatRaster, method: str | None = None) -> SpatRaster:
    """The layers of all rasters on one grid.

    Parameters
    ----------
    y : SpatRaster
        Gives the grid. The rasters must be in its reference system.
    method : str, optional
        As of `SpatRaster.resample`.

    Returns
    -------
    SpatRaster
        Cells outside of a raster are missing in its layers.

    See Also
    --------
    SpatRaster.resample : The verb for one raster.
    merge : Puts the rasters beside each other instead.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=[1, 2])
    >>> pt.sprc(a=r, b=r.shift(1)).impose(r).values().tolist()
    [[1.0, nan], [2.0, 1.0]]
    """
    if not len(x):
        raise ArgumentError("impose: there must be a raster, got an empty collection")
    options = {} if method is None else {"method": method}
    return c(*(_warp.resample(one, y, **options) for one in x))  # type: ignore[arg-type]


def merge_time(x: SpatRasterDataset, fun: str | Callable[..., Any] = "mean") -> SpatRaster:
    """One series of the layers of all sub-datasets, in the order of their times.

    Parameters
    ----------
    fun : str or callable
        A statistic or a function, as of `SpatRaster.app`, for layers of one time.

    Returns
    -------
    SpatRaster
        A layer for each time. What is missing in one of several layers of a time is missing.

    Raises
    ------
    ArgumentError
        Where layers have no time, or the times have several meanings.

    See Also
    --------
    SpatRaster.tapp : Applies a function to periods of time.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2]], [[3, 4]]]).set_time(["2020-01-01", "2020-01-02"])
    >>> m = pt.sds(a=r, b=(r * 10).set_time(["2020-01-02", "2020-01-03"])).merge_time()
    >>> [str(day)[-2:] for day in m.time], m.values()[0].tolist()
    (['01', '02', '03'], [1.0, 6.5, 30.0])
    """
    layers = [layer for one in x for layer in one._node.layers]
    if any(layer.time is None for layer in layers) or len({layer.step for layer in layers}) != 1:
        raise ArgumentError(
            "merge_time: all layers must have times of one meaning, got some that have none; set them with .time"
        )
    node = c(*x)._node
    times = [layer.time for layer in node.layers]
    parts = []
    for moment in sorted(set(times)):  # type: ignore[type-var]
        same = [i for i, time in enumerate(times) if time == moment]
        part = select(node, same)
        if len(same) > 1:
            first = node.layers[same[0]]
            part = _app.app(raster(part), fun)._node
            told = replace(part.layers[0], name=first.name).timed(first)
            part = relabel(part, (told, *part.layers[1:]))
        if len(part.layers) > 1:
            raise ArgumentError(f"merge_time: fun must give one value, got {len(part.layers)}")
        parts.append(part)
    return raster(join(parts))
