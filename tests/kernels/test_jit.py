"""Kernels are compiled once for what they are called with."""

import pytest
from numba import types

from pyterra.kernels._jit import exact_jit, inner_jit


@exact_jit
def added(total, value):
    return total + value


def test_constants_and_variables_of_other_kernels_are_the_same_to_a_kernel():
    for kind in (types.literal(0), types.literal(1), types.int64):
        added.get_call_template((kind, types.int64), {})
    assert added.signatures == [(types.int64, types.int64)]


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
