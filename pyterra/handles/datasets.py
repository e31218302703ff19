"""SpatRasterDataset and SpatRasterCollection: rasters held together, on one grid or on any."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pyterra.arguments import Verbs
from pyterra.brackets import counted
from pyterra.errors import ArgumentError, ExtentError, LayerError, near_names, said_by, warn
from pyterra.expr import Node, join
from pyterra.functions.udf import Function, StackArguments
from pyterra.grid.crs import describe_crs
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.raster import app as _app
from pyterra.raster import sources
from pyterra.raster._build import geometry_of, is_raster, on_grid, raster, recycled, same_grid
from pyterra.raster.files import file_node, listed
from pyterra.raster.join import c
from pyterra.raster.mosaic import merge, mosaic

if TYPE_CHECKING:
    import pyproj

    from pyterra.types import ExtentLike, Layers, Rasters

SHOWN = 6


class _Stack(Verbs):
    """A sequence of rasters with names."""

    __slots__ = ("_names", "_nodes")
    _verb = ""
    _what = "raster"

    def __init__(self, rasters: Iterable[SpatRaster] = (), names: Sequence[str] | None = None) -> None:
        self._nodes = self._checked([geometry_of(r, self._verb) for r in rasters])
        self._names = [""] * len(self._nodes)
        if names is not None:
            self._set_names(names)

    def _checked(self, nodes: list[Node]) -> list[Node]:
        return nodes

    def _set_names(self, value: Sequence[str]) -> None:
        if isinstance(value, str) or len(value) != len(self._nodes):
            raise ArgumentError(
                f"{self._verb}: names must be one per {self._what} ({len(self._nodes)}), got {value!r}"
            )
        self._names = [str(name) for name in value]

    @property
    def names(self) -> list[str]:
        """Names of the rasters."""
        return list(self._names)

    @names.setter
    def names(self, value: Sequence[str]) -> None:
        self._set_names(value)

    @property
    def nlyr(self) -> list[int]:
        """Number of layers of each raster."""
        return [len(node.layers) for node in self._nodes]

    def sources(self) -> list[list[str]]:
        """Files behind each raster.

        Returns
        -------
        list of list of str
            Paths for each raster; ``""`` stands for memory.

        Examples
        --------
        >>> import pyterra as pt
        >>> r = pt.rast(nrows=1, ncols=2, vals=[1, 2])
        >>> pt.sds(r, r * 2).sources()
        [[''], ['']]
        """
        return [sources.sources(one) for one in self]

    def __len__(self) -> int:
        return len(self._nodes)

    def __iter__(self) -> Iterator[SpatRaster]:
        return (raster(node) for node in self._nodes)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str | Integral):
            return raster(self._nodes[self._position(counted(key, len(self)))])
        return self.subset(counted(key, len(self)))

    def __setitem__(self, key: int | str, value: SpatRaster) -> None:
        node = geometry_of(value, self._verb)
        if isinstance(key, str) and key not in self._names:
            self._nodes, self._names = self._checked([*self._nodes, node]), [*self._names, key]
            return
        position = self._position(counted(key, len(self)))
        self._nodes = self._checked([node if i == position else n for i, n in enumerate(self._nodes)])

    def subset(self, which: Layers) -> Self:
        """Some of the rasters, in the order given.

        Parameters
        ----------
        which : int, str, slice, or sequence of int, str or bool
            Numbers from 0, names, or true or false for each raster.

        Returns
        -------
        SpatRasterDataset or SpatRasterCollection
            The class is that of the object.

        Raises
        ------
        LayerError
            Where there is no raster of that number or name.

        Examples
        --------
        >>> import pyterra as pt
        >>> r = pt.rast(nrows=1, ncols=2, vals=[1, 2])
        >>> s = pt.sds(rain=r, snow=r * 2, wind=r * 3)
        >>> s.subset(["wind", "rain"]).names
        ['wind', 'rain']
        """
        if isinstance(which, slice):
            if any(end is not None and end < 0 for end in (which.start, which.stop)):
                raise LayerError(
                    f"{self._verb}: as an argument, numbers are counted from 0, never from the end, got {which}"
                )
            positions = list(range(len(self))[which])
        else:
            items = [which] if isinstance(which, str | int | Integral) else list(which)
            if items and all(isinstance(item, bool) for item in items):
                if len(items) != len(self):
                    raise LayerError(
                        f"{self._verb}: must be one true or false per {self._what} ({len(self)}), got {len(items)}"
                    )
                items = [i for i, wanted in enumerate(items) if wanted]
            positions = [self._position(item) for item in items]
        return type(self)((raster(self._nodes[i]) for i in positions), [self._names[i] for i in positions])

    def _position(self, key: Any) -> int:
        if isinstance(key, str):
            if key not in self._names:
                raise LayerError(
                    f"{self._verb}: no {self._what} {key!r}{near_names(key, filter(None, self._names))}"
                )
            return self._names.index(key)
        if not isinstance(key, Integral) or not 0 <= int(key) < len(self):
            raise LayerError(f"{self._verb}: {self._what}s are numbered 0 to {len(self) - 1}, got {key!r}")
        return int(key)

    def _with(self, rasters: Iterable[SpatRaster]) -> Self:
        return type(self)(rasters, self._names)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (list(self), self._names)

    def _text(self, lines: Sequence[tuple[str, str]]) -> str:
        shown = [("class", type(self).__name__), *lines]
        if any(self._names):
            shown.append(("names", _listed(self._names)))
        return "\n".join(f"{label:<11} : {value}".rstrip() for label, value in shown)


class SpatRasterDataset(_Stack):
    """A sequence of rasters on one grid, each a variable with layers of its own. Made by `pyterra.sds`.

    ``s[0]`` and ``s["name"]`` are rasters, and ``s[1:]`` and ``s[["a", "b"]]`` are data sets. ``s["name"] = r`` replaces
    a raster or adds one. ``pt.rast(s)`` joins the layers of all.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, vals=[1, 2])
    >>> s = pt.sds(rain=r, wind=r * 10)
    >>> s["wind"].values(drop=True).tolist(), pt.rast(s).nlyr
    ([10.0, 20.0], 2)
    """

    __slots__ = ()
    _verb = "sds"
    _what = "sub-dataset"

    def _checked(self, nodes: list[Node]) -> list[Node]:
        if not nodes:
            return nodes
        grid = same_grid(nodes, self._verb)
        return [on_grid(node, grid) for node in nodes]

    @property
    def units(self) -> list[str]:
        """Unit of each sub-dataset, which its layers share; ``""`` where they differ or have none."""
        return [_common(layer.unit for layer in node.layers) for node in self._nodes]

    @units.setter
    def units(self, value: str | Sequence[str]) -> None:
        self._nodes = self._relayered("units", value)

    @property
    def long_names(self) -> list[str]:
        """Long name of each sub-dataset, which its layers share; ``""`` where they differ or have none."""
        return [_common(layer.long_name for layer in node.layers) for node in self._nodes]

    @long_names.setter
    def long_names(self, value: str | Sequence[str]) -> None:
        self._nodes = self._relayered("long_names", value)

    def _relayered(self, attribute: str, value: str | Sequence[str]) -> list[Node]:
        texts = [value] * len(self) if isinstance(value, str) else list(value)
        if len(texts) != len(self):
            raise ArgumentError(
                f"sds: {attribute} must be one per sub-dataset ({len(self)}), got {len(texts)}"
            )
        nodes = []
        for one, text in zip(self, texts, strict=True):
            setattr(one, attribute, text)
            nodes.append(one._node)
        return nodes

    @property
    def _grid(self) -> Any:
        if not self._nodes:
            raise ArgumentError("sds: the data set is empty; it has no grid")
        return self._nodes[0].grid

    @property
    def nrow(self) -> int:
        """Number of rows."""
        return int(self._grid.nrow)

    @property
    def ncol(self) -> int:
        """Number of columns."""
        return int(self._grid.ncol)

    @property
    def ncell(self) -> int:
        """Number of cells of a layer."""
        return self.nrow * self.ncol

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.nrow, self.ncol

    @property
    def res(self) -> tuple[float, float]:
        """Cell size (x, y)."""
        return self._grid.xres, self._grid.yres

    @property
    def ext(self) -> SpatExtent:
        """The extent that all rasters share."""
        return SpatExtent(*self._grid.extent)

    @property
    def crs(self) -> pyproj.CRS | None:
        """Coordinate reference system, or None."""
        return self[0].crs if self._nodes else None

    def crop(self, y: ExtentLike, **options: Any) -> SpatRasterDataset:
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
        return self._with(one.crop(y, **options) for one in self)

    def app(self, fun: str | Callable[..., Any], **options: Any) -> SpatRaster:
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
            As many layers as the longest sub-dataset has, or more where `fun` gives more than one value. The names are
            those of the first sub-dataset where it is the longest.

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
        most = max(self.nlyr, default=0)
        if not most:
            raise ArgumentError("app: the data set is empty; it has no layers")
        parts = [list(raster(recycled(node, most))) for node in self._nodes]
        out = c(*(_app.app(c(*same), fun, **options) for same in zip(*parts, strict=True)))
        first = self._nodes[0].layers
        out.names = [first[i].name if len(first) == len(out) else f"lyr{i + 1}" for i in range(len(out))]
        return out

    def lapp(
        self,
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
        if not self._nodes:
            raise ArgumentError("lapp: the data set is empty; it has no layers")
        if usenames and (not all(self._names) or len(set(self._names)) < len(self)):
            raise ArgumentError(
                f"lapp: usenames needs a different name for each sub-dataset, got {self._names}"
            )
        groups, start = [], 0
        for count in self.nlyr:
            length = max(self.nlyr) if recycle else count
            groups.append(tuple(start + i % count for i in range(length)))
            start += count
        kernel = StackArguments(
            Function(fun, arguments), tuple(groups), tuple(self._names) if usenames else ()
        )
        tried = "blocks of shape " + ", ".join(f"({len(group)}, 2, 3)" for group in groups)
        alike = [node.layers for node in self._nodes]
        return _app.over_arrays(join(self._nodes), kernel, names, alike, tried, "sub-dataset")

    def __repr__(self) -> str:
        lines = [("subdatasets", str(len(self)))]
        if self._nodes:
            grid = self._grid
            files = list(
                dict.fromkeys(Path(f).name if f else "memory" for one in self.sources() for f in one)
            )
            lines += [
                ("size", f"{grid.nrow}, {grid.ncol}  (nrow, ncol)"),
                ("nlyr", _listed(self.nlyr)),
                ("resolution", f"{grid.xres:.7g}, {grid.yres:.7g}  (x, y)"),
                ("extent", ", ".join(f"{v:.9g}" for v in grid.extent) + "  (xmin, xmax, ymin, ymax)"),
                ("coord. ref.", describe_crs(grid.crs)),
                ("source(s)", _listed(files or ["memory"])),
            ]
        return self._text(lines)


class SpatRasterCollection(_Stack):
    """A sequence of rasters on any grids. Made by `pyterra.sprc`.

    ``s[0]`` and ``s["name"]`` are rasters, and ``s[1:]`` is a collection. ``s["name"] = r`` replaces a raster or adds
    one.

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=1)
    >>> s = pt.sprc(west=a, east=a.shift(2))
    >>> s.names, s.ext
    (['west', 'east'], SpatExtent : 0, 4, 0, 1 (xmin, xmax, ymin, ymax))
    """

    __slots__ = ()
    _verb = "sprc"

    @property
    def nrow(self) -> list[int]:
        """Number of rows of each raster."""
        return [node.grid.nrow for node in self._nodes]

    @property
    def ncol(self) -> list[int]:
        """Number of columns of each raster."""
        return [node.grid.ncol for node in self._nodes]

    @property
    def shape(self) -> list[tuple[int, int, int]]:
        """Layers, rows and columns of each raster."""
        return list(zip(self.nlyr, self.nrow, self.ncol, strict=True))

    @property
    def ext(self) -> SpatExtent:
        """The smallest extent that holds all rasters."""
        if not self._nodes:
            raise ExtentError("sprc: the collection is empty; it has no extent")
        whole = self._nodes[0].grid.extent
        for node in self._nodes[1:]:
            whole = whole.union(node.grid.extent)
        return SpatExtent(*whole)

    def crop(self, y: ExtentLike, **options: Any) -> SpatRasterCollection:
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
        for name, one in zip(self._names, self, strict=True):
            try:
                kept.append(one.crop(y, **options))
            except ExtentError:
                continue
            names.append(name)
        if not kept:
            raise ExtentError(f"crop: no raster of the collection ({len(self)}) overlaps {y!r}")
        return SpatRasterCollection(kept, names)

    def merge(self, *, first: bool = True) -> SpatRaster:
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
        return merge(list(self), first=first)

    def mosaic(self, *, fun: str | Callable[..., Any] = "mean") -> SpatRaster:
        """The rasters joined into one, with a statistic of the values where they overlap.

        Parameters
        ----------
        fun : str
            A statistic, as for `SpatRaster.app`.

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
        return mosaic(list(self), fun=fun)

    def __repr__(self) -> str:
        lines = [("length", str(len(self)))]
        if self._nodes:
            lines += [
                ("nrow", _listed(self.nrow)),
                ("ncol", _listed(self.ncol)),
                ("nlyr", _listed(self.nlyr)),
                ("extent", ", ".join(f"{v:.9g}" for v in self.ext) + "  (xmin, xmax, ymin, ymax)"),
                ("crs (first)", describe_crs(self._nodes[0].grid.crs)),
            ]
        return self._text(lines)


