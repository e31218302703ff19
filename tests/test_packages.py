"""Heavy packages are imported when they are first used."""

import importlib
import subprocess
import sys

import pytest

from pyterra import packages


def test_a_name_gives_what_its_package_has():
    import shapely

    assert packages.shapely.Point is shapely.Point
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = packages.shapely.no_such_thing


@pytest.mark.parametrize("name", packages.__all__)
def test_every_name_is_that_of_its_module(name):
    module = importlib.import_module({"ElementTree": "xml.etree.ElementTree"}.get(name, name))
    assert getattr(packages, name).__name__ == module.__name__


def test_nothing_is_imported_before_it_is_used():
    code = """
import sys
from pyterra.packages import geopandas, pandas, pyproj
before = {"geopandas", "pandas", "pyproj"} & set(sys.modules)
used = pyproj.CRS
print(sorted(before), "pyproj" in sys.modules, "geopandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "True", "False"]
