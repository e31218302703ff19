"""Objects of xarray as rasters: where their cells lie, what is missing, what is read when."""

import pickle

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    SourceChangedError,
)

xarray = pytest.importorskip("xarray")


@pytest.fixture
def r():
    values = np.arange(24.0).reshape(2, 3, 4)
    values[1, 0, 0] = np.nan
    return pt.rast(
        values, extent=(10, 50, 0, 30), crs="EPSG:3035", names=["a", "b"], time=["2020-01-01", "2021-01-01"]
    )


def labelled(values=((1, 2, 3), (4, 5, 6)), x=(0.5, 1.5, 2.5), y=(1.5, 0.5), dims=("y", "x"), **more):
    """A small DataArray; `encoding` and further coordinates by keyword."""
    encoding, coords = more.pop("encoding", {}), more.pop("coords", {})
    made = xarray.DataArray(
        np.array(values), dims=dims, coords={dims[-2]: list(y), dims[-1]: list(x), **coords}, **more
    )
    made.encoding = dict(encoding)
    return made


def timed(stamps, dim="time", **told):
    values = np.arange(2.0 * len(stamps)).reshape(-1, 1, 2)
    made = labelled(values, (0.5, 1.5), (0.5,), (dim, "y", "x"), coords={dim: (dim, stamps, told)}, name="v")
    return made.assign_coords(spatial_ref=((), 0, {"GeoTransform": "0 1 0 1 0 -1"}))


def test_north_is_up_whatever_the_order_of_y(r):
    flipped = r.to_xarray().isel(y=slice(None, None, -1))
    np.testing.assert_array_equal(pt.rast(flipped).to_numpy(), r.to_numpy())


def test_uneven_coordinates_are_an_error():
    array = xarray.DataArray(
        np.zeros((2, 3)), dims=("y", "x"), coords={"y": [1.0, 0.0], "x": [0.0, 1.0, 5.0]}
    )
    with pytest.raises(ArgumentError, match="evenly spaced"):
        pt.rast(array)


@pytest.mark.parametrize("where", ["attrs", "encoding"])
@pytest.mark.parametrize("key", ["_FillValue", "missing_value", "nodata", "nodatavals"])
@pytest.mark.parametrize("dtype", ["int16", "float32", "float64"])
def test_codes_for_missing_are_missing_wherever_they_are_kept(where, key, dtype):
    code = (3,) if key == "nodatavals" else 3
    r = pt.rast(labelled(np.array([[1, 2, 3], [4, 5, 6]], dtype), **{where: {key: code}}))
    assert np.array_equal(r.to_numpy()[0], [[1, 2, np.nan], [4, 5, 6]], equal_nan=True)


@pytest.mark.parametrize("where", ["attrs", "encoding"])
def test_stored_numbers_are_unpacked(where):
    """As rioxarray gives them with masked=False: whole numbers, with the scale beside them."""
    told = {"scale_factor": 0.5, "add_offset": 10.0, "_FillValue": 3}
    r = pt.rast(labelled(np.array([[1, 2, 3], [4, 5, 6]], "int16"), **{where: told}))
    assert np.array_equal(r.to_numpy()[0], [[10.5, 11, np.nan], [12, 12.5, 13]], equal_nan=True)


def test_what_xarray_unpacked_is_not_unpacked_again(tmp_path):
    path = tmp_path / "a.nc"
    packed = {"dtype": "int16", "scale_factor": 0.5, "add_offset": 1.0, "_FillValue": 3}
    values = [[1.5, 2.0, np.nan], [3.0, 3.5, 4.0]]  # 3 is the value of 4, the code stands for 2.5
    labelled(values, name="v").to_dataset().to_netcdf(path, engine="h5netcdf", encoding={"v": packed})
    with xarray.open_dataset(path, engine="h5netcdf") as d:
        assert np.array_equal(pt.rast(d["v"]).to_numpy()[0], values, equal_nan=True)
    with xarray.open_dataset(path, engine="h5netcdf", mask_and_scale=False) as d:
        assert np.array_equal(pt.rast(d["v"]).to_numpy()[0], values, equal_nan=True)