def sds(*rasters: Rasters, **named: Any) -> SpatRasterDataset:
    """Hold rasters on one grid together: the variables of a place.

    Parameters
    ----------
    *rasters : SpatRaster, path, or one list or mapping of them
        A file with data sets inside, such as NetCDF or HDF, gives one sub-dataset for each of those that lie on the grid
        of the first. Several paths give one sub-dataset each.
    **named : SpatRaster or path
        Rasters or paths with names.

    Returns
    -------
    SpatRasterDataset

    Raises
    ------
    GridMismatchError
        Where rows, columns or extents differ; hold such rasters together with `sprc`.

    Warns
    -----
    PyterraWarning
        Where data sets of a file lie on another grid and are left out.

    See Also
    --------
    sprc : Holds rasters on any grids.
    c : Joins layers, or adds to a data set.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4])
    >>> s = pt.sds(t=r, p=r * 10)
    >>> s.names, s["p"].values(drop=True).tolist()
    (['t', 'p'], [10.0, 20.0, 30.0, 40.0])
    """
    members, names = _members(rasters, named, "sds")
    if len(rasters) == 1 and isinstance(rasters[0], str | os.PathLike):
        members, names = _on_first_grid(members, names, rasters[0])
    return SpatRasterDataset(members, names)


def sprc(*rasters: Rasters, **named: Any) -> SpatRasterCollection:
    """Hold rasters on any grids together, to `merge` or `mosaic` them.

    Parameters
    ----------
    *rasters : SpatRaster, path, or one list or mapping of them
        A file with data sets inside, such as NetCDF or HDF, gives one raster for each. Several paths give one raster
        each.
    **named : SpatRaster or path
        Rasters or paths with names.

    Returns
    -------
    SpatRasterCollection

    See Also
    --------
    sds : Holds rasters on one grid.
    vrt : Reads many files as one raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=1)
    >>> len(pt.sprc(a, a.shift(1)))
    2
    """
    return SpatRasterCollection(*_members(rasters, named, "sprc"))


