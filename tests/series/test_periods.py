"""Periods of time: what belongs to which."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

DATES = ["2024-12-28", "2024-12-29", "2024-12-30", "2024-12-31", "2025-01-01"]
DATES += ["2021-01-03", "2021-01-04", "2020-02-29", "2020-03-01", "2020-12-31"]


@pytest.fixture
def series():
    """Ten layers with the values 1 to 10."""
    x = pt.rast(np.arange(1.0, 11).reshape(10, 1, 1))
    x.time = DATES
    return x


@pytest.mark.parametrize(
    ("period", "names", "sums"),  # numbers of terra 1.9, but for dekads
    [
        ("years", "y_2024 y_2025 y_2021 y_2020", [10, 5, 13, 27]),
        ("months", "m_12 m_1 m_2 m_3", [20, 18, 8, 9]),
        ("yearmonths", "ym_202412 ym_202501 ym_202101 ym_202002 ym_202003 ym_202012", [10, 5, 13, 8, 9, 10]),
        ("weeks", "week_52 week_01 week_53 week_09", [3, 19, 16, 17]),
        ("week", "week_52 week_01 week_53 week_09", [3, 19, 16, 17]),
        ("yearweeks", "yw_202452 yw_202501 yw_202053 yw_202101 yw_202009", [3, 12, 16, 7, 17]),
        (
            "doy",
            "doy_363 doy_364 doy_365 doy_366 doy_001 doy_003 doy_004 doy_060 doy_061",
            [1, 2, 3, 14, 5, 6, 7, 8, 9],
        ),
        (
            "days",
            "d_2024.12.28 d_2024.12.29 d_2024.12.30 d_2024.12.31 d_2025.01.01 d_2021.01.03 d_2021.01.04 d_2020.02.29 "
            "d_2020.03.01 d_2020.12.31",
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        ),
        ("7days", "d7_52 d7_53 d7_1 d7_9", [3, 17, 18, 17]),
        ("10days", "d10_37 d10_1 d10_6 d10_7", [20, 18, 8, 9]),
        ("15days", "d15_25 d15_1 d15_4 d15_5", [20, 18, 8, 9]),
        ("dekads", "dekad_36 dekad_1 dekad_6 dekad_7", [20, 18, 8, 9]),
        ("yeardekads", "yd_202436 yd_202501 yd_202101 yd_202006 yd_202007 yd_202036", [10, 5, 13, 8, 9, 10]),
    ],
)
def test_layers_are_grouped_by_period(series, period, names, sums):
    found = series.tapp(period, "sum")
    assert found.names == names.split()
    assert found.values()[0].tolist() == sums


def test_dekads_are_thirds_of_months():
    days = pd.date_range("2023-01-01", "2023-12-31")
    x = pt.rast(np.ones((365, 1, 1)))
    x.time = list(days)
    counts = x.tapp("dekads", "sum").values()[0]
    assert len(counts) == 36
    assert counts[:6].tolist() == [10, 10, 11, 10, 10, 8]
    assert counts.sum() == 365


def test_weeks_are_those_of_iso_8601_on_every_day():
    days = pd.date_range("1999-12-20", "2012-01-10")
    x = pt.rast(np.ones((len(days), 1, 1)))
    x.time = list(days)
    expected = (
        pd.Series(1, index=days).groupby([days.isocalendar().year, days.isocalendar().week], sort=False).sum()
    )
    found = x.tapp("yearweeks", "sum")
    assert found.values()[0].tolist() == expected.tolist()
    assert found.names == [f"yw_{year}{week:02d}" for year, week in expected.index]


@pytest.mark.parametrize(
    ("step", "period", "names"),  # as terra 1.9
    [
        ("yearmonths", "years", "y_2024 y_2025 y_2021 y_2020"),
        ("yearmonths", "months", "m_12 m_1 m_2 m_3"),
        ("yearmonths", "yearmonths", "ym_202412 ym_202501 ym_202101 ym_202002 ym_202003 ym_202012"),
        ("months", "months", "m_12 m_1 m_2 m_3"),
        ("years", "years", "y_2024 y_2025 y_2021 y_2020"),
    ],
)
def test_times_in_months_and_years_are_grouped(series, step, period, names):
    x = series.set_time(DATES, step)
    found = x.tapp(period, "sum")
    assert found.names == names.split()
    assert found.time_info() == period
    assert found.time.tolist() == series.tapp(period, "sum").time.tolist()


@pytest.mark.parametrize(
    ("step", "period"),
    [
        ("months", "years"),
        ("months", "yearmonths"),
        ("years", "months"),
        ("yearmonths", "days"),
        ("raw", "years"),
    ],
)
def test_a_period_that_the_times_do_not_tell_is_refused(series, step, period):
    x = series.set_time(list(range(1, 11)) if step == "raw" else DATES, step)
    with pytest.raises(ArgumentError, match=f"{period} cannot be told from times in {step}"):
        x.tapp(period, "sum")


def test_an_unknown_period_is_named(series):
    with pytest.raises(ArgumentError, match="did you mean 'weeks'"):
        series.tapp("wekes", "sum")


# Times of different steps
