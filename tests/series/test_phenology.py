"""Seasons in days of the year."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError


def stack(years=3, peak=0.5):
    """Months from January 2001 on; the highest value `peak` of a year after 1 January."""
    when = (np.arange(12 * years) + 0.5) / 12
    values = 1 + np.cos(2 * np.pi * (when - peak))
    first = np.datetime64("2001-01", "M")
    return pt.rast(values[:, None, None]).set_time(
        (first + np.arange(12 * years)).astype("datetime64[D]") + 14
    )


def test_a_season_in_summer():
    found = stack(peak=6.5 / 12).phenology(["start", "peak", "end", "length", "seasons"])
    assert found.names[:3] == ["y2001_start", "y2001_peak", "y2001_end"]
    start, peak, end, length, count = found.values()[0, 5:10]
    day = 365.2425 / 12
    assert peak == pytest.approx(6.5 * day)
    assert (start, end) == (pytest.approx(3.5 * day), pytest.approx(9.5 * day))
    assert length == pytest.approx(6 * day)
    assert count == 1


def test_a_season_across_the_new_year_starts_before_it():
    found = stack(4, peak=1 / 24).phenology(["start", "peak"])
    table = dict(zip(found.names, found.values()[0], strict=True))
    assert table["y2002_start"] < 0 < table["y2002_peak"] < 31
    assert np.isnan(table["y2001_start"])


def test_layers_without_time_are_counted():
    r = pt.rast([[[v]] for v in (0, 1, 4, 1, 0, 1, 6, 1)])
    found = r.phenology("peak", season_size=4)
    assert found.names == ["y1_peak", "y2_peak"]
    assert found.values().tolist() == [[2.5, 2.5]]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"what": "greenup"}, "phenology: what: must be one of"),
        ({"threshold": 1}, "phenology: threshold and least must lie between 0 and 1"),
        ({"season_size": 3}, "phenology: .*frame"),
        ({"method": "slope"}, "phenology: method: must be one of"),
    ],
)
def test_what_is_refused(arguments, text):
    with pytest.raises(ArgumentError, match=text):
        stack().phenology(**arguments)