def test_bands_have_codes_and_scales_of_their_own():
    a = labelled(
        [[[1, 2]], [[1, 2]]], (0.5, 1.5), (0.5,), ("band", "y", "x"), coords={"band": [1, 2]},
        attrs={"nodatavals": (1, 2), "scales": (1.0, 0.5), "res": (1.0, 1.0)},
    )  # fmt: skip
    a.coords["spatial_ref"] = ((), 0, {"GeoTransform": "0 1 0 1 0 -1"})
    assert np.array_equal(pt.rast(a).to_numpy()[:, 0], [[np.nan, 2], [0.5, np.nan]], equal_nan=True)


@pytest.mark.parametrize(
    "place",
    [
        "spatial_ref",
        "other name",
        "lost encoding",
        "crs attribute",
        "init",
        "crs object",
        "epsg",
        "proj:epsg",
        "proj:code",
    ],
)
def test_the_crs_is_found_wherever_it_is_kept(place):
    import pyproj

    told = {"crs_wkt": pyproj.CRS(32631).to_wkt()}
    coordinates = {
        "spatial_ref": ("spatial_ref", told, {"grid_mapping": "spatial_ref"}),
        "other name": ("utm", pyproj.CRS(32631).to_cf(), {"grid_mapping": "utm"}),
        "lost encoding": ("crs", {"spatial_ref": told["crs_wkt"]}, {}),
        "epsg": (None, 32631, {}),
        "proj:epsg": (None, 32631, {}),
        "proj:code": (None, "EPSG:32631", {}),
    }
    attributes = {"crs attribute": "EPSG:32631", "init": "+init=epsg:32631", "crs object": pyproj.CRS(32631)}
    a = labelled(attrs={"crs": attributes[place]} if place in attributes else {})
    if place in coordinates:
        name, value, a.encoding = coordinates[place]
        a.coords[name or place] = ((), 0, value) if name else value
    assert pt.rast(a).crs.to_epsg() == 32631


@pytest.mark.parametrize("dims", [("lat", "lon"), ("latitude", "longitude"), ("Lat", "Lon")])
def test_lat_and_lon_are_lon_lat(dims):
    assert pt.rast(labelled(dims=dims)).is_lonlat()
    assert pt.rast(labelled()).crs is None


def test_coordinates_count_not_a_geotransform_of_before():
    a = labelled()
    a.coords["spatial_ref"] = ((), 0, {"GeoTransform": "100 7 0 100 0 -7"})
    assert list(pt.rast(a).ext) == [0, 3, 0, 2]
    assert list(pt.rast(a.isel(x=slice(1, None))).ext) == [1, 3, 0, 2]
    assert list(pt.rast(a.drop_vars(["x", "y"])).ext) == [100, 121, 86, 100]
    with pytest.raises(ArgumentError, match="needs coordinates"):
        pt.rast(a.drop_vars(["x", "y", "spatial_ref"]))


def test_dimensions_are_known_by_their_standard_names():
    a = labelled(dims=("row", "column")).T
    a["row"].attrs["standard_name"], a["column"].attrs["standard_name"] = "latitude", "longitude"
    assert pt.rast(a).to_numpy()[0].tolist() == [[1, 2, 3], [4, 5, 6]]


def test_one_coordinate_does_not_tell_the_cell_size():
    a = labelled([[1.0, 2.0, 3.0]], y=(0.5,))
    with pytest.raises(ArgumentError, match="one y coordinate does not tell the cell size"):
        pt.rast(a)
    a.coords["spatial_ref"] = ((), 0, {"GeoTransform": "0 1 0 3 0 -5"})
    assert list(pt.rast(a).ext) == [0, 3, -2, 3]


@pytest.mark.parametrize("calendar", ["noleap", "360_day", "standard"])
def test_dates_of_cftime_are_dates(calendar):
    cftime = pytest.importorskip("cftime")
    a = timed(
        [cftime.datetime(2001, 2, 3, calendar=calendar), cftime.datetime(2001, 3, 3, calendar=calendar)]
    )
    a.coords["spatial_ref"] = ((), 0, {"GeoTransform": "0 1 0 1 0 -1"})
    assert pt.rast(a).time.astype(str).tolist() == ["2001-02-03", "2001-03-03"]


