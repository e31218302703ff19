"""Tilings cover their extent once, and names of tiles are safe."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyterra.errors import ArgumentError
from pyterra.tiles import Tile, TileGrid, check_tile_id, path_inside


def test_tiles_run_row_by_row_from_the_lower_left():
    grid = TileGrid((0, 20, 0, 11), 10)
    assert [(tile.id, tile.extent) for tile in grid] == [
        ("r0000_c0000", (0, 10, 0, 10)),
        ("r0000_c0001", (10, 20, 0, 10)),
        ("r0001_c0000", (0, 10, 10, 20)),
        ("r0001_c0001", (10, 20, 10, 20)),
    ]
    assert (len(grid), grid.nrow, grid.ncol) == (4, 2, 2)


def test_clipped_tiles_end_with_the_extent():
    assert list(TileGrid((0, 15, 0, 11), 10, clip=True))[-1].extent == (10, 15, 10, 11)


@pytest.mark.parametrize(
    ("corner", "name"),
    [
        ((8, 46), "008E_46N"),
        ((-106, 12), "106W_12N"),
        ((-1, -1), "001W_01S"),
        ((0, 0), "000E_00N"),
        ((179, -90), "179E_90S"),
    ],
)
def test_degree_tiles_are_called_by_their_lower_left_corner(corner, name):
    x, y = corner
    (tile,) = TileGrid((x, x + 1, y, y + 1), 1, degrees=True)
    assert tile.id == name


def test_the_globe_has_64800_different_degree_names():
    grid = TileGrid((-180, 180, -90, 90), 1, degrees=True)
    assert len({tile.id for tile in grid}) == len(grid) == 64800


def test_rounding_of_the_span_adds_no_tile():
    assert TileGrid((0, 0.1 + 0.2, 0, 0.7), 0.1).ncol == 3
    assert TileGrid((0, 0.1 + 0.2, 0, 0.7), 0.1).nrow == 7


def test_neighbours_share_their_edge_to_the_bit():
    grid = TileGrid((-179.3, 180, -59.7, 80), 0.7)
    for col in range(grid.ncol - 1):
        assert grid.tile(5, col).extent[1] == grid.tile(5, col + 1).extent[0]


coordinate = st.integers(-220, 220).map(lambda tenths: tenths / 10)


@given(coordinate, coordinate, st.integers(1, 90), st.integers(1, 90), st.sampled_from([2, 2.5, 3.3, 7]))
def test_touching_finds_the_tiles_that_share_area(x, y, width, height, size):
    grid = TileGrid((-20, 20, -10, 15), size)
    box = (x, x + width / 10, y, y + height / 10)
    found = {tile.id for tile in grid.touching(box)}
    for tile in grid:
        xmin, xmax, ymin, ymax = tile.extent
        overlap = min(min(xmax, box[1]) - max(xmin, box[0]), min(ymax, box[3]) - max(ymin, box[2]))
        if abs(overlap) > 1e-6:
            assert (tile.id in found) == (overlap > 0)


@pytest.mark.parametrize(
    ("extent", "size", "word"),
    [
        ((0, 1, 0), 1, "xmin, xmax, ymin, ymax"),
        ((0, float("nan"), 0, 1), 1, "xmin, xmax, ymin, ymax"),
        ((1, 1, 0, 1), 1, "must not be empty"),
        ((0, 1, 0, 1), 0, "positive"),
        ((0, 1, 0, 1), (1, 2, 3), "positive"),
    ],
)
def test_impossible_tilings_are_refused(extent, size, word):
    with pytest.raises(ArgumentError, match=word):
        TileGrid(extent, size)


def test_names_by_degrees_need_whole_degrees():
    with pytest.raises(ArgumentError, match="whole degrees"):
        TileGrid((0.5, 2.5, 0, 1), 1, degrees=True)


def test_a_tile_outside_the_tiling_is_refused():
    with pytest.raises(ArgumentError, match="below 1 and 2"):
        TileGrid((0, 2, 0, 1), 1).tile(0, 2)


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "a\\b", "a.tif", "a b", "a\n", "é", "x" * 65, "$(x)", None, 3]
)
def test_unsafe_ids_are_refused(name):
    with pytest.raises(ArgumentError, match="1 to 64 letters"):
        check_tile_id(name)
    with pytest.raises(ArgumentError):
        Tile(name, (0, 1, 0, 1))


@pytest.mark.parametrize("parts", [("..",), ("a", "../../b"), ("/etc/passwd",), ("",), (".",), ("link", "x")])
def test_paths_do_not_leave_the_folder(tmp_path, parts):
    (tmp_path / "root").mkdir()
    os.symlink(tmp_path, tmp_path / "root" / "link")
    with pytest.raises(ArgumentError, match="must lie inside"):
        path_inside(tmp_path / "root", *parts)


def test_paths_inside_are_joined(tmp_path):
    assert path_inside(tmp_path, "008E_46N", "2003.tif") == tmp_path.resolve() / "008E_46N" / "2003.tif"
