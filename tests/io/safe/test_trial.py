"""What another format keeps of a raster is tried on a small one, before anything is computed."""

import pytest
from part_files import profile

from pyterra.errors import OutputExistsError, WriteError
from pyterra.io.formats import raster_format
from pyterra.io.raster.copied import Copied
from pyterra.io.safe.safe_write import SafeRaster


def tried(path, describe=lambda file, dataset: None, **more):
    settings = profile(dtype="uint8", nodata=255, **more)
    kind = Copied(raster_format(path, None, "write_raster"), {})
    with SafeRaster(path, settings) as raster:
        return raster.try_as(kind, describe)


def test_what_is_not_kept_is_told_and_nothing_stays(tmp_path):
    def described(file, dataset):
        dataset.set_band_description(1, "heights")
        dataset.set_band_unit(1, "m")

    assert tried(tmp_path / "a.img", described) == []
    assert tried(tmp_path / "a.grd", described) == ["units"]
    assert list(tmp_path.iterdir()) == []


def test_a_format_that_cannot_hold_it_is_an_error(tmp_path):
    with pytest.raises(WriteError, match=r"a\.asc"):
        tried(tmp_path / "a.asc", bands=2)
    assert list(tmp_path.iterdir()) == []


def test_what_would_be_replaced_beside_the_file_is_an_error(tmp_path):
    (tmp_path / "a.gri").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"a\.gri"):
        tried(tmp_path / "a.grd")
    assert [path.name for path in tmp_path.iterdir()] == ["a.gri"]
