"""Frames: the equal steps of time that the layers of a series stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Layer, Node
from pyterra.frozen import dataclass
from pyterra.raster.build import is_raster, node_of, numbers_of, on_grid

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

DAYS_OF_YEAR = 365.2425
MONTHLY = 3
"""Frames of a month at most that begin and end with it."""
MOST = 100_000
"""Frames that a series may span."""


@dataclass(frozen=True)
class Frames:
    """Where the layers of a series lie in time, in equal steps."""

    numbers: tuple[int, ...]
    """Frame of each layer, 0 for the earliest."""
    season_size: int | None
    """Frames in a year; None where it is not known."""
    phase: int
    """Place in the year of frame 0, from 0; 0 where layers have no time."""
    year: int
    """Calendar year of frame 0; 0 where layers have no time."""

    @property
    def count(self) -> int:
        """Frames from the first layer to the last."""
        return max(self.numbers) + 1

    @property
    def order(self) -> tuple[int, ...]:
        """Layers in the order of time."""
        return tuple(int(i) for i in np.argsort(self.numbers))

    @property
    def years(self) -> tuple[float, ...]:
        """When each layer is, in years from the beginning of the year of frame 0."""
        size = self.season_size or 1
        return tuple((self.phase + number + 0.5) / size for number in self.numbers)


def frames_of(x: SpatRaster, verb: str, season_size: int | None = None, *, seasons: bool = False) -> Frames:
    """The frames of the layers of a raster.

    Parameters
    ----------
    x : SpatRaster
    verb : str
        Named in errors.
    season_size : int, optional
        Frames in a year. By default as many as the times of the layers tell.
    seasons : bool
        Whether the verb needs to know it.

    Raises
    ------
    ArgumentError
        For fewer than two layers; where two layers lie in one frame, or too many frames between them; where frames in a
        year are needed and are not known.
    """
    count = len(node_of(x, verb).layers)
    if count < 2:
        raise ArgumentError(f"{verb}: needs at least two layers, got {count}")
    if season_size is not None and (not isinstance(season_size, int | np.integer) or season_size < 1):
        raise ArgumentError(f"{verb}: season_size must be a whole number above 0, got {season_size!r}")
    size = None if season_size is None else int(season_size)
    if x.time is None:
        if seasons and size is None:
            raise ArgumentError(
                f"{verb}: season_size must say how many layers make a year, as the layers have no time; "
                "pass it, or set .time"
            )
        return Frames(tuple(range(count)), size, 0, 0)
    years, parts = calendar(x, verb)
    if size is None:
        size = _frames_in_year(years + parts, seasons, verb)
    if size is None:
        return Frames(_steps(years + parts, verb), None, 0, int(years.min()))
    parts = parts if (12 * MONTHLY) % size == 0 else _days_gone(x, parts)
    absolute = years.astype(np.int64) * size + np.minimum((parts * size + 1e-9).astype(np.int64), size - 1)
    first = int(absolute.min())
    numbers = tuple(int(n) for n in absolute - first)
    if len(set(numbers)) < count:
        i = next(i for i, n in enumerate(numbers) if n in numbers[:i])
        raise ArgumentError(
            f"{verb}: two layers lie in one frame, {x.names[numbers.index(numbers[i])]} and {x.names[i]}, with {size} "
            "frames in a year; pass a larger season_size, or aggregate_time() first"
        )
    if max(numbers) >= MOST:
        raise ArgumentError(f"{verb}: layers may span at most {MOST} frames, got {max(numbers) + 1}")
    return Frames(numbers, size, first % size, first // size)


def calendar(x: SpatRaster, verb: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Calendar year of each layer, and the part of it that has gone by: whole months count twelfths."""
    stamps, step = x.time, x.time_info()
    if stamps is None or any(stamp is None or stamp != stamp for stamp in stamps):
        raise ArgumentError(f"{verb}: each layer must have a time, got {list(x.time or [])}; set .time")
    if isinstance(stamps[0], np.datetime64):
        days = np.asarray(stamps, "datetime64[s]")
        months = days.astype("datetime64[M]")
        years = months.astype("datetime64[Y]")
        month = (months - years.astype("datetime64[M]")).astype(np.int64)
        length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
        within = (days - months.astype("datetime64[s]")).astype(np.int64) / 86400 / length
        return years.astype(np.float64) + 1970, np.asarray((month + within) / 12, np.float64)
    values = np.asarray(stamps, np.float64)
    if step == "months":
        return np.zeros(values.size), (values - 1) / 12
    whole = np.floor(
        values + 1e-9
    )  # years, years with a part, or numbers without a unit, which count as years
    return np.asarray(whole, np.float64), np.asarray(np.maximum(values - whole, 0), np.float64)


def _days_gone(x: SpatRaster, parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of a year that has gone by, in days of 365."""
    stamps = np.asarray(x.time)
    if stamps.dtype.kind != "M":
        return parts
    days = stamps.astype("datetime64[D]")
    return np.asarray((days - days.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64) / 365.0)


def _frames_in_year(years: NDArray[np.float64], needed: bool, verb: str) -> int | None:
    """Frames in a year by the usual distance between layers; None where these are a year or more apart."""
    step = float(np.median(np.diff(np.sort(years))))
    if step <= 0 or step > 0.7:
        if needed:
            raise ArgumentError(
                f"{verb}: needs several layers a year, got one in {step:.3g} years; pass season_size if that is meant"
            )
        return None
    return max(1, round(1 / step))


def _steps(years: NDArray[np.float64], verb: str) -> tuple[int, ...]:
    """Frames of layers that lie years apart: whole multiples of the smallest distance."""
    ordered = np.sort(years)
    step = float(np.diff(ordered).min())
    if step <= 0:
        raise ArgumentError(f"{verb}: layers must have different times")
    return tuple(int(n) for n in np.rint((years - ordered[0]) / max(step, 1.0)))


def kept(layer: Layer) -> Layer:
    """The layer once its values are other numbers of the same kind: name, time and unit stay."""
    return replace(layer.number(), unit=layer.unit)


def what_counts(x: SpatRaster, weights: Any, verb: str) -> tuple[tuple[float, ...] | None, tuple[Node, ...]]:
    """What values count: numbers, one per layer, or the node of a raster; neither where nothing is given.

    Raises
    ------
    ArgumentError
        For another number of them, or numbers below 0 or missing.
    """
    count = len(x)
    if weights is None:
        return None, ()
    if is_raster(weights):
        node = node_of(weights, f"{verb}: weights")
        if len(node.layers) != count:
            raise ArgumentError(
                f"{verb}: weights must have a layer for each of the raster ({count}), got {len(node.layers)}"
            )
        grid = node_of(x, verb).grid
        grid.check_same(node.grid, verb)
        return None, (on_grid(node, grid),)
    found = numbers_of(weights, f"{verb}: weights").ravel()
    if found.size != count or not (np.isfinite(found) & (found >= 0)).all():
        raise ArgumentError(
            f"{verb}: weights must be numbers from 0 on, one per layer ({count}), got {_few(found)}"
        )
    return tuple(float(v) for v in found), ()


def _few(numbers: Sequence[Any] | NDArray[Any]) -> str:
    shown = ", ".join(f"{v:g}" for v in list(numbers)[:5])
    return f"{len(numbers)} numbers: {shown}{' ...' if len(numbers) > 5 else ''}"
