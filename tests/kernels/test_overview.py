"""Half the resolution, against plain numpy and by hand."""

import numpy as np
import pytest

from pyterra.kernels.overview import halved

TYPES = ["uint8", "int8", "uint16", "int16", "int32", "uint64", "int64", "float32", "float64"]


def cells(block):
    """The cells of each new one, of shape (layer, row, col, 4) as Python numbers; None beyond the edge."""
    layers, rows, cols = block.shape
    out = np.full((layers, -(-rows // 2), -(-cols // 2), 4), None, object)
    for layer, row, col in np.ndindex(block.shape):
        out[layer, row // 2, col // 2, row % 2 * 2 + col % 2] = block[layer, row, col].item()
    return out


def expected(block, how, code):
    def one(four):
        inside = [v for v in four if v is not None]
        valid = [v for v in inside if v == v and v != code]
        if how == "nearest":
            return four[0]
        if not valid:
            return code if how == "average" and code is not None else inside[0]
        if how == "average":
            return average(valid)
        counts = {}
        best = valid[0]
        for v in valid:
            counts[v] = counts.get(v, 0) + 1
            best = v if counts[v] > counts[best] else best
        return best

    def average(valid):
        if block.dtype.kind == "f":
            mean = block.dtype.type(sum(map(float, valid)) / len(valid))
            return np.nextafter(mean, block.dtype.type(np.inf)) if mean == code else mean
        total, count = sum(valid), len(valid)
        mean = (2 * abs(total) + count) // (2 * count) * (1 if total >= 0 else -1)
        return mean if mean != code else code + 1 if code < np.iinfo(block.dtype).max else code - 1

    four = cells(block)
    out = [one(four[at]) for at in np.ndindex(four.shape[:3])]
    return np.array(out, block.dtype).reshape(four.shape[:3])


@pytest.mark.parametrize("how", ["average", "mode", "nearest"])
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("code", [None, 3])
def test_halves_of_random_blocks_are_as_counted(how, dtype, code):
    rng = np.random.default_rng(len(dtype))
    for shape in ((2, 7, 9), (1, 1, 1), (1, 4, 6)):
        low = 0 if dtype.startswith("u") else -4
        block = rng.integers(low, 8, shape).astype(dtype)
        np.testing.assert_array_equal(halved(block, how, code), expected(block, how, code))


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "uint64", "int64"])
def test_averages_of_the_largest_numbers_do_not_run_over(dtype):
    limits = np.iinfo(dtype)
    ends = np.array([limits.min, limits.min + 1, limits.max - 2, limits.max], dtype)
    block = np.random.default_rng(1).choice(ends, (1, 20, 20))
    for code in (None, limits.max):
        np.testing.assert_array_equal(halved(block, "average", code), expected(block, "average", code))


@pytest.mark.parametrize("how", ["average", "mode"])
def test_what_is_missing_throughout_stays_missing(how):
    nothing = np.full((1, 2, 2), np.nan, "float32")
    assert np.isnan(halved(nothing, how)).all()
    assert np.isnan(halved(nothing, how, float("nan"))).all()
    assert halved(np.full((1, 3, 3), 255, "uint8"), how, 255).tolist() == [[[255, 255], [255, 255]]]
    assert halved(np.array([[[np.nan, 4.0]]]), how).tolist() == [[[4.0]]]


def test_an_average_that_is_not_missing_is_not_the_code():
    assert halved(np.array([[[4, 6]]], "uint8"), "average", 5).tolist() == [[[6]]]
    assert halved(np.array([[[1.0, -1.0]]]), "average", 0.0).tolist() == [[[5e-324]]]
