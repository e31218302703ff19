"""chunk: tiles from the top left, one after the other, as terra has them."""

import gc

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, NoValuesError, UDFError


@pytest.fixture
def r():
    """Two layers of 10 x 12 cells."""
    return pt.rast(np.random.default_rng(5).normal(size=(2, 10, 12)), names=["a", "b"])


def seen_by(r, **how):
    """Rows, columns and the upper left corner of each tile."""
    seen = []

    def looked(tile):
        seen.append((tile.nrow, tile.ncol, tile.xmin, tile.ymax))
        return tile

    pt.chunk(r, looked, **how)
    return seen


def test_functions_of_cells_give_what_the_whole_gives(r):
    made = pt.chunk(r, lambda tile, more, times=1: tile.sum() * times + more, 100, n=5, times=2)
    np.testing.assert_array_equal(made.to_numpy(), (r.sum() * 2 + 100).to_numpy())
    assert made.names == ["sum"]


def test_values_and_layers_are_kept_exactly(r):
    made = pt.chunk(r, lambda tile: tile[[1, 0, 1]], n=(3, 7))
    np.testing.assert_array_equal(made.to_numpy(), r[[1, 0, 1]].to_numpy())
    assert made.names == ["b", "a", "b"]
    assert made._node.grid.same_cells(r._node.grid)


def test_tiles_begin_at_the_top_left_and_the_last_ones_are_smaller(r):
    assert seen_by(r, n=5) == [
        (5, 5, 0, 10),
        (5, 5, 5, 10),
        (5, 2, 10, 10),
        (5, 5, 0, 5),
        (5, 5, 5, 5),
        (5, 2, 10, 5),
    ]
    assert seen_by(r, n=(4, 12)) == [(4, 12, 0, 10), (4, 12, 0, 6), (2, 12, 0, 2)]
    assert seen_by(r, n=100) == seen_by(r) == [(10, 12, 0, 10)]


def test_margins_are_seen_inside_the_raster_alone(r):
    assert seen_by(r, n=6, buffer=1) == [(7, 7, 0, 10), (7, 7, 5, 10), (5, 7, 0, 5), (5, 7, 5, 5)]
    assert seen_by(r, n=6, buffer=(0, 2)) == [(6, 8, 0, 10), (6, 8, 4, 10), (4, 8, 0, 4), (4, 8, 4, 4)]


@pytest.mark.parametrize("n", [3, 4, 100])
def test_with_a_margin_windows_at_the_borders_of_tiles_are_whole(r, n):
    made = pt.chunk(r, lambda tile: tile.focal(5, "mean", na_rm=True), n=n, buffer=2)
    np.testing.assert_array_equal(made.to_numpy(), r.focal(5, "mean", na_rm=True).to_numpy())


def test_cells_are_joined_within_tiles(r):
    made = pt.chunk(r, lambda tile: tile.aggregate(2), n=4)
    np.testing.assert_array_equal(made.to_numpy(), r.aggregate(2).to_numpy())
    with pytest.raises(
        UDFError, match=r"^chunk: what the function gives of the tiles must fit together .*multiple"
    ):
        pt.chunk(r, lambda tile: tile.aggregate(3), n=4)


def test_classes_and_kinds_are_kept(r):
    def classes(tile):
        out = (tile["b"] > 0) + 1
        out.levels = {1: "low", 2: "high"}
        return out

    assert pt.chunk(r, classes, n=5).levels[0].iloc[:, 1].tolist() == ["low", "high"]
    assert pt.chunk(r, lambda tile: tile > 0, n=5).is_bool() == [True, True]


def test_files_go_away_with_the_raster_and_after_a_failure(r, tmp_path):
    with pt.options(tempdir=str(tmp_path)):
        made = pt.chunk(r, lambda tile: tile, n=5)
        assert made.values().shape == (120, 2)
        (folder,) = tmp_path.iterdir()
        with pytest.raises(ZeroDivisionError):
            pt.chunk(r, lambda tile: 1 / 0, n=5)
        assert list(tmp_path.iterdir()) == [folder]
    del made
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ({"n": 0}, "chunk: n must be"),
        ({"n": 2.5}, "chunk: n must be"),
        ({"buffer": -1}, "chunk: buffer must be"),
    ],
)
def test_sizes_are_whole_numbers(r, how, text):
    with pytest.raises(ArgumentError, match=text):
        pt.chunk(r, lambda tile: tile, **how)


def test_what_is_no_raster_of_the_tile_is_refused(r):
    with pytest.raises(UDFError, match=r"^chunk: <lambda> must give a SpatRaster, got float64"):
        pt.chunk(r, lambda tile: tile.values().sum())
    with pytest.raises(UDFError, match="must cover its tile"):
        pt.chunk(r, lambda tile: tile.crop(tile.ext - 1))
    with pytest.raises(NoValuesError):
        pt.chunk(pt.rast(nrows=2, ncols=2), lambda tile: tile)
