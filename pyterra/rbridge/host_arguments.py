"""Arguments from R are of the kinds that the signature of a verb names, or R is told which kind must stand there.

R hands on whatever the user wrote: NA, NULL, text, several numbers. The annotations say what a verb takes; they are
read as text, and a kind that is not among `KINDS` takes anything.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError

MISSING = {"na": True}
"""How R writes NA where it stands alone; None is its NULL."""


def _number(value: Any) -> bool:
    return isinstance(value, int | float | np.number)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _several(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)


def _each(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def test_each(value: Any) -> bool:
        if isinstance(value, np.ndarray):
            return value.dtype.kind in "biuf" and test(0.0)
        return _several(value) and all(test(v) for v in value)

    return test_each


def _named(*names: str) -> Callable[[Any], bool]:
    return lambda value: any(cls.__name__ in names for cls in type(value).__mro__)


KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "bool": ("True or False", lambda value: _number(value) and value == value),
    "int": ("a number", lambda value: _number(value) and value == value),
    "float": ("a number", _number),
    "str": ("text", _text),
    "None": ("", lambda value: value is None),
    "SpatRaster": ("a SpatRaster", _named("SpatRaster")),
    "SpatVector": ("a SpatVector", _named("SpatVector")),
    **dict.fromkeys(("SpatExtent", "Extent"), ("a SpatExtent", _named("Extent"))),
    "Callable": ("a function", callable),
    "Literal": ("text", lambda value: _text(value) or _number(value)),
    **dict.fromkeys(("Method", "Unit", "NaPolicy", "RangeMode", "TimeStep"), ("text", _text)),
    "ArrayLike": ("numbers", lambda value: _number(value) or _each(lambda v: v is None or _number(v))(value)),
    "Sequence[str]": ("texts", _each(_text)),
    "Sequence[int]": ("numbers", _each(_number)),
    "Sequence[float]": ("numbers", _each(_number)),
    "Sequence[bool]": ("True and False", _each(_number)),
    "Sequence[SpatRaster]": ("rasters", _each(_named("SpatRaster"))),
}
"""What must hold for a value of each kind, in words and as a test."""


@cache
def _kinds(annotation: str) -> tuple[str, ...]:
    """The kinds of an annotation; none where it takes anything."""
    parts = re.split(r"\s*\|\s*(?![^\[]*\])", annotation)
    found = []
    for part in parts:
        part = re.sub(r"^tuple\[(\w+),.*\]$", r"Sequence[\1]", part)
        part = re.sub(r"^(Callable|Literal)\[.*\]$", r"\1", part)
        if part not in KINDS:
            return ()
        found.append(part)
    return tuple(found)


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


def fitting(
    verb: str,
    function: Callable[..., Any],
    args: Sequence[Any],
    named: Mapping[str, Any],
    missing: frozenset[int | str] = frozenset(),
) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call, once each is of a kind that the signature names; numbers for flags become flags.

    Parameters
    ----------
    verb : str
        Name of the verb, for messages.
    function : callable
        What is called.
    args, named
        Its arguments.
    missing : frozenset of int or str
        Places and names of the arguments that were NA in R, which are None here.
    """
    signature = _signature(function)
    try:
        signature.bind(*args, **named)
    except TypeError as error:
        raise ArgumentError(f"{verb}: {_unbound(str(error))}") from None
    places = [
        p for p in signature.parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    given = [
        _fitted(verb, places[i] if i < len(places) else None, value, i in missing)
        for i, value in enumerate(args)
    ]
    by_name = {
        key: _fitted(verb, signature.parameters.get(key), value, key in missing)
        for key, value in named.items()
    }
    return given, by_name


def _unbound(said: str) -> str:
    name = re.search(r"'(\w+)'", said)
    if name and "missing" in said:
        return f"{name[1]} must be given"
    return f"has no argument '{name[1]}'" if name and "unexpected" in said else "has too many arguments"


def _fitted(verb: str, parameter: inspect.Parameter | None, value: Any, missing: bool) -> Any:
    if parameter is None or parameter.name == "self" or not isinstance(parameter.annotation, str):
        return value
    kinds = _kinds(parameter.annotation)
    if not kinds:
        return value
    alone = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not any(KINDS[kind][1](value) for kind in kinds):
        value = alone  # a vector of one is one
    if not any(KINDS[kind][1](value) for kind in kinds):
        words = " or ".join(dict.fromkeys(KINDS[kind][0] for kind in kinds if kind != "None"))
        raise ArgumentError(f"{verb}: {parameter.name} must be {words}, got {_shown(value, missing)}")
    return bool(value) if kinds[0] == "bool" and _number(value) else value


def _shown(value: Any, missing: bool = False) -> str:
    """A value as R's users know it, and short."""
    if missing:
        return "NA"
    if value is None:
        return "None"
    if isinstance(value, str):
        return f"'{value}'"
    if _number(value):
        return "NA" if value != value else f"{value:g}" if not isinstance(value, bool) else str(value)
    if _several(value):
        shown = ", ".join("NA" if v is None else _shown(v) for v in list(value)[:5])
        return shown + (", ..." if len(value) > 5 else "") if len(value) else "nothing"
    if isinstance(value, Mapping):
        return "a named list"
    return "a function" if callable(value) else f"a {type(value).__name__}"
