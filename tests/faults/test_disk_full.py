"""A full disk is an exception, the old file stays, and nothing is left over."""

import gc
import subprocess
import sys
from functools import partial
from itertools import product

import numpy as np
import pytest
import rasterio
from failing import SPACES
from turns import each_in_turn

import pyterra as pt
from pyterra.errors import WriteError
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.io.safe.safe_write import SafeRaster

LAYOUTS = {
    "strips": {},
    "deflate": {"tiled": True, "compress": "deflate"},
    "zstd in threads": {"tiled": True, "compress": "zstd", "num_threads": 2},
    "cog": {"tiled": True, "compress": "zstd"},
}
NETCDF = {"netcdf": 0, "netcdf deflate": 1}
COPIED = {"hfa": ".img", "rraster": ".grd", "ascii": ".asc"}

# The disk holds 6.29 MB and the old file. 1620 x 1024 x 4 bytes lose the directory only, or little else.
ROWS = {"far too large": 3072, "too large": 1792, "just too large": 1620}


def write(path, rows, layout, **how):
    if layout in NETCDF:
        write_netcdf(path, rows, layout, **how)
    elif layout in COPIED:
        write_copied(path, rows, **how)
    else:
        write_raster(path, rows, layout, **how)


def write_netcdf(path, rows, layout, *, overwrite=False, verify="full"):
    noise = np.random.default_rng(rows).integers(-(2**31), 2**31, (1, rows, 1024), dtype="int32")
    with pt.options(verify=verify):
        pt.rast(noise).write_cdf(path, datatype="int32", compression=NETCDF[layout], overwrite=overwrite)


def write_copied(path, rows, *, overwrite=False, verify="full"):
    noise = np.random.default_rng(rows).integers(-(2**31) + 1, 2**31, (1, rows, 1024), dtype="int32")
    with pt.options(verify=verify):
        pt.rast(noise).write_raster(path, overwrite=overwrite)


def write_raster(path, rows, layout, *, overwrite=False, verify="full"):
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
    how = {"overwrite": overwrite, "verify": verify}
    begin = partial(SafeCog, cog={"compress": "deflate"}) if layout == "cog" else SafeRaster
    with begin(path, settings, **how) as raster:
        for row in range(0, rows, 256):
            shape = (1, min(256, rows - row), 1024)
            noise = rng.integers(-(2**31), 2**31, shape, dtype="int32")  # does not compress
            raster.write((row, 0, *shape[1:]), noise)
        raster.commit()


@pytest.mark.filterwarnings("ignore:write. .*before compression:pyterra.errors.PyterraWarning")
@pytest.mark.parametrize(
    ("little_space", "rows", "blank"),
    [("small disk", 1530, False), *((space, 1792, True) for space in SPACES)],
    indirect=["little_space"],
    ids=["no room for the copy", *(f"too much of it changes, {space}" for space in SPACES)],
)
def test_a_changed_copy_that_does_not_fit_leaves_the_file(little_space, rows, blank):
    path = little_space / "a.tif"
    if blank:
        pt.rast(np.zeros((1, rows, 1024))).write_raster(path, datatype="int32")
    else:
        write(path, rows, "deflate")
    old, noise = path.read_bytes(), np.random.default_rng(1).integers(0, 2**31, rows * 1024)
    with pytest.raises(WriteError, match=rf"^update: .*{path.name}"):
        pt.rast(path).update(cells=np.arange(rows * 1024), values=noise)
    assert [p.name for p in little_space.iterdir()] == ["a.tif"]
    assert path.read_bytes() == old


@pytest.mark.filterwarnings("ignore:write. .*before compression:pyterra.errors.PyterraWarning")
@pytest.mark.parametrize(
    ("layout", "size", "little_space", "verify"),
    each_in_turn(product([*LAYOUTS, *NETCDF, *COPIED], ROWS), list(product(SPACES, ["full", "off"]))),
    indirect=["little_space"],
)
def test_a_full_disk_raises_and_keeps_the_old_file(little_space, layout, size, verify):
    path = little_space / f"a{COPIED.get(layout, '.nc' if layout in NETCDF else '.tif')}"
    write(path, 16, layout)
    old = {p.name: p.read_bytes() for p in little_space.iterdir()}
    rows = ROWS[size] + (200 if layout == "strips" and size == "just too large" else 0)
    with pytest.raises(WriteError, match=rf"^write: .*{path.name},"):
        write(path, rows, layout, overwrite=True, verify=verify)
    assert {p.name: p.read_bytes() for p in little_space.iterdir()} == old
    gc.collect()  # what is left of a writer must not bring the process down


END = """
import resource, sys
import numpy as np
import pyterra as pt
from pyterra.errors import WriteError

resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
r = pt.rast(np.random.default_rng(1).random((3, 600, 600)))
try:
    r.write_cdf(sys.argv[1], "v", datatype="float64", compression=0)
except WriteError as error:
    print(error)
"""


def test_the_process_outlives_a_netcdf_file_that_did_not_fit(tmp_path):
    ended = subprocess.run([sys.executable, "-c", END, tmp_path / "a.nc"], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == (
        # a chunk has 512 KiB: that of the second layer does not fit any more, as the header takes some as well
        f"write: {tmp_path}/a.nc, variable 'v', layer 'lyr.2', rows 0:256, columns 0:256: File too large\n"
    )
    assert list(tmp_path.iterdir()) == []
