"""A source that is not what it was when the raster was defined is an error, not numbers on the wrong grid."""

import os
import time

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import SourceChangedError

TRANSFORM = rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6)


def write(path, side=64, dtype="int16", value=1):
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": dtype, "crs": "EPSG:32631",
        "transform": TRANSFORM, "tiled": True, "blockxsize": 16, "blockysize": 16,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.full((1, side, side), value, dtype))
    return path


CHANGES = {"size": {"side": 80}, "dtype": {"dtype": "float32"}, "values": {"value": 2}}


def replace(path, **change):
    """Another file in its place, as a safe writer does it."""
    new = write(path.with_name("new.tif"), **change)
    os.replace(new, path)


def rewrite(path, **change):
    """The same file written anew, as GDAL does it."""
    time.sleep(0.02)  # file systems count time in steps of some milliseconds
    write(path, **change)


def patch(path, **change):
    """The same file with other bytes in it."""
    time.sleep(0.02)
    with rasterio.open(path, "r+") as file:
        file.write(np.full((1, 16, 16), 9, file.dtypes[0]), window=rasterio.windows.Window(0, 0, 16, 16))


@pytest.mark.parametrize("how", [replace, rewrite])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("read_before", [False, True], ids=["unread", "read before"])
@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_replaced_source_is_noticed(tmp_path, how, change, read_before, executor):
    path = write(tmp_path / "a.tif")
    r = pt.rast(path) + 1
    with pt.options(executor=executor, workers=2):
        if read_before:
            assert (r * 1).to_numpy().max() == 2
        how(path, **CHANGES[change])
        with pytest.raises(SourceChangedError, match=r"a\.tif has changed since"):
            (r * 2).to_numpy()
        with pytest.raises(SourceChangedError, match=r"a\.tif has changed since"):
            r.write_raster(tmp_path / "out.tif")
    assert not (tmp_path / "out.tif").exists()


@pytest.mark.parametrize("read_before", [False, True], ids=["unread", "read before"])
def test_bytes_written_into_a_source_are_noticed(tmp_path, read_before):
    path = write(tmp_path / "a.tif")
    r = pt.rast(path)
    if read_before:
        assert (r * 1).to_numpy().max() == 1
    patch(path)
    with pytest.raises(SourceChangedError, match=r"a\.tif has changed since"):
        r.global_("mean")


def test_a_source_that_is_gone_is_named(tmp_path):
    path = write(tmp_path / "a.tif")
    r = pt.rast(path)
    path.unlink()
    with pytest.raises(SourceChangedError, match=r"a\.tif is gone since"):
        r.to_numpy()


def test_a_raster_made_anew_reads_the_new_file(tmp_path):
    path = write(tmp_path / "a.tif")
    assert pt.rast(path).to_numpy().max() == 1
    rewrite(path, value=5)
    assert pt.rast(path).to_numpy().max() == 5


def test_a_changed_virtual_raster_is_noticed(tmp_path):
    left = write(tmp_path / "left.tif")
    r = pt.vrt([left], tmp_path / "both.vrt")
    assert (r * 1).to_numpy().max() == 1
    time.sleep(0.02)
    text = (tmp_path / "both.vrt").read_text()
    (tmp_path / "both.vrt").write_text(text.replace("left.tif", "lost.tif"))
    with pytest.raises(SourceChangedError, match=r"both\.vrt has changed"):
        (r + 0).to_numpy()