@pytest.mark.parametrize("dim", ["time", "year"])
def test_whole_numbers_that_are_years_are_years(dim):
    r = pt.rast(timed([2000, 2001], dim))
    assert (r.time_info(), list(r.time), r.names) == ("years", [2000, 2001], ["v_1", "v_2"])


def test_names_come_from_coordinates_attributes_or_the_array():
    values = np.zeros((2, 2, 2))
    plain = {"x": (0.5, 1.5), "y": (1.5, 0.5), "dims": ("band", "y", "x")}
    assert pt.rast(labelled(values, **plain, coords={"band": ["red", "nir"]})).names == ["red", "nir"]
    assert pt.rast(labelled(values, **plain, attrs={"long_name": ("red", "nir")})).names == ["red", "nir"]
    assert pt.rast(labelled(values, **plain, name="v", coords={"band": [1, 2]})).names == ["v_1", "v_2"]
    assert pt.rast(labelled(values, **plain, coords={"band": [1, 2]})).names == ["lyr.1", "lyr.2"]
    assert pt.rast(labelled(values[:1], **plain, name="v", coords={"band": [1]})).names == ["v"]


def test_a_dataset_is_the_layers_of_its_variables():
    d = xarray.Dataset({"a": labelled(), "b": labelled() * 2, "n": ("k", [1.0])})
    r = pt.rast(d)
    assert r.names == ["a", "b"]
    assert r.to_numpy()[1, 0].tolist() == [2, 4, 6]
    with pytest.raises(ArgumentError, match="share a grid"):
        pt.rast(xarray.Dataset({"a": labelled(), "c": labelled(dims=("lat", "lon"), x=(5, 6, 7))}))
    with pytest.raises(ArgumentError, match="rows and columns"):
        pt.rast(d[["n"]])


def test_four_dimensions_are_layers():
    values = np.arange(12.0).reshape(2, 1, 2, 3)
    coords = {"time": pd.to_datetime(["2001-01-01", "2001-01-02"]), "band": [1]}
    r = pt.rast(labelled(values, dims=("time", "band", "y", "x"), coords=coords, name="v"))
    assert (r.names, r.time.astype(str).tolist()) == (["v_1", "v_2"], ["2001-01-01", "2001-01-02"])
    assert (r.to_numpy() == values[:, 0]).all()


def test_a_dask_array_stays_lazy():
    dask_array = pytest.importorskip("dask.array")
    asked = []

    def part(block_info=None):
        asked.append(block_info[None]["chunk-location"])
        return np.full((1, 2, 3), float(asked[-1][0]))

    lazy = dask_array.map_blocks(part, chunks=((1, 1), (2, 2), (3, 3)), dtype=float, meta=np.empty((0, 0, 0)))
    a = xarray.DataArray(
        lazy, dims=("band", "y", "x"), coords={"y": [3.5, 2.5, 1.5, 0.5], "x": np.arange(6) + 0.5}
    )
    r = pt.rast(a) + 1
    assert asked == []
    assert (r[1][0:2, 0:3] == 2).all()
    assert asked == [(1, 0, 0)]
    assert (pickle.loads(pickle.dumps(pt.rast(labelled().chunk()))).to_numpy()[0] == labelled()).all()


def test_a_file_that_xarray_opened_is_read_when_it_is_asked_for(tmp_path):
    path = tmp_path / "a.nc"
    labelled(np.arange(6.0).reshape(2, 3), y=(0.5, 1.5), name="v").to_netcdf(path, engine="h5netcdf")
    with xarray.open_dataset(path, engine="h5netcdf") as d:
        r = pt.rast(d["v"])
        assert not d["v"].variable._in_memory
        assert r.to_numpy()[0].tolist() == [[3, 4, 5], [0, 1, 2]]
        assert not d["v"].variable._in_memory
    labelled(name="v").to_netcdf(path, engine="h5netcdf")
    with pytest.raises(SourceChangedError, match=r"a\.nc has changed"):
        (r + 0).to_numpy()
