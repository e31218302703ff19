"""Every verb as a function: ``focal(r, 3)`` is ``r.focal(3)``, with one signature and one docstring.

A verb of several classes is looked up by the type of its first argument. Properties are functions too: ``names(r)`` is
``r.names``. The functions stand in `verbs`; here is how one is made, and `c`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, TypeVar

from pyterra.errors import ArgumentError
from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatnetwork import SpatNetwork
from pyterra.handles.spatraster import SpatRaster
from pyterra.handles.spatvector import SpatVector
from pyterra.handles.spatvectorproxy import SpatVectorProxy
from pyterra.handles.vectors import SpatVectorCollection
from pyterra.raster.join import c as join_layers
from pyterra.several import svc

CLASSES: tuple[type, ...] = (
    SpatRaster,
    SpatVector,
    SpatExtent,
    SpatRasterDataset,
    SpatRasterCollection,
    SpatVectorCollection,
    SpatNetwork,
    SpatVectorProxy,
)
"""Classes whose methods are functions too, the most usual first."""


def member(cls: type, name: str) -> Any:
    """What a class, or one that it extends, has under a name, as it stands there; None where there is nothing."""
    return next((vars(base)[name] for base in cls.__mro__[:-1] if name in vars(base)), None)


def members(cls: type) -> list[str]:
    """Names of the public methods and properties of a class, sorted."""
    names = {name for base in cls.__mro__[:-1] for name in vars(base) if not name.startswith("_")}
    return sorted(name for name in names if _is_verb(member(cls, name)))


def _is_verb(found: Any) -> bool:
    return inspect.isfunction(found) or is_property(found)


def is_property(found: Any) -> bool:
    """Whether what a class has under a name is read, not called: a property, or a field of a frozen value."""
    return isinstance(found, property) or inspect.ismemberdescriptor(found)


def owners(name: str) -> tuple[type, ...]:
    """Classes that have a verb."""
    return tuple(cls for cls in CLASSES if _is_verb(member(cls, name)))


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n")[0]


def _listed(classes: Iterable[type], joint: str = "or") -> str:
    names = [f"a {cls.__name__}" for cls in classes]
    return f" {joint} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _together(name: str, found: dict[type, Any]) -> str:
    """The docstring of a verb of several classes: what each is for, and the examples of all."""
    lines = [
        f"    {cls.__name__} : {_first_line(body.__doc__)} See `{cls.__name__}.{name}`."
        for cls, body in found.items()
    ]
    shown = [examples for body in found.values() if (examples := _examples(body.__doc__))]
    head = f"The verb `{name}` of {_listed(found, 'and')}. The class of the first argument decides."
    tail = ["\nExamples\n--------", "\n\n".join(shown)] if shown else []
    return "\n".join([head, "", *lines, *tail])


def _examples(text: str | None) -> str:
    return inspect.cleandoc(text or "").partition("Examples\n--------\n")[2]


Body = TypeVar("Body", bound=Callable[..., Any])


def alone(name: str, body: Body) -> Body:
    """The function of a verb that one class has; `body` is its method, or its property."""
    return made(name)  # type: ignore[return-value]


def shared(body: Body) -> Body:
    """In place of an empty function that has the name of a verb, the verb."""
    return made(body.__name__)  # type: ignore[return-value]


def made(name: str) -> Callable[..., Any]:
    """The function that calls the method, or gives the property, of its first argument's class.

    Raises
    ------
    ArgumentError
        When the function is called with anything else.
    """
    classes = owners(name)
    found = {cls: member(cls, name) for cls in classes}
    calls = {cls: attrgetter(name) if is_property(body) else body for cls, body in found.items()}
    anything = len(calls) == 1 and _takes_anything(found[classes[0]])

    def function(x: Any, *args: Any, **kwargs: Any) -> Any:
        first = x[0] if isinstance(x, list | tuple) and x else x  # merge([a, b])
        for cls, call in calls.items():
            if anything or isinstance(first, cls):
                return call(x, *args, **kwargs)
        raise ArgumentError(f"{name}: x must be {_listed(classes)}, got {type(x).__name__}")

    if len(classes) == 1:
        functools.update_wrapper(function, found[classes[0]])
    else:
        function.__doc__ = _together(name, found)
    if hasattr(found.get(SpatRaster), "statistic"):  # app(pt.mean) means the statistic
        function.statistic = found[SpatRaster].statistic  # type: ignore[attr-defined]
    function.__name__ = function.__qualname__ = name
    function.__module__ = "pyterra.verbs"
    return function


def _takes_anything(body: Any) -> bool:
    """Whether a verb's first argument may be something else, of which it makes such an object."""
    if not inspect.isfunction(body):
        return False
    plain = inspect.unwrap(body)
    told = str(plain.__annotations__.get(plain.__code__.co_varnames[0]))
    return told == "Any" or "|" in told


def c(*objects: Any, **named: Any) -> Any:
    """Join rasters layer by layer, hold vectors together, or add to a data set or collection of rasters.

    Parameters
    ----------
    *objects : SpatRaster, SpatVector, SpatRasterDataset or SpatRasterCollection
        Rasters on one grid; or vectors of any kind; or a data set or a collection, followed by rasters or by more of its
        kind.
    **named : SpatRaster or SpatVector
        Further rasters or vectors. Layers of these rasters, and these vectors, get the name of the argument.

    Returns
    -------
    SpatRaster, SpatVectorCollection, SpatRasterDataset or SpatRasterCollection

    Raises
    ------
    GridMismatchError
        Where rows, columns or extents of rasters differ.

    See Also
    --------
    sds, sprc, svc : Make data sets and collections.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2, vals=[1, 2])
    >>> pt.c(low=r, high=r * 10).values().tolist()
    [[1.0, 10.0], [2.0, 20.0]]
    >>> pt.c(pt.sds(a=r), b=r * 2).names
    ['a', 'b']
    """
    given = [*objects, *named.values()]
    if given and all(isinstance(v, SpatVector | SpatVectorCollection) for v in given):
        flat = [w for v in objects for w in (v if isinstance(v, SpatVectorCollection) else [v])]
        return svc(*flat, **named)
    if objects and isinstance(objects[0], SpatRasterDataset | SpatRasterCollection):
        return objects[0]._appended(objects[1:], named)
    return join_layers(*objects, **named)
