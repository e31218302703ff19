"""The table of verbs, ``verbs.tsv``: every verb of terra, what it is in Python, and what the R package makes of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from pyterra.frozen import dataclass

PATH = Path(__file__).with_name("verbs.tsv")
HERE = ("method", "property", "setter", "operator", "function")
"""Kinds of verbs that are there."""
KINDS = (*HERE, "later", "none", "group")
"""All kinds: those that are there, those to come, those that Python needs no verb for, and groups of verbs of R."""

SIGNS = {
    "__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/", "__floordiv__": "//", "__mod__": "%",
    "__pow__": "**", "__eq__": "==", "__ne__": "!=", "__lt__": "<", "__gt__": ">", "__le__": "<=", "__ge__": ">=",
    "__and__": "&", "__or__": "|", "__invert__": "~", "__getitem__": "[", "__setitem__": "[", "__len__": "len(",
    "__repr__": "repr(", "__iter__": "list(",
}  # fmt: skip
"""How operators are written."""


@dataclass(frozen=True)
class RMethod:
    """A method of the R package, in the words of R/table.R."""

    second: str
    """Classes of the second argument that it is for; ``.`` any."""
    do: str
    arguments: str
    result: str


@dataclass(frozen=True)
class Verb:
    """One verb of terra and class, or one that pyterra alone has. ``.`` in a text says that there is nothing to say."""

    terra: str
    """Its name in terra."""
    cls: str
    """The class it belongs to; ``.`` a function that belongs to none."""
    python: str
    """Its name in Python, also where it is still to come."""
    kind: str
    """One of `KINDS`."""
    family: str
    """The module that holds it, below pyterra."""
    theme: str
    """Where terra's help index has it."""
    tier: int
    """1 every day, 2 often, 3 seldom; 0 pyterra alone has it."""
    node: str
    """Kinds of nodes that it makes; ``-`` none."""
    asked: str
    """The module of tests/live that compares it with terra, or why none does."""
    note: str
    """What to write where Python needs no verb for it, and what else there is to say."""
    methods: tuple[RMethod, ...] = ()
    """What the R package has."""

    @property
    def is_here(self) -> bool:
        """Whether pyterra has it."""
        return self.kind in HERE

    @property
    def owner(self) -> str:
        """The class in which Python finds it; ``pt`` where it is a function of the package."""
        return "pt" if self.kind == "function" or self.cls == "." else self.cls

    @property
    def label(self) -> str:
        """Where Python has it: ``SpatRaster.focal``."""
        return f"{self.owner}.{self.python}"


@cache
def verbs() -> tuple[Verb, ...]:
    """All verbs, in the order of the table.

    Raises
    ------
    ValueError
        Where a line has not as many cells as the head of the table.
    """
    found: list[Verb] = []
    for cells in _lines():
        method = _method(cells)
        last = found[-1] if found else None
        if cells["kind"] == "." and last and (last.terra, last.cls) == (cells["terra"], cells["class"]):
            found[-1] = replace(last, methods=last.methods + method)
        else:
            found.append(_verb(cells, method))
    return tuple(found)


def _lines() -> list[dict[str, str]]:
    """Cells by the names of their columns."""
    lines = enumerate(PATH.read_text("utf-8").splitlines(), 1)
    (_, head), *rest = [(number, line) for number, line in lines if not line.startswith("#")]
    names = head.split("\t")
    for number, line in rest:
        if line.count("\t") != len(names) - 1:
            raise ValueError(
                f"line {number} must have {len(names)} cells, got {len(line.split(chr(9)))}: {line[:40]!r}"
            )
    return [dict(zip(names, line.split("\t"), strict=True)) for _, line in rest]


def _method(cells: dict[str, str]) -> tuple[RMethod, ...]:
    method = RMethod(cells["second"], cells["do"], cells["arguments"], cells["result"])
    return () if method.do == "." else (method,)


def _verb(cells: dict[str, str], methods: tuple[RMethod, ...]) -> Verb:
    return Verb(
        terra=cells["terra"],
        cls=cells["class"],
        python=cells["python"],
        kind=cells["kind"],
        family=cells["family"],
        theme=cells["theme"],
        tier=0 if cells["tier"] == "." else int(cells["tier"]),
        node=cells["node"],
        asked=cells["asked"],
        note=cells["note"],
        methods=methods,
    )
