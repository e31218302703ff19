"""Time as the CF conventions write it: a number of units since a moment, in some calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Times = list[tuple[np.datetime64 | float, str]]
"""A stamp and the step that tells its meaning, per layer."""

SECONDS = {
    "second": 1.0,
    "sec": 1.0,
    "s": 1.0,
    "minute": 60.0,
    "min": 60.0,
    "hour": 3600.0,
    "hr": 3600.0,
    "h": 3600.0,
    "day": 86400.0,
    "d": 86400.0,
    "week": 604800.0,
}
STANDARD = ("standard", "gregorian", "proleptic_gregorian", "")
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SINCE = re.compile(
    r"^\s*([a-z_]+?)s?\s+since\s+(-?\d{1,4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]+(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}(?:\.\d*)?))?)?"
    r"\s*(Z|UTC|[+-]\d{1,2}(?::?\d{2})?)?\s*$",
    re.IGNORECASE,
)
_GREGORIAN_FROM = 2299161
"""Julian day number of 15 October 1582, when the standard calendar changes."""


def is_time_unit(units: str) -> bool:
    """Whether units count from a moment."""
    return " since " in units or units.strip().lower().startswith("day as %y%m%d")


def decode(values: NDArray[Any], units: str, calendar: str = "standard") -> Times:
    """Stamps of layers: dates where the calendar has dates like ours, else the numbers as they are.

    Parameters
    ----------
    values : ndarray of shape (n,)
    units : str
        Such as ``days since 2000-01-01``.
    calendar : str
        standard, proleptic_gregorian, noleap (365_day), all_leap (366_day), 360_day or julian.

    Examples
    --------
    >>> decode(np.array([59.0]), "days since 2000-01-01", "noleap")
    [(np.datetime64('2000-03-01'), 'days')]
    """
    numbers = np.asarray(values, np.float64)
    plain: Times = [(float(v), "raw") for v in numbers]
    if units.strip().lower().startswith("day as %y%m%d"):
        return _as_written(numbers) or plain
    found = _SINCE.match(units)
    if found is None or not np.isfinite(numbers).all():
        return (
            [(v, "years") for v, _ in plain]
            if units.strip().lower() in ("year", "years", "yr", "a")
            else plain
        )
    unit = found[1].lower()
    year, month, day = (int(found[i]) for i in (2, 3, 4))
    clock = int(found[5] or 0) * 3600 + int(found[6] or 0) * 60 + float(found[7] or 0) - _zone(found[8])
    if unit in ("year", "yr", "common_year"):
        return [(year + v, "years") for v, _ in plain] if (month, day) == (1, 1) else plain
    if unit in ("month", "mon"):
        return _months(numbers, year, month, day) or plain
    if unit not in SECONDS:
        return plain
    seconds = numbers * SECONDS[unit] + clock
    days = np.floor(seconds / 86400 + 1e-9)
    rest = np.round(seconds - days * 86400, 3)
    dates = _dates(days.astype(np.int64), calendar.lower(), year, month, day)
    if dates is None:
        return plain
    if (np.abs(rest) < 0.5).all():
        return [(date, "days") for date in dates]
    whole = np.round(rest).astype("timedelta64[s]")
    return [(stamp, "seconds") for stamp in dates.astype("datetime64[s]") + whole]


def _zone(text: str | None) -> float:
    """Seconds by which a zone is ahead."""
    if not text or text.upper() in ("Z", "UTC"):
        return 0.0
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return (-1 if text[0] == "-" else 1) * (hours * 3600.0 + minutes * 60.0)


def _dates(days: NDArray[np.int64], calendar: str, year: int, month: int, day: int) -> Any:
    """Dates so many days after one; None where our calendar has no such dates."""
    if calendar in STANDARD:
        if calendar != "proleptic_gregorian":
            number = _julian_day_number(year, month, day) + days
            if (number < _GREGORIAN_FROM).any():
                return None
            return np.datetime64("1970-01-01", "D") + (number - 2440588)
        return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D") + days
    if calendar in ("noleap", "365_day"):
        lengths: tuple[int, ...] = MONTH_DAYS
    elif calendar in ("all_leap", "366_day"):
        lengths = (31, 29, *MONTH_DAYS[2:])
    elif calendar == "360_day":
        lengths = (30,) * 12
    else:
        return None
    starts = np.concatenate([[0], np.cumsum(lengths)])
    if not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        return None
    total = year * int(starts[-1]) + int(starts[month - 1]) + day - 1 + days
    years, of_year = np.divmod(total, int(starts[-1]))
    months = np.searchsorted(starts, of_year, side="right") - 1
    first = ((years - 1970) * 12 + months).astype("datetime64[M]")
    dates = first.astype("datetime64[D]") + (of_year - starts[months])
    return dates if (dates.astype("datetime64[M]") == first).all() else None


def _julian_day_number(year: int, month: int, day: int) -> int:
    """The number of a day in the calendar that is Julian before 15 October 1582 and Gregorian from then on."""
    a = (14 - month) // 12
    y, m = year + 4800 - a, month + 12 * a - 3
    julian = day + (153 * m + 2) // 5 + 365 * y + y // 4 - 32083
    gregorian = day + (153 * m + 2) // 5 + 365 * y + y // 4 - y // 100 + y // 400 - 32045
    return gregorian if (year, month, day) >= (1582, 10, 15) else julian


def _months(numbers: NDArray[np.float64], year: int, month: int, day: int) -> Times | None:
    if (numbers != np.round(numbers)).any() or not 1 <= day <= 28:
        return None
    first = (numbers.astype(np.int64) + (year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return [(stamp, "days") for stamp in first.astype("datetime64[D]") + (day - 1)]


def _as_written(numbers: NDArray[np.float64]) -> Times | None:
    whole = np.floor(numbers).astype(np.int64)
    try:
        return [
            (np.datetime64(f"{v // 10000:04d}-{v // 100 % 100:02d}-{v % 100:02d}", "D"), "days")
            for v in whole.tolist()
        ]
    except ValueError:
        return None


def encode(times: Sequence[np.datetime64 | float], step: str) -> tuple[NDArray[Any], dict[str, str]]:
    """Numbers and attributes of a time coordinate."""
    if all(isinstance(t, np.datetime64) for t in times):
        stamps = np.array(times)
        unit = "days" if step == "days" else "seconds"
        since = stamps.astype("datetime64[D]" if unit == "days" else "datetime64[s]").astype(np.int64)
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
    return numbers, {"units": units, "long_name": "time", "axis": "T"}
