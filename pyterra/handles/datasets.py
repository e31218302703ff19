"""SpatRasterDataset and SpatRasterCollection: rasters held together, on one grid or on any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pyterra.between.members import extract_each
from pyterra.brackets import counted
from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import Node
from pyterra.grid.crs import describe_crs
from pyterra.handles.members import Members, listed_text
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.maps import explore as _explore
from pyterra.maps import pages as _pages
from pyterra.maps import plet as _plet
from pyterra.raster import members as _members
from pyterra.raster import sources
from pyterra.raster import stacks as _stacks
from pyterra.raster import tighten as _tighten
from pyterra.raster.build import geometry_of, on_grid, raster, same_grid

if TYPE_CHECKING:
    import pyproj

    from pyterra.types import Layers


class _Rasters(Members["SpatRaster"]):
    """A sequence of rasters with names."""

    __slots__ = ("_nodes",)
    _what = "raster"

    def __init__(self, rasters: Iterable[SpatRaster] = (), names: Sequence[str] | None = None) -> None:
        self._nodes = self._checked([geometry_of(r, self._verb) for r in rasters])
        self._set_names([""] * len(self._nodes) if names is None else names)

    def _checked(self, nodes: list[Node]) -> list[Node]:
        return nodes

    def __len__(self) -> int:
        return len(self._nodes)

    def _member(self, position: int) -> SpatRaster:
        return raster(self._nodes[position])

    def _of(self, members: Iterable[SpatRaster], names: Sequence[str]) -> Self:
        return type(self)(members, names)

    def __setitem__(self, key: int | str, value: SpatRaster) -> None:
        node = geometry_of(value, self._verb)
        if isinstance(key, str) and key not in self._names:
            self._nodes, self._names = self._checked([*self._nodes, node]), [*self._names, key]
            return
        position = self._position(counted(key, len(self)))
        self._nodes = self._checked([node if i == position else n for i, n in enumerate(self._nodes)])

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
        return self._some(which)


class SpatRasterDataset(_Rasters):
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

    explore = _explore.explore_several

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

    @property
    def varnames(self) -> list[str]:
        """Name of the variable of each sub-dataset, which its layers share; ``""`` where they differ or have none."""
        return [_common(layer.variable for layer in node.layers) for node in self._nodes]

    @varnames.setter
    def varnames(self, value: str | Sequence[str]) -> None:
        self._nodes = self._relayered("varnames", value)

    def to_memory(self) -> Self:
        """Sub-datasets that hold their values in memory.

        Returns
        -------
        SpatRasterDataset

        Examples
        --------
        >>> import pyterra as pt
        >>> r = pt.rast([[1, 2]])
        >>> [one.in_memory() for one in pt.sds(a=r, b=r * 2).to_memory()]
        [True, True]
        """
        return self._of([one.to_memory() for one in self], self._names)

    @property
    def time(self) -> list[Any]:
        """Time of the layers of each sub-dataset, or None. One sequence is set for all, or one for each."""
        return _members.time(self)

    @time.setter
    def time(self, value: Any) -> None:
        self._nodes = [one._node for one in _members.with_times(self, value)]

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

    crop = _stacks.crop_each
    read_values = _stacks.read_values
    time_info = _members.time_info
    tighten = _tighten.tighten_all
    as_array = _members.as_array
    extract = extract_each
    merge_time = _members.merge_time
    app = _stacks.app
    lapp = _stacks.lapp
    sapp = _stacks.sapp

    def __repr__(self) -> str:
        lines = [("subdatasets", str(len(self)))]
        if self._nodes:
            grid = self._grid
            files = list(
                dict.fromkeys(Path(f).name if f else "memory" for one in self.sources() for f in one)
            )
            lines += [
                ("dimensions", f"{grid.nrow}, {grid.ncol} (nrow, ncol)"),
                ("nlyr", listed_text(self.nlyr)),
                ("resolution", f"{grid.xres:.7g}, {grid.yres:.7g}  (x, y)"),
                ("extent", ", ".join(f"{v:.9g}" for v in grid.extent) + "  (xmin, xmax, ymin, ymax)"),
                ("coord. ref.", describe_crs(grid.crs)),
                ("source(s)", listed_text(files or ["memory"])),
            ]
        return self._text(lines)

    def _repr_html_(self) -> str:
        return _pages.html_rasters(self)


class SpatRasterCollection(_Rasters):
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

    plet = _plet.plet_rasters
    explore = _explore.explore_several

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

    crop = _stacks.crop_overlapping
    compare_geom = _members.compare_geom
    extract = extract_each
    impose = _members.impose
    merge = _stacks.merge
    mosaic = _stacks.mosaic

    def __repr__(self) -> str:
        lines = [("length", str(len(self)))]
        if self._nodes:
            lines += [
                ("nrow", listed_text(self.nrow)),
                ("ncol", listed_text(self.ncol)),
                ("nlyr", listed_text(self.nlyr)),
                ("extent", ", ".join(f"{v:.9g}" for v in self.ext) + "  (xmin, xmax, ymin, ymax)"),
                ("crs (first)", describe_crs(self._nodes[0].grid.crs)),
            ]
        return self._text(lines)

    def _repr_html_(self) -> str:
        return _pages.html_rasters(self)


def _common(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else ""
