"""Every call that touches the disk fails once: the path holds the old file or the new one, without parts."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
import rasterio
from failing import nth_call_fails, which_calls
from rasterio.enums import Resampling

import pyterra as pt
from pyterra.errors import PyterraError
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.io.safe.safe_write import SafeRaster
from pyterra.tiles.mosaic import mosaic_band

PROFILE = {
    "width": 600,
    "height": 96,
    "count": 2,
    "dtype": "int64",
    "crs": "EPSG:32631",
    "transform": rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6),
    "compress": "deflate",
}


def plain(path, profile):
    return SafeRaster(path, profile, overwrite=True)


def cog(path, profile):
    return SafeCog(path, profile, overwrite=True, cog={"blocksize": 64}, overviews="nearest")


def netcdf(path, value, compression=1):
    with pt.options(verify="full"):
        pt.rast(np.full((2, 96, 600), value)).write_cdf(path, "v", compression=compression, overwrite=True)


def netcdf_stored(path, value):
    netcdf(path, value, compression=0)


def write(path, value, by, nodata=None):
    if by in (netcdf, netcdf_stored):
        by(path, value)
        return
    with by(path, {**PROFILE, "nodata": nodata}) as raster:
        for row in range(0, 96, 48):
            raster.write((row, 0, 48, 600), np.full((2, 48, 600), value))
        raster.commit()


def the_values(path):
    return set(np.unique(pt.rast(path).to_numpy()))


@pytest.mark.parametrize(
    ("by", "nodata"),
    [
        *itertools.product([plain, cog], [None, -(2**63)]),
        (netcdf, None),
        (netcdf_stored, None),
    ],
)
def test_whichever_call_fails_the_file_is_old_or_new(tmp_path, monkeypatch, by, nodata, thorough):
    path = tmp_path / ("a.nc" if by in (netcdf, netcdf_stored) else "a.tif")
    side, values = f"{path.name}.aux.xml", {2}
    for nth in which_calls(f"{by.__name__} {nodata}", thorough):
        if values == {2}:
            write(path, 1, by, nodata)
        (tmp_path / side).write_text("<PAMDataset></PAMDataset>")
        with nth_call_fails(monkeypatch, nth) as failing:
            error = None
            try:
                write(path, 2, by, nodata)
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


@pytest.mark.parametrize("outside", [False, True])
def test_whichever_call_fails_a_file_is_changed_or_as_it_was(tmp_path, monkeypatch, outside, thorough):
    path, cells = tmp_path / "a.tif", np.arange(96 * 600)
    pt.rast(np.full((1, 96, 600), 1.0)).write_raster(path, datatype="uint8")
    with rasterio.Env(TIFF_USE_OVR=outside), rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4], Resampling.average)
    (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset></PAMDataset>")
    whole, value = sorted(p.name for p in tmp_path.iterdir()), 1
    for nth in which_calls(f"update {outside}", thorough):
        x = pt.rast(path)
        with nth_call_fails(monkeypatch, nth) as failing:
            error = None
            try:
                x.update(cells=cells, values=value + 1)
            except PyterraError as raised:
                error = raised
        found = the_values(path)
        if failing.calls < nth:
            assert error is None
            assert found == {value + 1}
            break
        assert error is not None, f"call {nth} failed without an error"
        assert "Input/output error" in str(error)
        assert found in ({value}, {value + 1})
        left = sorted(p.name for p in tmp_path.iterdir())
        assert left == whole or (found == {value + 1} and set(left) < set(whole))
        whole, value = left, found.pop()
    assert nth > 10


@pytest.mark.parametrize("ending", [".grd", ".img"])
def test_whichever_call_fails_files_that_belong_together_are_old_or_new(
    tmp_path, monkeypatch, ending, thorough
):
    path, values = tmp_path / f"a{ending}", {2}
    for nth in which_calls(ending, thorough):
        if values == {2}:
            pt.rast(np.full((1, 40, 60), 1, "int32")).write_raster(path, overwrite=True)
            whole = sorted(p.name for p in tmp_path.iterdir())
        with nth_call_fails(monkeypatch, nth) as failing:
            error = None
            try:
                pt.rast(np.full((1, 40, 60), 2, "int32")).write_raster(path, overwrite=True)
            except PyterraError as raised:
                error = raised
        values = the_values(path)
        left = sorted(p.name for p in tmp_path.iterdir())
        if failing.calls < nth:
            assert error is None
            assert values == {2}
            break
        assert error is not None, f"call {nth} failed without an error"
        assert "Input/output error" in str(error)
        assert str(tmp_path) in str(error)
        assert values in ({1}, {2})
        assert left == whole
    assert nth > 10


READ_BACK = """
import sys
from pathlib import Path
import numpy as np
import pyterra as pt
from pyterra.io.store import netcdf_write

