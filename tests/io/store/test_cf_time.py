"""Time as the CF conventions write it; cftime is the oracle."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.io.store import cf_time

pytest.importorskip("h5netcdf")


xr = pytest.importorskip("xarray")


def stamps(path, values, units, calendar=None, engine="h5netcdf"):
    told = {"units": units, **({"calendar": calendar} if calendar else {})}
    d = xr.Dataset(
        {"v": (("time", "lat", "lon"), np.zeros((len(values), 1, 2)))},
        {"time": ("time", np.asarray(values), told), "lat": [0.0], "lon": [0.0, 1.0]},
    )
    d.to_netcdf(path, engine=engine)
    r = pt.rast(path)
    return np.asarray(r.time).astype(str).tolist(), r.time_info()


@pytest.mark.parametrize(
    ("values", "units", "calendar", "expected", "step"),
    [
        ([500], "milliseconds since 2000-01-01", None, ["2000-01-01T00:00:00.500"], "seconds"),
        ([0, 86400000], "milliseconds since 2000-01-01", None, ["2000-01-01", "2000-01-02"], "days"),
        ([0, 1], "hours since 2000-01-01 00:00 +02:00", None, ["1999-12-31T22:00:00", "1999-12-31T23:00:00"], "seconds"),
        ([58, 59], "days since 2001-01-01", "noleap", ["2001-02-28", "2001-03-01"], "days"),
        ([0, 29], "days since 2000-01-01", "360_day", ["2000-01-01", "2000-01-30"], "days"),
        ([0, 0.25], "days since 2000-01-01 12:00", None, ["2000-01-01T12:00:00", "2000-01-01T18:00:00"], "seconds"),
        ([20010203.25], "day as %Y%m%d.%f", None, ["2001-02-03T06:00:00"], "seconds"),
        ([0, 1.5], "weeks since 2000-01-01", None, ["2000-01-01T00:00:00", "2000-01-11T12:00:00"], "seconds"),
        ([0, 1], "days since -4713-01-01", None, ["0.0", "1.0"], "raw"),
        ([2000, 2001], "", None, ["2000", "2001"], "years"),
        ([1, 2], "", None, ["1.0", "2.0"], "raw"),
        ([1, 12, 3], "months", None, ["1", "12", "3"], "months"),
        ([0, 12], "months", None, ["0.0", "12.0"], "raw"),
        ([0, 1], "days since 0001-01-01", "julian", ["0.0", "1.0"], "raw"),
    ],
)  # fmt: skip
def test_times_are_those_of_their_calendar(tmp_path, values, units, calendar, expected, step):
    assert stamps(tmp_path / "a.nc", values, units, calendar) == (expected, step)


def test_milliseconds_are_kept():
    found = cf_time.decode(np.array([0.0, 250.0]), "milliseconds since 2000-01-01")
    assert found[1] == (np.datetime64("2000-01-01T00:00:00.250", "ms"), "seconds")
    numbers, told = cf_time.encode([stamp for stamp, _ in found], "seconds")
    assert cf_time.decode(numbers, told["units"]) == found


def test_packed_times_are_unpacked(tmp_path):
    path = tmp_path / "a.nc"
    told = {"units": "days since 2000-01-01", "scale_factor": 0.5, "add_offset": 1.0}
    xr.Dataset(
        {"v": (("time", "lat", "lon"), np.zeros((2, 1, 2)))},
        {"time": ("time", np.array([0, 2], "int16"), told), "lat": [0.0], "lon": [0.0, 1.0]},
    ).to_netcdf(path, engine="h5netcdf")
    assert pt.rast(path).time.astype(str).tolist() == ["2000-01-02", "2000-01-03"]


@pytest.mark.parametrize("step", ["years", "months", "yearmonths", "raw"])
def test_every_step_comes_back(tmp_path, step):
    r = pt.rast(np.zeros((2, 1, 2))).set_time([2001.5, 2002.25], step)
    back = r.write_cdf(tmp_path / "a.nc")
    assert (back.time_info(), list(back.time)) == (step, [2001.5, 2002.25])


def _exists(text):
    try:
        np.datetime64(text)
    except ValueError:
        return False
    return True


class TestTimes:
    @pytest.mark.parametrize("calendar", ["standard", "proleptic_gregorian", "noleap", "all_leap", "360_day"])
    @pytest.mark.parametrize(
        "units", ["days since 1999-12-30", "hours since 2000-02-01 06:00", "seconds since 1970-1-1"]
    )
    def test_dates_are_those_of_cftime_where_our_calendar_has_them(self, calendar, units):
        cftime = pytest.importorskip("cftime")
        if calendar == "360_day":
            units = units.replace("12-30", "12-01")
        factor = {"d": 1, "h": 24, "s": 86400}[units[0]]
        values = np.array([0.0, 1.0, 28.0, 29.0, 300.0, 9000.0]) * factor
        theirs = cftime.num2date(values, units, calendar)
        ours = cf_time.decode(values, units, calendar)
        texts = [t.strftime("%Y-%m-%dT%H:%M:%S") for t in theirs]
        there = all(_exists(t) for t in texts)
        if there:
            assert [str(np.datetime64(stamp, "s")) for stamp, _ in ours] == texts
        else:
            assert ours == [(v, "raw") for v in values]

    def test_the_standard_calendar_is_julian_before_1582(self):
        cftime = pytest.importorskip("cftime")
        days = [730_000.0, 735_000.5]
        theirs = [d.isoformat()[:19] for d in cftime.num2date(days, "days since 1-1-1", "standard")]
        ours = cf_time.decode(np.array(days), "days since 0001-01-01", "standard")
        assert [str(np.datetime64(s, "s")) for s, _ in ours] == theirs
        assert cf_time.decode(np.array([5.0]), "days since 1500-01-01", "standard") == [(5.0, "raw")]

    def test_months_and_years_count_too(self):
        assert cf_time.decode(np.array([0, 13]), "months since 2000-01-15")[1] == (
            np.datetime64("2001-02-15"),
            "days",
        )
        assert cf_time.decode(np.array([5]), "years since 2000-01-01") == [(2005.0, "years")]
        assert cf_time.decode(np.array([20010203.0]), "day as %Y%m%d.%f") == [
            (np.datetime64("2001-02-03"), "days")
        ]
        assert cf_time.decode(np.array([3.0]), "fortnights since 2000-01-01") == [(3.0, "raw")]

    def test_a_zone_is_taken_off(self):
        found = cf_time.decode(np.array([0]), "hours since 2000-01-01 00:00:00 +02:00")
        assert found == [(np.datetime64("1999-12-31T22:00:00"), "seconds")]
