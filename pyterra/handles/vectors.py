"""SpatVectorCollection: vectors of any kinds, held together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pyterra.arguments import Verbs
from pyterra.brackets import counted
from pyterra.errors import ArgumentError, near_names, said_by
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatvector import SpatVector
from pyterra.vector._build import check_vector, is_vector
from pyterra.vector.make import vect


class SpatVectorCollection(Verbs):
    """A sequence of vectors with names. Made by `pyterra.svc`.

    ``s[0]`` and ``s["name"]`` are vectors, and ``s[1:]`` is a collection.

    Examples
    --------
    >>> import pyterra as pt
    >>> s = pt.svc(sites=pt.vect([[1, 2]]), area=pt.vect(pt.ext(0, 5, 0, 5)))
    >>> s.names, s["area"].geomtype()
    (['sites', 'area'], 'polygons')
    """

    __slots__ = ("_names", "_vectors")

    def __init__(self, vectors: Iterable[SpatVector], names: Sequence[str] | None = None) -> None:
        self._vectors = [check_vector(v, "svc") for v in vectors]
        self._names = [""] * len(self._vectors)
        if names is not None:
            self.names = names

    @property
    def names(self) -> list[str]:
        """Names of the vectors."""
        return list(self._names)

    @names.setter
    def names(self, value: Sequence[str]) -> None:
        if len(value) != len(self._vectors):
            raise ArgumentError(f"svc: names must be one per vector ({len(self._vectors)}), got {len(value)}")
        self._names = [str(name) for name in value]

    @property
    def ext(self) -> SpatExtent:
        """The smallest extent that holds all vectors. Empty vectors do not count."""
        extents = [v.ext for v in self._vectors if len(v)]
        whole = extents[0] if extents else SpatExtent(0, 0, 0, 0)
        for e in extents[1:]:
            whole = whole.union(e)
        return whole

    def __len__(self) -> int:
        return len(self._vectors)

    def __iter__(self) -> Iterator[SpatVector]:
        return iter(self._vectors)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            if key not in self._names:
                raise ArgumentError(f"svc: no vector {key!r}{near_names(key, filter(None, self._names))}")
            return self._vectors[self._names.index(key)]
        if isinstance(key, slice):
            return SpatVectorCollection(self._vectors[key], self._names[key])
        key = counted(key, len(self))
        if not 0 <= int(key) < len(self):
            raise ArgumentError(f"svc: vectors are numbered 0 to {len(self) - 1}, got {key}")
        return self._vectors[int(key)]

    def __repr__(self) -> str:
        kinds = [f"{v.geomtype()} ({len(v)})" for v in self._vectors]
        lines = ["class       : SpatVectorCollection", f"length      : {len(self)}"]
        lines += [
            f"{'geometry' if i == 0 else '':<11} {'' if i else ':':<1} {kind}" for i, kind in enumerate(kinds)
        ]
        lines.append(f"names       : {', '.join(self._names)}")
        return "\n".join(line.rstrip() for line in lines)

    def __reduce__(self) -> tuple[Any, ...]:
        return SpatVectorCollection, (self._vectors, self._names)


def svc(*vectors: Any, **named: Any) -> SpatVectorCollection:
    """Hold vectors of any kinds together.

    Parameters
    ----------
    *vectors : SpatVector, or what `vect` takes, or one list of them
    **named : SpatVector
        Vectors with names.

    Returns
    -------
    SpatVectorCollection

    See Also
    --------
    SpatVector.rbind : Joins vectors of one kind.
    c : Holds vectors together too.

    Examples
    --------
    >>> import pyterra as pt
    >>> s = pt.svc(pt.vect([[0, 0]]), area=pt.vect(pt.ext(0, 1, 0, 1)))
    >>> s["area"].geomtype(), len(s)
    ('polygons', 2)
    """
    given = list(vectors)
    if (
        len(given) == 1
        and not is_vector(given[0])
        and isinstance(given[0], list | tuple | SpatVectorCollection)
    ):
        given = list(given[0])
    with said_by("svc"):
        made = [v if is_vector(v) else vect(v) for v in (*given, *named.values())]
    return SpatVectorCollection(made, [*([""] * len(given)), *named])
