"""Small inputs of the croplands job: GLAD's names and layout with 40 cells per degree."""

import warnings
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

CELLS = 40
EPOCHS = (2003, 2007, 2011, 2015, 2019)
QUADRANTS = {"NW": (-2, 0), "NE": (0, 2)}
"""West and east edges of the files; both reach from 45 to 46 degrees north."""
EMPTY = (-2, 45)
"""Lower left corner of the tile without cropland."""


def write(path, values, xmin, ymax, *, cells=CELLS, crs="EPSG:4326", nodata=None):
    """Write a file of bytes, one band."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    profile = {
        "driver": "GTiff",
        "width": values.shape[1],
        "height": values.shape[0],
        "count": 1,
        "dtype": values.dtype,
        "crs": crs,
        "nodata": nodata,
        "transform": Affine(1 / cells, 0, xmin, 0, -1 / cells, ymax),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(path, "w", **profile) as dataset:
            dataset.write(values, 1)
    return Path(path)


def truth(seed=0):
    """Cropland of 4 x 1 degrees, shape (epoch, row, col): bytes of 0 and 1, the westernmost degree empty."""
    values = (np.random.default_rng(seed).random((len(EPOCHS), CELLS, 4 * CELLS)) < 0.4).astype(np.uint8)
    values[:, :, :CELLS] = 0
    return values


def write_glad(folder, values):
    """Write the quadrant files of all epochs."""
    for epoch, layer in zip(EPOCHS, values, strict=True):
        for name, (west, east) in QUADRANTS.items():
            part = layer[:, (west + 2) * CELLS : (east + 2) * CELLS]
            write(folder / f"Global_cropland_{name}_{epoch}.tif", part, west, 46)
    return folder


def sketch(maps, path, **style):
    """What stands for a picture of maps in tests of all the rest of a job."""
    assert len(maps) > 0
    Path(path).write_bytes(b"\x89PNG")
    return Path(path)
