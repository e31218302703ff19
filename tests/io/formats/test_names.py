"""What the name of a file says."""

import numpy as np
import pytest

from pyterra.errors import ArgumentError
from pyterra.io.formats.names import data_sets_asked, ending, prefix_of


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.TIF", ".tif"),
        ("/data.d/plain", ""),
        ("https://example.org/a.tif?sig=b.c", ".tif"),
        ("odd?name.tif", ".tif"),
        ("/vsigzip/a.asc.gz", ".asc"),
        ("a.tar.gz", ".tar"),
    ],
)
def test_the_ending_is_that_of_the_file(path, found):
    assert ending(path) == found


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("netcdf:a.nc:t", "NETCDF"),
        ('HDF5:"a.h5"://u', "HDF5"),
        ("s3://bucket/a.tif", ""),
        ("/a:b.tif", ""),
        ("a", ""),
    ],
)
def test_a_prefix_names_a_part_and_a_scheme_is_none(path, found):
    assert prefix_of(path) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("a", ["a"]),
        (2, [2]),
        (["a", 0], ["a", 0]),
        (("a",), ["a"]),
        (np.array([1, 0]), [1, 0]),
        (range(2), [0, 1]),
    ],
)
def test_data_sets_are_asked_for_by_name_or_number(asked, found):
    assert data_sets_asked(asked) == found


@pytest.mark.parametrize("asked", [True, 1.5, b"a", [], [None], [["a"]], {"a": 1}])
def test_what_names_no_data_set_is_an_error(asked):
    with pytest.raises(ArgumentError, match="rast: subds must be names or numbers of data sets, got"):
        data_sets_asked(asked)
