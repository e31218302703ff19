"""Layers that follow each other in time, as a slider of a page has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

import numpy as np

from pyterra.expr import Layer
from pyterra.expr.times import common_step, in_step, told
from pyterra.frozen import dataclass

MAX_TIMES = 120
"""Layers with times that a page takes at most."""


@dataclass(frozen=True)
class Moment:
    """Where a layer stands in a series."""

    series: str = ""
    """Name of the series, empty for none."""
    text: str = ""
    """The time as it is written."""
    when: float = 0.0
    """The time as a number, in years for dates."""


NEVER = Moment()


def moments(layers: Sequence[Layer], name: str = "") -> list[Moment]:
    """The moment of each layer; of none where they have no times, or one time.

    Layers of the same time are of series of their own: the first of each time, the second of each, and so on. A series
    has the name given, else what the names of its layers begin with.
    """
    step = common_step(layers)
    stamps = [in_step(layer, step) for layer in layers] if step else []
    if len({str(stamp) for stamp in stamps}) < 2 or any(
        np.isnat(s) for s in stamps if isinstance(s, np.datetime64)
    ):
        return [NEVER] * len(layers)
    seen: dict[str, int] = {}
    texts = [told(stamp, step) for stamp in stamps]
    places = []
    for text in texts:
        places.append(seen.get(text, 0))
        seen[text] = places[-1] + 1
    names = {
        place: _common([la.name for la, p in zip(layers, places, strict=True) if p == place])
        for place in places
    }
    if name and len(names) == 1:
        names = {0: name}
    taken: dict[str, int] = {}
    for place, found in names.items():
        taken[found] = taken.get(found, 0) + 1
        names[place] = found if taken[found] == 1 else f"{found} ({taken[found]})"
    return [
        Moment(names[place], text, _number(stamp))
        for place, text, stamp in zip(places, texts, stamps, strict=True)
    ]


def _common(names: Sequence[str]) -> str:
    """What names have in common at their beginning, without what stands before a number."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    start = "".join(letters[0] for letters in alike)
    return re.sub(r"[\s_.,:=-]*\d*[\s_.,:=-]*$", "", start) or "layers"


def _number(stamp: np.datetime64 | float) -> float:
    if isinstance(stamp, np.datetime64):
        year = stamp.astype("datetime64[Y]")
        start, end = year.astype("datetime64[ms]"), (year + 1).astype("datetime64[ms]")
        return float(1970 + year.astype(np.int64) + (stamp - start) / (end - start))
    return float(stamp)
