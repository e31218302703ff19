"""Formats that are made by a copy: what the copy holds is compared with what was meant."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    WriteError,
)

PLACE = {"extent": (500_000, 500_090, 4_000_000, 4_000_060), "crs": "EPSG:32631"}


def raster(values, **more):
    place = PLACE | more
    return pt.rast(np.asarray(values), extent=pt.ext(*place.pop("extent")), **place)


ONE, THREE = np.ones((1, 2, 3), "uint8"), np.ones((3, 2, 3), "uint8")


def test_what_reads_back_otherwise_is_an_error(tmp_path, monkeypatch):
    import rasterio.shutil

    genuine = rasterio.shutil.copy

    def other(source, result, **how):
        genuine(source, result, **how)
        if "small" not in source:
            with rasterio.open(result, "r+") as file:
                file.write(np.array([[[9]]], "uint8"), window=((0, 1), (1, 2)))

    monkeypatch.setattr(rasterio.shutil, "copy", other)
    with pytest.raises(
        WriteError, match=r"a\.img, HFA: layer 0, row 0, column 1: .*1\.0.* written and .*9\.0.* read back"
    ):
        raster(ONE).write_raster(tmp_path / "a.img")
    assert list(tmp_path.iterdir()) == []


def test_a_difference_is_found_in_any_strip_of_a_block(tmp_path, monkeypatch):
    import rasterio.shutil

    from pyterra.io.raster import copied

    genuine = rasterio.shutil.copy

    def other(source, result, **how):
        genuine(source, result, **how)
        if "small" not in source:
            with rasterio.open(result, "r+") as file:
                file.write(np.array([[9]], "uint8"), 1, window=((6, 7), (1, 2)))

    monkeypatch.setattr(copied, "AT_ONCE", 12)
    r = pt.rast(np.ones((2, 7, 3), "uint8"))
    back = r.write_raster(tmp_path / "a.img")
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())
    monkeypatch.setattr(rasterio.shutil, "copy", other)
    with pytest.raises(WriteError, match=r"layer 0, row 6, column 1"):
        r.write_raster(tmp_path / "b.img")
