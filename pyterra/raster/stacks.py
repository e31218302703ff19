"""What rasters held together have as verbs: the same for each, or one function across them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import join, relabel
from pyterra.functions.udf import Function, StackArguments
from pyterra.raster import app as _app
from pyterra.raster import mosaic as _mosaic
from pyterra.raster import rows as _rows
from pyterra.raster.build import raster, recycled
from pyterra.raster.join import c

if TYPE_CHECKING:
    from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import ExtentLike


def crop_each(x: SpatRasterDataset, y: ExtentLike, **options: Any) -> SpatRasterDataset:
    """The part of every sub-dataset that lies in an extent.

    Parameters
    ----------
    y : SpatExtent, or an object that has one
    **options
        Options of `SpatRaster.crop`.

    Returns
    -------
    SpatRasterDataset

    Raises
    ------
    ExtentError
        Where the extent does not overlap the sub-datasets.

    See Also
    --------
    SpatRaster.crop : The verb for one raster, where the options are described.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=3, xmin=0, xmax=3, ymin=0, ymax=1, vals=[1, 2, 3])
    >>> s = pt.sds(t=r, p=r * 10).crop(pt.ext(1, 3, 0, 1))
    >>> s["p"].values(drop=True).tolist()
    [20.0, 30.0]
    """
    return type(x)((one.crop(y, **options) for one in x), x.names)


def crop_overlapping(x: SpatRasterCollection, y: ExtentLike, **options: Any) -> SpatRasterCollection:
    """The parts of the rasters that lie in an extent. Rasters that do not overlap it are left out.

    Parameters
    ----------
    y : SpatExtent, or an object that has one
    **options
        Options of `SpatRaster.crop`.

    Returns
    -------
    SpatRasterCollection

    Raises
    ------
    ExtentError
        Where no raster overlaps the extent.

    See Also
    --------
    SpatRaster.crop : The verb for one raster, where the options are described.

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=[1, 2])
    >>> s = pt.sprc(west=a, east=a.shift(2)).crop(pt.ext(3, 9, 0, 1))
    >>> s.names, s[0].values(drop=True).tolist()
    (['east'], [2.0])
    """
    kept, names = [], []
    for name, one in zip(x._names, x, strict=True):
        try:
            kept.append(one.crop(y, **options))
        except ExtentError:
            continue
        names.append(name)
    if not kept:
        raise ExtentError(f"crop: no raster of the collection ({len(x)}) overlaps {y!r}")
    return type(x)(kept, names)


def read_values(
    x: SpatRasterDataset,
    row: int = 0,
    nrows: int | None = None,
    col: int = 0,
    ncols: int | None = None,
    mat: bool = False,
    dataframe: bool = False,
) -> list[Any]:
    """Values of some rows and columns of every sub-dataset.

    Parameters
    ----------
    row, col : int
        The first row and column, from 0.
    nrows, ncols : int, optional
        How many; by default all that follow.
    mat : bool
        Give matrices, else rows of numbers, layer by layer.
    dataframe : bool
        Give tables, with the labels of factors.

    Returns
    -------
    list
        What `SpatRaster.read_values` gives of each.

    See Also
    --------
    SpatRaster.read_values : The verb for one raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=1, vals=[1, 2])
    >>> [values.tolist() for values in pt.sds(t=r, p=r * 10).read_values(1)]
    [[2.0], [20.0]]
    """
    return [_rows.read_values(one, row, nrows, col, ncols, mat, dataframe) for one in x]


def app(x: SpatRasterDataset, fun: str | Callable[..., Any], **options: Any) -> SpatRaster:
    """Apply a function across sub-datasets, layer by layer.

    Parameters
    ----------
    fun : str or callable
        A statistic or a function, as for `SpatRaster.app`. It gets the values of one layer of all sub-datasets at a
        cell. Layers of sub-datasets that have fewer are repeated.
    **options
        Options of `SpatRaster.app`, except `names`.

    Returns
    -------
    SpatRaster
        As many layers as the longest sub-dataset has, or more where `fun` gives more than one value. Names and
        times are those of the first sub-dataset where it is the longest.

    See Also
    --------
    lapp : Takes arrays of whole blocks.
    SpatRaster.app : The verb for one raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, nlyrs=2, vals=[1, 2, 3, 4], names=["a", "b"])
    >>> pt.sds(r, r * 3).app("mean").values().tolist()
    [[2.0, 6.0], [4.0, 8.0]]
    """
    most = max(x.nlyr, default=0)
    if not most:
        raise ArgumentError("app: the data set is empty; it has no layers")
    parts = [list(raster(recycled(node, most))) for node in x._nodes]
    out = c(*(_app.app(c(*same), fun, **options) for same in zip(*parts, strict=True)))
    first = x._nodes[0].layers
    if len(first) != len(out):
        out.names = [f"lyr{i + 1}" for i in range(len(out))]
        return out
    layers = (replace(la, name=one.name).timed(one) for la, one in zip(out._node.layers, first, strict=True))
    return raster(relabel(out._node, tuple(layers)))


def lapp(
    x: SpatRasterDataset,
    fun: Callable[..., Any],
    *,
    usenames: bool = False,
    recycle: bool = False,
    names: Sequence[str] | None = None,
    **arguments: Any,
) -> SpatRaster:
    """Apply a function that takes one block per sub-dataset.

    Parameters
    ----------
    fun : callable
        ``fun(a, b, ...)`` with one array (layer, row, col) per sub-dataset. It must be vectorised and treat every
        cell by itself; it gives an array (row, col) or (k, row, col).
    usenames : bool
        Pass the sub-datasets by name: the parameters of `fun` are their names.
    recycle : bool
        Repeat the layers of each sub-dataset up to the number of layers of the longest.
    names : sequence of str, optional
        Names of the layers of the result; by default those of the first sub-dataset that has as many.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster

    Raises
    ------
    UDFError
        Where the function fails. The message says in which block.

    See Also
    --------
    app : Takes the values of one cell.
    SpatRaster.lapp : The verb for one raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, nlyrs=2, vals=[1, 2, 3, 4])
    >>> s = pt.sds(t=r, p=r * 10)
    >>> s.lapp(lambda t, p: p.sum(axis=0) - t[0]).values(drop=True)
    array([39., 58.])
    """
    if not x._nodes:
        raise ArgumentError("lapp: the data set is empty; it has no layers")
    if usenames and (not all(x._names) or len(set(x._names)) < len(x)):
        raise ArgumentError(f"lapp: usenames needs a different name for each sub-dataset, got {x._names}")
    groups, start = [], 0
    for count in x.nlyr:
        length = max(x.nlyr) if recycle else count
        groups.append(tuple(start + i % count for i in range(length)))
        start += count
    kernel = StackArguments(Function(fun, arguments), tuple(groups), tuple(x._names) if usenames else ())
    tried = "blocks of shape " + ", ".join(f"({len(group)}, 2, 3)" for group in groups)
    alike = [node.layers for node in x._nodes]
    return _app.over_arrays(join(x._nodes), kernel, names, alike, tried, "sub-dataset")


def sapp(x: SpatRasterDataset, fun: Callable[..., SpatRaster], **arguments: Any) -> SpatRaster:
    """Apply a function of a raster to each sub-dataset by itself, and join the results.

    Parameters
    ----------
    fun : callable
        A function ``fun(raster)`` that gives a SpatRaster, such as ``pt.mean``.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        The results, one after the other. Those of one layer are called after the sub-dataset, those of several by
        ``name_1, name_2`` and so on, where it has a name.

    See Also
    --------
    app : Works across sub-datasets.
    SpatRaster.sapp : Works layer by layer.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, nlyrs=2, vals=[1, 2, 3, 4])
    >>> found = pt.sds(t=r, p=r * 10).sapp(pt.mean)
    >>> found.names, found.values().tolist()
    (['t', 'p'], [[2.0, 20.0], [3.0, 30.0]])
    """
    if not x._nodes:
        raise ArgumentError("sapp: the data set is empty; it has no layers")
    parts = []
    for name, one in zip(x._names, x, strict=True):
        part = _app.of_raster(fun, one, arguments)
        if name:
            part.names = [name] if len(part) == 1 else [f"{name}_{i + 1}" for i in range(len(part))]
        parts.append(part)
    return c(*parts)


def merge(x: SpatRasterCollection, *, first: bool = True) -> SpatRaster:
    """The rasters joined into one that covers them all.

    Parameters
    ----------
    first : bool
        Whether the first raster lies on top where rasters overlap. If False, the last one does.

    Returns
    -------
    SpatRaster

    See Also
    --------
    mosaic : Takes a statistic of the values where rasters overlap.
    SpatRaster.merge : The verb for single rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=1)
    >>> pt.sprc(a, a.shift(1) * 5).merge().values(drop=True)
    array([1., 1., 5.])
    """
    return _mosaic.merge(list(x), first=first)


def mosaic(x: SpatRasterCollection, *, fun: str | Callable[..., Any] = "mean") -> SpatRaster:
    """The rasters joined into one, with a statistic of the values where they overlap.

    Parameters
    ----------
    fun : str
        A statistic, as for `SpatRaster.app`, or ``blend``.

    Returns
    -------
    SpatRaster

    See Also
    --------
    merge : Takes the value of the first or the last raster where rasters overlap.
    SpatRaster.mosaic : The verb for single rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=1)
    >>> pt.sprc(a, a.shift(1) * 5).mosaic(fun="mean").values(drop=True)
    array([1., 3., 5.])
    """
    return _mosaic.mosaic(list(x), fun=fun)
