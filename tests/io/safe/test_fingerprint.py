"""A fingerprint changes when the file does."""

import os
import time
import zipfile

import numpy as np
import pytest
import rasterio

from pyterra.grid import Window
from pyterra.io.safe.fingerprint import change, fingerprint

AFFINE = rasterio.Affine(1.0, 0.0, 0.0, 0.0, -1.0, 10.0)


def raster(path, size=10, dtype="uint8", value=1):
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype=dtype, transform=AFFINE
    ) as dataset:
        dataset.write(np.full((1, size, size), value, dtype))


@pytest.mark.parametrize("change", [{"size": 11}, {"dtype": "int16"}, {"value": 2}])
def test_another_size_type_or_value_is_seen(tmp_path, change):
    path = tmp_path / "a.tif"
    raster(path)
    before = fingerprint(path)
    assert before == fingerprint(str(path))
    time.sleep(0.01)  # file systems count time in steps of some milliseconds
    raster(path, **change)
    assert fingerprint(path) != before


def test_a_change_in_the_middle_of_a_large_file_is_seen_by_its_time(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(100_000))
    before = fingerprint(path)
    with path.open("r+b") as file:
        file.seek(50_000)
        file.write(b"x")
    os.utime(path, ns=(0, before.mtime_ns + 1))
    assert fingerprint(path) != before


def test_fingerprints_are_hashable(tmp_path):
    (tmp_path / "a").write_text("x")
    assert len({fingerprint(tmp_path / "a"), fingerprint(tmp_path / "a")}) == 1


def test_archives_stand_for_their_members(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("inside/a.tif", "x")
    inside = fingerprint(f"/vsizip/{tmp_path}/a.zip/inside/a.tif")
    assert inside is not None
    assert inside == fingerprint(tmp_path / "a.zip")


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/https://example.org/a.tif",
        "/vsizip//vsicurl/https://example.org/a.zip/a.tif",
        "s3://bucket/a.tif",
    ],
)
def test_remote_sources_have_none(path):
    assert fingerprint(path) is None


def test_a_missing_file_has_none(tmp_path):
    assert fingerprint(tmp_path / "missing.tif") is None


def test_a_file_put_in_the_place_of_another_is_seen_even_with_the_old_time(tmp_path):
    path, new = tmp_path / "a.bin", tmp_path / "b.bin"
    path.write_bytes(b"1")
    new.write_bytes(b"2")
    before, times = fingerprint(path), path.stat()
    os.replace(new, path)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert fingerprint(path) != before


def test_members_are_looked_at_where_the_window_lies(tmp_path):
    for name in "ab":
        raster(tmp_path / f"{name}.tif")
    places = "".join(
        f"<SimpleSource><SourceFilename relativeToVRT='1'>{name}.tif</SourceFilename>"
        f"<DstRect xOff='{x}' yOff='0' xSize='10' ySize='10'/></SimpleSource>"
        for name, x in (("a", 0), ("b", 10))
    )
    path = tmp_path / "ab.vrt"
    path.write_text(f"<VRTDataset><VRTRasterBand>{places}</VRTRasterBand></VRTDataset>")
    then = fingerprint(path)
    (tmp_path / "b.tif").unlink()
    assert change(str(path), then, Window(0, 0, 10, 8)) is None
    assert "b.tif is gone" in change(str(path), then, Window(0, 8, 10, 8))
    assert "b.tif is gone" in change(str(path), then)
    raster(tmp_path / "b.tif", value=3)
    assert "b.tif has changed" in change(str(path), then)
