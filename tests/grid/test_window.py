"""A rectangle of cells of a grid."""

from pyterra.grid import Window


def test_halves_cut_across_the_longer_side():
    top, bottom = Window(0, 0, 5, 2).halves()
    assert (top, bottom) == (Window(0, 0, 2, 2), Window(2, 0, 3, 2))
    assert Window(0, 0, 1, 1).halves() is None
