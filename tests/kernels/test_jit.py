"""Kernels are compiled once for what they are called with."""

from numba import types

from pyterra.kernels._jit import exact_jit


@exact_jit
def added(total, value):
    return total + value


def test_constants_and_variables_of_other_kernels_are_the_same_to_a_kernel():
    for kind in (types.literal(0), types.literal(1), types.int64):
        added.get_call_template((kind, types.int64), {})
    assert added.signatures == [(types.int64, types.int64)]
