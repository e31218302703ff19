"""The names of the bridge, which lead to what is imported late."""

import subprocess
import sys

import pytest

from pyterra import rbridge


def test_every_name_is_listed_and_others_are_told():
    assert set(rbridge.__all__) <= set(dir(rbridge))
    assert rbridge.doctor.__module__ == "pyterra.rbridge.diagnosis"
    with pytest.raises(AttributeError, match=r"module 'pyterra\.rbridge' has no attribute 'from_py'"):
        _ = rbridge.from_py


def test_nothing_of_r_is_imported_before_it_is_asked_for():
    code = """
import sys
from pyterra import rbridge
print([name for name in sys.modules if name.startswith(("rpy2", "pyterra.rbridge."))])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
