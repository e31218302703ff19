"""Datasets that rasterio has opened: what was opened counts, not its name."""

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT

import pyterra as pt
from pyterra.errors import MemoryBudgetError, SourceError

TRANSFORM = rasterio.Affine(1.0, 0.0, 0.0, 0.0, -1.0, 8.0)
VALUES = np.arange(64, dtype="int16").reshape(8, 8)


def write(path, *bands, **more):
    bands = bands or (VALUES,)
    profile = {
        "driver": "GTiff", "width": bands[0].shape[1], "height": bands[0].shape[0], "count": len(bands),
        "dtype": bands[0].dtype, "crs": "EPSG:4326", "transform": TRANSFORM, **more,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.stack(bands))
    return path


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


def test_a_dataset_is_what_was_opened_not_its_name(tmp_path):
    path = write(tmp_path / "a.tif")
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2], Resampling.average)
    with rasterio.open(path, overview_level=0) as dataset:
        expected, r = dataset.read(), pt.rast(dataset)
    assert r.shape == (1, 4, 4)
    assert list(r.ext) == [0, 8, 0, 8]
    assert (r.to_numpy() == expected).all()
    with rasterio.open(path) as dataset:
        assert pt.rast(dataset).sources() == [str(path)]


@pytest.mark.parametrize("in_memory", [False, True], ids=["file", "in memory"])
def test_a_warped_view_is_that_view(tmp_path, in_memory):
    path = write(tmp_path / "a.tif", nodata=-1)
    memory = rasterio.MemoryFile(path.read_bytes())
    with (
        memory.open() if in_memory else rasterio.open(path) as dataset,
        WarpedVRT(dataset, crs="EPSG:3857", resampling=Resampling.bilinear) as view,
    ):
        expected, r = view.read(masked=True), pt.rast(view)
    memory.close()
    assert r.crs.to_epsg() == 3857
    assert np.array_equal(r.to_numpy(), expected.astype(float).filled(np.nan), equal_nan=True)
    with pt.options(executor="processes", workers=2):
        assert np.array_equal((r + 0).to_numpy(), r.to_numpy(), equal_nan=True)


@pytest.mark.parametrize("dress", ["MemoryFile", "dataset"])
def test_a_file_in_memory_outlives_its_dataset(tmp_path, dress):
    content = write(tmp_path / "a.tif").read_bytes()
    with rasterio.MemoryFile(content) as memory, memory.open() as dataset:
        r = pt.rast(memory if dress == "MemoryFile" else dataset)
    assert (r.to_numpy()[0] == VALUES).all()


def test_temporary_files_go_with_their_raster(tmp_path):
    with pt.options(tempdir=tmp_path):
        with rasterio.MemoryFile(write(tmp_path / "a.tif").read_bytes()) as memory, memory.open() as dataset:
            r = pt.rast(dataset)
        assert len(list(tmp_path.glob("pyterra-*"))) == 1
        del r
        assert list(tmp_path.glob("pyterra-*")) == []


def test_a_dataset_that_is_open_for_writing_is_read_at_once(tmp_path):
    path = write(tmp_path / "a.tif")
    with rasterio.open(path, "r+") as dataset:
        dataset.write(VALUES * 2, 1)
        r = pt.rast(dataset)
        assert (r.to_numpy()[0] == VALUES * 2).all()
        assert r.names == ["a"]
        with pt.options(memory=64), pytest.raises(MemoryBudgetError, match="close it"):
            pt.rast(dataset)
    with rasterio.open(tmp_path / "b.tif", "w", **rasterio.open(path).profile) as dataset:
        dataset.write(VALUES, 1)
        with pytest.raises(SourceError, match="close it"):
            pt.rast(dataset)
    with pytest.raises(SourceError, match="is closed"):
        pt.rast(dataset)
