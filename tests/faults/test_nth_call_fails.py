"""Every call that touches the disk fails once: the path holds the old file or the new one, without parts."""

import errno
import fcntl
import itertools
import os

import numpy as np
import pytest
import rasterio
import rasterio.shutil

import pyterra as pt
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


def netcdf(path, value, compression=1):
    with pt.options(verify="full"):
        pt.rast(np.full((2, 96, 600), value)).write_cdf(path, "v", compression=compression, overwrite=True)


def netcdf_stored(path, value):
    netcdf(path, value, compression=0)


def write(path, value, finish, nodata=None):
    if finish in (netcdf, netcdf_stored):
        finish(path, value)
        return
    with SafeRaster(path, {**PROFILE, "nodata": nodata}, overwrite=True) as raster:
        for row in range(0, 96, 48):
            raster.write((row, 0, 48, 600), np.full((2, 48, 600), value))
        finish(raster)


def the_values(path):
    return set(np.unique(pt.rast(path).to_numpy()))


@pytest.mark.parametrize(
    ("finish", "nodata"),
    [
        *itertools.product([plain, with_overviews, cog], [None, -(2**63)]),
        (netcdf, None),
        (netcdf_stored, None),
    ],
)
def test_whichever_call_fails_the_file_is_old_or_new(tmp_path, monkeypatch, finish, nodata):
    path = tmp_path / ("a.nc" if finish in (netcdf, netcdf_stored) else "a.tif")
    side, values = f"{path.name}.aux.xml", {2}
    # Without compression the same calls are made: a third of them is enough.
    for nth in range(1, 200, 3 if finish is netcdf_stored else 1):
        if values == {2}:
            write(path, 1, finish, nodata)
        (tmp_path / side).write_text("<PAMDataset></PAMDataset>")
        failing = Failing(nth)
        with monkeypatch.context() as patch:
            for module, name in (
                (os, "open"),
                (os, "fsync"),
                (os, "replace"),
                (os, "pwrite"),
                (os, "pread"),
                (os, "ftruncate"),
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
        values = the_values(path)
        left = sorted(p.name for p in tmp_path.iterdir())
        if failing.calls < nth:  # fewer calls than n: none failed
            assert error is None
            assert values == {2}
            break
        assert error is not None, f"call {nth} failed without an error"
        assert "Input/output error" in str(error)
        assert str(tmp_path) in str(error)
        assert values in ({1}, {2})
        assert left in ([path.name, side], [path.name])
        assert left == [path.name, side] or values == {2}
    assert nth > 10
