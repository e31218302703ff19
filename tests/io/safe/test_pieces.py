"""Pieces of a raster, cut into tiles and into what GDAL gets at once, and read back."""

import errno

import numpy as np
import pytest
import rasterio
from part_files import profile, values_for, write

from pyterra.errors import WriteError
from pyterra.io.safe import pieces
from pyterra.io.safe.pieces import Piece, in_turn, read_back, tiles_of
from pyterra.io.safe.verify import Digests
from pyterra.io.safe.watch import Watch

TILE = 16, 32
PIECE = Piece(32, 32, 40, 70, (0, 2, 3))


@pytest.fixture
def numbers():
    return np.random.default_rng(1).integers(0, 100, (3, 40, 70)).astype("int16")


def put_together(parts, first=PIECE):
    """The numbers of parts, and how often each cell is in one."""
    found, often = np.zeros((3, 40, 70), "int16"), np.zeros((3, 40, 70), int)
    for part, values in parts:
        bands = [first.bands.index(band) for band in part.bands]
        rows = slice(part.row - first.row, part.row - first.row + part.nrow)
        cols = slice(part.col - first.col, part.col - first.col + part.ncol)
        found[bands, rows, cols] = values
        often[bands, rows, cols] += 1
    return found, often


@pytest.mark.parametrize(
    "cut",
    [
        lambda numbers: tiles_of(PIECE, numbers, TILE),
        lambda numbers: in_turn(PIECE, numbers, TILE, together=True),
        lambda numbers: in_turn(PIECE, numbers, TILE, together=False),
    ],
)
def test_parts_are_the_piece(numbers, cut, monkeypatch):
    monkeypatch.setattr(pieces, "AT_ONCE_BYTES", 5000)
    parts = list(cut(numbers))
    found, often = put_together(parts)
    assert len(parts) > 1
    assert np.unique(often).tolist() == [1]
    np.testing.assert_array_equal(found, numbers)


def test_a_tile_has_all_bands_and_ends_with_the_piece(numbers):
    parts = [part for part, _ in tiles_of(PIECE, numbers, TILE)]
    assert {part.bands for part in parts} == {PIECE.bands}
    assert [(part.row, part.col) for part in parts] == [(r, c) for r in (32, 48, 64) for c in (32, 64, 96)]
    assert [(part.nrow, part.ncol) for part in parts[-3:]] == [(8, 32), (8, 32), (8, 6)]


@pytest.mark.parametrize(("together", "count"), [(True, 3), (False, 1)])
def test_gdal_gets_whole_rows_of_tiles_and_little_at_once(numbers, together, count, monkeypatch):
    row_bytes = count * 70 * 2
    monkeypatch.setattr(pieces, "AT_ONCE_BYTES", 16 * row_bytes)
    parts = list(in_turn(PIECE, numbers, TILE, together=together))
    assert {len(part.bands) for part, _ in parts} == {count}
    assert max(values.nbytes for _, values in parts) <= 16 * row_bytes
    assert {part.row % 16 for part, _ in parts} == {0}
    monkeypatch.setattr(pieces, "AT_ONCE_BYTES", 1)  # less than a row of tiles: these are not torn
    assert [part.nrow for part, _ in in_turn(PIECE, numbers, TILE, together=together)][:3] == [16, 16, 8]


@pytest.mark.parametrize("lossy", [False, True])
def test_a_piece_that_differs_is_named_unless_it_may(tmp_path, lossy):
    settings = profile()
    values = values_for(settings)
    write(tmp_path / "a.tif", values, settings)
    digests = Digests("full")
    for row in range(0, 40, 10):
        digests.add(Piece(row, 0, 10, 60, (0,)), values[:, row : row + 10])
    watch = Watch(tmp_path / "b.tif")
    read_back(tmp_path / "a.tif", digests, watch, lossy=lossy)
    with rasterio.open(tmp_path / "a.tif", "r+") as raster:
        raster.write(np.full((1, 1, 1), 7, "float32"), window=((25, 26), (3, 4)))
    if lossy:
        read_back(tmp_path / "a.tif", digests, watch, lossy=True)
    else:
        with pytest.raises(WriteError, match=r"b\.tif, rows 20\.\.29, columns 0\.\.59: what was read back"):
            read_back(tmp_path / "a.tif", digests, watch, lossy=False)


def test_what_the_disk_loses_is_told_though_it_reads_well(tmp_path, monkeypatch):
    settings = profile()
    values = values_for(settings)
    write(tmp_path / "a.tif", values, settings)
    digests = Digests("full")
    digests.add(Piece(0, 0, 40, 60, (0,)), values)

    def lost(path):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(pieces, "flush_to_disk", lost)
    with pytest.raises(WriteError, match=r"b\.tif, reading back: .*Input/output error"):
        read_back(tmp_path / "a.tif", digests, Watch(tmp_path / "b.tif"), lossy=False)
