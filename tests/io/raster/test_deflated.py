"""Tiles of bytes that pyterra compresses itself, read by others."""

import zlib

import numpy as np
import pytest
import rasterio
from rio_cogeo import cog_validate

from pyterra import kernels
from pyterra.errors import WriteError
from pyterra.io.raster import cog
from pyterra.io.raster.cog_layout import Level
from pyterra.io.raster.deflated import DeflatedTiles, Inflated
from pyterra.io.safe.safe_cog import SafeCog

PLACE = rasterio.Affine(0.01, 0.0, 5.0, 0.0, -0.01, 50.0)
PROFILE = {"width": 300, "height": 170, "dtype": "uint8", "crs": "EPSG:4326", "transform": PLACE}


def values_of(path, level=None):
    with rasterio.open(path, **({} if level is None else {"overview_level": level})) as raster:
        return raster.read()


def classes(count, code=255):
    rng = np.random.default_rng(count)
    out = np.kron(rng.integers(0, 5, (count, 17, 30)), np.ones((1, 10, 10))).astype("uint8")
    out[rng.random(out.shape) < 0.05] = code
    out[:, :64, 64:128] = code
    out[0, 64:128, :64] = 0
    return out


def write(path, values, code, how="average", then=lambda dataset: None, **options):
    profile = {**PROFILE, "count": len(values), "nodata": code, "num_threads": options.pop("threads", 1)}
    options = {"compress": "deflate", "blocksize": 64, "interleave": "band", "overview_count": 3, **options}
    with SafeCog(path, profile, cog=options, overviews=how) as raster:
        for row in (0, 64, 128):
            for col in (0, 64, 192):
                part = values[:, row : min(row + 64, 170), col : {0: 64, 64: 192, 192: 300}[col]]
                if col != 192 or row != 64:  # which is never written
                    raster.write((row, col, *part.shape[1:]), np.ascontiguousarray(part))
        with raster.editing() as dataset:
            then(dataset)
        raster.commit()


@pytest.mark.parametrize("code", [255, 0, None])
@pytest.mark.parametrize(("count", "threads"), [(1, 1), (3, 1), (3, 2)])
@pytest.mark.parametrize("how", ["average", "mode", "nearest"])
def test_files_hold_what_gdal_would_have_stored(tmp_path, code, count, threads, how, monkeypatch):
    values = classes(count, 255 if code is None else code)
    write(tmp_path / "gdal.tif", values, code, how, level=9)
    asked = []
    monkeypatch.setattr(SafeCog, "_write_by_gdal", lambda self, *a: asked.append(a), raising=True)
    write(tmp_path / "own.tif", values, code, how, threads=threads)
    assert asked == []
    assert cog_validate(tmp_path / "own.tif", strict=True, quiet=True) == (True, [], [])
    for level in (None, 0, 1, 2):
        found, expected = (values_of(tmp_path / name, level) for name in ("own.tif", "gdal.tif"))
        np.testing.assert_array_equal(found, expected)
    stored = [Level.of(tmp_path / name).counts > 0 for name in ("own.tif", "gdal.tif")]
    np.testing.assert_array_equal(*stored)


def test_the_number_of_threads_changes_no_byte(tmp_path):
    for threads in (1, 3):
        write(tmp_path / f"{threads}.tif", classes(2), 255, threads=threads)
    assert (tmp_path / "1.tif").read_bytes() == (tmp_path / "3.tif").read_bytes()


def test_averages_of_colours_are_made_by_gdal_of_the_same_values(tmp_path):
    def colours(dataset):
        dataset.write_colormap(1, {k: (40 * k, 0, 0, 255) for k in range(5)})

    values = classes(1)
    write(tmp_path / "a.tif", values, 255, then=colours)
    values[0, 64:128, 192:] = 255
    np.testing.assert_array_equal(values_of(tmp_path / "a.tif"), values)


@pytest.mark.parametrize(
    ("options", "dtype", "bands", "own"),
    [
        ({"compress": "deflate"}, "uint8", 1, True),
        ({"compress": "deflate", "level": 6}, "uint8", 1, True),
        ({"compress": "deflate", "level": 7}, "uint8", 1, False),
        ({"compress": "deflate", "predictor": "yes"}, "uint8", 1, False),
        ({"compress": "deflate"}, "int16", 1, False),
        ({"compress": "deflate"}, "uint8", 2, False),
        ({"compress": "deflate", "interleave": "band"}, "uint8", 2, True),
        ({"compress": "deflate", "sparse_ok": "no"}, "uint8", 1, False),
        ({"compress": "zstd"}, "uint8", 1, False),
    ],
)
def test_what_is_compressed_here(options, dtype, bands, own):
    assert cog.own_layout(options, dtype, bands).deflates == own


@pytest.mark.parametrize("wrong", [lambda values: zlib.compress(b"\0" * values.size), lambda values: b"no"])
def test_a_stream_that_says_something_else_is_noticed(tmp_path, monkeypatch, wrong):
    monkeypatch.setattr(kernels.deflate, "compress", wrong)
    with pytest.raises(WriteError):
        write(tmp_path / "a.tif", classes(1), 255)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_leaves_nothing(tmp_path, monkeypatch):
    class Full:
        def __init__(self, file):
            self.file, self.close = file, file.close

        def write(self, data):
            raise OSError(28, "No space left on device")

    genuine = DeflatedTiles.__init__

    def opened(self, *a):
        genuine(self, *a)
        self._file = Full(self._file)

    monkeypatch.setattr(DeflatedTiles, "__init__", opened)
    with pytest.raises(WriteError, match="No space left"):
        write(tmp_path / "a.tif", classes(1), 255)
    assert list(tmp_path.iterdir()) == []


def test_tiles_come_back_in_any_order(tmp_path):
    values = classes(2)[:, :128, :150]
    with rasterio.open(
        tmp_path / "shape.tif",
        "w",
        driver="GTiff",
        count=2,
        width=150,
        height=128,
        dtype="uint8",
        tiled=True,
        blockxsize=64,
        blockysize=64,
        interleave="band",
        transform=PLACE,
    ):
        pass
    tiles = DeflatedTiles(tmp_path / "tiles", (2, 128, 150), (64, 64), 200)
    for row, col in ((64, 128), (0, 64), (64, 0), (0, 128)):
        tiles.put(row, col, values[:, row : row + 64, col : col + 64], (0, 1))
    found = Inflated(tiles.level(Level.of(tmp_path / "shape.tif").directory), 9)
    np.testing.assert_array_equal(found.read(1, 2, (1, 0), (64, 22)), values[::-1, 64:, 128:])
    assert (found.read(0, 0, (0,), (64, 64)) == 9).all()
    found.close()
