"""Times of layers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Node, relabel
from pyterra.expr.described import Described
from pyterra.expr.times import common_step, in_step
from pyterra.raster.build import raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Moments


_WITH_ZONE = re.compile(r"\d{1,2}:\d\d.*([Zz]|[+-]\d\d:?(\d\d)?)$")


TimeStep = Literal["seconds", "days", "months", "years", "yearmonths", "raw"]


def time(x: Described) -> NDArray[Any] | None:
    step = common_step(x._node.layers)
    if not step:
        return None
    stamps = [in_step(layer, step) for layer in x._node.layers]
    precise = any(isinstance(stamp, np.datetime64) and stamp.dtype == "datetime64[ms]" for stamp in stamps)
    dates = {"seconds": "datetime64[ms]" if precise else "datetime64[s]", "days": "datetime64[D]"}
    found = np.array(stamps, dtype=dates.get(step, "float64"))
    whole = step in ("years", "months") and (found == np.floor(found)).all()
    return found.astype(np.int64) if whole else found


def has_time(x: SpatRaster) -> bool:
    """Whether every layer has a time, and all times have one step.

    Returns
    -------
    bool

    See Also
    --------
    set_time : Gives layers their times.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> r.has_time(), r.set_time(["2020-01-31"]).has_time()
    (False, True)
    """
    return time(x) is not None


def time_info(x: SpatRaster) -> str:
    """The step of the times of the layers.

    Returns
    -------
    str
        ``seconds``, ``days``, ``months``, ``years``, ``yearmonths`` or ``raw``; ``""`` where there is no time.

    See Also
    --------
    set_time : Gives layers their times.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> r.set_time(["2020-01-31"]).time_info()
    'days'
    >>> r.set_time([2020], "years").time_info()
    'years'
    """
    return common_step(x._node.layers)


def set_time_of(x: Described, value: Any) -> None:
    x._node = _timed(x._node, value, None)


def set_time(x: SpatRaster, time: Moments | None, step: TimeStep | None = None) -> SpatRaster:
    """A raster whose layers have times.

    Parameters
    ----------
    x : SpatRaster
    time : sequence of date, datetime, datetime64, text (ISO 8601) or number; None removes the time
        One per layer. Times with a zone are kept in UTC, together with the zone.
    step : {"seconds", "days", "months", "years", "yearmonths", "raw"}, optional
        What the stamps mean. By default days for dates, seconds for stamps with a time of day, raw for numbers. Arrays
        and stamps of pandas that are all at midnight are dates; periods count from their beginning.

    Returns
    -------
    SpatRaster
        Values of `x`; no cell is read.

    Raises
    ------
    ArgumentError
        Where there is not one stamp per layer, or one cannot be read.

    See Also
    --------
    time : Reads the times.
    tapp : Applies a function to periods.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]]]).set_time(["2020-01-31", "2020-02-29"])
    >>> [str(day) for day in r.time]
    ['2020-01-31', '2020-02-29']
    >>> import pandas as pd
    >>> pd.DatetimeIndex(r.set_time(pd.date_range("2020-01", periods=2, freq="MS")).time).month.tolist()
    [1, 2]
    """
    return raster(_timed(x._node, time, step))


def _timed(node: Node, time: Any, step: str | None) -> Node:
    if step is not None and step not in get_args(TimeStep):
        raise ArgumentError(f"time: step must be one of {', '.join(get_args(TimeStep))}, got {step!r}")
    if time is None:
        layers = tuple(replace(layer, time=None, step="", zone="") for layer in node.layers)
        return relabel(node, layers)
    items = list(time) if not isinstance(time, str | int | float | np.datetime64) else [time]
    if len(items) != len(node.layers):
        raise ArgumentError(f"time: must be one per layer ({len(node.layers)}), got {len(items)}")
    stamps, found = parse_times(items, step)
    zone = _zone_of(items) if found == "seconds" else ""
    layers = tuple(
        replace(la, time=t, step=found, zone=zone) for la, t in zip(node.layers, stamps, strict=True)
    )
    return relabel(node, layers)


def _zone_of(items: Sequence[Any]) -> str:
    """The name of the time zone that all stamps have; nothing for hours ahead of UTC, which are no zone."""
    zones = {getattr(v, "tzinfo", None) for v in items}
    zone = zones.pop() if len(zones) == 1 else None
    name = getattr(zone, "key", None) or getattr(zone, "zone", None) or (str(zone) if zone else "")
    return str(name) if name == "UTC" or "/" in str(name) else ""


def _in_utc(value: Any) -> Any:
    """A stamp as numpy reads it: without a zone, in UTC."""
    if isinstance(value, str) and _WITH_ZONE.search(value.strip()):
        value = datetime.fromisoformat(value.strip())
    value = getattr(value, "start_time", value)  # of a period
    if getattr(value, "tzinfo", None) is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return getattr(value, "isoformat", lambda: value)()


def _has_hour(value: Any) -> bool:
    """Whether a stamp means a moment, also at midnight. Those of pandas do not, as it has no type for dates."""
    of_pandas = hasattr(value, "nanosecond") or hasattr(value, "start_time")
    return hasattr(value, "hour") and (not of_pandas or getattr(value, "tzinfo", None) is not None)


def parse_times(items: Sequence[Any], step: str | None) -> tuple[list[np.datetime64 | float], str]:
    """Time stamps of one kind from dates, texts or numbers, with their step."""
    if all(isinstance(v, int | float | np.integer | np.floating) for v in items):
        if step in ("days", "seconds"):
            whole = np.array([int(v) for v in items])
            return list(whole.astype("datetime64[D]" if step == "days" else "datetime64[s]")), step
        return [float(v) for v in items], step or "raw"
    try:
        fine = np.array([np.datetime64(_in_utc(v), "ms") for v in items])
    except (ValueError, TypeError) as error:
        raise ArgumentError(
            f"time: stamps must be dates such as '2020-01-31' or numbers, got {items[0]!r} ({error})"
        ) from None
    seconds = fine.astype("datetime64[s]")
    stamps = seconds if (seconds == fine).all() or step not in (None, "seconds") else fine
    if np.isnat(stamps).any():
        raise ArgumentError("time: every layer needs a time, got a missing one")
    whole_days = (stamps == stamps.astype("datetime64[D]")).all() and not any(map(_has_hour, items))
    step = step or ("days" if whole_days else "seconds")
    if step == "years":
        return [float(s.astype("datetime64[Y]").astype(int) + 1970) for s in stamps], step
    if step == "months":
        return [float(s.astype("datetime64[M]").astype(int) % 12 + 1) for s in stamps], step
    if step == "yearmonths":
        return [float(s.astype("datetime64[M]").astype(int) / 12 + 1970) for s in stamps], step
    return [s.astype("datetime64[D]") if step == "days" else s for s in stamps], step
