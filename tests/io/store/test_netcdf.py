"""NetCDF: what is written is what xarray reads, and the other way round; north is up, times are dates."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    LayerError,
    OutputExistsError,
    PyterraWarning,
    ReadError,
    SourceChangedError,
    SourceError,
    ValueRangeError,
)
from pyterra.io.store import cf_time
from pyterra.plan.blocks import Blocks
from pyterra.run import evaluate

xr = pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")

LAT, LON = np.array([47.5, 46.5, 45.5]), np.array([5.5, 6.5, 7.5, 8.5])


def dataset(lat=LAT, lon=LON, attributes=True, **more):
    values = np.arange(24.0).reshape(2, 3, 4)
    days = pd.to_datetime(["2001-02-03", "2001-03-03"])
    d = xr.Dataset({"t": (("time", "lat", "lon"), values)}, {"time": days, "lat": LAT, "lon": LON}, **more)
    if attributes:
        d["lat"].attrs["units"], d["lon"].attrs["units"] = "degrees_north", "degrees_east"
    d["t"].attrs.update(units="K", long_name="Temperature")
    return d.reindex(lat=lat, lon=lon)


def saved(d, path, engine="h5netcdf", **more):
    d.to_netcdf(path, engine=engine, **more)
    return path


class TestReading:
    @pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
    def test_a_variable_is_layers_with_times_units_and_coordinates(self, tmp_path, engine):
        r = pt.rast(saved(dataset(), tmp_path / "a.nc", engine))
        assert r.names == ["t_1", "t_2"]
        assert list(r.ext) == [5, 9, 45, 48]
        assert r.is_lonlat()
        assert r.units == ["K", "K"]
        assert r.long_names == ["Temperature"] * 2
        assert r.time.astype("datetime64[D]").astype(str).tolist() == ["2001-02-03", "2001-03-03"]
        assert (r.to_numpy() == np.arange(24.0).reshape(2, 3, 4)).all()
        assert r.sources() == [f"{tmp_path / 'a.nc'}:t"]

    @pytest.mark.parametrize("attributes", [True, False])
    @pytest.mark.parametrize("lat", [LAT, LAT[::-1]], ids=["north first", "south first"])
    @pytest.mark.parametrize("lon", [LON, LON[::-1]], ids=["west first", "east first"])
    def test_north_is_up_and_west_is_left_whatever_the_order(self, tmp_path, lat, lon, attributes):
        r = pt.rast(saved(dataset(lat, lon, attributes), tmp_path / "a.nc"))
        assert list(r.ext) == [5, 9, 45, 48]
        assert (r.to_numpy() == np.arange(24.0).reshape(2, 3, 4)).all()

    @pytest.mark.parametrize(
        "order", [("time", "lat", "lon"), ("lon", "lat", "time"), ("lat", "time", "lon")]
    )
    def test_dimensions_may_come_in_any_order(self, tmp_path, order):
        r = pt.rast(saved(dataset(LAT[::-1]).transpose(*order), tmp_path / "a.nc"))
        assert (r.to_numpy() == np.arange(24.0).reshape(2, 3, 4)).all()

    def test_any_blocks_give_the_same(self, tmp_path):
        values = np.random.default_rng(1).normal(size=(2, 3, 23, 17))
        d = xr.Dataset(
            {"v": (("time", "depth", "y", "x"), values)},
            {"time": [0, 1], "depth": [5.0, 10.0, 20.0], "y": np.arange(23.0), "x": np.arange(17.0)[::-1]},
        )
        r = pt.rast(saved(d, tmp_path / "a.nc", encoding={"v": {"chunksizes": (1, 2, 7, 5)}}))
        assert r.names[:2] == ["v_depth=5_1", "v_depth=10_1"]
        assert r.depth == [5, 10, 20, 5, 10, 20]
        expected = values.reshape(6, 23, 17)[:, ::-1, ::-1]
        assert (r.to_numpy() == expected).all()
        picked = r[[4, 1, 2, 3]]
        for window in Blocks(r._node.grid.window, 7, 5, 3, 2):
            rows, cols = slice(window.row, window.row_stop), slice(window.col, window.col_stop)
            assert (evaluate(picked._node, window) == expected[[4, 1, 2, 3], rows, cols]).all()

    def test_reduced_reading_takes_the_cells_in_the_middle(self, tmp_path):
        values = np.arange(12.0 * 9).reshape(12, 9)
        d = xr.Dataset({"v": (("y", "x"), values)}, {"y": np.arange(12.0), "x": np.arange(9.0)})
        source = pt.rast(saved(d, tmp_path / "a.nc"))._node.source
        memory = pt.rast(values[::-1])._node.source
        whole = pt.rast(values)._node.grid.window
        for shape in [(4, 3), (12, 9), (5, 2), (1, 1)]:
            ours = source.read_reduced((0,), whole, shape, np.dtype(float))
            assert (ours == memory.read_reduced((0,), whole, shape, np.dtype(float))).all()

    def test_packed_values_are_unpacked_and_codes_are_missing(self, tmp_path):
        d = dataset()
        d["t"][0, 0, 0] = np.nan
        encoding = {"t": {"dtype": "int16", "scale_factor": 0.5, "add_offset": 10.0, "_FillValue": -99}}
        r = pt.rast(saved(d, tmp_path / "a.nc", encoding=encoding))
        assert np.array_equal(r.to_numpy(), d["t"].to_numpy(), equal_nan=True)
        assert r.is_int() == [False, False]

    def test_two_codes_for_missing_are_both_missing(self, tmp_path):
        d = dataset().astype("int16")
        r = _two(d, tmp_path)
        assert np.isnan(r.to_numpy()).sum() == 2

    def test_float32_coordinates_give_round_edges(self, tmp_path):
        lon = np.linspace(-179.95, 179.95, 3600).astype("float32")
        d = xr.Dataset({"v": (("lat", "lon"), np.zeros((2, 3600)))}, {"lat": [0.05, -0.05], "lon": lon})
        assert list(pt.rast(saved(d, tmp_path / "a.nc")).ext) == [-180, 180, -0.1, 0.1]

    def test_variables_on_one_grid_come_together_others_are_left_with_a_warning(self, tmp_path):
        d = dataset()
        d["p"] = d["t"][0] * 2
        d["far"] = (("y2", "x2"), np.zeros((2, 2)))
        path = saved(d, tmp_path / "a.nc")
        with pytest.warns(PyterraWarning, match="far lie on another grid"):
            assert pt.rast(path).names == ["t_1", "t_2", "p"]
        assert pt.rast(path, subds="p").names == ["p"]
        assert pt.rast(path, subds=["p", "t"]).names == ["p", "t_1", "t_2"]
        assert pt.rast(path, subds=2).shape == (1, 2, 2)
        with pytest.raises(LayerError, match="no variable 'q'"):
            pt.rast(path, subds="q")
        with pytest.raises(SourceError, match="must share a grid"):
            pt.rast(path, subds=["t", "far"])

    def test_what_is_no_raster_is_refused(self, tmp_path):
        d = xr.Dataset(
            {"v": (("j", "i"), np.zeros((2, 3)))},
            {"lat2": (("j", "i"), np.zeros((2, 3))), "lon2": (("j", "i"), np.ones((2, 3)))},
        )
        with pytest.raises(SourceError, match="longitude and latitude for every cell"):
            pt.rast(saved(d, tmp_path / "a.nc"))
        uneven = xr.Dataset({"v": (("lat", "lon"), np.zeros((3, 2)))}, {"lat": [0, 1, 5.0], "lon": [0.0, 1]})
        with pytest.raises(SourceError, match="lat must be evenly spaced"):
            pt.rast(saved(uneven, tmp_path / "b.nc"))
        with pytest.raises(SourceError, match="no variable with rows and columns"):
            pt.rast(saved(xr.Dataset({"v": ("x", [1.0])}), tmp_path / "c.nc"))
        (tmp_path / "d.nc").write_text("text")
        with pytest.raises(SourceError, match="no NetCDF file"):
            pt.rast(tmp_path / "d.nc")
        with pytest.raises(SourceError, match="does not exist"):
            pt.rast(tmp_path / "none.nc")

    def test_a_file_that_was_replaced_is_noticed(self, tmp_path):
        r = pt.rast(saved(dataset(), tmp_path / "a.nc"))
        saved(dataset() + 1, tmp_path / "b.nc")
        (tmp_path / "b.nc").replace(tmp_path / "a.nc")
        with pytest.raises(SourceChangedError, match="has changed"):
            r.values()
        assert pt.rast(tmp_path / "a.nc").values()[0, 0] == 1

    def test_a_raster_travels_as_its_description(self, tmp_path):
        r = pt.rast(saved(dataset(), tmp_path / "a.nc")) + 1
        data = pickle.dumps(r)
        assert len(data) < 5000
        with pt.options(executor="processes", workers=2):
            assert (pickle.loads(data).to_numpy() == np.arange(24.0).reshape(2, 3, 4) + 1).all()


def _two(d, folder):
    import h5netcdf

    path = saved(d.drop_attrs(), folder / "a.nc", encoding={"t": {"_FillValue": 7}})
    with h5netcdf.File(path, "r+") as file:
        file.variables["t"].attrs["missing_value"] = np.int16(3)
    return pt.rast(path)


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


def _exists(text):
    try:
        np.datetime64(text)
    except ValueError:
        return False
    return True


class TestWriting:
    @pytest.fixture
    def r(self):
        values = np.random.default_rng(2).normal(size=(3, 5, 4))
        values[1, 2, 3] = np.nan
        made = pt.rast(
            values, extent=(4e6, 4e6 + 400, 3e6, 3e6 + 500), crs="EPSG:3035", names=["t_1", "t_2", "t_3"]
        )
        made.time = ["2020-01-01", "2020-02-01", "2020-03-01"]
        return made

    def test_what_is_read_is_what_was_written(self, r, tmp_path):
        back = r.write_cdf(tmp_path / "a.nc", "height", longname="Height", unit="m")
        assert (back.names, back.units, back.long_names) == (r.names, ["m"] * 3, ["Height"] * 3)
        assert back.time.tolist() == r.time.tolist()
        assert back._node.grid == r._node.grid
        assert np.array_equal(back.to_numpy(), r.to_numpy(), equal_nan=True)

    def test_xarray_reads_it(self, r, tmp_path):
        r.write_cdf(tmp_path / "a.nc", "height", unit="m")
        with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf", decode_coords="all") as d:
            assert np.array_equal(d["height"].to_numpy(), r.to_numpy(), equal_nan=True)
            assert d["time"].dt.strftime("%Y-%m-%d").to_numpy().tolist() == [
                "2020-01-01",
                "2020-02-01",
                "2020-03-01",
            ]
            assert d["northing"].to_numpy().tolist() == [3e6 + v for v in (450, 350, 250, 150, 50)]
            assert d["height"].attrs["units"] == "m"
            import pyproj

            assert pyproj.CRS.from_cf(d["crs"].attrs) == r.crs

    def test_several_variables_and_depths(self, r, tmp_path):
        deep = pt.c(r[0], r[0] * 2, r[1], r[1] * 2)
        deep.time = ["2020-01-01", "2020-01-01", "2020-02-01", "2020-02-01"]
        deep.depth = [5.0, 10.0, 5.0, 10.0]
        plain = (r[0] > 0) + 0
        plain.time = None
        path = tmp_path / "a.nc"
        back = pt.write_cdf({"heat": deep, "flag": plain}, path)
        assert back[0:4].depth == [5, 10, 5, 10]
        assert back.names[-1] == "flag"
        with xr.open_dataset(path, engine="h5netcdf") as d:
            assert d["heat"].dims == ("time", "depth", "northing", "easting")
            assert np.array_equal(d["heat"].to_numpy().reshape(4, 5, 4), deep.to_numpy(), equal_nan=True)
            assert d["flag"].dims == ("northing", "easting")

    def test_scaled_integers_and_classes_come_back(self, r, tmp_path):
        back = r.write_cdf(tmp_path / "a.nc", datatype="int16", scale=0.01, compression=9)
        assert np.allclose(back.to_numpy(), r.to_numpy(), atol=0.0051, equal_nan=True)
        with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as d:
            assert np.allclose(d["t"].to_numpy(), r.to_numpy(), atol=0.0051, equal_nan=True)
        classes = pt.rast(np.array([[1, 2], [2, 1]], "uint8"), names="cover")
        classes.levels = {1: "wood", 2: "open_land"}
        classes.names = "cover"
        kept = classes.write_cdf(tmp_path / "b.nc")
        assert kept.is_factor() == [True]
        assert kept.levels[0].iloc[:, 1].tolist() == ["wood", "open_land"]
        flags = (classes == 1).write_cdf(tmp_path / "c.nc", "f")
        assert flags.is_bool() == [True]

    def test_times_of_day_and_years(self, r, tmp_path):
        r.time = ["2020-01-01T06:00:00", "2020-01-01T12:00:00", "2020-01-02T00:00:00"]
        back = r.write_cdf(tmp_path / "a.nc")
        assert back.time.astype("datetime64[s]").tolist() == r.time.astype("datetime64[s]").tolist()
        years = r.set_time([2001, 2002, 2005], "years").write_cdf(tmp_path / "b.nc")
        assert (years.time_info(), np.asarray(years.time).tolist()) == ("years", [2001, 2002, 2005])

    def test_blocks_do_not_change_the_file(self, r, tmp_path, forced_blocks):
        whole = r.write_cdf(tmp_path / "a.nc").to_numpy()
        forced_blocks(2, 3)
        with pt.options(executor="threads", workers=2):
            again = (r + 0).write_cdf(tmp_path / "b.nc").to_numpy()
        assert np.array_equal(again, whole.astype("float32"), equal_nan=True)

    def test_an_existing_file_is_kept_unless_it_may_go(self, r, tmp_path):
        path = tmp_path / "a.nc"
        r.write_cdf(path)
        with pytest.raises(OutputExistsError):
            (r + 1).write_cdf(path)
        again = (pt.rast(path) + 1).write_cdf(path, overwrite=True)
        expected = (r.to_numpy().astype("float64") + 1).astype("float32")
        assert np.array_equal(again.to_numpy(), expected, equal_nan=True)

    def test_a_failure_leaves_nothing_behind(self, r, tmp_path):
        with pytest.raises(ValueRangeError):
            (r * 1e6).write_cdf(tmp_path / "a.nc", datatype="int8")
        assert list(tmp_path.iterdir()) == []

    def test_what_is_wrong_is_told(self, r, tmp_path):
        with pytest.raises(ArgumentError, match=r"must end in \.nc"):
            r.write_cdf(tmp_path / "a.tif")
        with pytest.raises(ArgumentError, match="begin with a letter"):
            r.write_cdf(tmp_path / "a.nc", "1/2")
        with pytest.raises(ArgumentError, match="names of variables must differ"):
            pt.write_cdf([r, r], tmp_path / "a.nc", ["a", "a"])
        with pytest.raises(ArgumentError, match="compression"):
            r.write_cdf(tmp_path / "a.nc", compression=10)
        with pytest.raises(ArgumentError, match="subds is for NetCDF"):
            pt.rast("a.tif", subds="a")


@pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
def test_a_file_is_open_only_while_it_is_read(tmp_path, engine):
    path = saved(dataset(), tmp_path / "a.nc", engine)
    r = pt.rast(path)
    first = (r + 0).to_numpy()
    with xr.open_dataset(path, engine=engine) as d:
        d = d.load()
    saved(d + 1, path, engine)
    with pytest.raises(SourceChangedError, match="has changed"):
        (r + 0).to_numpy()
    assert (pt.rast(path).to_numpy() == first + 1).all()


class TestDamage:
    @pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
    @pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
    def test_a_file_that_was_cut_off_is_an_error_that_names_it(self, tmp_path, engine, share):
        values = np.random.default_rng(1).normal(size=(3, 60, 50))
        d = xr.Dataset(
            {"v": (("time", "y", "x"), values)},
            {"time": [0, 1, 2], "y": np.arange(60.0), "x": np.arange(50.0)},
        )
        path = saved(d, tmp_path / "a.nc", engine)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        with pytest.raises((SourceError, ReadError), match=r"a\.nc"):
            pt.rast(path).values()

    @pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
    def test_a_damaged_header_is_an_error_or_other_numbers_never_a_crash(self, tmp_path, engine):
        content = saved(dataset(), tmp_path / "a.nc", engine).read_bytes()
        rng = np.random.default_rng(3)
        for i in range(40):
            broken = bytearray(content)
            for at in rng.integers(8, min(len(content), 1500), 6):
                broken[at] = rng.integers(256)
            path = tmp_path / f"{i}.nc"
            path.write_bytes(broken)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    pt.rast(path).values()
                except pt.errors.PyterraError:
                    continue
