"""Keyword arguments that a verb does not have, and texts that none of its choices begins with: refused in words."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from types import CodeType, MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pyterra.elsewhere import advice
from pyterra.errors import ArgumentError, UnknownArgumentError, near_names
from pyterra.packages import difflib

FILL = ("fillvalue", "updatevalue", "background")
"""terra's words for the value that is put where there is none; ``fill`` may be said for each."""
NAMES = MappingProxyType(
    {
        "filename": ("path",),
        "filetype": ("format",),
        "gdal": ("options",),
        "NAflag": ("nodata",),
        "res": ("resolution",),
        "ext": ("extent",),
        "nrow": ("nrows",),
        "ncol": ("ncols",),
        "nlyr": ("nlyrs",),
        "values": ("vals",),
        "col": ("colors", "cmap"),
        "colNA": ("missing",),
        "legend": ("labels",),
        "plg": ("legend",),
        "pax": ("axes",),
        "dissolve": ("aggregate",),
    }
)
"""terra's name of an argument -> names that it has in pyterra; the first that the verb knows counts."""
OTHERS = MappingProxyType(
    {
        "column": ("y",),
        "vmin": ("range",),
        "vmax": ("range",),
        "title": ("main",),
        "levels": ("breaks",),
        "driver": ("format",),
    }
)
"""The same of matplotlib and geopandas."""
WRITING = "nothing is written before it is asked for: .write_raster(path) writes the result"
ADVICE = MappingProxyType(
    {
        "filename": WRITING,
        "overwrite": f"{WRITING}, with overwrite=True over another",
        "wopt": f"{WRITING}, with datatype=, nodata= and options=",
        "datatype": f"{WRITING}, with datatype=",
        "gdal": f"{WRITING}, with options=",
        "compress": 'it is one of the options of the format: options={"COMPRESS": ...}',
        "cores": "pyterra.options(workers=) sets the number of workers",
        "cpkgs": "functions take with them what they need",
        "threads": "pyterra.options(workers=) sets the number of workers",
        "memfrac": "pyterra.options(memory=) sets the memory",
        "memmax": "pyterra.options(memory=) sets the memory",
        "todisk": "what does not fit the memory goes to disk by itself; pyterra.options(memory=) sets it",
        "axis": "statistics are those of the layers of each cell; global_() has those of the cells of each layer",
        "by_util": "GDAL's own warper is not used",
        "tiles": "a page takes nothing from the network: give map=picture.plet(), a raster as the background",
    }
)
"""terra's name of an argument -> what to do, where a verb has none that says it."""
NEVER_THEIRS = frozenset({"filename", "overwrite", "wopt", "cores", "cpkgs"})
"""Arguments that verbs which hand arguments on to a function do not hand on: terra's own."""

Verb = TypeVar("Verb", bound=Callable[..., Any])
Word = TypeVar("Word", bound=str)


class Verbs:
    """A class whose public methods refuse unknown keyword arguments in words, and which says what else there is."""

    __slots__ = ()

    if not TYPE_CHECKING:  # a checker of types shall still find names that are not there

        def __getattr__(self, name: str) -> Any:
            if not name.startswith("_") and hasattr(type(self), name):
                return object.__getattribute__(self, name)  # a property that failed says why
            raise self._has_no(name)

        def __setattr__(self, name: str, value: Any) -> None:
            try:
                super().__setattr__(name, value)
            except AttributeError:
                if name.startswith("_") or hasattr(type(self), name):
                    raise
                raise self._has_no(name, setting=True) from None

    def _has_no(self, name: str, *, setting: bool = False) -> AttributeError:
        """The error for an attribute that is not there."""
        said = f"{type(self).__name__!r} object has no attribute {name!r}"
        if name.startswith("_"):
            return AttributeError(said, name=name, obj=self)
        labels = getattr(self, "names", ()) if hasattr(type(self), "names") else ()
        hint = advice(name, lambda other: hasattr(type(self), other), labels, type(self).__name__)
        if setting and not hint and hasattr(type(self), "__setitem__"):
            hint = f"; what is new stands in brackets: [{name!r}] = ..."
        return AttributeError(said + hint) if hint else AttributeError(said, name=name, obj=self)

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name, body in list(vars(cls).items()):
            if inspect.isfunction(body) and not name.startswith("_") and not _is_checked(body):
                verb = checked(body)
                verb.__name__, verb.__module__ = name, cls.__module__
                verb.__qualname__ = f"{cls.__qualname__}.{name}"
                setattr(cls, name, verb)


