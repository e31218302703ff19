"""What all that holds rasters or vectors has in common: names, numbers, brackets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from pyterra.arguments import Verbs
from pyterra.brackets import counted
from pyterra.errors import ArgumentError, LayerError, PyterraError, near_names
from pyterra.printed import columns

if TYPE_CHECKING:
    from pyterra.types import Layers

SHOWN = 6
"""Members that are named where a collection is shown."""

Member = TypeVar("Member")


class Members(Verbs, ABC, Generic[Member]):
    """A sequence of rasters, or of vectors, with names."""

    __slots__ = ("_names",)
    _names: list[str]
    _verb: ClassVar[str]
    """The function that makes such an object."""
    _what: ClassVar[str]
    """What a member is called."""
    _error: ClassVar[type[PyterraError]] = LayerError
    """Raised where there is no such member."""

    @property
    def names(self) -> list[str]:
        """Names of the members; ``""`` where one has none."""
        return list(self._names)

    @names.setter
    def names(self, value: Sequence[str]) -> None:
        self._set_names(value)

    def _set_names(self, value: Sequence[str]) -> None:
        if isinstance(value, str) or len(value) != len(self):
            raise ArgumentError(
                f"{self._verb}: names must be one per {self._what} ({len(self)}), got {value!r}"
            )
        self._names = [str(name) for name in value]

    @abstractmethod
    def __len__(self) -> int:
        """Number of members."""

    @abstractmethod
    def _member(self, position: int) -> Member:
        """One member."""

    @abstractmethod
    def _of(self, members: Sequence[Member], names: Sequence[str]) -> Self:
        """An object of this class with other members."""

    def __iter__(self) -> Iterator[Member]:
        return (self._member(i) for i in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        key = counted(key, len(self))
        return self._member(self._position(key)) if isinstance(key, str | Integral) else self._some(key)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (list(self), self._names)

    def _some(self, which: Layers) -> Self:
        """Members by number, name or test, in the order given."""
        if isinstance(which, slice):
            if any(end is not None and end < 0 for end in (which.start, which.stop)):
                raise self._error(
                    f"{self._verb}: as an argument, numbers are counted from 0, never from the end, got {which}"
                )
            positions = list(range(len(self))[which])
        else:
            items = [which] if isinstance(which, str | int | Integral) else list(which)
            if items and all(isinstance(item, bool) for item in items):
                if len(items) != len(self):
                    raise self._error(
                        f"{self._verb}: must be one true or false per {self._what} ({len(self)}), got {len(items)}"
                    )
                items = [i for i, wanted in enumerate(items) if wanted]
            positions = [self._position(item) for item in items]
        return self._of([self._member(i) for i in positions], [self._names[i] for i in positions])

    def _position(self, key: Any) -> int:
        if isinstance(key, str):
            if key not in self._names:
                near = near_names(key, filter(None, self._names))
                raise self._error(f"{self._verb}: no {self._what} {key!r}{near}")
            return self._names.index(key)
        if not isinstance(key, Integral) or not 0 <= int(key) < len(self):
            raise self._error(f"{self._verb}: {self._what}s are numbered 0 to {len(self) - 1}, got {key!r}")
        return int(key)

    def _appended(self, others: Sequence[Any], named: Mapping[str, Any]) -> Self:
        """This and what follows: objects of its class, and members."""
        members, names = list(self), list(self._names)
        for label, other in [*(("", o) for o in others), *named.items()]:
            if isinstance(other, type(self)):
                members += list(other)
                names += other._names
            else:
                members.append(other)
                names.append(label)
        return self._of(members, names)

    def _text(self, lines: Sequence[tuple[str, str]]) -> str:
        shown = [("class", type(self).__name__), *lines]
        if any(self._names):
            shown.append(("names", listed_text(self._names)))
        return columns(shown)


def listed_text(items: Sequence[Any]) -> str:
    """The first of some items as text."""
    return ", ".join(map(str, items[:SHOWN])) + (", ..." if len(items) > SHOWN else "")
