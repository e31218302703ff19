"""Stored values and values: every type both ways, rounding, ranges, nodata codes and what meets them."""

from __future__ import annotations

import numpy as np
import pytest
from turns import each_in_turn

from pyterra.kernels import convert

NAN, INF = np.nan, np.inf
INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]


@pytest.mark.parametrize("dtype", [*INTEGERS, "float32", "float64"])
@pytest.mark.parametrize("out_dtype", ["float32", "float64"])
def test_the_nodata_code_becomes_nan(dtype, out_dtype):
    raw = np.array([[1, 7, 3], [7, 0, 100]], dtype)
    got = convert.decode(raw, 7, out_dtype=out_dtype)
    np.testing.assert_array_equal(got, [[1, NAN, 3], [NAN, 0, 100]])
    assert got.dtype == out_dtype


def test_scale_and_offset_come_after_the_nodata_code():
    got = convert.decode(np.array([0, 1, 255], "uint8"), 255, 0.1, 5)
    np.testing.assert_array_equal(got, [5, 1 * 0.1 + 5, NAN])


def test_64_bit_codes_are_compared_exactly():
    code = 2**63 - 1
    raw = np.array([code, code - 1], "int64")
    np.testing.assert_array_equal(np.isnan(convert.decode(raw, code)), [True, False])
    raw = np.array([2**64 - 1, 2**64 - 2], "uint64")
    np.testing.assert_array_equal(np.isnan(convert.decode(raw, 2**64 - 1)), [True, False])


@pytest.mark.parametrize("nodata", [None, NAN, -9999, 300, 1.5, INF])
def test_a_code_that_the_type_cannot_hold_matches_nothing(nodata):
    np.testing.assert_array_equal(convert.decode(np.array([0, 1, 255], "uint8"), nodata), [0, 1, 255])


def test_nan_is_missing_in_floating_types_with_and_without_a_code():
    raw = np.array([NAN, -9999, 1], "float32")
    np.testing.assert_array_equal(convert.decode(raw, -9999), [NAN, NAN, 1])
    np.testing.assert_array_equal(convert.decode(raw), [NAN, -9999, 1])
    lowest = np.array([-3.4028234663852886e38, 0.1], "float32")
    np.testing.assert_array_equal(np.isnan(convert.decode(lowest, -3.4028234663852886e38)), [True, False])


def test_bools_and_strided_arrays_decode():
    raw = np.arange(12, dtype="int16").reshape(3, 4)[:, ::2]
    np.testing.assert_array_equal(convert.decode(raw, 6), [[0, 2], [4, NAN], [8, 10]])
    np.testing.assert_array_equal(convert.decode(np.array([True, False])), [1, 0])


def test_integers_are_rounded_half_away_from_zero():
    values = np.array([0.4, 0.5, 1.5, 2.5, -0.5, -1.5, -2.4, np.nextafter(0.5, 0), -np.nextafter(0.5, 0)])
    assert convert.encode(values, "int16").raw.tolist() == [0, 1, 2, 3, -1, -2, -2, 0, 0]


@pytest.mark.parametrize(
    ("dtype", "source"), each_in_turn([(dtype,) for dtype in INTEGERS], [("float32",), ("float64",)])
)
def test_the_range_of_every_integer_type_is_kept(dtype, source):
    limits = np.iinfo(dtype)
    top = np.array(float(limits.max), source)
    while int(top) > limits.max:
        top = np.nextafter(top, np.array(0, source))
    values = np.array([float(limits.min), top, 0, 100], source)
    encoded = convert.encode(values, dtype)
    assert encoded.raw.tolist() == [limits.min, int(top), 0, 100]
    assert encoded.out_of_range == 0
    beyond = np.array([5, float(limits.min) * 2 - 300, float(limits.max) * 2 + 1000, INF, -INF], source)
    encoded = convert.encode(beyond, dtype)
    assert encoded.out_of_range == 4
    assert encoded.first_out_of_range == beyond[1]
    assert encoded.raw[1] == limits.min


def test_values_that_round_into_the_range_fit():
    encoded = convert.encode(np.array([255.4, -0.4, 255.5, -0.5]), "uint8")
    assert encoded.raw.tolist() == [255, 0, 255, 0]
    assert encoded.out_of_range == 2


def test_missing_values_take_the_code():
    encoded = convert.encode(np.array([NAN, 1, NAN]), "uint8", 255)
    assert encoded.raw.tolist() == [255, 1, 255]
    assert (encoded.missing_lost, encoded.collisions, encoded.out_of_range) == (0, 0, 0)
    assert np.isnan(encoded.first_collision)


