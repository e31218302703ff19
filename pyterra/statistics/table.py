"""The table of statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from pyterra.errors import ArgumentError, near_names
from pyterra.expr import Layer
from pyterra.frozen import dataclass

Keeps = Literal["class", "unit", "nothing"]


@dataclass(frozen=True)
class Statistic:
    """A number, or a few, of a list of values, in which missing ones may be.

    What it is of the layers of a cell, `kernels.stats.layer_stat` tells under its name; whatever else computes it gives
    the same.
    """

    name: str
    says: str
    """What it is, for documentation."""
    aliases: tuple[str, ...] = ()
    """Other names that mean it."""
    label: str = ""
    """What layers and columns are called after it, where that is not its name."""
    gives: tuple[str, ...] = ()
    """Names of its numbers, where it gives several; each is a statistic."""
    nothing: float = float("nan")
    """Its value for no values at all."""
    real: bool = False
    """Whether it may be a number that none of the values is, and that float32 may not hold."""
    keeps: Keeps = "nothing"
    """What stays of a layer: its categories and unit, its unit alone, or neither."""
    chooses: bool = False
    """Whether it is one of the values."""
    adds: bool = False
    """Whether that of two lists is the sum of both, so that it grows with the number of values."""
    positions: bool = False
    """Whether it tells a place, counted from 0, in the order of the values."""
    sums: tuple[str, ...] | None = None
    """What must be known of the values beside how many there are, to have it without keeping them (`kernels.zones.SUMS`);
    None where they must be kept."""
    truth: bool = False
    """Whether it asks of each value only whether it is true, that is, not 0; sums are those of the answers."""
    counted: bool = False
    """Whether the different values and how often each occurs are enough (`kernels.finish.finish_counts`)."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The statistics that are its numbers: itself, where it gives one."""
        return self.gives or (self.name,)

    @property
    def labels(self) -> tuple[str, ...]:
        """What its numbers are called."""
        label = self.label or self.name
        return tuple(f"{label}_{end}" for end in self.gives) or (label,)

    @property
    def width(self) -> int:
        """How many numbers it gives."""
        return max(1, len(self.gives))

    def dtype(self, of_values: np.dtype[Any]) -> np.dtype[Any]:
        """dtype of the answer for values of a dtype: theirs where it is one of them or a small count, else float64."""
        return np.dtype(np.float64) if self.real else of_values

    def layers(self, layers: Sequence[Layer]) -> tuple[Layer, ...]:
        """What becomes of each layer: one per number, with what stays of it."""
        return tuple(
            replace(self._kept(layer), name=f"{layer.name}_{end}" if end else layer.name)
            for layer in layers
            for end in self.gives or ("",)
        )

    def _kept(self, layer: Layer) -> Layer:
        if self.keeps == "nothing":
            return layer.number()
        plain = replace(layer.number(), unit=layer.unit)
        if self.keeps == "class" and layer.kind == "factor":
            return replace(plain, kind="factor", categories=layer.categories, colors=layer.colors)
        return plain

    def from_sums(self, known: Sequence[str]) -> bool:
        """Whether it can be had where those are summed up."""
        return self.sums is not None and set(self.sums) <= set(known)


