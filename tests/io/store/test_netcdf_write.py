"""NetCDF that is written: xarray is the oracle."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    OutputExistsError,
    ValueRangeError,
)

pytest.importorskip("h5netcdf")


xr = pytest.importorskip("xarray")


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
        r.write_raster(tmp_path / "b.tif")
        with pytest.raises(ArgumentError, match="subds is for files of several data sets"):
            pt.rast(tmp_path / "b.tif", subds="a")