def test_missing_values_without_a_code_are_reported():
    assert convert.encode(np.array([NAN, 1, NAN]), "uint8").missing_lost == 2
    encoded = convert.encode(np.array([300.0, NAN]), "uint8", mode="na")
    assert (encoded.out_of_range, encoded.missing_lost) == (1, 2)


def test_a_valid_value_that_meets_the_code_is_a_collision():
    encoded = convert.encode(np.array([1, 254.7, NAN, 255]), "uint8", 255)
    assert (encoded.collisions, encoded.first_collision) == (2, 254.7)
    encoded = convert.encode(np.array([NAN, -9999]), "float32", -9999)
    assert (encoded.collisions, encoded.first_collision) == (1, -9999)


def test_out_of_range_can_become_missing():
    encoded = convert.encode(np.array([300, NAN, -2, 3]), "uint8", 255, mode="na")
    assert encoded.raw.tolist() == [255, 255, 255, 3]
    assert (encoded.out_of_range, encoded.collisions) == (2, 0)


def test_clipping_does_not_make_values_missing():
    encoded = convert.encode(np.array([300, NAN, -2, 255]), "uint8", 255, mode="clip")
    assert encoded.raw.tolist() == [254, 255, 0, 254]
    assert (encoded.out_of_range, encoded.collisions) == (3, 0)
    assert convert.encode(np.array([-200.0, 200]), "int8", -128, mode="clip").raw.tolist() == [-127, 127]


@pytest.mark.parametrize("nodata", [None, NAN])
def test_floating_types_store_nan_and_infinities(nodata):
    encoded = convert.encode(np.array([NAN, INF, -INF, 0.1]), "float32", nodata)
    np.testing.assert_array_equal(encoded.raw, np.array([NAN, INF, -INF, 0.1], "float32"))
    assert (encoded.out_of_range, encoded.missing_lost) == (0, 0)


@pytest.mark.parametrize("mode", ["error", "clip", "na"])
def test_values_beyond_float32_are_out_of_range(mode):
    encoded = convert.encode(np.array([1e39, -1e39, INF]), "float32", mode=mode)
    assert (encoded.out_of_range, encoded.first_out_of_range) == (2, 1e39)
    largest = np.finfo("float32").max
    np.testing.assert_array_equal(encoded.raw, [NAN, NAN, INF] if mode == "na" else [largest, -largest, INF])


@pytest.mark.parametrize("dtype", [*INTEGERS, "float32", "float64"])
@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (0.1, 0), (0.0001, -0.2), (-2, 30)])
def test_stored_values_come_back_as_they_were(dtype, scale, offset):
    raw = np.random.default_rng(1).integers(0, 127, (3, 3000)).astype(dtype)
    values = convert.decode(raw, 5, scale, offset)
    encoded = convert.encode(values, dtype, 5, scale=scale, offset=offset)
    np.testing.assert_allclose(encoded.raw, raw, rtol=0 if raw.dtype.kind != "f" else 1e-5, atol=1e-5)
    assert (encoded.out_of_range, encoded.collisions) == (0, 0)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32"])
def test_random_values_equal_numpy(dtype):
    rng = np.random.default_rng(0)
    values = rng.uniform(-20, 300, 20_011)
    values[rng.random(values.size) < 0.1] = NAN
    encoded = convert.encode(values, dtype, 77)
    expected = values.copy()
    if dtype != "float32":
        expected = np.copysign(np.floor(np.abs(values) + 0.5), values)
        outside = (expected < np.iinfo(dtype).min) | (expected > np.iinfo(dtype).max)
        assert encoded.out_of_range == outside.sum()
        assert encoded.collisions == (expected == 77).sum()
        assert not outside.any() or encoded.first_out_of_range == values[outside][0]
        expected = np.clip(expected, np.iinfo(dtype).min, np.iinfo(dtype).max)
    np.testing.assert_array_equal(encoded.raw, np.where(np.isnan(values), 77, expected).astype(dtype))


def test_what_cannot_be_stored_is_refused():
    with pytest.raises(ValueError, match="uint8 cannot hold the nodata value -9999"):
        convert.encode(np.ones(2), "uint8", -9999)
    with pytest.raises(ValueError, match="cannot hold the nodata value nan"):
        convert.encode(np.ones(2), "int16", NAN)
    with pytest.raises(TypeError, match="got complex64"):
        convert.encode(np.ones(2), "complex64")
    with pytest.raises(ValueError, match="got 'wrap'"):
        convert.encode(np.ones(2), "uint8", mode="wrap")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scale must not be 0"):
        convert.encode(np.ones(2), "uint8", scale=0)
