"""What is refused of a file before it is opened. Attacks through whole files are in tests/faults/test_strangers.py."""

import json

import pytest

from pyterra.errors import SourceError
from pyterra.io.raster.guard import START, check_file, check_store, check_text, check_tile, is_hdf, start_of


def test_tiles_that_no_machine_reads_at_once_are_refused():
    check_tile("a.tif", (2**14, 2**14), 4)
    with pytest.raises(
        SourceError, match=r"a\.tif declares tiles of 16384 x 16384 cells of 2 bands, 2147483648 bytes"
    ):
        check_tile("a.tif", (2**14, 2**14), 4, bands=2)


def test_a_store_of_references_is_refused_and_a_plain_one_is_not(tmp_path):
    check_store(tmp_path)
    (tmp_path / ".zmetadata").write_text(json.dumps({"metadata": {}}))
    check_store(tmp_path)
    (tmp_path / ".zmetadata").write_text(json.dumps({"record_size": 10}))
    with pytest.raises(SourceError, match="refers to parts of other files"):
        check_store(tmp_path)
    (tmp_path / ".zmetadata").write_text("{")
    with pytest.raises(SourceError, match="is malformed"):
        check_store(tmp_path)


def test_the_beginning_of_a_file_is_looked_at(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * (START + 9))
    assert start_of(tmp_path / "a") == b"x" * START
    assert start_of(tmp_path / "none") == b""


def test_a_text_that_leads_elsewhere_is_refused_with_its_mark(tmp_path):
    check_text(tmp_path / "a.tif", b"II*\0")
    with pytest.raises(
        SourceError, match=r"vect: .*a\.tif holds a text that leads elsewhere \(<vrtdataset\)"
    ):
        check_text(tmp_path / "a.tif", b"<VRTDataset>", "vect")


def test_hdf5_may_begin_behind_something_else():
    mark = b"\x89HDF\r\n\x1a\n"
    assert is_hdf(mark)
    assert is_hdf(b"\0" * 1024 + mark)
    assert not is_hdf(b"\0" * 100 + mark)


def test_overviews_beside_must_be_a_tiff(tmp_path):
    (tmp_path / "a.tif").write_bytes(b"II*\0\x08\0\0\0\0\0\0\0")
    check_file(tmp_path / "a.tif")
    (tmp_path / "a.tif.ovr").write_text("<VRTDataset/>")
    with pytest.raises(SourceError, match=r"a\.tif\.ovr beside a\.tif must be a TIFF"):
        check_file(tmp_path / "a.tif")
