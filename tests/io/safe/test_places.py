"""Where on this machine the file lies that a path of GDAL's leads to."""

from pathlib import Path

import pytest

from pyterra.errors import ArgumentError, SinkError, SourceError
from pyterra.io.safe.places import check_plain, local_file, path_text, without_scheme


@pytest.fixture
def zipped(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK")
    return tmp_path / "a.zip"


@pytest.mark.parametrize(
    "form",
    ["/vsizip/{}", "/vsizip/{}/in/b.tif", "/vsizip/{{{}}}/b.tif", "zip://{}!b.tif", "zip+file://{}!b.tif"],
)
def test_archives_lie_where_their_file_lies(zipped, form):
    assert local_file(form.format(zipped)) == zipped


def test_parts_of_files_lie_in_their_file(tmp_path):
    (tmp_path / "a.nc").write_bytes(b"CDF")
    path = tmp_path / "a.nc"
    assert local_file(f'NETCDF:"{path}":t') == path
    assert local_file(f"NETCDF:{path}:t") == path
    assert local_file(f"GTIFF_DIR:1:{path}") == path


def test_plain_paths_and_addresses_of_files_are_paths(tmp_path):
    (tmp_path / "a b%20.tif").touch()
    assert local_file("data/a.tif") == Path("data/a.tif")
    assert local_file(f"file://{tmp_path}/a.tif") == tmp_path / "a.tif"
    assert without_scheme("file:///x/a%20b.tif") == "/x/a b.tif"
    assert (
        without_scheme(f"file://{tmp_path}/a b%20.tif") == f"{tmp_path}/a b%20.tif"
    )  # there as it is written
    assert without_scheme("/x/a%20b.tif") == "/x/a%20b.tif"


@pytest.mark.parametrize(
    "text",
    ["s3://bucket/a.tif", "https://example.org/a.tif", "/vsicurl/https://example.org/a.tif", "/vsimem/a.tif"],
)
def test_what_lies_elsewhere_is_no_local_file(text):
    assert local_file(text) is None


@pytest.mark.parametrize("value", [3, None, b"a.tif", object()])
def test_what_is_no_path_is_refused(value):
    with pytest.raises(ArgumentError, match="rast: the path must be a text or a path, got"):
        path_text(value, "rast")


def test_nul_is_refused_by_whoever_asks():
    assert path_text(Path("a.tif"), "rast") == "a.tif"
    with pytest.raises(SourceError, match="rast: the path must have no character NUL"):
        path_text("a\0.tif", "rast")
    with pytest.raises(SinkError, match="write_raster"):
        path_text("a\0.tif", "write_raster", SinkError)
    check_plain("names", ["a", 1])
    with pytest.raises(ArgumentError, match="names must have no character NUL"):
        check_plain("names", ["a", "b\0"])
    with pytest.raises(ArgumentError, match="names must have whole characters"):
        check_plain("names", ["a\ud800"])
