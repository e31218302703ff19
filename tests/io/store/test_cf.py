"""Attributes of the CF conventions mean the same for values and coordinates; xarray's decoders are the oracle."""

import warnings

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import PyterraWarning, SourceError
from pyterra.io.store import cf_time
from pyterra.io.store.cf_grid import unwrapped

xr = pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")

ENGINES = ["h5netcdf", "scipy"]
STERE = {
    "grid_mapping_name": "polar_stereographic",
    "latitude_of_projection_origin": 90.0,
    "straight_vertical_longitude_from_pole": -45.0,
    "standard_parallel": 70.0,
    "false_easting": 0.0,
    "false_northing": 0.0,
    "semi_major_axis": 6378273.0,
    "inverse_flattening": 298.279411123064,
}


def write(
    path,
    values,
    told=None,
    x=(0.5, 1.5, 2.5),
    y=(1.5, 0.5),
    x_told=None,
    y_told=None,
    engine="h5netcdf",
    **more,
):
    """A file with one variable of two rows and three columns, as it is stored; nothing is encoded."""
    d = xr.Dataset(
        {"v": (("y", "x"), np.asarray(values), dict(told or {})), **more},
        {"x": ("x", np.asarray(x), dict(x_told or {})), "y": ("y", np.asarray(y), dict(y_told or {}))},
    )
    d.to_netcdf(
        path,
        engine=engine,
        encoding={n: {"_FillValue": None} for n in d.variables if "_FillValue" not in d[n].attrs},
    )
    return path


def decoded(path, engine="h5netcdf"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with xr.open_dataset(path, engine=engine, decode_times=False) as d:
            return d["v"].to_numpy()


PACKINGS = {
    "scale and offset": ("int16", {"scale_factor": 0.5, "add_offset": 10.0, "_FillValue": np.int16(3)}),
    "scale alone": ("int16", {"scale_factor": 0.25}),
    "offset alone": ("uint8", {"add_offset": -1.0}),
    "unsigned bytes": ("int8", {"_Unsigned": "true", "_FillValue": np.int8(-1)}),
    "unsigned, scaled": ("int8", {"_Unsigned": "true", "_FillValue": np.int8(-3), "scale_factor": 0.5}),
    "signed bytes told": ("uint8", {"_Unsigned": "false", "_FillValue": np.uint8(255)}),
    "fill and missing value": ("int16", {"_FillValue": np.int16(3), "missing_value": np.int16(4)}),
    "several missing values": ("int32", {"missing_value": np.array([3, 5], "int32")}),
    "float fill": ("float32", {"_FillValue": np.float32(3.0)}),
    "packed floats": ("float32", {"_FillValue": np.float32(3.0), "scale_factor": 2.0, "add_offset": 1.0}),
    "fill of zero": ("int16", {"_FillValue": np.int16(0), "scale_factor": 0.1}),
}  # fmt: skip
STORED = {"int8": [-1, -3, 3, 100, -128, 127], "uint8": [0, 3, 4, 200, 254, 255]}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", PACKINGS)
def test_packed_values_are_those_of_xarray(tmp_path, case, engine):
    dtype, told = PACKINGS[case]
    if engine == "scipy" and dtype == "uint8":
        pytest.skip("the classic format has no such type")
    values = np.array(STORED.get(dtype, [0, 3, 4, 5, -7, 1000]), dtype).reshape(2, 3)
    path = write(tmp_path / "a.nc", values, told, engine=engine)
    found = pt.rast(path).to_numpy()[0]
    np.testing.assert_allclose(found, decoded(path, engine).astype(float), rtol=1e-7)


@pytest.mark.parametrize("case", PACKINGS)
def test_coordinates_are_unpacked_as_values_are(tmp_path, case):
    dtype, told = PACKINGS[case]
    told = {k: v for k, v in told.items() if k not in ("_FillValue", "missing_value")}
    x = np.array([10, 12, 14], dtype)
    path = write(tmp_path / "a.nc", np.zeros((2, 3)), x=x, x_told=told)
    with xr.open_dataset(path, engine="h5netcdf") as d:
        centres = d["x"].to_numpy().astype(float)
    r = pt.rast(path)
    np.testing.assert_allclose(r.x_from_col(range(3)), centres)


def test_a_double_code_beside_floats_is_rounded_as_they_are(tmp_path):
    """xarray keeps the values: 1e20 in 32 bits is another number than in 64."""
    values = np.array([[1, 2, 1e20], [4, 5, 6]], "float32")
    r = pt.rast(write(tmp_path / "a.nc", values, {"missing_value": 1e20}))
    assert np.isnan(r.to_numpy()).sum() == 1


@pytest.mark.parametrize(
    ("dtype", "told", "valid"),
    [
        ("int16", {"valid_min": np.int16(2)}, [0, 0, 1, 1, 1, 1]),
        ("int16", {"valid_max": np.int16(3)}, [1, 1, 1, 1, 0, 0]),
        ("int16", {"valid_range": np.array([1, 4], "int16")}, [0, 1, 1, 1, 1, 0]),
        ("float32", {"valid_range": np.array([1, 4.0])}, [0, 1, 1, 1, 1, 0]),
        # packed, limits of the stored type: of stored numbers
        ("int16", {"valid_max": np.int16(3), "scale_factor": 0.5}, [1, 1, 1, 1, 0, 0]),
        # packed, limits of the type of values: of values
        ("int16", {"valid_max": 2.0, "scale_factor": 0.5}, [1, 1, 1, 1, 1, 0]),
        # unsigned: 0 to 250 is written as 0 to -6
        ("int8", {"valid_range": np.array([0, -6], "int8"), "_Unsigned": "true"}, [1, 1, 1, 1, 1, 1]),
        ("int8", {"valid_range": np.array([0, 4], "int8"), "_Unsigned": "true"}, [1, 1, 1, 1, 1, 0]),
    ],
)  # fmt: skip
def test_what_is_not_valid_is_missing(tmp_path, dtype, told, valid):
    """By the NetCDF user guide: limits are stored numbers, unless they have the wider type of the values."""
    values = np.arange(6).astype(dtype).reshape(2, 3)
    found = pt.rast(write(tmp_path / "a.nc", values, told)).to_numpy().ravel()
    assert (~np.isnan(found)).astype(int).tolist() == valid


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("dtype", "code"),
    [("int16", -32767), ("int32", -2147483647), ("float32", 9.96921e36), ("float64", 9.969209968386869e36)],
)
def test_cells_that_were_never_written_are_missing(tmp_path, dtype, code, engine):
    """The default fill values of NetCDF, as GDAL and netCDF4-python take them."""
    if dtype == "float32":
        code = np.float32(9.969209968386869e36)
    values = np.array([[1, 2, code], [4, 5, 6]], dtype)
    assert np.isnan(pt.rast(write(tmp_path / "a.nc", values, engine=engine)).to_numpy()).sum() == 1
    other = {"_FillValue": np.dtype(dtype).type(1)}
    found = pt.rast(write(tmp_path / "b.nc", values, other, engine=engine)).to_numpy()[0]
    assert np.isnan(found[0, 0])
    assert found[0, 2] == np.dtype(dtype).type(code)


