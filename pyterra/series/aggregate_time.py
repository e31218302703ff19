"""aggregate_time and anomaly: statistics of periods, and what departs from the usual ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells, Layer
from pyterra.frozen import dataclass
from pyterra.raster import summary
from pyterra.raster.build import FLOAT64, cells_raster, node_of, raster
from pyterra.series.frames import kept
from pyterra.series.tapp import Groups
from pyterra.statistics import named

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

Days = NDArray[np.datetime64]
PERIODS = ("years", "quarters", "seasons", "bimonths", "months", "dekads")
SEASONS = ("DJF", "MAM", "JJA", "SON")
IN_YEAR = {"years": 1, "quarters": 4, "seasons": 4, "bimonths": 6, "months": 12, "dekads": 36}


@dataclass(frozen=True)
class WeightedMean:
    """The mean of layers that count differently."""

    groups: tuple[tuple[int, ...], ...]
    numbers: tuple[float, ...]
    na_rm: bool

    def __call__(self, block: Array) -> Array:
        out = np.empty((len(self.groups), *block.shape[1:]))
        for k, group in enumerate(self.groups):
            total, known = np.zeros(block.shape[1:]), np.zeros(block.shape[1:])
            whole = np.ones(block.shape[1:], bool)
            for i in group:
                there = ~np.isnan(block[i])
                total += np.where(there, block[i], 0.0).astype(np.float64) * self.numbers[i]
                known += there * self.numbers[i]
                whole &= there
            with np.errstate(invalid="ignore", divide="ignore"):
                out[k] = np.where((known > 0) & (whole | self.na_rm), total / known, np.nan)
        return out


@dataclass(frozen=True)
class Departure:
    """Each layer beside the mean, and the standard deviation, of its group."""

    groups: tuple[int, ...]
    """Group of each layer."""
    base: tuple[bool, ...]
    """Whether a layer counts for what is usual."""
    kind: str

    def __call__(self, block: Array) -> Array:
        out = np.empty(block.shape)
        for group in sorted(set(self.groups)):
            own = [i for i, g in enumerate(self.groups) if g == group]
            usual = np.zeros(block.shape[1:])
            count = np.zeros(block.shape[1:])
            for i in own:
                if self.base[i]:
                    usual += np.where(np.isnan(block[i]), 0.0, block[i])
                    count += ~np.isnan(block[i])
            with np.errstate(invalid="ignore", divide="ignore"):
                usual /= count
                spread = np.zeros(block.shape[1:])
                if self.kind == "z":
                    for i in own:
                        if self.base[i]:
                            spread += np.where(np.isnan(block[i]), 0.0, (block[i] - usual) ** 2)
                    spread = np.sqrt(spread / (count - 1))
                for i in own:
                    apart = block[i] - usual
                    if self.kind == "z":
                        out[i] = np.where(spread > 0, apart / spread, np.nan)
                    elif self.kind == "percent":
                        out[i] = np.where(usual != 0, 100 * apart / np.abs(usual), np.nan)
                    else:
                        out[i] = apart
        return out


def aggregate_time(
    x: SpatRaster,
    by: Literal["years", "quarters", "seasons", "bimonths", "months", "dekads"] | int = "years",
    fun: str | float | Callable[..., Any] = "mean",
    *,
    days: int = 0,
    long_term: bool = False,
    weights: Sequence[float] | None = None,
    na_rm: bool = True,
) -> SpatRaster:
    """Statistics of the layers of each period of time.

    Parameters
    ----------
    x : SpatRaster
        Layers with dates, months of years or years; for a number of layers none are needed.
    by : {"years", "quarters", "seasons", "bimonths", "months", "dekads"} or int
        The periods. Seasons are December to February and so on, and December belongs to the year that follows. Dekads
        are days 1 to 10, 11 to 20 and the rest of a month. A number: so many layers following each other; the last may
        be fewer.
    fun : str, float or callable
        A statistic, as for `app`; a quantile from 0 to 1, or as ``"p50"`` in percent; or a function of the layers of a
        period.
    days : int
        Days more on each side of a period; layers may then belong to several periods.
    long_term : bool
        One layer for each period of the year, over all years.
    weights : sequence of float, optional
        What each layer counts for the mean.
    na_rm : bool
        Leave missing layers out.

    Returns
    -------
    SpatRaster
        One layer for each period with layers, in the order of time, named ``y2020``, ``y2020q1``, ``y2020DJF``,
        ``y2020b1``, ``y2020m01``, ``y2020d01`` (without the year if `long_term`), with the first day of the period as
        its time; the time of long-term layers is the number of the month in which they begin.

    Raises
    ------
    ArgumentError
        Where layers have neither dates nor months or years, or an argument is not allowed.

    See Also
    --------
    tapp : Functions over groups of layers of your own.
    anomaly : What departs from the long-term mean.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[3]], [[10]]]).set_time(["2020-01-05", "2020-01-25", "2020-02-10"])
    >>> months = r.aggregate_time("months")
    >>> months.names, months.values().tolist()
    (['y2020m01', 'y2020m02'], [[2.0, 10.0]])
    """
    verb = "aggregate_time"
    node = node_of(x, verb)
    count = len(node.layers)
    if isinstance(by, int | np.integer) and not isinstance(by, bool):
        if by < 1 or days or long_term:
            raise ArgumentError(
                f"{verb}: a number of layers must be above 0, and has neither days more nor a long term, got {by}"
            )
        groups = tuple(tuple(range(i, min(i + by, count))) for i in range(0, count, by))
        layers = [replace(kept(node.layers[g[0]]), name=f"n{k + 1}") for k, g in enumerate(groups)]
    else:
        groups, layers = _periods(x, choice(str(by), PERIODS, f"{verb}: by"), int(days), long_term)
    if weights is not None:
        if fun != "mean" or len(weights) != count or not all(0 <= w < np.inf for w in weights):
            raise ArgumentError(
                f"{verb}: weights must be numbers from 0 on, one per layer ({count}), and are for the mean, got "
                f"{len(weights)} for {fun!r}"
            )
        kernel: Any = WeightedMean(groups, tuple(float(w) for w in weights), na_rm)
        return cells_raster((node,), layers, FLOAT64, kernel, layerwise=False, temporaries=48.0)
    share = _share(fun)
    if share is not None:
        part: Any = summary.Quantiles((share,), na_rm)
        dtype = FLOAT64
    else:
        asked: Any = fun
        known = named(asked, verb)
        if known is None or known.width != 1:
            told: dict[str, Any] = {"na_rm": na_rm} if known else {}
            return _joined([x.subset(list(group)).app(asked, **told) for group in groups], layers)
        dtype = known.dtype(node.dtype)
        part = summary.LayerStatistic(known.name, na_rm, dtype)
    return raster(
        Cells(
            grid=node.grid,
            layers=tuple(layers),
            dtype=dtype,
            arguments=(node,),
            kernel=Groups(groups, part),
            temporaries=16.0 * (max(map(len, groups)) + len(layers)),
        )
    )


def anomaly(
    x: SpatRaster,
    kind: Literal["difference", "z", "percent"] = "difference",
    by: Literal["years", "quarters", "seasons", "bimonths", "months", "dekads"] = "months",
    *,
    base: tuple[Any, Any] | None = None,
) -> SpatRaster:
    """What the layers of each cell depart from the usual for the time of the year.

    Parameters
    ----------
    x : SpatRaster
        Layers with dates, or with months of years or years as `tapp` gives them.
    kind : {"difference", "z", "percent"}
        Value less the long-term mean of its period; that in standard deviations of the period (divided by n - 1); that
        in percent of the amount of the mean.
    by : {"years", "quarters", "seasons", "bimonths", "months", "dekads"}
        The periods of the year that are compared; "years" compares all layers.
    base : (date, date), optional
        First and last day of what counts as usual; by default all layers.

    Returns
    -------
    SpatRaster
        The layers of `x`, with names and times; missing where a mean or a deviation is missing or 0.

    Raises
    ------
    ArgumentError
        Where layers have neither dates nor months or years, or none lies within `base`.

    See Also
    --------
    aggregate_time : The long-term means themselves.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[5]], [[3]]]).set_time(["2020-01-05", "2020-07-05", "2021-01-05"])
    >>> r.anomaly().values().tolist()
    [[-1.0, 0.0, 1.0]]
    """
    node = node_of(x, "anomaly")
    kind = choice(kind, ("difference", "z", "percent"), "anomaly: kind")
    by = choice(by, PERIODS, "anomaly: by")
    stamps = _dates(x, "anomaly")
    usual = np.ones(stamps.size, bool)
    if base is not None:
        try:
            first, last = (np.datetime64(str(day), "D") for day in base)
        except ValueError:
            raise ArgumentError(f"anomaly: base must be two dates, got {base!r}") from None
        usual = (stamps >= first) & (stamps <= last)
        if not usual.any():
            raise ArgumentError(f"anomaly: some layers must lie within base, got none from {first} to {last}")
    groups = tuple(int(g) for g in _absolute(stamps, by) % IN_YEAR[by])
    layers = [replace(kept(layer), unit=layer.unit if kind == "difference" else "") for layer in node.layers]
    kernel = Departure(groups, tuple(bool(u) for u in usual), kind)
    return cells_raster((node,), layers, FLOAT64, kernel, layerwise=False, temporaries=48.0)


def _dates(x: SpatRaster, verb: str, by: str = "") -> Days:
    """The date of each layer; the first day of the month or the year that it stands for."""
    stamps, step = x.time, x.time_info()
    dated = stamps is not None and not any(stamp is None or stamp != stamp for stamp in stamps)
    if not dated or step not in ("seconds", "days", "yearmonths", "years"):
        raise ArgumentError(
            f"{verb}: each layer must have a date, a month of a year or a year; set .time first"
        )
    if (step == "years" and by not in ("", "years")) or (step == "yearmonths" and by == "dekads"):
        raise ArgumentError(f"{verb}: by must not be finer than what layers stand for, got {by} of {step}")
    if step in ("seconds", "days"):
        return np.asarray(stamps, "datetime64[D]")
    months = np.rint(np.asarray(stamps, np.float64) * 12).astype(np.int64)
    if step == "years":
        months -= months % 12
    return (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")


def _absolute(days: Days, by: str) -> NDArray[np.int64]:
    """Number of the period that each day lies in, counted from year 0."""
    months = days.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    if by == "dekads":
        day = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
        return months * 3 + np.minimum(day // 10, 2)
    if by == "seasons":
        return (months + 1) // 3
    return months // (12 // IN_YEAR[by])


def _first_day(period: int, by: str) -> np.datetime64:
    """The first day of a period."""
    if by == "dekads":
        return _month(period // 3) + 10 * (period % 3)
    return _month(period * (12 // IN_YEAR[by]) - (by == "seasons"))


def _month(number: int) -> np.datetime64:
    return np.datetime64(number - 1970 * 12, "M").astype("datetime64[D]")


def _name(period: int, by: str, long_term: bool) -> str:
    year, part = divmod(period, IN_YEAR[by])
    ends = {
        "years": "", "quarters": f"q{part + 1}", "seasons": SEASONS[part % 4], "bimonths": f"b{part + 1}",
        "months": f"m{part + 1:02d}", "dekads": f"d{part + 1:02d}",
    }  # fmt: skip
    return (ends[by] or "all") if long_term else f"y{year:04d}{ends[by]}"


def _periods(
    x: SpatRaster, by: str, days: int, long_term: bool
) -> tuple[tuple[tuple[int, ...], ...], list[Layer]]:
    """Layers of each period, and what they become."""
    if days < 0:
        raise ArgumentError(f"aggregate_time: days must be 0 or more, got {days}")
    stamps = _dates(x, "aggregate_time", by)
    own = _absolute(stamps, by)
    members: dict[int, list[int]] = {}
    for period in range(int(own.min()), int(own.max()) + 1):
        first = _first_day(period, by) - days
        last = _first_day(period + 1, by) + days
        inside = np.flatnonzero((stamps >= first) & (stamps < last)).tolist()
        if inside and (days == 0 or (own == period).any()):
            members.setdefault(period % IN_YEAR[by] if long_term else period, []).extend(inside)
    layers = []
    for period in (order := sorted(members)):
        layer = replace(kept(x._node.layers[members[period][0]]), name=_name(period, by, long_term))
        if long_term:
            start = (period * (12 // IN_YEAR[by]) - (by == "seasons")) if by != "dekads" else period // 3
            layer = replace(layer, time=float(start % 12 + 1), step="months")
        else:
            layer = replace(layer, time=_first_day(period, by), step="days")
        layers.append(layer)
    return tuple(tuple(members[p]) for p in order), layers


def _share(fun: Any) -> float | None:
    """The quantile that is meant, if one is."""
    if isinstance(fun, str) and len(fun) > 1 and fun[0] == "p" and fun[1:].replace(".", "", 1).isdigit():
        fun = float(fun[1:]) / 100
    if isinstance(fun, bool) or not isinstance(fun, int | float | np.number):
        return None
    if not 0 <= fun <= 1:
        raise ArgumentError(f"aggregate_time: a quantile must lie between 0 and 1, or p0 and p100, got {fun}")
    return float(fun)


def _joined(parts: Sequence[SpatRaster], layers: Sequence[Layer]) -> SpatRaster:
    """Rasters of as many layers each, one after the other, with the names and times of their periods."""
    from pyterra.raster.join import c

    found = c(*parts)
    width = len(found) // len(layers)
    found.names = [
        layer.name if width == 1 else f"{layer.name}_{k + 1}" for layer in layers for k in range(width)
    ]
    stamps: list[Any] = [layer.time for layer in layers for _ in range(width)]
    step: Any = layers[0].step
    return found.set_time(stamps, step) if None not in stamps else found
