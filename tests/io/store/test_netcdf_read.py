"""NetCDF files as rasters: which variables, which way up, what is missing."""

import pickle

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    LayerError,
    PyterraWarning,
    SourceChangedError,
    SourceError,
)
from pyterra.plan.blocks import Blocks
from pyterra.run import evaluate

pytest.importorskip("h5netcdf")


xr = pytest.importorskip("xarray")


def test_tables_beside_a_raster_are_no_rasters(tmp_path):
    path = tmp_path / "a.nc"
    xr.Dataset(
        {
            "time_bnds": (("time", "nv"), np.zeros((2, 2))),
            "lat_bnds": (("lat", "nv"), np.zeros((2, 2))),
            "station": (("time", "name"), np.zeros((2, 5))),
            "label": (("lat", "lon"), np.array([["a", "b", "c"]] * 2)),
            "v": (("lat", "lon"), np.arange(6.0).reshape(2, 3)),
        },
        {"lat": [1.0, 0.0], "lon": [0.0, 1, 2], "time": [0, 1]},
    ).to_netcdf(path, engine="h5netcdf")
    assert pt.rast(path).names == ["v"]
    assert pt.sds(path).names == ["v"]


def test_an_uneven_variable_beside_an_even_one_is_left_with_a_warning(tmp_path):
    path = tmp_path / "a.nc"
    xr.Dataset(
        {"u": (("y", "x2"), np.zeros((2, 3))), "v": (("y", "x"), np.zeros((2, 3)))},
        {"y": [1.0, 0.0], "x": [0.0, 1, 2], "x2": ("x2", [0.0, 1, 5], {"axis": "X"})},
    ).to_netcdf(path, engine="h5netcdf")
    with pytest.warns(PyterraWarning, match="u lie on another grid"):
        assert pt.rast(path).names == ["v"]
    with pytest.raises(SourceError, match="evenly spaced"):
        pt.rast(path, subds="u")


def test_groups_are_folders_of_variables(tmp_path):
    path = tmp_path / "a.nc"
    d = xr.Dataset(
        {"v": (("lat", "lon"), np.arange(6.0).reshape(2, 3))}, {"lat": [0.0, 1.0], "lon": [0.0, 1, 2]}
    )
    d.to_netcdf(path, engine="h5netcdf", group="inner/deep")
    d.rename(v="w").drop_vars(["lat", "lon"]).to_netcdf(
        path, engine="h5netcdf", group="inner/deep/low", mode="a"
    )
    r = pt.rast(path, subds="inner/deep/v")
    assert list(r.ext) == [-0.5, 2.5, -0.5, 1.5]
    assert r.to_numpy()[0].tolist() == [[3, 4, 5], [0, 1, 2]]
    assert pt.rast(path)[0].names == ["v"]
    assert pt.rast(f'NETCDF:"{path}":inner/deep/v').names == ["v"]


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


def _two(d, folder):
    import h5netcdf

    path = saved(d.drop_attrs(), folder / "a.nc", encoding={"t": {"_FillValue": 7}})
    with h5netcdf.File(path, "r+") as file:
        file.variables["t"].attrs["missing_value"] = np.int16(3)
    return pt.rast(path)


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
        with pytest.raises(SourceError, match=r"\(lat2, lon2\) that do not tell which of them is longitude"):
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

    @pytest.mark.parametrize("told", ["names", "units", "standard names", "beside it", "counted"])
    def test_cells_that_arrays_place_are_rows_and_columns_of_a_sensor(self, tmp_path, told):
        col, row = np.meshgrid(np.arange(30.0), np.arange(20.0))
        lon, lat = 5 + 0.1 * col + 0.02 * row, 50 - 0.05 * row + 0.01 * col
        names = ("longitude", "latitude") if told == "names" else ("u", "w")
        attributes = {
            "units": ({"units": "degrees_east"}, {"units": "degrees_north"}),
            "standard names": ({"standard_name": "longitude"}, {"standard_name": "latitude"}),
        }.get(told, ({"units": "degree_east"}, {"units": "degree_north"}))
        if told == "names":
            attributes = ({}, {})
        pair = {name: (("j", "i"), v, a) for name, v, a in zip(names, (lon, lat), attributes, strict=True)}
        values = {"v": (("time", "j", "i"), np.stack([col, row]))}
        coords = {"i": ("i", np.arange(30)), "j": ("j", np.arange(20))} if told == "counted" else {}
        if told == "beside it":
            d = xr.Dataset(values | pair)
        else:
            d = xr.Dataset(values, pair | coords)
        r = pt.rast(saved(d, tmp_path / "a.nc"), subds="v")
        assert (r.names, r.ext, r.nlyr) == (["v_1", "v_2"], pt.ext(0, 30, 0, 20), 2)
        assert r.geoloc()["x"][0].endswith(f"a.nc:{names[0]}")
        np.testing.assert_array_equal(r.to_numpy(), [col, row])
        there = r.project("EPSG:4326", "near")
        if told != "beside it":  # what is not told to belong to an array does not come with it
            again = pt.rast(xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf")["v"])
            np.testing.assert_array_equal(again.project("EPSG:4326", "near").to_numpy(), there.to_numpy())
        points = pt.vect(np.column_stack([lon[::3, ::4].ravel(), lat[::3, ::4].ravel()]), crs="EPSG:4326")
        found = r.project(pt.rast(extent=there.ext, resolution=0.002, crs="EPSG:4326"), "near").extract(
            points, id=False
        )
        np.testing.assert_array_equal(found, np.column_stack([col[::3, ::4].ravel(), row[::3, ::4].ravel()]))

    def test_arrays_with_codes_and_scales_are_unpacked(self, tmp_path):
        col, row = np.meshgrid(np.arange(30.0), np.arange(20.0))
        lon, lat = 5 + 0.1 * col, 50 - 0.05 * row
        lon[:, 25:] = np.nan
        d = xr.Dataset(
            {"v": (("j", "i"), col)},
            {
                "lon": (("j", "i"), lon, {"units": "degrees_east"}),
                "lat": (("j", "i"), lat, {"units": "degrees_north"}),
            },
        )
        packed = {"dtype": "int16", "scale_factor": 0.01, "add_offset": 10.0, "_FillValue": -9999}
        r = pt.rast(saved(d, tmp_path / "a.nc", encoding={"lon": packed, "lat": packed}))
        found = r.project("EPSG:4326", "near").to_numpy()
        assert (np.nanmin(found), np.nanmax(found)) == (0, 24)

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
