"""What the name of a file says."""

import pytest

from pyterra.io.formats.names import ending, prefix_of


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