def joined(stack: SpatRasterDataset) -> SpatRaster:
    """The layers of all sub-datasets as one raster: ``name_layer`` where sub-datasets have names."""
    parts = []
    for name, one in zip(stack.names, stack, strict=True):
        if name:
            one.names = [f"{name}_{layer}" for layer in one.names]
        parts.append(one)
    if not parts:
        raise ArgumentError("rast: the data set is empty; it has no layers")
    return c(*parts)


def appended(first: _Stack, others: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """A stack and what follows it: stacks of its kind, and rasters."""
    members, names = list(first), list(first._names)
    for label, other in [*(("", o) for o in others), *named.items()]:
        if isinstance(other, type(first)):
            members += list(other)
            names += other._names
        else:
            members.append(other)
            names.append(label)
    return type(first)(members, names)


def _members(given: Sequence[Any], named: Mapping[str, Any], verb: str) -> tuple[list[SpatRaster], list[str]]:
    if len(given) == 1 and isinstance(given[0], str | os.PathLike):
        with said_by(verb):
            found = _inside(os.fspath(given[0]))
    elif len(given) == 1 and isinstance(given[0], Mapping):
        found = [(str(name), value) for name, value in given[0].items()]
    elif len(given) == 1 and isinstance(given[0], _Stack):
        found = list(zip(given[0]._names, given[0], strict=True))
    elif len(given) == 1 and isinstance(several := listed(given[0]), list | tuple):
        found = [("", value) for value in several]
    else:
        found = [("", value) for value in given]
    rasters, names = [], []
    for name, value in [*found, *named.items()]:
        if isinstance(value, str | os.PathLike):
            with said_by(verb):
                name, value = name or Path(value).stem, raster(file_node(os.fspath(value)))
        if not is_raster(value):
            raise ArgumentError(f"{verb}: must be given rasters or paths, got {type(value).__name__}")
        rasters.append(value)
        names.append(name)
    return rasters, names


def _on_first_grid(
    members: list[SpatRaster], names: list[str], path: Any
) -> tuple[list[SpatRaster], list[str]]:
    """Those on the grid of the first; the others are named in a warning."""
    fits = [one._node.grid.same_cells(members[0]._node.grid) for one in members]
    left = [name for name, fit in zip(names, fits, strict=True) if not fit]
    if left:
        warn(
            f"sds: {path}: {_listed(left)} lie on another grid than {names[0]} and were left out; sprc() takes them all"
        )
    kept = [i for i, fit in enumerate(fits) if fit]
    return [members[i] for i in kept], [names[i] for i in kept]


def _inside(path: str) -> list[tuple[str, SpatRaster]]:
    """The data sets in a file by name; the file itself where it holds one alone."""
    from pyterra.io.raster.gdal import absolute, subdatasets
    from pyterra.io.store.netcdf import is_netcdf

    if is_netcdf(path):
        from pyterra.io.store.netcdf_read import netcdf_node, variable_names

        return [(name, raster(netcdf_node(path, name))) for name in variable_names(path)]
    found = subdatasets(absolute(path))
    if not found:
        return [(Path(path).stem, raster(file_node(path)))]
    return [(name, raster(file_node(inside))) for name, inside in found.items()]


def _common(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _listed(items: Sequence[Any]) -> str:
    return ", ".join(map(str, items[:SHOWN])) + (", ..." if len(items) > SHOWN else "")
