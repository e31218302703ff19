"""Paths as GDAL takes them, and its datasets."""

import zipfile

import numpy as np
import rasterio
from rasterio.transform import from_origin

import pyterra as pt


def make(path, values, **options):
    values = np.asarray(values)
    values = values[None] if values.ndim == 2 else values
    profile = {"driver": "GTiff", "count": len(values), "height": values.shape[1], "width": values.shape[2]}
    profile |= {"dtype": values.dtype, "crs": "EPSG:3035", "transform": from_origin(0, values.shape[1], 1, 1)}
    with rasterio.open(path, "w", **(profile | options)) as f:
        f.write(values)
    return path


def test_archives_datasets_and_relative_paths_are_read(tmp_path, monkeypatch):
    path = make(tmp_path / "f.tif", np.arange(4, dtype="uint8").reshape(2, 2))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as z:
        z.write(path, "f.tif")
    assert pt.rast(f"/vsizip/{tmp_path}/a.zip/f.tif").to_numpy().sum() == 6
    with rasterio.open(path) as dataset:
        assert pt.rast(dataset).to_numpy().sum() == 6
    monkeypatch.chdir(tmp_path)
    r = pt.rast("f.tif")
    monkeypatch.chdir("/")
    assert r.to_numpy().sum() == 6
