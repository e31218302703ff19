"""SpatVectorCollection: vectors of any kinds, held together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Self

from pyterra.brackets import counted
from pyterra.errors import ArgumentError
from pyterra.grid.crs import describe_crs
from pyterra.handles.members import Members
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatvector import SpatVector
from pyterra.maps import explore as _explore
from pyterra.maps import films as _films
from pyterra.maps import pages as _pages
from pyterra.maps import panels as _panels
from pyterra.maps import plet as _plet
from pyterra.printed import columns
from pyterra.vector.build import check_vector

if TYPE_CHECKING:
    import pyproj

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import CRSLike


class SpatVectorCollection(Members[SpatVector]):
    """A sequence of vectors with names. Made by `pyterra.svc`.

    ``s[0]`` and ``s["name"]`` are vectors, and ``s[1:]`` is a collection. ``s["name"] = v`` replaces a vector or adds
    one.

    Examples
    --------
    >>> import pyterra as pt
    >>> s = pt.svc(sites=pt.vect([[1, 2]]), area=pt.vect(pt.ext(0, 5, 0, 5)))
    >>> s.names, s["area"].geomtype()
    (['sites', 'area'], 'polygons')
    """

    __slots__ = ("_vectors",)
    _verb = "svc"
    _what = "vector"
    _error = ArgumentError

    def __init__(self, vectors: Iterable[SpatVector], names: Sequence[str] | None = None) -> None:
        self._vectors = [check_vector(v, "svc") for v in vectors]
        self._set_names([""] * len(self._vectors) if names is None else names)

    plot = _panels.plot
    plet = _plet.plet_vectors
    explore = _explore.explore_several
    animate = _films.animate_vectors

    @property
    def ext(self) -> SpatExtent:
        """The smallest extent that holds all vectors. Empty vectors do not count."""
        extents = [v.ext for v in self._vectors if len(v)]
        whole = extents[0] if extents else SpatExtent(0, 0, 0, 0)
        for e in extents[1:]:
            whole = whole.union(e)
        return whole

    @property
    def crs(self) -> pyproj.CRS | None:
        """Coordinate reference system of the first vector, or None."""
        return self._vectors[0].crs if self._vectors else None

    def project(self, y: CRSLike | SpatRaster | SpatVector) -> Self:
        """The vectors with their vertices in another coordinate reference system.

        Parameters
        ----------
        y : str, int, CRS, SpatRaster or SpatVector
            The CRS, or an object that has it.

        Returns
        -------
        SpatVectorCollection

        See Also
        --------
        SpatVector.project : The verb for one vector.

        Examples
        --------
        >>> import pyterra as pt
        >>> s = pt.svc(a=pt.vect([[0, 0]], crs="EPSG:4326")).project("EPSG:3857")
        >>> s.crs.to_epsg(), s.names
        (3857, ['a'])
        """
        return self._of([v.project(y) for v in self._vectors], self._names)

    def __len__(self) -> int:
        return len(self._vectors)

    def _member(self, position: int) -> SpatVector:
        return self._vectors[position]

    def __setitem__(self, key: int | str, value: SpatVector) -> None:
        check_vector(value, "svc")
        if isinstance(key, str) and key not in self._names:
            self._vectors, self._names = [*self._vectors, value], [*self._names, key]
            return
        position = self._position(counted(key, len(self)))
        self._vectors = [value if i == position else v for i, v in enumerate(self._vectors)]

    def _of(self, members: Iterable[SpatVector], names: Sequence[str]) -> Self:
        return type(self)(members, names)

    def __repr__(self) -> str:
        kinds = [f"{v.geomtype()} ({len(v)})" for v in self._vectors]
        geometries = [("" if i else "geometry", kind) for i, kind in enumerate(kinds)]
        return columns(
            [
                ("class", "SpatVectorCollection"),
                ("length", str(len(self))),
                *geometries,
                *[("crs (first)", describe_crs(v.wkt)) for v in self._vectors[:1] if v.wkt],
                ("names", ", ".join(self._names)),
            ]
        )

    def _repr_html_(self) -> str:
        return _pages.html_vectors(self)
