"""A damaged tile is an error that names file, layer and window, whatever the verb; never numbers."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ReadError, SourceError

TRANSFORM = rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6)
SIDE, TILE = 256, 64
DAMAGES = ["deflate", "zstd", "lzw", "lzma", "cut short"]


def write(path, seed=0, **options):
    profile = {
        "driver": "GTiff", "width": SIDE, "height": SIDE, "count": 2, "dtype": "int16", "crs": "EPSG:32631",
        "transform": TRANSFORM, "tiled": True, "blockxsize": TILE, "blockysize": TILE, "interleave": "band",
        "compress": "deflate", **options,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.random.default_rng(seed).integers(0, 1000, (2, SIDE, SIDE), dtype="int16"))
    return path


def place_of_tile(path, band, row, col):
    """Offset and size of a tile in the file."""
    with rasterio.open(path) as file:
        items = (
            file.get_tag_item(f"BLOCK_{what}_{col}_{row}", "TIFF", bidx=band + 1)
            for what in ("OFFSET", "SIZE")
        )
        return tuple(int(item) for item in items)


def damage(path, how):
    """Make the last tile of the second layer unreadable."""
    last = SIDE // TILE - 1
    start, size = place_of_tile(path, 1, last, last)
    with path.open("r+b") as file:
        if how == "cut short":
            file.truncate(start + size // 2)
        else:
            file.seek(start)
            file.write(b"\xff" * size)


@pytest.fixture(scope="module", params=DAMAGES)
def damaged(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("damaged") / f"bad {request.param}.tif"
    write(path, compress="deflate" if request.param == "cut short" else request.param)
    damage(path, request.param)
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write(tmp_path_factory.mktemp("whole") / "good.tif", seed=1)


def shifted(r):
    return pt.rast(np.ones((2, SIDE, SIDE)), extent=r.ext, crs=r.crs).shift(dx=3000)


VERBS = {
    "to_numpy": lambda r, s: r.to_numpy(),
    "values": lambda r, s: r.values(),
    "one layer": lambda r, s: r[1].to_numpy(),
    "cells": lambda r, s: r[SIDE - 1, SIDE - 1],
    "compute": lambda r, s: r.compute(),
    "global": lambda r, s: r.global_("mean"),
    "minmax": lambda r, s: r.minmax(compute=True),
    "freq": lambda r, s: r.freq(),
    "unique": lambda r, s: r.unique(),
    "arithmetic": lambda r, s: (r * 2 + s).to_numpy(),
    "app": lambda r, s: r.app("sum").to_numpy(),
    "app with a function": lambda r, s: r.app(lambda v: v[0] - v[1]).to_numpy(),
    "lapp": lambda r, s: r.lapp(lambda a, b: a + b).to_numpy(),
    "classify": lambda r, s: r.classify([[0, 500, 1], [500, 1000, 2]]).to_numpy(),
    "mask": lambda r, s: s.mask(r[1]).to_numpy(),
    "cover": lambda r, s: r.cover(s).to_numpy(),
    "focal": lambda r, s: r.focal(3, "mean").to_numpy(),
    "aggregate": lambda r, s: r.aggregate(4, "mean").to_numpy(),
    "resample": lambda r, s: r.resample(r.aggregate(2), "bilinear").to_numpy(),
    "project": lambda r, s: r.project("EPSG:4326").to_numpy(),
    "crop": lambda r, s: r.crop(pt.ext(507500, 507680, 4992320, 4992500)).to_numpy(),
    "merge": lambda r, s: r.merge(shifted(r)).to_numpy(),
    "mosaic": lambda r, s: r.mosaic(shifted(r)).to_numpy(),
    "approximate": lambda r, s: r.approximate(xout=[1, 1.5, 2]).to_numpy(),
}


def check(error, path):
    text = str(error.value)
    assert str(path) in text
    assert "layer" in text
    assert "rows" in text
    assert "column" in text


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_gives_numbers_from_a_damaged_tile(damaged, whole, verb):
    with pytest.raises(SourceError) as error:
        VERBS[verb](pt.rast(damaged), pt.rast(whole))
    assert isinstance(error.value, ReadError)
    check(error, damaged)


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_writing_from_a_damaged_file_leaves_nothing(damaged, tmp_path, executor):
    with pt.options(executor=executor, workers=2), pytest.raises(ReadError) as error:
        (pt.rast(damaged) + 1).write_raster(tmp_path / "out.tif")
    check(error, damaged)
    assert list(tmp_path.iterdir()) == []


def test_the_error_comes_again_at_the_second_read(damaged):
    r = pt.rast(damaged)
    for _ in range(3):
        with pytest.raises(ReadError):
            r.to_numpy()


def test_what_is_whole_of_a_damaged_file_can_be_read(damaged, tmp_path):
    sound = write(tmp_path / "sound.tif")
    assert np.array_equal(pt.rast(damaged)[0].to_numpy(), pt.rast(sound)[0].to_numpy())
    part = pt.ext(500000, 503000, 4997000, 5000000)
    assert np.array_equal(pt.rast(damaged).crop(part).to_numpy(), pt.rast(sound).crop(part).to_numpy())


def test_a_virtual_raster_says_which_file_is_missing(tmp_path):
    left, right = write(tmp_path / "left.tif"), tmp_path / "right.tif"
    write(right, transform=TRANSFORM @ rasterio.Affine.translation(SIDE, 0))
    r = pt.vrt([left, right])
    assert r.ncol == 2 * SIDE
    right.unlink()
    with pytest.raises(SourceError, match=r"right\.tif"):
        r.to_numpy()
