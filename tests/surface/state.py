"""What pyterra has of terra's surface. Run it: ``python tests/surface/state.py`` prints every tier.

`terra.tsv` lists terra's verbs: name, classes, theme, tier (1 = every day), and the name in pyterra.
"""

from __future__ import annotations

import csv
import inspect
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from cases import CASES
from live.questions import QUESTIONS
from live.trial import GivenVector

import pyterra as pt
from pyterra import SpatExtent, SpatRaster, SpatVector

HERE = Path(__file__).parent
CLASSES: dict[str, type] = {"SpatRaster": SpatRaster, "SpatVector": SpatVector, "SpatExtent": SpatExtent}
"""Classes that are looked at. Others of terra (data sets, collections, proxies, networks) come with later tiers."""
SEEDS = range(20)

PYTHON = {
    "Math": "abs sqrt ceiling floor trunc sign exp log cos sin tan cumsum cumprod cummin cummax",
    "Math2": "round signif",
    "round": "round",
    "abs": "abs",
    "dim": "shape",
    "[[": "__getitem__",
    "$": "__getitem__",
    "[[<-": "__setitem__",
    "$<-": "__setitem__",
    "ext": "ext",
    "Logic": "__and__ __or__",
}
"""Python names where the table says more than a name."""

FUNCTIONS = {"c": "pt", "tile_apply": "pt", "vect": "pt", "rast": "pt", "SpatExtent.ext": "pt"}
"""Verbs that are functions and no methods."""

NO_EXTENT = "the edges of an extent are numbers: Python's own functions do it"
NO_VECTOR = "columns are pandas Series, which have it: v['a'].max()"
EXCEPTIONS = {
    "terraOptions": "is pt.options",
    "wrap": "is pickling, a law over all cases (tests/laws/test_descriptions.py)",
    "length": "is len() of Python",
    "SpatExtent.Math": "rounding of extents is floor, ceiling and round",
    "SpatExtent.signif": "significant digits of coordinates are no use",
    "SpatVector.signif": "significant digits of coordinates are no use",
    **{f"SpatExtent.{name}": NO_EXTENT for name in "max min range sum prod any all".split()},
    **{
        f"SpatVector.{name}": NO_VECTOR
        for name in "max min range sum prod any all mean median quantile".split()
    },
    **{
        f"SpatVector.__{name}__": "terra has + - * of vectors alone"
        for name in "truediv floordiv mod pow".split()
    },
    **{f"SpatExtent.__{name}__": "terra has + - * / %% of extents alone" for name in "floordiv pow".split()},
    "SpatExtent.$": "edges are attributes: e.xmin",
    "SpatExtent.$<-": "extents do not change: dataclasses.replace() or ext()",
    "SpatExtent.[": "edges are attributes; list(e)",
    "SpatExtent.[<-": "extents do not change",
    **{f"SpatExtent.{side}<-": "extents do not change" for side in "xmin xmax ymin ymax".split()},
    "SpatExtent.crs": "an extent has no reference system",
}
"""Rows, rows of a class, or names of a class that need no verb of their own, and why."""

PICTURES = "a picture is looked at, not computed: vignettes/gallery.py makes each"
UNASKED: dict[str, str] = {
    "plotRGB": PICTURES,
    "hist": PICTURES,
    "lines": PICTURES,
    "points": PICTURES,
    "polys": PICTURES,
    "text": PICTURES,
    "SpatVector.plot": PICTURES,
    "SpatExtent.plot": PICTURES,
    "SpatVector.spat_sample": "points by chance: tests/vector/test_query.py checks that they lie inside",
    "SpatExtent.spat_sample": "points by chance: tests/raster/test_sample.py checks that they lie inside",
    "SpatVector.summary": "a table of pandas: DataFrame.describe of the attributes",
    "writeCDF": "tests/live/ask_netcdf.py: terra reads the files that it writes",
    "SpatExtent.project": "1.7-3 goes 192 m too far north; tests/vector/test_query.py projects a dense border instead",
    "tile_apply": "terra 1.7-3 has none; tests/tiles/test_apply.py compares with the verb applied to the whole",
}
"""Verbs that are not compared with terra, and why."""


@dataclass(frozen=True)
class Row:
    """One verb of terra."""

    name: str
    classes: tuple[str, ...]
    theme: str
    tier: int
    python: tuple[str, ...]
    """Names in pyterra."""


def rows(tier: int | None = None) -> list[Row]:
    """The table, or a tier of it; verbs that are listed twice come once."""
    with (HERE / "terra.tsv").open() as file:
        read = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found: dict[tuple[str, str], Row] = {}
    for line in read:
        text = PYTHON.get(line["name"], re.sub(r"\(.*?\)", "", line["python_name"]))
        names = tuple(name for name in re.split(r"[ ,/]+", text) if name)
        row = Row(line["name"], tuple(line["class"].split(";")), line["theme"], int(line["tier"]), names)
        found.setdefault((row.name, line["class"]), row)
    return [row for row in found.values() if tier is None or row.tier == tier]


