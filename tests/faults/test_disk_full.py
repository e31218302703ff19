"""A full disk is an exception, the old file stays, and nothing is left over."""

import numpy as np
import pytest
import rasterio

from pyterra.errors import WriteError
from pyterra.io.safe_write import SafeRaster

LAYOUTS = {
    "strips": {},
    "deflate": {"tiled": True, "compress": "deflate"},
    "zstd in threads": {"tiled": True, "compress": "zstd", "num_threads": 2},
    "cog": {"tiled": True, "compress": "zstd"},
}

# The disk holds 6.29 MB and the old file. 1620 x 1024 x 4 bytes lose the directory only, or little else.
ROWS = {"far too large": 3072, "too large": 1792, "just too large": 1620}


def write(path, rows, layout, *, overwrite=False, verify="full"):
    rng = np.random.default_rng(rows)
    settings = {
        "width": 1024,
        "height": rows,
        "count": 1,
        "dtype": "int32",
        "crs": "EPSG:32631",
        "transform": rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6),
        **LAYOUTS[layout],
    }
    with SafeRaster(path, settings, overwrite=overwrite, verify=verify) as raster:
        for row in range(0, rows, 256):
            shape = (1, min(256, rows - row), 1024)
            noise = rng.integers(-(2**31), 2**31, shape, dtype="int32")  # does not compress
            raster.write((row, 0, *shape[1:]), noise)
        raster.commit_cog({"compress": "deflate"}, "average") if layout == "cog" else raster.commit()


@pytest.mark.filterwarnings("ignore:write. .*before compression:pyterra.errors.PyterraWarning")
@pytest.mark.parametrize("verify", ["full", "off"])
@pytest.mark.parametrize("size", ROWS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_full_disk_raises_and_keeps_the_old_file(little_space, layout, size, verify):
    path = little_space / "a.tif"
    write(path, 16, layout)
    old = path.read_bytes()
    rows = ROWS[size] + (200 if layout == "strips" and size == "just too large" else 0)
    with pytest.raises(WriteError, match=r"^write: .*a\.tif"):
        write(path, rows, layout, overwrite=True, verify=verify)
    assert path.read_bytes() == old
    assert [p.name for p in little_space.iterdir()] == ["a.tif"]
