"""Kernels are compiled once for what they are called with."""

import gc

import numpy as np
import pytest
from numba import types
from numba.core.caching import NullCache
from numba.core.errors import TypingError
from numba.core.runtime import _nrt_python, rtsys

from pyterra.kernels._jit import empty, exact_jit, fill_all, span, zeros


@exact_jit
def added(total, value):
    return total + value


def test_constants_and_variables_of_other_kernels_are_the_same_to_a_kernel():
    for kind in (types.literal(0), types.literal(1), types.int64):
        added.get_call_template((kind, types.int64), {})
    assert added.signatures == [(types.int64, types.int64)]


def test_no_search_for_cycles_while_a_kernel_is_compiled(monkeypatch):
    @exact_jit
    def made(x):
        return x + 1

    made._cache = NullCache()
    searched, compiler = [], made._compiler.compile
    monkeypatch.setattr(
        made._compiler, "compile", lambda *kinds: (searched.append(gc.isenabled()), compiler(*kinds))[1]
    )
    assert gc.isenabled()
    assert made(1) == 2
    assert searched == [False]
    assert gc.isenabled()


@exact_jit
def filled_span(array, start, size, value):
    part = span(array, start, size)
    fill_all(part, value)
    return part


@pytest.mark.parametrize("step", [1, 3, -1])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
def test_a_span_is_the_slice_and_shares_its_memory(dtype, step):
    array, other = np.arange(30).astype(dtype), np.arange(30).astype(dtype)
    part = filled_span(array[::step], 2, np.uint8(4), 7)
    other[::step][2:6] = 7
    assert array.tolist() == other.tolist()
    assert np.shares_memory(part, array)
    assert span(other[::step], 2, 4).tolist() == part.tolist() == [7] * 4


def test_a_span_keeps_the_array_that_it_is_of():
    @exact_jit
    def made():
        return span(np.arange(1000), 10, 3)

    assert made().tolist() == [10, 11, 12]
    with pytest.raises(TypingError, match="span"):
        filled_span(np.zeros((3, 3)), 0, 1, 0.0)


@exact_jit
def made_of(n, m):
    one, two, third = empty(n), empty((n, m), np.int16), zeros((n, m))
    one[:], two[:, :] = 1, 2
    return one, two, third, zeros(m, np.bool_)


@pytest.mark.parametrize("call", [made_of, made_of.py_func])
def test_arrays_made_in_kernels_are_those_of_numpy(call):
    for kind in (int, np.uint8):
        made = call(kind(3), kind(2))
        assert [(a.shape, a.dtype, a.flags.c_contiguous) for a in made] == [
            ((3,), np.float64, True),
            ((3, 2), np.int16, True),
            ((3, 2), np.float64, True),
            ((2,), np.bool_, True),
        ]
        assert [a.sum() for a in made] == [3, 12, 0, 0]


def test_what_is_no_type_of_numbers_or_no_shape_is_refused():
    wrong = [exact_jit(lambda n: empty(n, str)), exact_jit(lambda n: zeros(n + 0.5))]
    for kernel in wrong:
        with pytest.raises(TypingError):
            kernel(3)


def test_memory_of_kernels_is_given_back():
    made_of(30, 2)
    _nrt_python.memsys_enable_stats()
    try:
        before = rtsys.get_allocation_stats()
        for _ in range(50):
            made_of(30, 2)
        after = rtsys.get_allocation_stats()
    finally:
        _nrt_python.memsys_disable_stats()
    assert after.alloc - before.alloc == after.free - before.free >= 200
