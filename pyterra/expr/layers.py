"""What is known of a layer besides its values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from pyterra.frozen import dataclass

Tags = tuple[tuple[str, str], ...]
"""Names and texts."""
SharedTags = tuple[tuple[tuple[str, str], str], ...]
"""Names, each with the domain that it belongs to ("" is the plain one), and texts."""
Kind = Literal["num", "int", "bool", "factor"]


@dataclass(frozen=True, slots=True)
class Categories:
    """The table behind a factor layer: whole-number values and what they stand for."""

    columns: tuple[str, ...]
    """Column names; the first is the column of values."""
    rows: tuple[tuple[Any, ...], ...]
    """One row per category: the value, then one label per further column."""
    active: int = 0
    """Which label column is shown, 0 = the first after the values."""

    @property
    def label_name(self) -> str:
        """Name of the active column."""
        return self.columns[self.active + 1]

    @property
    def fits_bytes(self) -> bool:
        """Whether the values fit into bytes, with one left for what is missing."""
        return all(0 <= int(row[0]) < 255 for row in self.rows)

    def labels(self) -> dict[int, Any]:
        """Value -> label of the active column."""
        return {int(row[0]): row[self.active + 1] for row in self.rows}


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer's name and everything that travels with it."""

    name: str
    """Layer name; names may repeat."""
    kind: Kind = "num"
    """Type flag, as in terra."""
    storage: str | None = None
    """numpy dtype name of the file or array the values came from, while every value still fits it."""
    nodata: float | int | None = None
    """The number that meant missing in the source; a hint for writing, not a value of the layer. NaN, which always means
    missing, is none."""
    categories: Categories | None = None
    """Table of a factor layer."""
    colors: tuple[tuple[int, tuple[int, int, int, int]], ...] | None = None
    """Colour table: (value, (red, green, blue, alpha)) pairs."""
    time: np.datetime64 | float | None = None
    """Time stamp: a datetime64, or a number under a `step` such as ``years``."""
    step: str = ""
    """Meaning of `time`: ``seconds``, ``days``, ``months``, ``years``, ``yearmonths``, ``raw``; ``""`` = no time."""
    unit: str = ""
    """Unit of the values."""
    zone: str = ""
    """Time zone in which `time` is shown; `time` itself is UTC."""
    depth: float | None = None
    """Depth or height."""
    depth_name: str = ""
    """What `depth` is called; ``""`` for depth."""
    depth_unit: str = ""
    """Unit of `depth`."""
    long_name: str = ""
    """Long name."""
    variable: str = ""
    """Name of the variable that the layer is a part of."""
    channel: str = ""
    """``red``, ``green``, ``blue`` or ``alpha``, where layers make a picture together."""
    tags: Tags = ()
    """What else a file says of the layer."""
    shared_tags: SharedTags = ()
    """What else a file says of all its layers together."""
    range: tuple[float, float] | None = None
    """Minimum and maximum where they are known without reading."""

    def __post_init__(self) -> None:
        if self.nodata is not None and self.nodata != self.nodata:  # one NaN does not equal another
            object.__setattr__(self, "nodata", None)

    def number(self) -> Layer:
        """The layer once its values are new plain numbers: type, table, colours, tags, unit and so on are gone."""
        return replace(
            self,
            kind="num",
            storage=None,
            nodata=None,
            categories=None,
            colors=None,
            unit="",
            channel="",
            tags=(),
            shared_tags=(),
            range=None,
        )

    def as_kind(self, kind: Kind) -> Layer:
        """`number()` with another type flag."""
        return replace(self.number(), kind=kind)

    def unflagged(self) -> Layer:
        """The same values without the flag of whole numbers, or of true and false; factors stay factors."""
        return self if self.kind == "factor" else replace(self, kind="num")

    def timed(self, like: Layer) -> Layer:
        """The same values at the time of another layer."""
        return replace(self, time=like.time, step=like.step, zone=like.zone)

    def without_range(self) -> Layer:
        """The same values, or some of them: all is kept but the known range."""
        return replace(self, range=None)


Layers = tuple[Layer, ...]


def numbered(count: int, prefix: str = "lyr.") -> Layers:
    """Plain layers named ``lyr.1, lyr.2, ...``."""
    return tuple(Layer(f"{prefix}{i + 1}") for i in range(count))


def named(names: Sequence[str], kind: Kind = "num") -> Layers:
    """Plain layers of the given names."""
    return tuple(Layer(name, kind) for name in names)


def common_tags(layers: Iterable[Layer]) -> dict[tuple[str, str], str]:
    """Tags on which the files behind some layers agree, by domain and name."""
    first, *others = [dict(tags) for tags in dict.fromkeys(layer.shared_tags for layer in layers)] or [{}]
    return {key: value for key, value in first.items() if all(tags.get(key) == value for tags in others)}


def recycle(layers: Layers, count: int) -> Layers:
    """The layers repeated to a length; new names ``lyr1, lyr2, ...`` where that adds any."""
    if len(layers) == count:
        return layers
    return tuple(replace(layers[i % len(layers)], name=f"lyr{i + 1}") for i in range(count))


EXACT_IN_FLOAT32 = frozenset({"bool", "int8", "uint8", "int16", "uint16", "float16", "float32"})


def block_dtype(storages: Iterable[str]) -> np.dtype[Any]:
    """float32 when every stored value is exact in it, else float64."""
    exact = all(name in EXACT_IN_FLOAT32 for name in storages)
    return np.dtype(np.float32 if exact else np.float64)
