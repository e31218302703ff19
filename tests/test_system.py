"""Functions of the package about reference systems, files and libraries."""

import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, SourceError


@pytest.mark.parametrize(
    ("x", "y", "same"),
    [
        ("EPSG:4326", "+proj=longlat +datum=WGS84", True),  # these are terra's answers
        ("EPSG:4326", "OGC:CRS84", True),
        ("EPSG:4326", "EPSG:32633", False),
        ("EPSG:4258", "EPSG:4326", False),
        ("", "EPSG:4326", False),
        ("", None, True),
        (pt.rast(nrows=1, ncols=1), 4326, True),
        (pt.vect("POINT (1 2)"), "", True),
    ],
)
def test_same_crs_compares_what_is_meant(x, y, same):
    assert pt.same_crs(x, y) is same


def test_same_crs_refuses_what_is_no_system():
    with pytest.raises(ArgumentError):
        pt.same_crs("foo", "EPSG:4326")


def test_vector_layers_are_named(tmp_path):
    v = pt.vect("POINT (1 2)", crs="EPSG:4326")
    v.write_vector(tmp_path / "a.gpkg", layer="one")
    v.write_vector(tmp_path / "a.gpkg", layer="two", insert=True)
    assert pt.vector_layers(tmp_path / "a.gpkg") == ["one", "two"]
    with pytest.raises(SourceError, match=r"vector_layers: .*none\.gpkg"):
        pt.vector_layers(tmp_path / "none.gpkg")


def test_lib_version_names_libraries():
    assert all(text[0].isdigit() for text in pt.lib_version().values())
    assert list(pt.lib_version("gdal")) == ["gdal"]
    with pytest.raises(
        ArgumentError, match="lib_version: lib must be one of all, gdal, proj, geos, got 'qt'"
    ):
        pt.lib_version("qt")
