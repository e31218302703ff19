"""Numbers on R's memory: views that keep their vector alive, and no leak."""

import gc
import sys

import numpy as np
import psutil
import pytest


def test_a_matrix_has_the_same_rows_and_columns_on_both_sides(rsession):
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    matrix = rsession.vector(array)
    assert rsession.doubles(rsession.call("dim", matrix)).tolist() == [2, 3]
    assert rsession.number(rsession.call("[", matrix, 2, 1)) == array[1, 0]
    np.testing.assert_array_equal(rsession.doubles(matrix), array)


def test_views_are_read_only_and_share_memory(rsession):
    vector = rsession.vector(np.arange(10.0))
    first, second = rsession.doubles(vector), rsession.doubles(vector)
    assert np.shares_memory(first, second)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        first.setflags(write=True)


@pytest.mark.parametrize("part", [lambda a: a, lambda a: a[5:], lambda a: a.reshape(100, -1).T[3]])
def test_views_and_their_parts_keep_the_vector_alive(rsession, part):
    expected = part(np.arange(200_000.0)).copy()
    kept = part(rsession.doubles(rsession.call("as.double", rsession.call("seq", 0, 199_999))))
    for _ in range(3):
        gc.collect()
        rsession.call("gc")
        rsession.vector(np.full(200_000, -1.0))  # takes the memory of whatever was let go
    np.testing.assert_array_equal(kept, expected)


def test_ten_thousand_conversions_leak_neither_memory_nor_none(rsession):
    array = np.arange(2000.0)

    def convert(times):
        for _ in range(times):
            view = rsession.doubles(rsession.vector(array))
            assert view[-1] == 1999
        gc.collect()
        rsession.call("gc")

    convert(5_000)
    before, nones = psutil.Process().memory_info().rss, sys.getrefcount(None)
    convert(10_000)
    assert abs(sys.getrefcount(None) - nones) < 100
    assert psutil.Process().memory_info().rss - before < 40 * 2**20  # 10,000 vectors are 160 MB
