"""Statistics of bytes from counts equal those of the values."""

import numpy as np
import pytest

from pyterra.kernels.bytes import byte_moments
from pyterra.kernels.finish import finish
from pyterra.kernels.reduce import merge_moments, moments


@pytest.mark.parametrize("nodata", [None, 255, 0, 7])
@pytest.mark.parametrize("cells", [1, 3, 4, 1001])
def test_counts_give_what_values_give(nodata, cells):
    rng = np.random.default_rng(cells)
    stored = rng.choice(np.array([0, 1, 7, 100, 254, 255], "uint8"), (3, cells))
    values = stored.astype(float)
    if nodata is not None:
        values[stored == nodata] = np.nan
    found, expected = byte_moments(stored, nodata), moments(values)
    for name in ("count", "count_na", "min", "max", "sum", "mean", "std", "sd"):
        np.testing.assert_allclose(
            finish(found, name, True), finish(expected, name, True), rtol=1e-13, atol=1e-13
        )


def test_parts_merge_whatever_is_missing_in_them():
    rng = np.random.default_rng(1)
    stored = rng.integers(0, 256, (1, 999)).astype("uint8")
    stored[:, :400] = 255
    parts = [byte_moments(stored[:, a:b], 255) for a, b in ((0, 400), (400, 777), (777, 999))]
    merged = merge_moments(merge_moments(parts[0], parts[1]), parts[2])
    whole = byte_moments(stored, 255)
    for name in ("count", "count_na", "min", "max", "sum", "mean", "std"):
        np.testing.assert_allclose(finish(merged, name, True), finish(whole, name, True), rtol=1e-13)
