"""Times as GeoTIFFs keep them, one text for each band: pyterra's, and those of terra before and after 1.8."""

from __future__ import annotations

import re

import numpy as np

from pyterra.packages import zoneinfo

Stamp = tuple[np.datetime64 | float, str, str]
"""A moment (UTC) or a number, the step that tells its meaning, and the time zone in which it is shown."""

_COUNTED = ("seconds", "days", "years", "months", "yearmonths")
_SMALL = 1e5
"""Numbers from here on are seconds since 1970, as terra before 1.8 keeps years and months."""
_DATE = re.compile(
    r"(-?\d{1,6})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d+)?)?)?\s*(Z|z[A-Za-z][\w/+-]*|UTC|[+-]\d\d:?\d\d)?"
)


def parse_time(text: str, step: str = "") -> Stamp:
    """The stamp that a text stands for; `step` where the file tells it apart.

    terra 1.9 writes zeros for what a step does not have: ``2001-00-00`` is a year, ``2001-05-00`` a month of a year,
    ``0000-05-00`` a month, ``2019-01-31T00:02:03zEurope/Berlin`` a moment. terra before 1.8 writes 1 January 2019 as
    ``2018-13-1``.

    Raises
    ------
    ValueError
        Where it stands for none.

    Examples
    --------
    >>> parse_time("2018-13-1", "days")
    (np.datetime64('2019-01-01'), 'days', '')
    >>> parse_time("2001-05-00")[1]
    'yearmonths'
    """
    text = text.strip()
    if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text):
        return _number(float(text), step)
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no time")
    year, month, day = (int(v) for v in found.group(1, 2, 3))
    if day == 0 and found[4] is None:
        return _part_of_date(year, month)
    if month == 13:
        year, month = year + 1, 1
    date = np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D")
    if found[4] is None:
        return (*_of(date, step or "days"), "")
    hour, minute, second = (int(v or 0) for v in found.group(4, 5, 6))
    moment: np.datetime64 = np.datetime64(f"{date}T{hour:02d}:{minute:02d}:{second:02d}", "s")
    thousandths = round(float(found[7] or 0) * 1000)
    if thousandths:
        moment = moment.astype("datetime64[ms]") + np.timedelta64(thousandths, "ms")
    moment, zone = _in_utc(moment, found[8] or "")
    return (*_of(moment, step or "seconds"), zone)


def _number(number: float, step: str) -> Stamp:
    if step in _COUNTED and abs(number) > _SMALL:
        return (*_of(np.datetime64(int(number), "s"), step), "")
    return number, step or "raw", ""


def _part_of_date(year: int, month: int) -> Stamp:
    if not 0 <= month <= 12 or (year == 0 and month == 0):
        raise ValueError(f"{year:04d}-{month:02d}-00 is no time")
    if month == 0:
        return float(year), "years", ""
    return (float(month), "months", "") if year == 0 else (year + (month - 1) / 12, "yearmonths", "")


def _of(moment: np.datetime64, step: str) -> tuple[np.datetime64 | float, str]:
    """What a step keeps of a moment."""
    year = float(moment.astype("datetime64[Y]").astype(int) + 1970)
    month = float(moment.astype("datetime64[M]").astype(int) % 12)
    if step == "years":
        return year, step
    if step == "yearmonths":
        return year + month / 12, step
    if step == "months":
        return month + 1, step
    if step == "days":
        return moment.astype("datetime64[D]"), step
    return moment, "seconds"


def _in_utc(moment: np.datetime64, text: str) -> tuple[np.datetime64, str]:
    """The moment, and the zone that terra says it is shown in; hours ahead are taken off."""
    if text[:1] in "+-" and text:
        hours, minutes = int(text[1:3]), int(text[-2:])
        ahead = np.timedelta64((hours * 60 + minutes) * (-1 if text[0] == "-" else 1), "m")
        return moment - ahead, ""
    zone = text[1:] if text[:1] == "z" else ""
    try:
        return moment, zoneinfo.ZoneInfo(zone).key if zone else ""
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return moment, ""


def format_time(value: np.datetime64 | float, step: str, zone: str = "") -> str:
    """The text of a stamp, as terra 1.9 reads it; numbers that are none of its steps as they are."""
    if isinstance(value, np.datetime64):
        if step == "days":
            return str(value.astype("datetime64[D]"))
        precise = value.astype("datetime64[s]") != value
        text = str(value.astype(f"datetime64[{'ms' if precise else 's'}]"))
        return f"{text}z{zone}" if zone else text.replace("T", " ")
    number = float(value)
    if step == "years" and number.is_integer() and 0 < number < 10000:
        return f"{int(number):04d}-00-00"
    if step == "months" and number.is_integer() and 1 <= number <= 12:
        return f"0000-{int(number):02d}-00"
    months = number * 12
    if step == "yearmonths" and abs(months - round(months)) < 1e-6 and 1 <= number < 10000:
        year, month = divmod(round(months), 12)
        return f"{year:04d}-{month + 1:02d}-00"
    return repr(number)
