"""Periods of time that layers are grouped by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyterra.arguments import choice
from pyterra.errors import ArgumentError

STEPS = ("days", "yearmonths", "months", "years")
"""Periods that are steps of time themselves."""


def labels(stamps: Any, step: str, period: str) -> tuple[list[str], str]:
    """The period of each stamp, as text, and what stands before it in names.

    Parameters
    ----------
    stamps : ndarray
        As `SpatRaster.time` gives them.
    step : str
        Their step.
    period : str
        A name of `PERIODS`, or ``week``.

    Raises
    ------
    ArgumentError
        For a period that is not known, or that cannot be told from times in this step.
    """
    name = choice({"week": "weeks"}.get(period, period), tuple(PERIODS), "tapp: index")
    prefix, label = PERIODS[name]
    if stamps.dtype.kind == "M":
        import pandas as pd

        return [label(day) for day in pd.DatetimeIndex(stamps)], prefix
    if step == name or (step == "yearmonths" and name in ("years", "months")):
        return [_told(float(stamp), step, name) for stamp in stamps], prefix
    raise ArgumentError(f"tapp: {name} cannot be told from times in {step}; set dates as .time")


def _told(stamp: float, step: str, name: str) -> str:
    """The period of a stamp that is a number: a month, a year, or a year and a part of it."""
    if step != "yearmonths":
        return f"{int(stamp)}"
    year, month = divmod(round(stamp * 12), 12)
    return {"years": f"{year}", "months": f"{month + 1}", "yearmonths": f"{year:04d}{month + 1:02d}"}[name]


def _dekad(day: Any) -> int:
    """Number of the third of a month, from 1 to 36: days 1 to 10, 11 to 20, and the rest."""
    return 3 * (int(day.month) - 1) + min((int(day.day) - 1) // 10, 2) + 1


def _of_days(length: int) -> Callable[[Any], str]:
    return lambda day: f"{(int(day.day_of_year) - 1) // length + 1}"


def _iso_week(day: Any) -> str:
    return f"{day.isocalendar().week:02d}"


def _iso_year_and_week(day: Any) -> str:
    return f"{day.isocalendar().year:04d}{day.isocalendar().week:02d}"


PERIODS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "years": ("y_", lambda day: f"{day.year:04d}"),
    "months": ("m_", lambda day: f"{day.month}"),
    "yearmonths": ("ym_", lambda day: f"{day.year:04d}{day.month:02d}"),
    "dekads": ("dekad_", lambda day: f"{_dekad(day)}"),
    "yeardekads": ("yd_", lambda day: f"{day.year:04d}{_dekad(day):02d}"),
    "weeks": ("week_", _iso_week),
    "yearweeks": ("yw_", _iso_year_and_week),
    "days": ("d_", lambda day: f"{day:%Y.%m.%d}"),
    "doy": ("doy_", lambda day: f"{day.day_of_year:03d}"),
    "7days": ("d7_", _of_days(7)),
    "10days": ("d10_", _of_days(10)),
    "15days": ("d15_", _of_days(15)),
}
"""Name of a period -> what stands before it, and how it is told from a date."""
