"""Where the cells of a variable lie: coordinates, units, reference systems."""

import numpy as np
import pytest
from cf_files import write

import pyterra as pt
from pyterra.io.store.cf_grid import unwrapped

pytest.importorskip("h5netcdf")


xr = pytest.importorskip("xarray")
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


def test_a_crs_that_no_variable_names_is_found_where_there_is_one(tmp_path):
    import pyproj

    told = {"crs_wkt": pyproj.CRS(32631).to_wkt()}
    path = write(tmp_path / "a.nc", np.zeros((2, 3)), spatial_ref=((), 0, told))
    assert pt.rast(path).crs.to_epsg() == 32631
