"""tapp by periods of time, and times of different steps side by side."""

import warnings

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, PyterraWarning

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


def timed(times, step):
    x = pt.rast(np.zeros((len(times), 1, 1)))
    return x.set_time(times, step)


DAYS = timed(["2020-01-01", "2020-02-01"], "days")
TWO_YEARS = timed(["2019-05-01", "2020-02-01"], "days")
SECONDS = timed(["2020-01-01 12:00:00", "2020-02-01 13:00:00"], "seconds")
MONTHS = timed(["2020-03-01", "2020-04-01"], "yearmonths")
YEARS = timed([2021, 2022], "years")


@pytest.mark.parametrize(
    ("first", "second", "step", "times"),
    [
        (DAYS, SECONDS, "seconds", ["2020-01-01T00", "2020-02-01T00", "2020-01-01T12", "2020-02-01T13"]),
        (DAYS, YEARS, "years", [2020, 2020, 2021, 2022]),  # as terra 1.9
        (YEARS, SECONDS, "years", [2021, 2022, 2020, 2020]),
        (DAYS, MONTHS, "yearmonths", [2020, 2020 + 1 / 12, 2020 + 2 / 12, 2020 + 3 / 12]),
        (MONTHS, YEARS, "years", [2020, 2020, 2021, 2022]),  # as terra 1.9
    ],
)
def test_times_of_different_steps_are_told_in_the_coarser_one(first, second, step, times):
    both = pt.c(first, second)
    assert both.time_info() == step
    assert both.has_time()
    expected = np.array(times, "datetime64[s]") if step == "seconds" else np.array(times, float)
    np.testing.assert_array_equal(both.time, expected)
    np.testing.assert_array_equal(both[[0, 1]].time, first.time)
    assert both.tapp("years", "sum").nlyr == len({str(t)[:4] for t in times})


@pytest.mark.parametrize(
    "other", [timed([3, 4], "months"), timed([3, 4], "raw"), pt.rast(np.zeros((2, 1, 1)))]
)
def test_times_without_a_step_in_common_are_none_and_said_to_be(other):
    with pytest.warns(PyterraWarning, match="must have a step in common, got days, "):
        both = pt.c(DAYS, other)
    assert both.time is None
    assert not both.has_time()
    assert both.time_info() == ""
    assert "time" not in str(both)
    np.testing.assert_array_equal(both[[0, 1]].time, DAYS.time)
    with pytest.raises(ArgumentError, match="needs layers with time"):
        both.tapp("years", "sum")


def test_layers_without_any_time_are_joined_without_a_word():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pt.c(pt.rast([[1]]), pt.rast([[2]])).time is None


def test_each_layer_of_a_file_has_its_own_time_where_there_is_no_common_step(tmp_path):
    with pytest.warns(PyterraWarning, match="step in common"):
        mixed = pt.c(DAYS, timed([3, 4], "months"), pt.rast(np.zeros((1, 1, 1))))
    with pytest.warns(PyterraWarning, match="some have none"):
        back = mixed.write_raster(tmp_path / "m.tif")
    assert back.time is None
    assert back[[0, 1]].time.tolist() == DAYS.time.tolist()
    assert (back[2].time.tolist(), back[2].time_info()) == ([3], "months")
    assert back[4].time is None


@pytest.mark.parametrize("other", [SECONDS, YEARS, MONTHS])
def test_mixed_times_go_to_files_and_come_back(tmp_path, other):
    pytest.importorskip("h5netcdf")
    both = pt.c(TWO_YEARS, other)
    both.names = ["a", "b", "c", "d"]
    for path in (tmp_path / "m.tif", tmp_path / "m.nc"):
        back = both.write_raster(path) if path.suffix == ".tif" else both.write_cdf(path, zname="time")
        assert back.time_info() == both.time_info()
        np.testing.assert_allclose(back.time.astype("float64"), both.time.astype("float64"), rtol=1e-12)
    if both.time.dtype.kind == "M":
        assert (pt.rast(both.to_xarray()).time == both.time).all()
