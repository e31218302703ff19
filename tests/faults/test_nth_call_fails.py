"""Every call that touches the disk fails once: the path holds the old file or the new one, without parts."""

import errno
import fcntl
import os

import numpy as np
import pytest
import rasterio
import rasterio.shutil

from pyterra.errors import PyterraError
from pyterra.io.safe_write import SafeRaster

PROFILE = {
    "width": 600,
    "height": 96,
    "count": 2,
    "dtype": "int64",
    "crs": "EPSG:32631",
    "transform": rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6),
    "compress": "deflate",
}


class Failing:
    """Counts calls of disk functions, and lets the n-th fail."""

    def __init__(self, nth):
        self.nth, self.calls = nth, 0

    def step(self):
        self.calls += 1
        if self.calls == self.nth:
            raise OSError(errno.EIO, "Input/output error")

    def wrap(self, function):
        def call(*arguments, **options):
            self.step()
            return function(*arguments, **options)

        return call

    def open(self, function):
        def call(path, *arguments, **options):
            self.step()
            return FailingDataset(function(path, *arguments, **options), self)

        return call


class FailingDataset:
    """A dataset whose reads, writes and closings count."""

    def __init__(self, dataset, failing):
        self.dataset, self.failing = dataset, failing

    def __getattr__(self, name):
        genuine = getattr(self.dataset, name)
        return self.failing.wrap(genuine) if name in ("read", "write", "build_overviews") else genuine

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.dataset.close()

    def close(self):
        self.dataset.close()
        self.failing.step()


def plain(raster):
    raster.commit()


def with_overviews(raster):
    raster.build_overviews([2], "nearest")
    raster.commit()


def cog(raster):
    raster.commit_cog({}, "nearest")


def write(path, value, finish, nodata=None):
    with SafeRaster(path, {**PROFILE, "nodata": nodata}, overwrite=True) as raster:
        for row in range(0, 96, 48):
            raster.write((row, 0, 48, 600), np.full((2, 48, 600), value))
        finish(raster)


@pytest.mark.parametrize("nodata", [None, -(2**63)])
@pytest.mark.parametrize("finish", [plain, with_overviews, cog])
def test_whichever_call_fails_the_file_is_old_or_new(tmp_path, monkeypatch, finish, nodata):
    path, genuine_open = tmp_path / "a.tif", rasterio.open
    for nth in range(1, 200):
        write(path, 1, finish, nodata)
        (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset></PAMDataset>")
        failing = Failing(nth)
        with monkeypatch.context() as patch:
            for module, name in (
                (os, "open"),
                (os, "fsync"),
                (os, "replace"),
                (os, "pwrite"),
                (fcntl, "flock"),
                (rasterio.shutil, "copy"),
            ):
                patch.setattr(module, name, failing.wrap(getattr(module, name)))
            patch.setattr(rasterio, "open", failing.open(rasterio.open))
            error = None
            try:
                write(path, 2, finish, nodata)
            except PyterraError as raised:
                error = raised
        with genuine_open(path) as raster:
            values = set(np.unique(raster.read()))
        left = sorted(p.name for p in tmp_path.iterdir())
        if failing.calls < nth:  # fewer calls than n: none failed
            assert error is None
            assert values == {2}
            break
        assert error is not None, f"call {nth} failed without an error"
        assert "Input/output error" in str(error)
        assert str(tmp_path) in str(error)
        assert values in ({1}, {2})
        assert left in (["a.tif", "a.tif.aux.xml"], ["a.tif"])
        assert left == ["a.tif", "a.tif.aux.xml"] or values == {2}
    assert nth > 10
