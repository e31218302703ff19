"""Values that a file cannot hold are an error, unless told to clip or to set them missing."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ArgumentError, ValueRangeError

NAN = float("nan")
TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"]


def line(*values):
    return pt.rast(np.array([values], dtype="float64"), names=["level"])


@pytest.mark.parametrize(
    ("dtype", "nodata"),
    [
        ("uint8", 300), ("uint8", -1), ("uint8", 1.5), ("uint8", NAN), ("int8", 128), ("int16", -9999.5),
        ("int16", 40000), ("uint16", -9999), ("int32", 2**31), ("uint32", -1), ("float32", 1e300),
        ("int64", 2**63), ("uint64", 2**64), ("uint64", -1), ("int16", float("inf")),
    ],
)  # fmt: skip
def test_a_code_that_the_type_cannot_hold_is_refused_before_anything_is_computed(tmp_path, dtype, nodata):
    with pytest.raises(ArgumentError, match=r"nodata: must be"):
        line(1, 2).write_raster(tmp_path / "a.tif", datatype=dtype, nodata=nodata)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dtype", TYPES)
def test_values_out_of_range_are_an_error_that_says_where(tmp_path, dtype):
    limit = float(np.finfo(dtype).max) * 10 if dtype == "float32" else float(np.iinfo(dtype).max) + 1
    with pytest.raises(ValueRangeError, match=rf"must fit {dtype} .*a\.tif layer 'level'.*rows") as error:
        line(1, limit, 3).write_raster(tmp_path / "a.tif", datatype=dtype)
    assert "1 cells" in str(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dtype", TYPES[:-1])
def test_values_out_of_range_are_clipped_when_asked(tmp_path, dtype):
    low, high = float(np.iinfo(dtype).min), float(np.iinfo(dtype).max)
    r = line(low - 5, 1, high + 5, NAN)
    code = 7
    written = r.write_raster(tmp_path / "a.tif", datatype=dtype, out_of_range="clip", nodata=code)
    assert np.array_equal(written.values(drop=True), [low, 1, high, NAN], equal_nan=True)


@pytest.mark.parametrize("dtype", TYPES)
def test_values_out_of_range_become_missing_when_asked(tmp_path, dtype):
    limit = float(np.finfo(dtype).max) * 10 if dtype == "float32" else float(np.iinfo(dtype).max) + 1
    written = line(1, limit, 3).write_raster(tmp_path / "a.tif", datatype=dtype, out_of_range="na")
    assert np.array_equal(written.values(drop=True), [1, NAN, 3], equal_nan=True)


def test_a_value_that_is_the_code_for_missing_is_an_error(tmp_path):
    with pytest.raises(ValueRangeError, match=r"2 cells of .*a\.tif layer 'level'.* have the value 255"):
        line(1, 255, 254.7, NAN).write_raster(tmp_path / "a.tif", datatype="uint8")
    written = line(1, 255, NAN).write_raster(tmp_path / "a.tif", datatype="uint8", nodata=0)
    assert np.array_equal(written.values(drop=True), [1, 255, NAN], equal_nan=True)


def test_missing_cells_without_a_code_are_an_error(tmp_path):
    with pytest.raises(ValueRangeError, match=r"1 cells are missing but uint8 has no code"):
        line(1, NAN).write_raster(tmp_path / "a.tif", datatype="uint8", nodata=None)


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_values_do_not_become_numbers(tmp_path, value):
    with pytest.raises(ValueRangeError):
        line(1, value).write_raster(tmp_path / "a.tif", datatype="int16")
    written = line(1, value).write_raster(tmp_path / "a.tif", datatype="float32")
    assert written.values(drop=True)[1] == value


@pytest.mark.parametrize(
    ("dtype", "code"), [("int64", -(2**63)), ("uint64", 2**64 - 1), ("int64", 2**53 + 1)]
)
def test_wide_codes_mark_the_cells_that_are_missing_and_no_others(tmp_path, dtype, code):
    written = line(1, NAN, 2**40).write_raster(tmp_path / "a.tif", datatype=dtype, nodata=code)
    assert np.array_equal(written.values(drop=True), [1, NAN, 2**40], equal_nan=True)
    with rasterio.open(tmp_path / "a.tif") as file:
        assert int(file.read()[0, 0, 1]) == code


def test_rounding_is_half_away_from_zero(tmp_path):
    written = line(0.5, 1.5, 2.4999, -0.5, -1.5).write_raster(tmp_path / "a.tif", datatype="int16")
    assert written.values(drop=True).tolist() == [1, 2, 2, -1, -2]
