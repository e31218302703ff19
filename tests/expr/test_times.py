"""Times of layers that were stated in different steps."""

import warnings

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, PyterraWarning
from pyterra.expr.times import told


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


def test_times_in_words():
    for number in range(24240, 24264):
        year, month = divmod(number, 12)
        assert told(year + month / 12, "yearmonths") == f"{year}-{month + 1:02d}"
    assert [told(2019.0, "years"), told(3.0, "months"), told(1.25, "raw")] == ["2019", "3", "1.25"]
    assert told(np.datetime64("2019-11-03T04:05"), "seconds") == "2019-11-03 04:05"
    assert told(float("nan"), "yearmonths") == "nan"
