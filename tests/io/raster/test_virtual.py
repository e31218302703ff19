"""Which virtual rasters are read. Attacks by documents are in tests/faults/test_strangers.py."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import SourceError
from pyterra.io.raster.virtual import check, check_shown, trust


@pytest.fixture
def folder(tmp_path):
    """A raster in a folder, and documents that show it: one beside it, one elsewhere."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    pt.rast(np.ones((1, 2, 2))).write_raster(tmp_path / "in" / "a.tif")
    document = (
        '<VRTDataset rasterXSize="2" rasterYSize="2"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        '<SourceFilename relativeToVRT="{}">{}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'
        "</VRTRasterBand></VRTDataset>"
    )
    (tmp_path / "in" / "a.vrt").write_text(document.format(1, "a.tif"))
    (tmp_path / "out" / "b.vrt").write_text(document.format(0, tmp_path / "in" / "a.tif"))
    return tmp_path


def test_a_document_may_show_files_of_its_own_folder(folder):
    check(str(folder / "in" / "a.vrt"))
    with pytest.raises(SourceError, match="vrt_roots"):
        check(str(folder / "out" / "b.vrt"))


def test_roots_of_the_user_are_allowed(folder):
    with pt.options(vrt_roots=[str(folder / "in")]):
        check(str(folder / "out" / "b.vrt"))


def test_a_document_of_ones_own_is_trusted_until_it_changes(folder):
    path = folder / "out" / "b.vrt"
    trust(path)
    check(str(path))
    path.write_text(path.read_text() + "\n")
    with pytest.raises(SourceError):
        check(str(path))
    check_shown(str(path))  # what it shows may itself be opened
    check(str(path))


def test_a_document_that_is_no_file_of_this_machine_needs_the_users_word():
    with pytest.raises(SourceError, match="no file of this machine"):
        check("https://example.org/maps/a.vrt")
    with pt.options(vrt_roots=["https://example.org/maps"]):
        check("https://example.org/maps/a.vrt")
        with pytest.raises(SourceError):
            check("https://example.org/maps/../a.vrt")


RAW = (
    '<VRTRasterBand dataType="Byte" band="{}" subClass="VRTRawRasterBand"><SourceFilename relativeToVRT="{}">{}'
    "</SourceFilename><ImageOffset>0</ImageOffset><PixelOffset>1</PixelOffset><LineOffset>2</LineOffset></VRTRasterBand>"
)


@pytest.fixture
def raw(tmp_path):
    """Four bytes, and what writes a document beside them, by default their header."""
    (tmp_path / "in").mkdir()
    for name in ("in/a.bin", "b.bin"):
        (tmp_path / name).write_bytes(bytes([1, 2, 3, 4]))

    def write(bands, name="in/a.bin.vrt"):
        (tmp_path / name).write_text(f'<VRTDataset rasterXSize="2" rasterYSize="2">{bands}</VRTDataset>')
        return str(tmp_path / name)

    return write


def test_the_header_of_plain_numbers_is_read(raw):
    assert pt.rast(raw(RAW.format(1, 1, "a.bin"))).values(drop=True).tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("bands", "name"),
    [
        (RAW.format(1, 1, "../b.bin"), "in/a.bin.vrt"),
        (RAW.format(1, 1, "b.bin"), "a.bin.vrt"),
        (RAW.format(1, 1, "in/a.bin"), "a.bin.vrt"),
        (RAW.format(1, 0, "a.bin"), "in/a.bin.vrt"),
        (RAW.format(1, 1, "a.bin") + RAW.format(2, 1, "../b.bin"), "in/a.bin.vrt"),
        (RAW.format(1, 1, "a.bin").replace("relativeToVRT", "relativetovrt"), "in/a.bin.vrt"),
        (
            RAW.format(1, 1, "a.bin") + '<Metadata domain="OVERVIEWS"><MDI key="x">b</MDI></Metadata>',
            "in/a.bin.vrt",
        ),
        (
            RAW.format(1, 1, "a.bin")
            + '<VRTRasterBand dataType="Byte" band="2"><SimpleSource><SourceFilename relativeToVRT="1">'
            "a.bin</SourceFilename></SimpleSource></VRTRasterBand>",
            "in/a.bin.vrt",
        ),
        (
            RAW.format(1, 1, "a.bin").replace(
                "</VRTRaster",
                '<Overview><SourceFilename relativeToVRT="1">a.bin</SourceFilename></Overview></VRTRaster',
            ),
            "in/a.bin.vrt",
        ),
    ],
    ids=[
        "another file",
        "another name",
        "a folder below",
        "absolute",
        "two files",
        "small letters",
        "metadata",
        "a source",
        "overview",
    ],
)
def test_plain_numbers_are_shown_by_nothing_but_their_header(raw, bands, name):
    with pytest.raises(SourceError, match=r"vrt_roots"):
        pt.rast(raw(bands, name))


def test_a_header_whose_numbers_lie_elsewhere_by_a_link_is_refused(raw, tmp_path):
    (tmp_path / "in" / "a.bin").unlink()
    (tmp_path / "in" / "a.bin").symlink_to(tmp_path / "b.bin")
    with pytest.raises(SourceError, match="lies outside of its folder"):
        pt.rast(raw(RAW.format(1, 1, "a.bin")))
