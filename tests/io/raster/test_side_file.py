"""What a copy does not keep is said beside it."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.io.raster.aux_xml import read_categories
from pyterra.io.raster.side_file import describe_beside, forget_stale


@pytest.fixture
def files(tmp_path):
    """A GeoTIFF that says much, and a PNG of the same numbers that says nothing."""
    r = pt.rast(np.array([[[1, 2]]], np.uint8), extent=(4e6, 4e6 + 20, 3e6, 3e6 + 10), crs="EPSG:3035")
    r.levels = {1: "wood", 2: "sand"}
    r.write_raster(tmp_path / "a.tif")
    with rasterio.open(tmp_path / "a.tif", "r+") as file:
        file.update_tags(NOTE="mine", TIFFTAG_SOFTWARE="theirs")
        file.update_tags(1, STATISTICS_MEAN="1.5", OWN="band")
        file.set_band_unit(1, "m")
        file.scales = (2.0,)
    bare = {"driver": "PNG", "width": 2, "height": 1, "count": 1, "dtype": "uint8"}
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(tmp_path / "a.png", "w", **bare) as file,
    ):
        file.write(np.array([[[1, 2]]], np.uint8))
    return tmp_path / "a.tif", tmp_path / "a.png"


def test_place_tags_units_scale_and_classes_are_said_beside(files):
    tif, png = files
    describe_beside(tif, png, values=True)
    with rasterio.open(png) as found, rasterio.open(tif) as given:
        assert found.transform == given.transform
        assert found.crs == given.crs
        assert found.tags()["NOTE"] == "mine"
        assert "TIFFTAG_SOFTWARE" not in found.tags()
        assert (found.tags(1)["OWN"], found.tags(1)["STATISTICS_MEAN"]) == ("band", "1.5")
        assert (found.units, found.scales, found.descriptions) == (("m",), (2.0,), given.descriptions)
    assert read_categories(png)[0].labels() == {1: "wood", 2: "sand"}


def test_statistics_hold_only_for_the_same_values(files):
    tif, png = files
    describe_beside(tif, png, values=False)
    with rasterio.open(png) as found:
        assert "STATISTICS_MEAN" not in found.tags(1)
        assert found.tags(1)["OWN"] == "band"


def test_what_is_said_already_is_not_written_again(files):
    tif, png = files
    describe_beside(tif, png, values=True)
    side = png.with_name("a.png.aux.xml")
    first = side.read_text()
    side.chmod(0o444)
    describe_beside(tif, png, values=True)
    assert side.read_text() == first


SIDE = """<PAMDataset><SRS>EPSG:3857</SRS><GeoTransform>5, 1, 0, 5, 0, -1</GeoTransform>
<PAMRasterBand band="1"><Description>one</Description><Histograms/><Metadata><MDI key="STATISTICS_MEAN">3</MDI>
<MDI key="OWN">kept</MDI></Metadata></PAMRasterBand>
<PAMRasterBand band="2"><Description>two</Description><Histograms/><Metadata><MDI key="STATISTICS_MEAN">4</MDI></Metadata>
</PAMRasterBand></PAMDataset>"""
WORDS = ("EPSG:3857", "GeoTransform", "one", "two", "3</MDI>", "4</MDI>", "kept")


@pytest.mark.parametrize(
    ("how", "gone"),
    [
        ({}, []),
        ({"crs": True}, ["EPSG:3857"]),
        ({"transform": True}, ["GeoTransform"]),
        ({"named": [1]}, ["two"]),
        ({"changed": [0]}, ["3</MDI>"]),
        ({"named": [0, 1], "changed": (0, 1)}, ["one", "two", "3</MDI>", "4</MDI>"]),
    ],
)
def test_what_is_no_longer_so_is_taken_out_and_nothing_else(tmp_path, how, gone):
    side = tmp_path / "a.tif.aux.xml"
    nothing = {"crs": False, "transform": False, "named": (), "changed": ()}
    forget_stale(side, **(nothing | how))
    assert not side.exists()
    side.write_text(SIDE)
    forget_stale(side, **(nothing | how))
    text = side.read_text()
    assert [word for word in WORDS if word not in text] == gone
    assert text.count("<Histograms") == 2 - len(how.get("changed", ()))
