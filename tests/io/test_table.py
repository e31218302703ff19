"""Bytes looked up in a table of the 256 results of a function."""

import numpy as np

from pyterra.grid import Window
from pyterra.io.array import ArraySource
from pyterra.io.table import TableSource, table_of_values

F4 = np.dtype("float32")
BYTES = ArraySource(np.array([[[0, 1], [200, 255]], [[5, 5], [6, 7]]], np.uint8))
TABLE = np.stack([np.arange(256.0), np.arange(256.0) ** 2])
TABLE[0, 255] = np.nan


def test_each_band_has_its_own_results():
    source = TableSource(BYTES, TABLE)
    found = source.fetched((1, 0), Window(0, 0, 2, 2)).values(Window(0, 0, 2, 2), F4)
    np.testing.assert_array_equal(found, [[[25, 25], [36, 49]], [[0, 1], [200, np.nan]]])
    assert source.read_reduced((1,), Window(0, 0, 2, 2), (1, 1), F4).tolist() == [[[49]]]


def test_a_table_answers_for_its_bytes():
    source = TableSource(BYTES, TABLE)
    assert source.is_bytes((0,))
    assert source.by_byte((0,), F4)[0] is BYTES
    assert (source.tile, source.stored_bytes, source.is_unchanged()) == (None, 0, True)


def test_values_of_all_bytes_are_told_for_the_bands_that_are_asked_for():
    table = table_of_values(BYTES, (1,), F4)
    assert table.shape == (2, 256)
    assert np.isnan(table[0]).all()
    assert table[1].tolist() == list(range(256))