def test_bytes_have_no_default_code(tmp_path):
    values = np.array([[-127, -128, 127], [0, 1, 2]], "int8")
    assert (pt.rast(write(tmp_path / "a.nc", values)).to_numpy()[0] == values).all()


def test_a_file_written_without_a_code_has_none(tmp_path):
    r = pt.rast(np.array([[-32767.0, 1]]))
    back = r.write_cdf(tmp_path / "a.nc", datatype="int16", missval=None)
    assert back.to_numpy().ravel().tolist() == [-32767, 1]


# Where cells lie


@pytest.mark.parametrize(
    ("units", "factor"), [("km", 1e-3), ("kilometers", 1e-3), ("m", 1), ("metre", 1), ("", 1)]
)
def test_a_polar_grid_lies_where_its_units_say(tmp_path, units, factor):
    x, y = np.array([-3837.5, -3812.5, -3787.5]) * 1e3, np.array([5837.5, 5812.5]) * 1e3
    told = {"units": units} if units else {}
    path = write(
        tmp_path / "a.nc", np.arange(6.0).reshape(2, 3), {"grid_mapping": "polar"}, x * factor, y * factor,
        {**told, "standard_name": "projection_x_coordinate"}, {**told, "standard_name": "projection_y_coordinate"},
        polar=((), 0, STERE),
    )  # fmt: skip
    r = pt.rast(path)
    assert list(r.ext) == [-3850000, -3775000, 5800000, 5850000]
    assert r.crs.to_cf()["grid_mapping_name"] == "polar_stereographic"


