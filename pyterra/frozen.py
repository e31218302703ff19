"""Frozen dataclasses that cost little to import.

``dataclasses.dataclass`` writes six methods of a frozen class as text and compiles each: 0.4 ms a class, a third of all
that importing pyterra took. Here five are closures over the names of the fields, and ``__init__`` is written when the
first instance is made. To everyone else they are dataclasses: ``fields``, ``replace``, ``asdict``, ``match``, pickling
and checkers of types see no difference. A class that inherits from one is made by this decorator as well.
"""

from __future__ import annotations

import dataclasses
import inspect
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None, *, frozen: bool = False, slots: bool = False, eq: bool = True, **options: Any
    ) -> Any:
        """The decorator of `dataclasses`, with the same arguments; with slots, or not frozen, its own methods."""
        if cls is None:
            return lambda one: dataclass(one, frozen=frozen, slots=slots, eq=eq, **options)
        if slots or not frozen or options.keys() - {"kw_only"}:
            return dataclasses.dataclass(cls, frozen=frozen, slots=slots, eq=eq, **options)
        return _with_methods(dataclasses.dataclass(cls, init=False, repr=False, eq=False, **options), eq)


__all__ = ["dataclass"]


def _with_methods(cls: Any, eq: bool) -> Any:
    """The class with the methods of a frozen dataclass, but for those that it has itself."""
    fields = dataclasses.fields(cls)
    made = {"__init__": _first_init(cls), "__repr__": _repr([one.name for one in fields if one.repr])}
    if eq:
        made["__eq__"] = _eq(_key([one.name for one in fields if one.compare]))
        if vars(cls).get("__hash__") is None:
            cls.__hash__ = _hash(
                _key([one.name for one in fields if (one.compare if one.hash is None else one.hash)])
            )
    if "__init__" not in vars(cls):
        cls.__signature__ = _Signature(cls)
    for name, method in made.items():
        if name not in vars(cls):
            method.__qualname__ = f"{cls.__qualname__}.{name}"
            setattr(cls, name, method)
    names = frozenset(one.name for one in fields)

    def __setattr__(self: Any, name: str, value: Any) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    cls.__setattr__, cls.__delattr__ = __setattr__, __delattr__
    return cls


def _first_init(cls: Any) -> Callable[..., None]:
    """An ``__init__`` that writes the real one and leaves it in its place; twice is no harm."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        _write_init(cls)
        cls.__init__(self, *args, **kwargs)

    return __init__


def _write_init(cls: Any) -> None:
    after = {"__post_init__": None} if hasattr(cls, "__post_init__") else {}
    known = [(one.name, one.type, one) for one in dataclasses.fields(cls)]
    whole = dataclasses.make_dataclass(
        cls.__name__, known, namespace=after, frozen=True, repr=False, eq=False
    )
    cls.__init__ = vars(whole)["__init__"]


class _Signature:
    """What `inspect` tells of a class before there is an instance; of an instance it is that of its ``__call__``."""

    def __init__(self, cls: Any) -> None:
        self._cls = cls

    def __get__(self, one: Any, cls: Any) -> inspect.Signature:
        if one is not None:
            raise AttributeError("__signature__")
        if cls.__init__ is vars(self._cls)["__init__"]:
            _write_init(self._cls)
        told = inspect.signature(cls.__init__)
        return told.replace(parameters=list(told.parameters.values())[1:])


def _repr(names: list[str]) -> Callable[[Any], str]:
    @recursive_repr()
    def __repr__(self: Any) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({told})"

    return __repr__


def _eq(key: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, Any], Any]:
    def __eq__(self: Any, other: Any) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(key: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        return hash(key(self))

    return __hash__


def _key(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of these fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)