def checked(body: Verb) -> Verb:
    """The function, which refuses keyword arguments that it does not have in words.

    Raises
    ------
    UnknownArgumentError
        When the function is called with such an argument.
    """
    code = inspect.unwrap(body).__code__
    known = frozenset(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    handing_on = bool(code.co_flags & inspect.CO_VARKEYWORDS)
    most = None if code.co_flags & inspect.CO_VARARGS else code.co_argcount

    @functools.wraps(body)
    def verb(*args: Any, **kwargs: Any) -> Any:
        if not kwargs.keys() <= known:
            kwargs = _understood(verb.__name__, kwargs, known, handing_on)
        if most is not None and len(args) > most:
            raise UnknownArgumentError(_too_many(verb.__name__, args[most:], code))
        return body(*args, **kwargs)

    verb.refuses = True  # type: ignore[attr-defined]
    return verb  # type: ignore[return-value]


def _too_many(verb: str, left: Sequence[Any], code: CodeType) -> str:
    """What is wrong with arguments that have no name and no place."""
    placed = [name for name in code.co_varnames[: code.co_argcount] if name != "self"]
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    room = (
        f"only {', '.join(placed)} may stand without a name"
        if placed
        else "no argument may stand without a name"
    )
    more = f"; write the others as {', '.join(f'{name}=' for name in named)}"
    return f"{verb}: {room}, got {', '.join(map(_shown, left))} too{more if named else ''}"


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str | int | float | bool) else type(value).__name__


def _is_checked(body: Any) -> bool:
    return getattr(body, "refuses", False) is True


def _understood(verb: str, given: dict[str, Any], known: frozenset[str], handing_on: bool) -> dict[str, Any]:
    """The arguments under the names that the verb has for them."""
    found, plain = {}, {_plain(name) for name in known}
    for name, value in given.items():
        word = name
        if name == "fill" and name not in known:
            word = next((other for other in FILL if other in known), name)
            if word != name and word in given:
                raise UnknownArgumentError(
                    f"{verb}: fill= is another word for {word}=; leave one of them out"
                )
        theirs = handing_on and word not in NEVER_THEIRS and _plain(word) not in plain
        if word not in known and not theirs:
            raise UnknownArgumentError(f"{verb}: there is no argument {name}={_advice(name, known)}")
        found[word] = value
    return found


def _advice(name: str, known: frozenset[str]) -> str:
    plain = {_plain(other): other for other in known}
    meant = *NAMES.get(name, ()), *OTHERS.get(name, ())
    alike = [other for other in meant if other in known]
    if _plain(name) in plain:
        alike.append(plain[_plain(name)])
    if alike:
        return f"; it is {' or '.join(f'{other}=' for other in dict.fromkeys(alike))}"
    if name in ADVICE:
        return f"; {ADVICE[name]}"
    return near_names(name, sorted(known - {"x", "self"}))


def _plain(name: str) -> str:
    return name.replace("_", "").replace(".", "").lower()


def choice(value: Word, allowed: Sequence[str], what: str) -> Word:
    """The one of the allowed texts that is meant: by its name, or by a beginning that no other has.

    Raises
    ------
    ArgumentError
        Otherwise; near matches are named.
    """
    if value in allowed:
        return value
    begun = [name for name in allowed if isinstance(value, str) and value and name.startswith(value)]
    if len(begun) == 1:
        return cast(Word, begun[0])
    near = begun or difflib.get_close_matches(str(value), allowed, n=1)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise ArgumentError(f"{what}: must be one of {', '.join(allowed)}, got {value!r}{hint}")
