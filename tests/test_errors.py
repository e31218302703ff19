"""Errors and warnings: the line that a warning is about is the user's, however deep it comes from."""

import warnings

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import PyterraWarning, near_names, warn


def lonlat(**more):
    return pt.rast(nrows=4, ncols=4, crs="EPSG:4326", vals=range(16), **more)


CALLS = {
    "operator": lambda: lonlat(extent=(0, 4, 0, 4)) + pt.rast(np.ones((4, 4)), extent=(0, 4, 0, 4)),
    "function": lambda: pt.mosaic(lonlat(extent=(0, 4, 0, 4)), lonlat(extent=(0.5, 4.5, 0, 4))),
    "method": lambda: lonlat(extent=(0, 4, 0, 4)).mosaic(lonlat(extent=(0.5, 4.5, 0, 4))),
    "values": lambda: pt.rast(nrows=4, ncols=4, vals=range(8)),
    "constructor": lambda: pt.vect("POINT M (1 2 3)"),
    "reader": lambda: pt.vect([[0, 0]], crs="").distance(pt.vect([[1, 1]], crs="EPSG:3035")),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_warning_is_about_the_line_that_called_pyterra(call):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        CALLS[call]()
    found = [w for w in said if issubclass(w.category, PyterraWarning)]
    assert found
    assert {w.filename for w in found} == {__file__}


def test_a_warning_from_a_package_of_a_like_name_is_not_taken_for_ours():
    names = {"__name__": "pyterra_tools", "warn": warn}
    exec(compile("def call():\n    warn('well')\n", "elsewhere.py", "exec"), names)
    with pytest.warns(PyterraWarning, match="well") as said:
        names["call"]()
    assert said[0].filename == "elsewhere.py"


def test_near_names_are_few_and_say_what_there_is():
    assert near_names("na", ["nir", "red"]) == "; there are nir, red"
    assert near_names("nri", ["nir", "red"]) == "; did you mean 'nir'?"
    assert near_names("x", []) == "; there are none"
