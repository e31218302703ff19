"""What is refused of a vector file before it is opened; attacks by whole files are in tests/faults/test_strangers.py."""

import json
import zipfile

import pytest

from pyterra.errors import SourceError
from pyterra.io.vector.guard import check_opened, check_vector


def test_a_plain_file_is_opened_as_it_is(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    assert check_vector(str(path)) == {}
    assert check_vector("https://example.org/a.geojson") == {}


@pytest.mark.parametrize("path", ["a.vrt", "WFS:http://example.org", "PG:dbname=x", "/data/A.VRT"])
def test_services_and_virtual_layers_are_refused(path):
    with pytest.raises(SourceError, match="may show any file or address"):
        check_vector(path)


def test_archives_in_archives_are_refused():
    with pytest.raises(SourceError, match="archives in archives"):
        check_vector("/vsizip//vsitar//data/a.tar/b.zip/c.shp")


def test_a_beginning_that_does_not_fit_the_name_is_refused(tmp_path):
    (tmp_path / "a.shp").write_text("<OGRVRTDataSource/>")
    with pytest.raises(SourceError, match=r"a\.shp"):
        check_vector(str(tmp_path / "a.shp"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("a.shp", "<OGRVRTDataSource/>")
    with pytest.raises(SourceError, match=r"a\.zip"):
        check_vector(str(tmp_path / "a.zip"))


def test_the_driver_that_took_a_file_must_be_one_of_its_ending():
    check_opened("/data/a.shp", "ESRI Shapefile")
    with pytest.raises(
        SourceError, match=r"is read by the driver GML, its ending says ESRI Shapefile; rename it"
    ):
        check_opened("/data/a.shp", "GML")
