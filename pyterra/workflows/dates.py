"""Dates in the names of files and layers."""

from __future__ import annotations

import re

import numpy as np

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_VERSION = re.compile(r"(?<![A-Za-z0-9])v\d+", re.IGNORECASE)


def date_in_name(text: str) -> np.datetime64 | None:
    """The day that a name tells: the middle of an interval, or a single day; None where there is no date.

    Versions (``v20230720``) are not dates.

    Examples
    --------
    >>> date_in_name("ndvi_30m_s_20141202_20150320_nl_epsg.3035_v20230720")
    np.datetime64('2015-01-25')
    >>> date_in_name("S2_2015-01-31")
    np.datetime64('2015-01-31')
    """
    days = interval_in_name(text)
    return None if days is None else days[0] + (days[1] - days[0]) // 2


def interval_in_name(text: str) -> tuple[np.datetime64, np.datetime64] | None:
    """The first and the last day that a name tells, the same for a single day; None where there is no date."""
    days = []
    for match in _DATE.finditer(_VERSION.sub("", text)):
        try:
            days.append(np.datetime64("-".join(match.group(1, 3, 4)), "D"))
        except ValueError:  # the 31st of a month that has 30 days
            continue
    if not days:
        return None
    return days[0], days[1] if len(days) > 1 else days[0]
