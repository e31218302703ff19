"""Tiles and strips under LZW that are decoded without GDAL: the same numbers, and what is left to GDAL."""

import numpy as np
import pytest
import rasterio
from rasterio.windows import Window as RasterioWindow

import pyterra as pt
from pyterra.errors import ReadError
from pyterra.grid import Window
from pyterra.io.raster.lzw_tiles import tiles_of
from pyterra.io.raster.raster_file import open_source

TILED = {"tiled": True, "blockxsize": 32, "blockysize": 16}


def write(path, values, **options):
    place = rasterio.Affine(1, 0, 0, 0, -1, len(values[0]))
    profile = {"driver": "GTiff", "compress": "lzw", "dtype": values.dtype, "transform": place, **options}
    shape = dict(zip(("count", "height", "width"), values.shape, strict=True))
    with rasterio.open(path, "w", **profile, **shape) as file:
        file.write(values)
    return path


def own_tiles(path):
    source, dataset = open_source(path)
    with dataset:
        described = source.shape, source.tile, len(source.bands), source.bands[0].dtype
        return tiles_of(source.path, source.state, *described)


def numbers(rng, dtype, shape):
    steps = np.cumsum(rng.integers(-2, 3, shape), axis=2)
    return (steps + rng.random(shape) / 3 if dtype.startswith("f") else np.abs(steps)).astype(dtype)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "uint32", "int64", "float32", "float64"])
@pytest.mark.parametrize("interleave", ["band", "pixel"])
@pytest.mark.parametrize("layout", [TILED, {}, {"blockysize": 7}, {"blockysize": 200}])
def test_windows_are_those_of_gdal(tmp_path, dtype, interleave, layout):
    rng = np.random.default_rng(1)
    predictors = [1] if dtype.startswith("f") else [1, 2]
    for predictor in predictors:
        values = numbers(rng, dtype, (3, 75, 100))
        path = write(tmp_path / "a.tif", values, interleave=interleave, predictor=predictor, **layout)
        tiles = own_tiles(path)
        for _ in range(6):
            row, col = rng.integers(0, 75), rng.integers(0, 100)
            window = Window(row, col, rng.integers(1, 76 - row), rng.integers(1, 101 - col))
            bands = rng.permutation(3)[: rng.integers(1, 4)].tolist()
            with rasterio.open(path) as file:
                place = RasterioWindow(window.col, window.row, window.ncol, window.nrow)
                wanted = file.read([band + 1 for band in bands], window=place)
            found = tiles.read(bands, window)
            assert found.dtype == wanted.dtype
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize(
    "options",
    [
        {"compress": "deflate"},
        {"endianness": "big"},
        {"predictor": 3},
        {"nbits": 4},
        {"photometric": "miniswhite"},
    ],
)
def test_other_files_are_left_to_gdal(tmp_path, options):
    values = (
        numbers(np.random.default_rng(1), "float32" if options.get("predictor") else "uint8", (1, 40, 40))
        % 16
    )
    path = write(tmp_path / "a.tif", values, **options)
    assert own_tiles(path) is None
    np.testing.assert_array_equal(pt.rast(path).to_numpy(), values)


def test_tiles_that_are_not_stored_are_left_to_gdal(tmp_path):
    place = rasterio.Affine(1, 0, 0, 0, -1, 64)
    shape = {"height": 64, "width": 64, "count": 1, "dtype": "int16", "nodata": -1, "transform": place}
    with rasterio.open(tmp_path / "a.tif", "w", compress="lzw", sparse_ok=True, **TILED, **shape) as file:
        file.write(np.full((16, 32), 5, "int16"), 1, window=RasterioWindow(32, 16, 32, 16))
    tiles = own_tiles(tmp_path / "a.tif")
    assert (tiles.read([0], Window(16, 32, 16, 32)) == 5).all()
    assert tiles.read([0], Window(0, 0, 64, 64)) is None
    found = pt.rast(tmp_path / "a.tif").to_numpy()
    assert np.nansum(found) == 5 * 16 * 32
    assert np.isnan(found[0, :16]).all()


@pytest.mark.parametrize("layout", [TILED, {}])
def test_a_damaged_tile_is_an_error_that_tells_the_file_and_the_window(tmp_path, layout):
    values = numbers(np.random.default_rng(1), "uint8", (1, 75, 100))
    path = write(tmp_path / "a.tif", values, **layout)
    tiles = own_tiles(path)
    offset, count = int(tiles.offsets.ravel()[0]), int(tiles.counts.ravel()[0])
    data = bytearray(path.read_bytes())
    data[offset : offset + count] = b"\x80\x7f" + b"\xff" * (count - 2)
    path.write_bytes(data)
    assert own_tiles(path).read([0], Window(0, 0, 75, 100)) is None
    with pytest.raises(ReadError, match=r"a\.tif.*rows"):
        pt.rast(path).to_numpy()


def test_a_file_that_ends_early_is_left_to_gdal(tmp_path):
    values = numbers(np.random.default_rng(1), "uint8", (1, 75, 100))
    path = write(tmp_path / "a.tif", values, **TILED)
    tiles = own_tiles(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(tiles.offsets.max()) + 1])
    assert own_tiles(path).read([0], Window(0, 0, 75, 100)) is None
    path.write_bytes(whole)
    assert tiles.read([0], Window(0, 0, 75, 100)) is None  # another file, as far as one can tell
    path.unlink()
    assert tiles.read([0], Window(0, 0, 75, 100)) is None


def test_a_disk_that_fails_is_an_error(tmp_path, monkeypatch):
    path = write(tmp_path / "a.tif", numbers(np.random.default_rng(1), "uint8", (1, 75, 100)), **TILED)
    r = pt.rast(path)
    own_tiles(path)

    def fails(*arguments):
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("pyterra.io.raster.lzw_tiles.os.pread", fails)
    with pytest.raises(ReadError, match=r"a\.tif, layer 0, rows.*Input/output error"):
        r.to_numpy()
    with pytest.raises(ReadError, match="Input/output error"):
        pt.read_rasters([path], dtype="uint8")


def test_values_of_many_files_are_those_of_gdal(tmp_path):
    rng, paths, wanted = np.random.default_rng(1), [], []
    for k in range(3):
        values = numbers(rng, "uint8", (2, 75, 100))
        values[:, 5] = 9
        paths.append(write(tmp_path / f"{k}.tif", values, nodata=9, **TILED))
        wanted.append(values[1, 3:50, 20:90])
    files = [str(path) for path in paths]
    stored = pt.read_rasters(files, window=Window(3, 20, 47, 70), dtype="uint8", lyr=1)
    found = pt.read_rasters(files, window=Window(3, 20, 47, 70), lyr=1)
    np.testing.assert_array_equal(stored, np.stack(wanted))
    np.testing.assert_array_equal(found, np.where(stored == 9, np.nan, stored))


def test_another_file_in_its_place_is_described_anew(tmp_path):
    rng = np.random.default_rng(1)
    for _ in range(3):
        values = numbers(rng, "int16", (1, 75, 100))
        path = write(tmp_path / "a.tif", values, **TILED)
        np.testing.assert_array_equal(pt.rast(path).to_numpy(), values)
