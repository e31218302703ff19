"""Overviews tile by tile, against the same of the whole raster at once."""

import numpy as np
import pytest
import rasterio

from pyterra.errors import WriteError
from pyterra.io.raster import overviews
from pyterra.io.raster.cog_layout import Level
from pyterra.io.raster.overviews import Blank, Making, make_overviews, overview_count
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.kernels.overview import halved

TILES = {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate", "sparse_ok": True}
SIDE = 16


@pytest.fixture
def making(tmp_path):
    def new_file():
        return tmp_path / f"{len(list(tmp_path.iterdir()))}.tif"

    return lambda how, **more: Making(how, 255, {**TILES, **more}, new_file, "full")


def full(path, values, **more):
    count, height, width = values.shape
    profile = {"height": height, "width": width, "count": count, "dtype": "uint8", "nodata": 255}
    place = rasterio.Affine(1, 0, 1, 0, -1, 0)
    with rasterio.open(path, "w", driver="GTiff", transform=place, **profile, **{**TILES, **more}) as file:
        file.write(values)
    return Level.of(path)


def values_of(level):
    with rasterio.open(level.files[0]) as file:
        return file.read()


@pytest.mark.parametrize("how", ["average", "mode", "nearest"])
@pytest.mark.parametrize(
    ("shape", "interleave"), [((2, 75, 50), "pixel"), ((2, 33, 64), "band"), ((1, 1, 70), "pixel")]
)
def test_levels_are_those_of_the_whole_raster(tmp_path, making, how, shape, interleave):
    values = np.random.default_rng(1).integers(0, 5, shape).astype("uint8")
    values[values == 4] = 255
    level = full(tmp_path / "full.tif", values, interleave=interleave)
    made = make_overviews(level, making(how, interleave=interleave))
    assert max(made[-1].directory.shape) <= SIDE < max(values.shape[1:])
    for found in made:
        values = halved(values, how, 255)
        np.testing.assert_array_equal(values_of(found), values)


def test_what_is_empty_is_neither_read_nor_stored(tmp_path, making, monkeypatch):
    values = np.full((1, 96, 96), 255, "uint8")
    values[0, 40:50, 70:75] = 3
    level = full(tmp_path / "full.tif", values)
    read, genuine = [], overviews._read
    monkeypatch.setattr(overviews, "_read", lambda *a: read.append(a[2]) or genuine(*a))
    made = make_overviews(level, making("average"))
    assert [level.stored.sum() for level in made] == [1, 1, 1]
    assert len(read) == 2 + 1 + 1 + 1
    assert values_of(made[0])[0, 20, 35] == 3


@pytest.mark.parametrize(
    ("most", "sizes"), [(0, []), (1, [(10, 10)]), (9, [(10, 10), (5, 5), (3, 3), (2, 2), (1, 1)])]
)
def test_the_number_of_levels_may_be_given(tmp_path, making, most, sizes):
    level = full(tmp_path / "full.tif", np.ones((1, 20, 20), "uint8"))
    assert [found.directory.shape for found in make_overviews(level, making("nearest"), most)] == sizes
    assert overview_count(level.directory.shape, level.directory.tile, most) == len(sizes)


def test_a_level_that_does_not_come_back_as_it_was_is_an_error(tmp_path, making, monkeypatch):
    level = full(tmp_path / "full.tif", np.ones((1, 60, 20), "uint8"))
    sums = iter(range(100))
    monkeypatch.setattr("pyterra.io.safe.verify.digest", lambda array: next(sums))
    with pytest.raises(WriteError, match="of an overview: what was read back differs"):
        make_overviews(level, making("average"))


def test_blank_tiles_are_made_of_their_number(tmp_path, making):
    values = np.full((2, 80, 75), 255, "uint8")
    where = np.zeros((5, 5), bool)
    where[:3, :3] = where[4, 4] = True
    values[:, :48, :48] = values[:, 64:, 64:] = np.array([7, 255])[:, None, None]
    values[:, 16:32, 32:48] = np.random.default_rng(1).integers(0, 5, (2, 16, 16))
    where[1, 2] = False
    written = np.where(np.kron(where, np.ones((16, 16), bool))[:80, :75], 255, values).astype("uint8")
    level = full(tmp_path / "full.tif", written)
    blank = Blank(np.array([7, 255], "uint8"), where)
    for found in make_overviews(level, making("average"), blank=blank):
        values, blank = halved(values, "average", 255), blank.halved()
        seen = values_of(found)
        places = np.kron(blank.where, np.ones((16, 16), bool))[: seen.shape[1], : seen.shape[2]]
        np.testing.assert_array_equal(np.where(places, values, seen), values)
        assert not found.stored[blank.where].any()


@pytest.mark.parametrize("how", ["average", "mode", "nearest"])
@pytest.mark.parametrize(
    ("shape", "dtype", "code"), [((2, 75, 50), "uint8", 255), ((1, 130, 33), "float32", -1.0)]
)
def test_the_first_level_is_the_same_from_passing_tiles_and_from_the_finished_file(
    tmp_path, how, shape, dtype, code
):
    rng = np.random.default_rng(2)
    values = np.where(rng.uniform(size=shape) < 0.3, code, rng.integers(0, 9, shape)).astype(dtype)
    count, height, width = shape
    profile = {"height": height, "width": width, "count": count, "dtype": dtype, "nodata": code}
    profile["transform"] = rasterio.Affine(1, 0, 1, 0, -1, 0)
    files = tmp_path / "passing.tif", tmp_path / "finished.tif"
    for path in files:
        with SafeCog(path, profile, cog={"compress": "deflate", "blocksize": 16}, overviews=how) as raster:
            if path == files[1]:
                raster.set_nodata(code)  # which may be another one than that of the tiles before
                assert raster._passed is None
            for row in range(0, height, 16):
                part = values[:, row : row + 16]
                raster.write((row, 0, *part.shape[1:]), np.ascontiguousarray(part))
            assert (raster._passed is None) == (path == files[1])
            raster.commit()
    assert files[0].read_bytes() == files[1].read_bytes()
