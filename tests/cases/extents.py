"""Cases of extents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyterra as pt
from cases.case import Case


def _case(verb: str, build: Callable[[pt.SpatExtent], Any], note: str = "") -> Case:
    return Case(f"SpatExtent.{verb}", lambda z: build(z.ext), note, plain=True)


EXTENTS = [
    _case("project", lambda e: pt.project(pt.ext(0, 10, 40, 50), "EPSG:4326", "EPSG:3035")),
    _case("is_empty", lambda e: e.is_empty()),
    _case("width", lambda e: e.width),
    _case("height", lambda e: e.height),
    _case("bounds", lambda e: e.bounds),
    _case("union", lambda e: e.union(e.shift(5, 5))),
    _case("intersect", lambda e: e.intersect(e.shift(5, 5))),
    _case("intersect", lambda e: e.intersect(pt.rast(nrows=3, ncols=4, extent=e * 0.9)), "cells"),
    _case("shift", lambda e: e.shift(5, 5)),
    _case("extend", lambda e: e.extend((1, 2))),
    _case("floor", lambda e: e.floor()),
    _case("ceiling", lambda e: (e * 3).ceiling()),
    _case("round", lambda e: e.round(1)),
    _case("align", lambda e: e.align(2)),
    _case("__round__", lambda e: round(e, 1)),
    _case("__iter__", lambda e: list(e)),
    _case("__repr__", lambda e: repr(e)),
    _case("_repr_html_", lambda e: e._repr_html_()),
    _case("__add__", lambda e: e + 1),
    _case("__radd__", lambda e: 1 + e),
    _case("__sub__", lambda e: e - 1),
    _case("__mul__", lambda e: e * 2),
    _case("__rmul__", lambda e: 2 * e),
    _case("__truediv__", lambda e: e / 2),
    _case("__mod__", lambda e: e % 5),
    _case("__eq__", lambda e: e == e + 1),
    _case("__hash__", lambda e: hash(e)),
    _case("__le__", lambda e: e <= e + 1),
    _case("__lt__", lambda e: e < e + 1),
    _case("__ge__", lambda e: e >= e + 1),
    _case("__gt__", lambda e: e > e + 1),
]
