"""Which drivers may open a path, and in which format one is written."""

import pytest

from pyterra.errors import ArgumentError
from pyterra.io.formats import raster_drivers, raster_format, vector_drivers, vector_format


def test_an_ending_opens_with_its_own_drivers_and_no_others():
    assert raster_drivers("/data/a.TIF") == ["GTiff"]
    assert raster_drivers("/data/a.vrt") == ["VRT"]
    assert vector_drivers("/data/a.gpkg") == ["GPKG"]


def test_without_an_ending_only_formats_in_one_file_may_open():
    found = raster_drivers("/data/plain")
    assert "GTiff" in found
    assert "VRT" not in found
    assert "WMS" not in found


def test_a_prefix_is_that_of_its_driver_or_of_none():
    assert raster_drivers("NETCDF:/a.nc:t") == raster_drivers("/a.nc")
    assert raster_drivers("WMS:http://example.org") == []


def test_the_ending_or_the_name_tells_the_format():
    assert raster_format("a.tif", None, "write_raster").name == "GTiff"
    assert raster_format("a.tif", "cog", "write_raster").name == "COG"
    assert vector_format("a.shp", None, "write_vector").name == "ESRI Shapefile"


@pytest.mark.parametrize(
    ("path", "name", "words"),
    [
        ("a.xyzzy", None, r"write_raster: the file must end in one of \.tif"),
        ("a.tif", "GTIF", "write_raster: the format must be one of GTiff, .*got 'GTIF'"),
        ("a.txt", "GTiff", r"must end in \.tif"),
    ],
)
def test_what_is_no_format_or_does_not_fit_is_refused(path, name, words):
    with pytest.raises(ArgumentError, match=words):
        raster_format(path, name, "write_raster")
