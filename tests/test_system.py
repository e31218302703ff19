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


def test_describe_takes_a_path_or_a_raster_of_one_file(tmp_path):
    r = pt.rast([[1, 2, 3], [4, 5, 6]]).write_raster(tmp_path / "a.tif", datatype="INT1U")
    lines = pt.describe(tmp_path / "a.tif")
    assert lines[:3] == ["Driver: GTiff/GeoTIFF", f"Files: {tmp_path / 'a.tif'}", "Size is 3, 2"]
    assert pt.describe(r) == lines
    with pytest.raises(ArgumentError, match="must read one file, got 0"):
        pt.describe(pt.rast([[1, 2]]))
    with pytest.raises(SourceError, match=r"describe: .*none\.tif"):
        pt.describe(tmp_path / "none.tif")
    with pytest.raises(ArgumentError, match="describe: the path must be a text or a path, got int"):
        pt.describe(3)


def test_describe_lists_data_sets_that_rast_opens(tmp_path):
    r = pt.rast([[1, 2, 3], [4, 5, 6]])
    s = pt.sds(t=r, p=pt.c(r, r + 1))
    s["t"].long_names = "air temperature"
    pt.write_cdf(s, tmp_path / "a.nc")
    table = pt.describe(tmp_path / "a.nc", sds=True)
    assert table.columns.tolist() == ["name", "var", "desc", "nrow", "ncol", "nlyr"]
    assert table[["var", "nrow", "ncol", "nlyr"]].values.tolist() == [["t", 2, 3, 1], ["p", 2, 3, 2]]
    for name, raster in zip(table["name"], (r, pt.c(r, r + 1)), strict=True):
        assert pt.rast(name).values().tolist() == raster.values().tolist()
    lines = pt.describe(tmp_path / "a.nc")
    assert lines[0] == "Driver: netCDF/Network Common Data Format"
    assert [line.split("=")[1] for line in lines if "_DESC" in line][1].startswith("[2x2x3] ")
    assert [line.split("=")[1] for line in lines if "_NAME" in line] == table["name"].tolist()


def test_no_long_name_moves_the_cursor(tmp_path):
    r = pt.rast([[1, 2, 3]])
    r.long_names = "a\x1b[2Jb"
    pt.write_cdf({"t": r, "p": r}, tmp_path / "a.nc")
    lines = pt.describe(tmp_path / "a.nc")
    assert "  SUBDATASET_1_DESC=[1x1x3] a?[2Jb" in lines
    assert "".join(lines).isprintable()


def test_describe_of_a_file_of_one_raster_has_one_row(tmp_path):
    pt.rast([[1, 2, 3], [4, 5, 6]]).write_raster(tmp_path / "a.tif")
    assert pt.describe(tmp_path / "a.tif", sds=True).values.tolist() == [
        [str(tmp_path / "a.tif"), "a", "a", 2, 3, 1]
    ]