_ROWS = (
    Statistic("sum", "the sum", real=True, keeps="unit", adds=True, sums=("total",)),
    Statistic("mean", "the mean", real=True, keeps="unit", sums=("total",)),
    Statistic("median", "the median", real=True, keeps="unit", counted=True),
    Statistic(
        "modal",
        "the most frequent value, the lowest of several",
        ("mode",),
        keeps="class",
        chooses=True,
        counted=True,
    ),
    Statistic("min", "the lowest value", keeps="unit", chooses=True, sums=("low",)),
    Statistic("max", "the highest value", keeps="unit", chooses=True, sums=("high",)),
    Statistic(
        "range",
        "the lowest and the highest value",
        gives=("min", "max"),
        keeps="unit",
        chooses=True,
        sums=("low", "high"),
    ),
    Statistic("prod", "the product", real=True, sums=("product",)),
    Statistic(
        "sd",
        "the standard deviation of a sample (n - 1)",
        real=True,
        keeps="unit",
        sums=("total", "deviation"),
    ),
    Statistic(
        "std",
        "the standard deviation of a population (n)",
        real=True,
        keeps="unit",
        sums=("total", "deviation"),
    ),
    Statistic("var", "the variance of a sample (n - 1)", real=True, sums=("total", "deviation")),
    Statistic(
        "rms",
        "the root of the sum of squares over n - 1, as in terra",
        real=True,
        keeps="unit",
        sums=("total", "deviation"),
    ),
    Statistic("any", "1 if any is true (not 0), else 0", nothing=0.0, truth=True, sums=("high",)),
    Statistic("all", "1 if all are true (not 0), else 0", truth=True, sums=("low",)),
    Statistic("none", "1 if none is true (not 0), else 0", nothing=1.0, truth=True, sums=("high",)),
    Statistic("which", "the place of the first that is true (not 0)", positions=True, truth=True),
    Statistic(
        "which_min", "the place of the first lowest value", ("which.min",), "which.min", positions=True
    ),
    Statistic(
        "which_max", "the place of the first highest value", ("which.max",), "which.max", positions=True
    ),
    Statistic("first", "the first value", keeps="class", chooses=True),
    Statistic("last", "the last value", keeps="class", chooses=True),
    Statistic("count", "how many values there are", ("notNA", "length"), nothing=0.0, adds=True, sums=()),
    Statistic("count_na", "how many are missing", ("isNA", "countNA"), nothing=0.0, adds=True, sums=()),
    Statistic("nunique", "how many different values there are", nothing=0.0, counted=True),
)

TABLE: dict[str, Statistic] = {row.name: row for row in _ROWS}
"""Name -> statistic."""
NAMES: tuple[str, ...] = tuple(TABLE)
"""Names, without aliases."""
KNOWN: dict[str, Statistic] = {
    **TABLE,
    **{alias: replace(row, label=alias) for row in _ROWS for alias in row.aliases},
}
"""Name or alias -> statistic, called as it was asked for."""


def means(name: str) -> Callable[[Any], Any]:
    """Decorator of a verb that is a statistic of layers, so that the verb itself may be given for the name."""

    def mark(verb: Any) -> Any:
        verb.statistic = TABLE[name]
        return verb

    return mark


def named(
    fun: Any, verb: str, *, arguments: Iterable[str] = (), also: Sequence[str] = ()
) -> Statistic | None:
    """The statistic that is meant by a name, or by a verb of pyterra's; None for a function of a user's.

    Only pyterra's own strings and functions are statistics: a function of yours named `mean` is yours.

    Parameters
    ----------
    arguments : iterable of str
        Names of what is given for a function; a statistic takes none.
    also : sequence of str
        Names that only this verb knows.

    Raises
    ------
    ArgumentError
        For a text that is no name; near ones are named. For anything else that cannot be called.
    """
    found = _meant(fun, verb, also)
    if arguments and (found is not None or isinstance(fun, str)):
        given, name = ", ".join(arguments), found.name if found else fun
        raise ArgumentError(f"{verb}: {name!r} takes no further arguments, got {given}; use na_rm=")
    return found


def _meant(fun: Any, verb: str, also: Sequence[str]) -> Statistic | None:
    if isinstance(fun, str):
        if fun in KNOWN:
            return KNOWN[fun]
        if fun in also:
            return None
        hint = near_names(fun, (*NAMES, *also, *KNOWN), len(NAMES) + len(also))
        raise ArgumentError(f"{verb}: fun must be a function or the name of a statistic, got {fun!r}{hint}")
    if not callable(fun):
        raise ArgumentError(
            f"{verb}: fun must be a function or the name of a statistic, got {type(fun).__name__}"
        )
    found = getattr(fun, "statistic", None)
    return found if isinstance(found, Statistic) else None


WEIGHTED = ("mean", "sum")
"""What there is of values with weights; what the others are then is not agreed upon, so they are refused."""
COVERED = ("sum", "mean", "min", "max")
"""What there is of cells that are covered in part: those, and the extremes of all that are covered at all."""


def weighable(statistic: Statistic | None, what: str, names: Sequence[str] = WEIGHTED) -> str:
    """The name of a statistic that values with weights have.

    Raises
    ------
    ArgumentError
        For others, and for functions of users.
    """
    if statistic is None or statistic.name not in names:
        given = "a function" if statistic is None else repr(statistic.name)
        raise ArgumentError(f"{what} must be one of {', '.join(names)}, got {given}")
    return statistic.name
