"""To xarray and back, and from tables of points."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
)

xarray = pytest.importorskip("xarray")


@pytest.fixture
def r():
    values = np.arange(24.0).reshape(2, 3, 4)
    values[1, 0, 0] = np.nan
    return pt.rast(
        values, extent=(10, 50, 0, 30), crs="EPSG:3035", names=["a", "b"], time=["2020-01-01", "2021-01-01"]
    )


def test_coordinates_are_the_centres_of_cells(r):
    array = r.to_xarray()
    assert array["x"].values.tolist() == [15, 25, 35, 45]
    assert array["y"].values.tolist() == [25, 15, 5]
    assert array["time"].values.astype("datetime64[D]").astype(str).tolist() == ["2020-01-01", "2021-01-01"]


def test_there_and_back_is_the_same_raster(r):
    back = pt.rast(r.to_xarray())
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())
    assert back.ext == r.ext
    assert back.names == r.names
    assert back.time.tolist() == r.time.tolist()
    assert back.crs.equals(r.crs, ignore_axis_order=True)


def test_a_table_of_centres_becomes_a_raster_with_gaps():
    table = pd.DataFrame({"x": [0.5, 1.5, 0.5], "y": [1.5, 1.5, 0.5], "height": [1.0, 2.0, 3.0]})
    made = pt.rast(table, type="xyz")
    np.testing.assert_array_equal(made.to_numpy(), [[[1, 2], [3, np.nan]]])
    assert made.names == ["height"]
    assert list(made.ext) == [0, 2, 0, 2]


def test_numpy_takes_a_raster_and_hands_arithmetic_over(r):
    assert np.asarray(r).shape == (2, 3, 4)
    assert isinstance(np.array([1.0, 2.0]) * r, pt.SpatRaster)


# xarray in


# xarray out


def test_chunks_are_computed_when_they_are_asked_for(r):
    pytest.importorskip("dask")
    seen = []

    def double(block):
        seen.append(block.shape)
        return block * 2

    r.time = None
    lazy = r.app(double, per="block", nlyr=2).to_xarray(chunks={"y": 2, "x": 3})
    assert lazy.chunks == ((2,), (2, 1), (3, 1))
    seen.clear()
    part = lazy[:, 0:2, 0:3].compute()
    assert seen == [(2, 2, 3)]
    np.testing.assert_array_equal(part, r.to_numpy()[:, 0:2, 0:3] * 2)
    with pytest.raises(ArgumentError, match="chunks are for band, y, x, got row"):
        r.to_xarray(chunks={"row": 2})
    assert r.to_xarray(chunks=(1, -1, -1)).chunks == ((1, 1), (3,), (4,))


@pytest.mark.parametrize("chunks", [None, (1, 2, 2)])
@pytest.mark.parametrize("saved", [False, True], ids=["in memory", "through NetCDF"])
def test_what_goes_out_comes_back(r, chunks, saved, tmp_path):
    made = pt.c(r[0] > 5, r[1] + 0, (r[0] % 2))
    made = made.set_time([2001, 2002, 2003], "years")
    made.units = ["m", "", "kg"]
    made.names = ["a b", "c", "c"]
    made.depth = [1.0, 2.0, 3.0]
    out = made.to_xarray(chunks=chunks)
    if saved:
        out.to_dataset(name="v").to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
        out = xarray.open_dataset(tmp_path / "a.nc", engine="h5netcdf", decode_coords="all")["v"].load()
    back = pt.rast(out)
    assert (back.names, back.units, back.depth) == (made.names, made.units, made.depth)
    assert (back.time_info(), list(back.time)) == ("years", [2001, 2002, 2003])
    np.testing.assert_array_equal(back.to_numpy(), made.to_numpy())


@pytest.mark.parametrize("way", ["xarray", "write_cdf", "xarray's file"])
def test_classes_and_colours_come_back(way, tmp_path):
    r = pt.rast(np.array([[[1, 2], [2, 1]]], "uint8"), extent=(0, 2, 0, 2), names="land")
    r.levels = pd.DataFrame({"value": [1, 2], "label": ["mixed forest", "water"], "share": [0.5, 0.25]})
    r.colors = {1: (0, 255, 0), 2: (0, 0, 255, 128)}
    if way == "write_cdf":
        back = r.write_cdf(tmp_path / "a.nc")
    elif way == "xarray":
        back = pt.rast(r.to_xarray())
    else:
        r.to_xarray().to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
        back = pt.rast(tmp_path / "a.nc")
    assert back.is_factor() == [True]
    pd.testing.assert_frame_equal(back.levels[0], r.levels[0])
    assert back._node.layers[0].colors == r._node.layers[0].colors
    assert back.values().tolist() == r.values().tolist()


@pytest.mark.parametrize("kind", ["bool", "int"])
def test_flags_of_layers_come_back(kind):
    r = pt.rast(np.array([[[1, 0]]], "uint8"), extent=(0, 2, 0, 1))
    r = r > 0 if kind == "bool" else r
    back = pt.rast(r.to_xarray())
    assert [layer.kind for layer in back._node.layers] == [kind]


def test_xarray_there_and_back(r):
    xarray = pytest.importorskip("xarray")
    r.time = ["2020-01-31", "2020-02-29"]
    array = r.to_xarray()
    assert array.dims == ("time", "y", "x")
    assert array.coords["spatial_ref"].attrs["crs_wkt"]
    back = pt.rast(array)
    assert back.names == ["a", "b"]
    assert (back.time == r.time).all()
    assert back.compare_geom(r)
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())
    upside_down = pt.rast(array.isel(y=slice(None, None, -1)))
    np.testing.assert_array_equal(upside_down.to_numpy(), r.to_numpy())
    with pytest.raises(ArgumentError, match="evenly"):
        pt.rast(xarray.DataArray(np.ones((2, 3)), coords={"y": [1, 0], "x": [0, 1, 5]}, dims=("y", "x")))
    assert pt.rast(array.to_dataset(name="v")).names == ["a", "b"]
