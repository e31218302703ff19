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
