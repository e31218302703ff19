"""One call of one verb, and short ways to write it down."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inputs import Inputs

_numbers = itertools.count()


@dataclass(frozen=True)
class Case:
    """One call of one verb."""

    verb: str
    """The public name: of `SpatRaster`, or of `pyterra` with ``pt.`` before it."""
    build: Callable[[Inputs], Any]
    """The call; gives a raster, or a value."""
    note: str = ""
    """What tells it from the other calls of the verb."""
    reads: str = ""
    """Why the call computes at once."""
    rtol: float = 0.0
    """How far apart a value may be when cells are added up in another order; 0 = the same bits."""
    refuses: Mapping[str, type[Exception]] = field(default_factory=dict)
    """Inputs that the verb cannot take, and the error it raises."""
    slow: bool = False
    """Whether Python runs for every cell, so that large blocks are left out."""
    costly: bool = False
    """Whether building it compiles a function or fits a model, so that it is not built to see what it is made of."""
    preview: str = ""
    """Why a preview reads more than four times the cells that it shows."""
    plain: bool = False
    """Whether it gives a value that is known without computing, not a raster."""

    @property
    def name(self) -> str:
        return f"{self.verb} {self.note}".strip()


def values_case(verb: str, build: Callable[[Inputs], Any], note: str = "", **more: Any) -> Case:
    """A call that gives values at once."""
    return Case(verb, build, note, reads="values are asked for", **more)


def plain_case(verb: str, build: Callable[[Inputs], Any], note: str = "", **more: Any) -> Case:
    """A call whose answer is known without computing."""
    return Case(verb, build, note, plain=True, **more)


def new_path(z: Inputs, ending: str = "tif") -> Any:
    """A file that does not exist yet."""
    return z.folder / f"{z.name}-{next(_numbers)}.{ending}"
