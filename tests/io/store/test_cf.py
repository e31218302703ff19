"""Packed values and codes for missing, as the CF conventions have them; xarray's decoders are the oracle."""

import warnings

import numpy as np
import pytest
from cf_files import write

import pyterra as pt

xr = pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")

ENGINES = ["h5netcdf", "scipy"]


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


# Which variables


# Times
