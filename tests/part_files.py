"""Rasters handed to the safe writer piece by piece."""

import numpy as np
import rasterio

from pyterra.io.safe.safe_write import SafeRaster


def profile(rows=40, cols=60, bands=1, dtype="float32", **more):
    return {
        "width": cols,
        "height": rows,
        "count": bands,
        "dtype": dtype,
        "crs": "EPSG:4326",
        "transform": rasterio.Affine(0.01, 0.0, 5.0, 0.0, -0.01, 50.0),
        **more,
    }


def values_for(settings, seed=0):
    rng = np.random.default_rng(seed)
    shape = (settings["count"], settings["height"], settings["width"])
    if np.dtype(settings["dtype"]).kind == "f":
        return rng.random(shape).astype(settings["dtype"])
    return rng.integers(0, 200, shape).astype(settings["dtype"])


def write(path, values, settings, step=16, **options):
    with SafeRaster(path, settings, **options) as raster:
        for row in range(0, values.shape[1], step):
            block = values[:, row : row + step]
            raster.write((row, 0, block.shape[1], block.shape[2]), block)
        raster.commit()
