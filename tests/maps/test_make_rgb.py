"""make_rgb: numbers of terra 1.9."""

import sys

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

RED, GREEN, BLUE, WHITE = [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]
COLORS = ["red", "lime", "blue"]


@pytest.fixture
def x():
    """`rast(nrows = 2, ncols = 4, vals = c(1, 2, 3, 4, 5, NA, 7, 8))`."""
    return pt.rast([[1, 2, 3, 4], [5, np.nan, 7, 8]], crs="")


def test_colours_of_equal_intervals(x):
    """`make.RGB(r, c("red", "green", "blue"))` of terra 1.9-45; R's green is lime."""
    found = x.make_rgb(COLORS)
    assert found.values().tolist() == [RED, RED, GREEN, GREEN, GREEN, WHITE, BLUE, BLUE]
    assert (found.names, found.has_rgb(), found.is_int()) == (["red", "green", "blue"], True, [True] * 3)


def test_intervals_of_breaks(x):
    """`breaks = c(0, 2, 4, 9)` and `c(2, 4, 5, 6)`."""
    assert x.make_rgb(COLORS, [0, 2, 4, 9]).values().tolist() == [
        RED,
        RED,
        GREEN,
        GREEN,
        BLUE,
        WHITE,
        BLUE,
        BLUE,
    ]
    found = x.make_rgb(COLORS, [2, 4, 5, 6]).values().tolist()
    assert found == [WHITE, RED, RED, RED, GREEN, WHITE, WHITE, WHITE]


def test_the_rainbow(x):
    """`make.RGB(r)`: 25 colours of the rainbow."""
    found = x.make_rgb().values().tolist()
    assert found[:5] == [[255, 0, 0], [255, 184, 0], [82, 255, 0], [0, 255, 102], [0, 163, 255]]
    assert found[6:] == [[255, 0, 245], [255, 0, 61]]


def test_ranges_and_missing_cells(x):
    found = x.make_rgb(COLORS, range=(3, 6), missing="black").values().tolist()
    assert found == [RED, RED, RED, GREEN, GREEN, [0, 0, 0], BLUE, BLUE]
    inside = x.make_rgb(COLORS, range=(3, 6), beyond=False).values().tolist()
    assert inside == [WHITE, WHITE, RED, GREEN, GREEN, WHITE, WHITE, WHITE]
    assert x.make_rgb(COLORS, extent=(0, 2, 0, 2)).ncol == 2


def test_opacity_and_maps_of_colours(x):
    found = x.make_rgb(["#ff000080", (0, 1, 0)], alpha=True, missing=(0, 0, 0, 0))
    assert found.names[3] == "alpha"
    assert found.values()[[0, 5, 7]].tolist() == [[255, 0, 0, 128], [0, 0, 0, 0], [0, 255, 0, 255]]
    grey = x.make_rgb("gray").values()
    assert grey[[0, 7]].tolist() == [[0] * 3, [255] * 3]
    assert (pt.rast([[5]]).make_rgb(COLORS).values() == GREEN).all()
    assert (pt.rast([[np.nan]], crs="").make_rgb(COLORS).values() == WHITE).all()


def test_without_matplotlib_colours_are_numbers(x, monkeypatch):
    told = x.make_rgb(COLORS).values()
    monkeypatch.setitem(sys.modules, "matplotlib.colors", None)
    np.testing.assert_array_equal(x.make_rgb(["#FF0000", "#00ff00ff", "#0000ff"]).values(), told)
    assert x.make_rgb().values()[0].tolist() == RED
    with pytest.raises(
        ImportError, match="make_rgb: names of colours need matplotlib; give them as '#rrggbb'"
    ):
        x.make_rgb(COLORS)


def test_what_cannot_be_is_refused(x):
    with pytest.raises(ArgumentError, match="breaks must be 4 numbers for 3 colours"):
        x.make_rgb(COLORS, [1, 2])
    with pytest.raises(ArgumentError, match="breaks must be 4 numbers"):
        x.make_rgb(COLORS, [1, 2, 2, 3])
    with pytest.raises(ArgumentError, match=r"make_rgb: .*reddish"):
        x.make_rgb(["reddish"])
    with pytest.raises(ArgumentError, match="must have one layer"):
        pt.c(x, x).make_rgb()
