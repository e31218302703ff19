"""Every verb as a function: ``focal(r, 3)`` is ``r.focal(3)``, with one signature and one docstring.

A verb that one class has is that class's function. A verb that several have is looked up by the type of its first
argument. Properties are functions too: ``names(r)`` is ``r.names``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyterra.errors import ArgumentError
from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset, appended
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.handles.spatvector import SpatVector
from pyterra.handles.vectors import SpatVectorCollection, svc
from pyterra.raster.join import c as join_layers

CLASSES: tuple[type, ...] = (SpatRaster, SpatVector, SpatExtent, SpatRasterDataset, SpatRasterCollection)
"""Classes whose methods are functions too, the most usual first."""
Verb = Callable[..., Any]


def _verbs_of(cls: type) -> dict[str, Verb]:
    return {
        name: member for name, member in vars(cls).items() if callable(member) and not name.startswith("_")
    }


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n")[0]


def _listed(owners: tuple[type, ...]) -> str:
    names = [f"a {cls.__name__}" for cls in owners]
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def shared(name: str, owners: tuple[type, ...]) -> Verb:
    """A function that calls the method of its first argument's class.

    Raises
    ------
    ArgumentError
        When called with anything else.
    """

    bodies = {cls: vars(cls)[name] for cls in owners}

    def verb(x: Any, *args: Any, **kwargs: Any) -> Any:
        first = x[0] if isinstance(x, list | tuple) and x else x  # merge([a, b])
        for cls, body in bodies.items():
            if isinstance(first, cls):
                return body(x, *args, **kwargs)
        raise ArgumentError(f"{name}: x must be {_listed(owners)}, got {type(x).__name__}")

    lines = "\n".join(
        f"    {cls.__name__} : {_first_line(bodies[cls].__doc__)} See `{cls.__name__}.{name}`."
        for cls in owners
    )
    verb.__name__ = verb.__qualname__ = name
    verb.of_raster = bodies.get(SpatRaster)  # type: ignore[attr-defined]  # app(pt.mean) means the built-in
    verb.__doc__ = f"{name} of {_listed(owners)}, told apart by the first argument.\n\n{lines}\n"
    return verb


def _getter(name: str, owners: tuple[type, ...]) -> Verb:
    """A function that gives a property."""

    def verb(x: Any) -> Any:
        if not isinstance(x, owners):
            raise ArgumentError(f"{name}: x must be {_listed(owners)}, got {type(x).__name__}")
        return getattr(x, name)

    verb.__name__ = verb.__qualname__ = name
    verb.__doc__ = f"{_first_line(vars(owners[0])[name].__doc__)} See `{owners[0].__name__}.{name}`."
    return verb


def _owners(verbs: Callable[[type], Any]) -> dict[str, tuple[type, ...]]:
    found: dict[str, tuple[type, ...]] = {}
    for cls in CLASSES:
        for name in verbs(cls):
            found[name] = (*found.get(name, ()), cls)
    return found


VERBS: dict[str, Verb] = {
    name: vars(owners[0])[name] if len(owners) == 1 else shared(name, owners)
    for name, owners in _owners(_verbs_of).items()
}
"""Name -> function of all public methods."""

PROPERTIES: dict[str, Verb] = {
    name: _getter(name, owners)
    for name, owners in _owners(
        lambda cls: [n for n, v in vars(cls).items() if isinstance(v, property) and not n.startswith("_")]
    ).items()
    if name not in VERBS and name != "ext"
}
"""Name -> function of all public properties; ``ext`` is the constructor, which takes the same objects."""


def c(*objects: Any, **named: Any) -> Any:
    """Join rasters layer by layer, hold vectors together, or add to a data set or collection of rasters.

    Parameters
    ----------
    *objects : SpatRaster, SpatVector, SpatRasterDataset or SpatRasterCollection
        Rasters on one grid; or vectors of any kind; or a data set or collection, with rasters or more of its kind.
    **named : SpatRaster, or SpatVector
        Those whose layers (or who themselves) get the name of the argument.

    Returns
    -------
    SpatRaster, SpatVectorCollection, SpatRasterDataset or SpatRasterCollection

    Raises
    ------
    GridMismatchError
        Where rows, columns or extents of rasters differ.
    """
    given = [*objects, *named.values()]
    if given and all(isinstance(v, SpatVector | SpatVectorCollection) for v in given):
        flat = [w for v in objects for w in (v if isinstance(v, SpatVectorCollection) else [v])]
        return svc(*flat, **named)
    if objects and isinstance(objects[0], SpatRasterDataset | SpatRasterCollection):
        return appended(objects[0], objects[1:], named)
    return join_layers(*objects, **named)
