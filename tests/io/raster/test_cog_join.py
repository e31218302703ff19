"""Tiles of several files copied into one COG: when that may be, and what comes of it."""

import numpy as np
import pytest
import rasterio
from rio_cogeo import cog_validate

from pyterra.errors import WriteError
from pyterra.io.raster.cog_join import Piece, joined, levels_to_copy
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.kernels.overview import halved

OPTIONS = {"COMPRESS": "DEFLATE", "BLOCKSIZE": 32, "INTERLEAVE": "BAND"}
CREATION = {"compress": "DEFLATE", "blockxsize": 32, "blockysize": 32, "predictor": 1}


def place(col=0, row=0):
    return rasterio.Affine(1, 0, 100 + col, 0, -1, 200 - row)


def piece(path, values, row=0, col=0, band=0, **options):
    count, height, width = values.shape
    profile = {"width": width, "height": height, "count": count, "dtype": "uint8", "nodata": 255}
    with SafeCog(path, {**profile, "transform": place(col, row)}, cog={**OPTIONS, **options}) as raster:
        raster.write((0, 0, height, width), values)
        raster.commit()
    return Piece.of(path, band, row, col)


@pytest.fixture
def four(tmp_path):
    """Four files of 64 x 64 cells, two bands and one overview, in a raster of 192 x 160 cells."""
    rng = np.random.default_rng(1)
    values = np.full((192, 160), 255, "uint8")
    pieces = []
    for i, (row, col) in enumerate([(0, 0), (64, 64), (128, 0)]):
        here = rng.integers(0, 100, (2, 64, 64)).astype("uint8")
        pieces.append(piece(tmp_path / f"{i}.tif", here, row, col, band=1, OVERVIEW_COUNT=1))
        values[row : row + 64, col : col + 64] = here[1]
    edge = rng.integers(0, 100, (2, 64, 32)).astype("uint8")
    pieces.append(piece(tmp_path / "edge.tif", edge, 0, 128, band=1, OVERVIEW_COUNT=1))
    values[:64, 128:] = edge[1]
    return values, pieces


def write(path, pieces, shape=(192, 160), verify="full", **options):
    profile = {"width": shape[1], "height": shape[0], "count": 1, "dtype": "uint8", "nodata": 255}
    how = {**OPTIONS, "INTERLEAVE": "PIXEL", **options}
    with SafeCog(path, {**profile, "transform": place()}, cog=how, verify=verify) as raster:
        raster.commit(pieces=pieces)
    return path


@pytest.mark.parametrize("bigtiff", ["YES", "NO"])
def test_a_raster_of_copied_tiles_is_the_raster_with_all_its_overviews(tmp_path, four, bigtiff):
    values, pieces = four
    assert levels_to_copy(pieces, values.shape, CREATION) == 2
    path = write(tmp_path / "all.tif", pieces, BIGTIFF=bigtiff)
    assert cog_validate(path, strict=True, quiet=True) == (True, [], [])
    expected = values[None]
    for level in (None, 0, 1, 2):
        with rasterio.open(path, **({} if level is None else {"overview_level": level})) as raster:
            np.testing.assert_array_equal(raster.read(), expected)
        expected = halved(expected, "average", 255)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0.tif", "1.tif", "2.tif", "all.tif", "edge.tif"]


def test_tiles_are_copied_byte_by_byte(tmp_path, four):
    _, pieces = four
    level = joined(pieces[0].levels[0], pieces[:1], 0)
    data = pieces[0].path.read_bytes()
    tile = data[level.offsets[0] : level.offsets[0] + level.counts[0]]
    assert tile in write(tmp_path / "all.tif", pieces).read_bytes()


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"compress": "ZSTD"}, 0),
        ({"blockxsize": 16}, 0),
        ({"predictor": 2}, 0),
    ],
)
def test_other_codecs_and_tiles_are_not_copied(four, change, level):
    values, pieces = four
    assert levels_to_copy(pieces, values.shape, {**CREATION, **change}) == level


def test_pieces_off_the_lattice_are_not_copied(tmp_path, four):
    values, pieces = four
    one = pieces[0]
    for row, col, levels in ((16, 0, 0), (0, 16, 0), (32, 0, 1), (64, 32, 1), (64, 96, 1), (160, 0, 0)):
        moved = Piece(one.path, 1, row, col, one.levels)
        assert levels_to_copy([moved], values.shape, CREATION) == levels, (row, col)
    ragged = piece(tmp_path / "ragged.tif", np.zeros((2, 40, 64), "uint8"))
    assert levels_to_copy([ragged], values.shape, CREATION) == 0
    assert levels_to_copy([ragged], (40, 64), CREATION) > 0


def test_a_damaged_tile_is_not_copied_unseen(tmp_path, four):
    _, pieces = four
    path = pieces[1].path
    data = bytearray(path.read_bytes())
    begin = int(pieces[1].levels[0].places()[0].reshape(2, 4)[1, 0])
    data[begin : begin + 200] = bytes(200)
    path.write_bytes(data)
    with pytest.raises(WriteError, match="reading back"):
        write(tmp_path / "all.tif", pieces)
    assert not (tmp_path / "all.tif").exists()
