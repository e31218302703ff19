"""Time as the CF conventions write it: a number of units since a moment, in some calendar."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Times = list[tuple[np.datetime64 | float, str]]
"""A stamp and the step that tells its meaning, per layer."""

OURS = ("standard", "gregorian", "proleptic_gregorian")
"""Calendars whose dates are ours, the first two from 15 October 1582 on."""
_SINCE = re.compile(r"^\s*([a-z_]+?)s?\s+since\s+(.*)$", re.IGNORECASE)
_DATE = re.compile(r"^\s*(-?\d{1,4})-(\d{1,2})-(\d{1,2})")
_YEARS = range(1000, 3001)
"""Whole numbers along a dimension of time that have no unit and lie here are years."""


def is_time_unit(units: str) -> bool:
    """Whether units count from a moment."""
    return " since " in units or units.strip().lower().startswith("day as %y%m%d")


def decode(values: NDArray[Any], units: str, calendar: str = "standard", step: str = "") -> Times:
    """Stamps of layers: dates where the calendar has dates like ours, else the numbers as they are.

    Parameters
    ----------
    values : ndarray of shape (n,)
    units : str
        Such as ``days since 2000-01-01``.
    calendar : str
        Any that cftime knows.
    step : str
        What pyterra wrote the numbers for, where it did.

    Examples
    --------
    >>> decode(np.array([59.0]), "days since 2000-01-01", "noleap")
    [(np.datetime64('2000-03-01'), 'days')]
    """
    numbers = np.asarray(values, np.float64)
    plain: Times = [(float(v), step or "raw") for v in numbers]
    if step in ("years", "months", "yearmonths", "raw"):
        return plain
    unit = units.strip().lower()
    if unit.startswith("day as %y%m%d"):
        return _as_written(numbers) or plain
    if not is_time_unit(units) or not np.isfinite(numbers).all():
        if unit in ("month", "months") and all(v in range(1, 13) for v in numbers.tolist()):
            return [(v, "months") for v, _ in plain]  # as terra writes months of any year
        named = unit in ("year", "years", "yr", "a", "calendar years")
        years = (
            not unit and len(numbers) and all(v.is_integer() and int(v) in _YEARS for v in numbers.tolist())
        )
        return [(v, "years") for v, _ in plain] if named or years else plain
    found = _SINCE.match(units)
    origin = _DATE.match(found[2]) if found else None
    if found and origin and found[1].lower() in ("year", "yr", "common_year", "month", "mon"):
        year, month, day = (int(origin[i]) for i in (1, 2, 3))
        if found[1].lower() in ("month", "mon"):
            return _months(numbers, year, month, day) or plain
        return [(year + v, "years") for v, _ in plain] if (month, day) == (1, 1) else plain
    try:
        import cftime
    except ImportError:
        raise ImportError(
            "rast: times of NetCDF need cftime; install it with: pip install 'pyterra-geo[netcdf]'"
        ) from None
    if found and found[1].lower() in ("week", "wk"):
        numbers, units = numbers * 7, f"days since {found[2]}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of years before 1, whose numbers stay as they are
            dates = cftime.num2date(
                numbers, units, calendar.lower() or "standard", only_use_cftime_datetimes=True
            )
    except (ValueError, OverflowError, TypeError):
        return plain
    return from_dates(dates) or plain


def from_dates(dates: Any) -> Times | None:
    """Stamps of cftime's dates; None where our calendar does not have all of them."""
    made = []
    for date in np.ravel(dates):
        if not _is_ours(date):
            return None
        try:
            day = np.datetime64(f"{date.year:04d}-{date.month:02d}-{date.day:02d}", "us")
        except ValueError:
            return None
        clock = (date.hour * 60 + date.minute) * 60 + date.second
        made.append(day + np.timedelta64(clock * 10**6 + date.microsecond, "us"))
    return stamped(np.array(made, "datetime64[us]"))


def stamped(moments: NDArray[np.datetime64]) -> Times:
    """Moments as days where all of them are midnights, else to the second, or the millisecond where that counts."""
    whole = (moments.astype("datetime64[us]") + np.timedelta64(500, "us")).astype("datetime64[ms]")
    if (whole == whole.astype("datetime64[D]")).all():
        return [(stamp, "days") for stamp in whole.astype("datetime64[D]")]
    seconds = whole.astype("datetime64[s]")
    return [(stamp, "seconds") for stamp in (seconds if (seconds == whole).all() else whole)]


def _is_ours(date: Any) -> bool:
    calendar = date.calendar or "standard"
    if calendar in ("standard", "gregorian"):
        return (date.year, date.month, date.day) >= (1582, 10, 15)
    return calendar != "julian" and 0 <= date.year <= 9999


def _months(numbers: NDArray[np.float64], year: int, month: int, day: int) -> Times | None:
    if (numbers != np.round(numbers)).any() or not 1 <= day <= 28:
        return None
    first = (numbers.astype(np.int64) + (year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return [(stamp, "days") for stamp in first.astype("datetime64[D]") + (day - 1)]


def _as_written(numbers: NDArray[np.float64]) -> Times | None:
    """``20010203.25`` for six o'clock on 3 February 2001."""
    whole = np.floor(numbers).astype(np.int64)
    try:
        days = [f"{v // 10000:04d}-{v // 100 % 100:02d}-{v % 100:02d}" for v in whole.tolist()]
        moments = np.array(days, "datetime64[us]")
    except ValueError:
        return None
    seconds = np.round((numbers - whole) * 86400).astype("timedelta64[s]")  # numbers of 8 digits hold no more
    return stamped(moments + seconds)


def encode(times: Sequence[np.datetime64 | float], step: str) -> tuple[NDArray[Any], dict[str, str]]:
    """Numbers and attributes of a time coordinate."""
    if all(isinstance(t, np.datetime64) for t in times):
        stamps = np.array(times)
        precise = step != "days" and (stamps != stamps.astype("datetime64[s]")).any()
        unit, code = (
            ("days", "D") if step == "days" else ("milliseconds", "ms") if precise else ("seconds", "s")
        )
        since = stamps.astype(f"datetime64[{code}]").astype(np.int64)
        moment = "1970-01-01" if unit == "days" else "1970-01-01 00:00:00"
        return since, {
            "units": f"{unit} since {moment}",
            "calendar": "proleptic_gregorian",
            "standard_name": "time",
            "long_name": "time",
            "axis": "T",
        }
    numbers = np.array([float(t) for t in times])
    units = {"years": "years", "months": "months", "yearmonths": "years"}.get(step, "1")
    return numbers, {"units": units, "long_name": "time", "axis": "T", "time_step": step or "raw"}