def test_angles_of_a_satellite_are_metres_at_its_height(tmp_path):
    """GOES: whole numbers, scaled to radians; the projection wants radians times the height."""
    goes = {
        "grid_mapping_name": "geostationary", "perspective_point_height": 35786023.0, "semi_major_axis": 6378137.0,
        "semi_minor_axis": 6356752.31414, "longitude_of_projection_origin": -75.0, "sweep_angle_axis": "x",
        "latitude_of_projection_origin": 0.0,
    }  # fmt: skip
    packed = {"scale_factor": 5.6e-05, "add_offset": -0.1, "units": "rad"}
    path = write(
        tmp_path / "a.nc", np.zeros((2, 3)), {"grid_mapping": "goes"}, np.arange(3, dtype="int16"),
        np.array([1, 0], "int16"), {**packed, "axis": "X"}, {**packed, "axis": "Y"}, goes=((), 0, goes),
    )  # fmt: skip
    expected = (np.arange(3) * 5.6e-05 - 0.1) * 35786023.0
    np.testing.assert_allclose(pt.rast(path).x_from_col(range(3)), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("lon", "xmin", "expected"),
    [
        ([359.5, 0.0, 0.5], -0.75, [0, 1, 2]),
        ([0.5, 0.0, 359.5], -0.75, [2, 1, 0]),
        ([358.5, 359.5, 0.5], -2, [0, 1, 2]),
        ([179.0, 180.0, -179.0], 178.5, [0, 1, 2]),
        ([-120.0, 0.0, 120.0], -180, [0, 1, 2]),
        ([300.0, 60.0, 180.0], -120, [0, 1, 2]),
        ([240.0, 0.0, 120.0], -180, [0, 1, 2]),
    ],
)
def test_longitudes_that_pass_the_end_of_their_circle_are_one_raster(tmp_path, lon, xmin, expected):
    told = {"units": "degrees_east"}, {"units": "degrees_north"}
    values = np.tile(np.arange(3.0), (2, 1))
    r = pt.rast(write(tmp_path / "a.nc", values, None, lon, (1.5, 0.5), *told))
    assert r.xmin == xmin
    assert r.to_numpy()[0, 0].tolist() == expected


def test_what_turns_more_than_once_is_left_alone():
    assert unwrapped(np.array([1.0, 2.0, np.nan])).tolist()[:2] == [1, 2]
    assert unwrapped(np.array([10.0])).tolist() == [10]


def test_one_row_is_as_high_as_its_bounds_say(tmp_path):
    path = tmp_path / "a.nc"
    xr.Dataset(
        {"v": (("lat", "lon"), np.zeros((1, 2))), "lat_bnds": (("lat", "nv"), [[40.0, 45.0]])},
        {"lat": ("lat", [42.5], {"bounds": "lat_bnds"}), "lon": [0.0, 1.0]},
    ).to_netcdf(path, engine="h5netcdf")
    assert list(pt.rast(path).ext) == [-0.5, 1.5, 40, 45]


# Which variables


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


def test_a_crs_that_no_variable_names_is_found_where_there_is_one(tmp_path):
    import pyproj

    told = {"crs_wkt": pyproj.CRS(32631).to_wkt()}
    path = write(tmp_path / "a.nc", np.zeros((2, 3)), spatial_ref=((), 0, told))
    assert pt.rast(path).crs.to_epsg() == 32631


# Times


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
        ([2000, 2001], "", None, ["2000.0", "2001.0"], "years"),
        ([1, 2], "", None, ["1.0", "2.0"], "raw"),
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


def test_a_time_without_a_dimension_is_that_of_all_layers(tmp_path):
    path = tmp_path / "a.nc"
    xr.Dataset(
        {
            "v": (("lat", "lon"), np.zeros((1, 2)), {"coordinates": "time"}),
            "time": ((), 3, {"units": "days since 2000-01-01"}),
        },
        {"lat": [0.0], "lon": [0.0, 1.0]},
    ).to_netcdf(path, engine="h5netcdf")
    assert pt.rast(path).time.astype(str).tolist() == ["2000-01-04"]


@pytest.mark.parametrize("step", ["years", "months", "yearmonths", "raw"])
def test_every_step_comes_back(tmp_path, step):
    r = pt.rast(np.zeros((2, 1, 2))).set_time([2001.5, 2002.25], step)
    back = r.write_cdf(tmp_path / "a.nc")
    assert (back.time_info(), list(back.time)) == (step, [2001.5, 2002.25])


def test_texts_along_a_dimension_are_names(tmp_path):
    path = tmp_path / "a.nc"
    xr.Dataset(
        {"v": (("band", "lat", "lon"), np.zeros((2, 1, 2)))},
        {"band": ["red", "nir"], "lat": [0.0], "lon": [0.0, 1.0]},
    ).to_netcdf(path, engine="h5netcdf")
    assert pt.rast(path).names == ["red", "nir"]
