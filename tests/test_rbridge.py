"""The names of the bridge, which lead to what is imported late."""

import pathlib
import re
import subprocess
import sys
from collections import Counter

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


def test_every_name_of_the_r_package_is_made_once():
    names = Counter(
        name
        for file in (pathlib.Path(__file__).parent.parent / "r" / "R").glob("*.R")
        for name in re.findall(r"^([\w.]+) <- (?!\1\b)", file.read_text(), re.MULTILINE)
    )
    assert [name for name, count in names.items() if count > 1] == []
