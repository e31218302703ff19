"""Kernels load on first use."""

import subprocess
import sys

import pytest

from pyterra import kernels


def test_a_name_is_the_module_and_others_are_told():
    assert kernels.cover is sys.modules["pyterra.kernels.cover"]
    with pytest.raises(AttributeError, match=r"module 'pyterra\.kernels' has no attribute 'covr'"):
        _ = kernels.covr
    with pytest.raises(AttributeError, match="__wrapped__"):
        _ = kernels.__wrapped__


def test_numba_is_imported_with_the_first_kernel():
    code = """
import sys
from pyterra import kernels
before = "numba" in sys.modules
kernels.patches
print(before, "numba" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
