"""Times of layers."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.raster.time import parse_times

TWO = pt.rast([[[1.0]], [[2.0]]])


@pytest.mark.parametrize(
    ("given", "step", "expected", "found"),
    [
        (["2020-01-31", "2021-02-28"], None, ["2020-01-31", "2021-02-28"], "days"),
        ([date(2020, 1, 31)], None, ["2020-01-31"], "days"),
        ([datetime(2020, 1, 31)], None, ["2020-01-31T00:00:00"], "seconds"),
        (["2020-01-31T12:00:01"], None, ["2020-01-31T12:00:01"], "seconds"),
        (["2020-01-31T12:00:00.250"], None, ["2020-01-31T12:00:00.250"], "seconds"),
        (["2020-01-31T01:00+02:00"], None, ["2020-01-30T23:00:00"], "seconds"),
        (["2020-01-31T12:00"], "days", ["2020-01-31"], "days"),
        ([1], "days", ["1970-01-02"], "days"),
        (pd.date_range("2020-01", periods=2, freq="MS"), None, ["2020-01-01", "2020-02-01"], "days"),
        ([pd.Timestamp("2020-01-01 06:00")], None, ["2020-01-01T06:00:00"], "seconds"),
        ([pd.Timestamp("2020-01-01", tz="UTC")], None, ["2020-01-01T00:00:00"], "seconds"),
        (pd.period_range("2020-01", periods=2, freq="M"), None, ["2020-01-01", "2020-02-01"], "days"),
    ],
)
def test_stamps_are_days_or_seconds_in_utc(given, step, expected, found):
    stamps, known = parse_times(given, step)
    assert ([str(stamp) for stamp in stamps], known) == (expected, found)


@pytest.mark.parametrize(
    ("step", "expected"),
    [("years", [2020.0, 2021.0]), ("months", [1.0, 12.0]), ("yearmonths", [2020, 2021 + 11 / 12])],
)
def test_coarser_steps_are_numbers(step, expected):
    assert parse_times(["2020-01-31", "2021-12-01"], step) == (pytest.approx(expected), step)


@pytest.mark.parametrize(
    ("given", "step", "kind"),
    [
        (["2020-01-31", "2021-12-01"], "years", "int64"),
        ([2020, 2021], "years", "int64"),
        (["2020-01-31", "2021-12-01"], "months", "int64"),
        (["2020-01-31", "2021-12-01"], "yearmonths", "float64"),
        ([2020.5, 2021], "years", "float64"),
        ([1, 2], "raw", "float64"),
    ],
)
def test_years_and_months_are_whole_numbers(given, step, kind):
    assert TWO.set_time(given, step).time.dtype == kind


def test_plain_numbers_mean_what_is_said_of_them():
    assert parse_times([1, 2.5], None) == ([1, 2.5], "raw")
    assert parse_times([2020, 2021], "years") == ([2020, 2021], "years")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: TWO.set_time(["2020-01-01"]), r"time: must be one per layer \(2\), got 1"),
        (
            lambda: TWO.set_time(["soon", "late"]),
            "stamps must be dates such as '2020-01-31' or numbers, got 'soon'",
        ),
        (lambda: TWO.set_time(["2020-01-01", np.datetime64("NaT")]), "every layer needs a time"),
        (lambda: TWO.set_time([1, 2], "weeks"), "step must be one of .*, got 'weeks'"),
    ],
)
def test_what_is_no_time_is_refused(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


def test_times_are_set_told_and_taken_away():
    assert not TWO.has_time()
    timed = TWO.set_time([2020, 2021], "years")
    assert timed.has_time()
    assert (timed.time_info(), timed.time.tolist()) == ("years", [2020, 2021])
    assert TWO.time is None
    assert timed.set_time(None).time is None


def test_a_zone_that_all_stamps_share_is_kept_by_its_name():
    hours = timezone(timedelta(hours=2))
    plain = TWO.set_time([datetime(2020, 1, 1, 12, tzinfo=hours)] * 2)
    assert [layer.zone for layer in plain._node.layers] == ["", ""]  # hours ahead are no zone
    assert str(plain.time[0]) == "2020-01-01T10:00:00"
    utc = TWO.set_time([datetime(2020, 1, 1, 12, tzinfo=UTC)] * 2)
    assert [layer.zone for layer in utc._node.layers] == ["UTC", "UTC"]