pt.options(progress=False)
path, genuine, failed = Path(sys.argv[1]), netcdf_write.flush_to_disk, 0
for length in (0, 100, 600, 2000, 5000):

    def cut(part):
        genuine(part)
        with open(part, "r+b") as file:
            file.truncate(min(length, file.seek(0, 2)))

    netcdf_write.flush_to_disk = cut
    try:
        pt.rast(np.ones((1, 40, 60))).write_cdf(path, "v", overwrite=True)
    except pt.errors.WriteError:
        failed += 1
print(failed, path.exists())
"""
"""What was written is short when it is read back: the file cannot be opened, or lacks what it should hold."""


def test_a_process_ends_in_peace_after_what_was_written_could_not_be_read(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", READ_BACK, str(tmp_path / "a.nc")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr, done.stdout.split()) == (0, "", ["5", "False"])
    assert list(tmp_path.iterdir()) == []


def tiles(folder, value):
    """Two tiles of one value, side by side, where they are not there yet."""
    found = [folder / f"{value}_{i}.tif" for i in range(2)]
    for i, file in enumerate(found):
        if not file.exists():
            r = pt.rast(np.full((1, 40, 40), value), extent=pt.ext(i, i + 1, 45, 46), crs="EPSG:4326")
            r.write_raster(file, datatype="uint8")
    return found


def mosaic(path, value, inputs):
    mosaic_band(tiles(inputs, value), path, overwrite=True)


def mosaic_of_copies(path, value, inputs):
    """Of files whose tiles are copied as they are."""
    tiled = {"COMPRESS": "DEFLATE", "BLOCKSIZE": 64}
    found = [inputs / f"copied_{value}_{i}.tif" for i in range(2)]
    for i, file in enumerate(found):
        if not file.exists():
            r = pt.rast(np.full((1, 128, 128), value), extent=pt.ext(i, i + 1, 45, 46), crs="EPSG:4326")
            r.write_raster(file, datatype="uint8", format="COG", options=tiled)
    mosaic_band(found, path, options=tiled, overwrite=True)


def virtual(path, value, inputs):
    with pt.options(vrt_roots=[inputs]):
        pt.vrt(tiles(inputs, value), path, overwrite=True)


def classes(path, value, inputs, format="GTiff"):
    """Bytes with names of classes, which GDAL keeps in a file beside."""
    r = pt.rast(np.full((1, 600, 600), value), extent=pt.ext(0, 1, 0, 1), crs="EPSG:4326")
    r.levels = [{value: f"class {value}"}]
    r.write_raster(path, datatype="uint8", format=format, overwrite=True)


def classes_as_cog(path, value, inputs):
    classes(path, value, inputs, format="COG")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("m.tif", mosaic),
        ("m.tif", mosaic_of_copies),
        ("m.vrt", virtual),
        ("c.tif", classes),
        ("c.tif", classes_as_cog),
    ],
)
def test_whichever_call_fails_mosaics_and_classes_are_old_or_new(tmp_path, monkeypatch, name, make, thorough):
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    out.mkdir()
    for value in (1, 2):
        make(out / name, value, inputs)
    values = {2}
    for nth in which_calls(make.__name__, thorough):
        if values == {2}:
            make(out / name, 1, inputs)
        with nth_call_fails(monkeypatch, nth) as failing:
            error = None
            try:
                make(out / name, 2, inputs)
            except PyterraError as raised:
                error = raised
        with pt.options(vrt_roots=[inputs]):
            r = pt.rast(out / name)
        values = set(np.unique(r.values()))
        assert {p.name for p in out.iterdir()} <= {name, f"{name}.aux.xml"}
        if failing.calls < nth:
            assert (error, values) == (None, {2})
            break
        assert error is not None, f"call {nth} failed without an error"
        assert "Input/output error" in str(error)
        assert str(tmp_path) in str(error)
        assert values in ({1}, {2})
        if make in (
            classes,
            classes_as_cog,
        ):  # names may be lost with the disk, they are never those of others
            assert r.levels[0] is None or values <= set(r.levels[0].iloc[:, 0])
    assert nth > 5
