"""Dates in the names of files and layers."""

from __future__ import annotations

import re

import numpy as np

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-._]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_OF_YEAR = re.compile(r"(?<![A-Za-z0-9])A((?:19|20)\d\d)([0-3]\d\d)(?!\d)")
"""A day of a year, as MODIS counts them."""
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-._]?(0[1-9]|1[0-2])(?![A-Za-z0-9]|[-._]\d\d?(?!\d))")
"""A month of a year; a letter behind it makes it another number (``2020_10m``)."""
_VERSION = re.compile(r"(?<![A-Za-z0-9])v\d+", re.IGNORECASE)


def date_in_name(text: str) -> np.datetime64 | None:
    """The day that a name tells: the middle of an interval or of a month, or a single day; None where there is no date.

    Versions (``v20230720``) are not dates. Months count where no day is told.

    Examples
    --------
    >>> date_in_name("ndvi_30m_s_20141202_20150320_nl_epsg.3035_v20230720")
    np.datetime64('2015-01-25')
    >>> date_in_name("S2_2015-01-31")
    np.datetime64('2015-01-31')
    >>> date_in_name("ndvi_2022_01"), date_in_name("MOD13Q1.A2022017.h18v04")
    (np.datetime64('2022-01-16'), np.datetime64('2022-01-17'))
    """
    days = interval_in_name(text)
    return None if days is None else days[0] + (days[1] - days[0]) // 2


def interval_in_name(text: str) -> tuple[np.datetime64, np.datetime64] | None:
    """The first and the last day that a name tells, the same for a single day; None where there is no date."""
    text = _VERSION.sub("", text)
    days = []  # where they stand, and which they are
    for match in _DAY.finditer(text):
        try:
            days.append((match.start(), np.datetime64("-".join(match.group(1, 3, 4)), "D")))
        except ValueError:  # the 31st of a month that has 30 days
            continue
    for match in _OF_YEAR.finditer(text):
        year, number = match.groups()
        if (day := np.datetime64(year, "D") + int(number) - 1).astype("datetime64[Y]") == np.datetime64(year):
            days.append((match.start(), day))
    if days:
        two = sorted(day for _, day in sorted(days)[:2])
        return two[0], two[-1]
    months = sorted([np.datetime64(f"{year}-{month}") for year, month in _MONTH.findall(text)][:2])
    if not months:
        return None
    return months[0].astype("datetime64[D]"), (months[-1] + 1).astype("datetime64[D]") - 1
