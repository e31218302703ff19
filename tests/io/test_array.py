"""Values in memory as a source."""

import numpy as np
import pytest

from pyterra.errors import ValueRangeError
from pyterra.grid import Window
from pyterra.io.array import ArraySource

ARRAY = np.arange(60, dtype=np.uint8).reshape(3, 4, 5)
SOURCE = ArraySource(ARRAY)
F4 = np.dtype("float32")


def test_bands_that_follow_each_other_are_not_copied():
    window = Window(1, 2, 2, 3)
    found = SOURCE.read_stored((1, 2), window)
    assert np.shares_memory(found, ARRAY)
    np.testing.assert_array_equal(found, ARRAY[1:, 1:3, 2:])
    np.testing.assert_array_equal(SOURCE.read_stored((2, 0), window), ARRAY[[2, 0], 1:3, 2:])


def test_values_have_the_dtype_that_is_asked_for():
    found = SOURCE.fetched((0,), Window(0, 0, 4, 5)).values(Window(0, 1, 1, 2), F4)
    assert (found.dtype, found.tolist()) == (F4, [[[1, 2]]])


def test_a_reduced_read_takes_the_cells_in_the_middle_of_equal_parts():
    found = SOURCE.read_reduced((0,), Window(0, 0, 4, 5), (2, 1), F4)
    assert found.tolist() == [[[7], [17]]]  # rows 1 and 3, column 2


def test_bytes_tell_what_they_stand_for():
    assert SOURCE.is_bytes((0,))
    source, table = SOURCE.by_byte((0,), F4)
    assert source is SOURCE
    assert table[0].tolist() == list(range(256))
    signed = ArraySource(ARRAY.astype(np.int8))
    assert signed.by_byte((0,), F4)[1][0, 255] == -1
    assert not ArraySource(ARRAY.astype(float)).is_bytes((0,))


def test_whole_numbers_that_float64_would_round_are_refused_where_a_verb_computes():
    wide = ArraySource(np.array([[[2**53 + 1]]]))
    with pytest.raises(ValueRangeError, match="an array, layers 0, rows 0:1, columns 0:1"):
        wide.fetched((0,), Window(0, 0, 1, 1)).values(Window(0, 0, 1, 1), np.dtype("float64"))
    assert wide.bits((0,), np.dtype("int64"), None) is not None
    assert wide.bits((0,), np.dtype("uint64"), None) is None


def test_a_code_stands_for_missing_bytes():
    source = ArraySource(ARRAY, code=7)
    values = source.fetched((0,), Window(0, 0, 4, 5)).values(Window(0, 0, 4, 5), F4)
    assert np.flatnonzero(np.isnan(values)).tolist() == [7]
    assert np.isnan(source.by_byte((0,), F4)[1][0, 7])
    assert source.limits(0) == (0, 19)
    assert ArraySource(np.full((1, 2, 2), 7, np.uint8), code=0).limits(0) == (7, 7)
    assert np.isnan(ArraySource(np.full((1, 2, 2), 7, np.uint8), code=7).limits(0)).all()


def test_lends_its_values_where_nothing_has_to_change():
    floats = ArraySource(np.zeros((3, 2, 2)))
    assert floats.lends((1, 2), np.dtype(np.float64))
    assert not floats.lends((0, 2), np.dtype(np.float64))
    assert not floats.lends((1, 2), np.dtype(np.float32))
    assert not ArraySource(np.zeros((1, 2, 2), np.uint8), code=0).lends((0,), np.dtype(np.uint8))