def wanted(row: Row) -> list[tuple[str, str]]:
    """(class or ``pt``, Python name) pairs that a row asks for."""
    if row.name in EXCEPTIONS:
        return []
    owners = [name for name in row.classes if name in CLASSES and f"{name}.{row.name}" not in EXCEPTIONS]
    if row.classes == ("any",):
        owners = ["SpatRaster"]
    if row.name in FUNCTIONS or not owners:
        return [("pt", name) for name in row.python]
    pairs = [(owner, name) for owner in owners for name in row.python]
    return [
        (FUNCTIONS.get(f"{owner}.{name}", owner), name)
        for owner, name in pairs
        if f"{owner}.{name}" not in EXCEPTIONS
    ]


def member(owner: str, name: str) -> object | None:
    """What stands under a name; None where there is nothing."""
    if owner == "pt":
        return getattr(pt, name, None)
    name = {"__ne__": "__eq__"}.get(name, name) if owner == "SpatExtent" else name
    return next((vars(c)[name] for c in CLASSES[owner].__mro__[:-1] if name in vars(c)), None)


def has_docstring(owner: str, name: str) -> bool:
    """Whether it says what it does; operators follow Python's own words."""
    return name.startswith("__") or is_field(owner, name) or bool(inspect.getdoc(member(owner, name)))


def is_field(owner: str, name: str) -> bool:
    """Whether it is a field of a dataclass, told of in the docstring of the class."""
    return owner in CLASSES and name in getattr(CLASSES[owner], "__dataclass_fields__", {})


def has_case(owner: str, name: str) -> bool:
    """Whether the table of cases calls it."""
    known = {case.verb for case in CASES}
    label = {"SpatRaster": name, "pt": f"pt.{name}"}.get(owner, f"{owner}.{name}")
    return label in known or is_field(owner, name) or name == "__ne__"


@cache
def asked() -> dict[str, str]:
    """Class -> the Python of all questions to live terra that are about it."""
    found: dict[str, set[str]] = {"SpatVector": set(), "SpatExtent": set(), "SpatRaster": set()}
    for i, question in enumerate(dict.fromkeys(QUESTIONS)):
        for seed in SEEDS:
            trial = question(np.random.default_rng([seed, i]))
            given = list(trial.inputs.values())
            if any(isinstance(one, GivenVector) for one in given):
                found["SpatVector"].add(trial.py)
            if "ext(" in trial.r or not given:
                found["SpatExtent"].add(trial.py)
            found["SpatRaster"].add(trial.py)
    return {name: "\n".join(texts) for name, texts in found.items()}


OPERATORS = {
    "__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/", "__floordiv__": "//", "__mod__": "%",
    "__pow__": "**", "__eq__": "==", "__ne__": "!=", "__lt__": "<", "__gt__": ">", "__le__": "<=", "__ge__": ">=",
    "__and__": "&", "__or__": "|", "__invert__": "~", "__getitem__": "[", "__setitem__": "[", "__len__": "len(",
    "__repr__": "repr(", "__abs__": "abs(", "is_in": "is_in(",
}  # fmt: skip


def is_compared(owner: str, name: str) -> bool:
    """Whether a question to live terra is about it."""
    texts = asked()["SpatRaster" if owner == "pt" else owner]
    sign = OPERATORS.get(name)
    if sign is not None and sign in texts:
        return True
    return re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", texts) is not None


def problems(row: Row) -> list[str]:
    """What a row lacks."""
    lacking = []
    for owner, name in wanted(row):
        label = f"{row.name}: {owner}.{name}"
        if member(owner, name) is None:
            lacking.append(f"{label} is missing")
            continue
        if not has_docstring(owner, name):
            lacking.append(f"{label} has no docstring")
        if not has_case(owner, name):
            lacking.append(f"{label} has no case")
        if row.name not in UNASKED and f"{owner}.{name}" not in UNASKED and not is_compared(owner, name):
            lacking.append(f"{label} is not compared with terra")
    return lacking


def main() -> None:
    """Print the state of every tier."""
    for tier in (1, 2, 3):
        of_tier = rows(tier)
        there = [row for row in of_tier if all(member(*pair) is not None for pair in wanted(row))]
        print(f"tier {tier}: {len(there)} of {len(of_tier)} verbs are there")
        lacking = [row for row in of_tier if row not in there]
        for theme in sorted({row.theme for row in lacking}):
            names = [f"{row.name}" for row in lacking if row.theme == theme]
            print(f"  {theme}: {', '.join(names)}")
    for row in rows(1):
        for text in problems(row):
            print("tier 1:", text)


if __name__ == "__main__":
    main()
