"""Kernels that kernels alone call have no machine code of their own."""

import numpy as np
import pytest
from numba import types

from pyterra.kernels._jit import apart_jit, exact_jit, inner_jit


@inner_jit
def doubled(value):
    return 2 * value


@exact_jit
def quadrupled(value):
    return doubled(doubled(value))


def test_an_inner_kernel_is_for_kernels_alone():
    with pytest.raises(TypeError, match="only kernels can call"):
        doubled(3)
    assert quadrupled(3) == 12
    with pytest.raises(TypeError, match="only kernels can call"):
        doubled(3)  # compiled by now


@inner_jit
def refused(value):
    raise ValueError("got", value)


@exact_jit
def refusing(value):
    return refused(value)


def test_an_inner_kernel_is_code_for_its_callers_and_no_machine_code_of_its_own():
    assert quadrupled(3.5) == 14
    doubled.compile((types.float64,))  # its caller may have been on disk
    inner = doubled.overloads[types.float64,]
    assert not inner.library.get_pointer_to_function(inner.fndesc.llvm_func_name)
    with pytest.raises(ValueError, match=r"\('got', 7\)"):
        refusing(7)  # what is raised is told to Python by way of the caller


@apart_jit
def sum_into(first, second, out):
    for k in range(out.size):
        out[k] = first[k] + second[k]


@exact_jit
def summed_rows(table):
    for row in range(table.shape[0] - 2):
        sum_into(table[row], table[row + 1], table[row + 2])


def test_rows_that_share_no_memory_are_computed_one_after_the_other():
    table = np.ones((6, 37))
    summed_rows(table)
    assert table[:, 0].tolist() == [1, 1, 2, 3, 5, 8]
    assert (table == table[:, :1]).all()
