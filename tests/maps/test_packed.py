"""Arrays and pictures as text, read again by others."""

import base64
import io
import zlib

import numpy as np
import pytest

from pyterra.maps.packed import packed, packed_values, png, png_address


def unpacked(told):
    found = np.frombuffer(zlib.decompress(base64.b64decode(told["data"])), np.dtype(told["type"]))
    return np.where(found == told["missing"], np.nan, found) if "missing" in told else found


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ([0, 254, np.nan], "uint8"),
        ([0, 255, np.nan], "int16"),
        ([-32767, 3], "int16"),
        ([-32768, 3], "float64"),
        ([0.5, np.nan], "float64"),
        ([np.inf, 1], "float64"),
        ([np.nan, np.nan], "uint8"),
    ],
)
def test_values_come_back_from_the_smallest_type_that_holds_them(values, name):
    values = np.array(values, np.float64)
    told = packed_values(values)
    assert told["type"] == name
    assert np.array_equal(unpacked(told), values, equal_nan=True)


def test_bytes_are_in_the_order_that_browsers_have():
    assert unpacked(packed(np.arange(6, dtype=">i4"))).tolist() == list(range(6))
    assert unpacked(packed(np.arange(6.0).reshape(2, 3)[:, ::-1])).tolist() == [2, 1, 0, 5, 4, 3]


@pytest.mark.parametrize("colors", [1, 256, 257])
def test_pictures_are_what_they_were(colors):
    image = pytest.importorskip("PIL.Image")
    rng = np.random.default_rng(colors)
    table = rng.integers(0, 256, (colors, 4), np.uint8)
    rgba = table[rng.integers(0, colors, (37, 41))]
    found = image.open(io.BytesIO(png(rgba)))
    assert np.array_equal(np.asarray(found.convert("RGBA")), rgba)
    assert png_address(rgba).startswith("data:image/png;base64,")
