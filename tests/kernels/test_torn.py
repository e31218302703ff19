"""Cells whose corners do not tell their footprint."""

import numpy as np

from pyterra.kernels.torn import odd_cells

NAN = float("nan")


def corners(nrow=4, ncol=5):
    """Corners of a straight grid, with one more on every side."""
    return np.stack(np.meshgrid(np.arange(nrow + 3.0), np.arange(ncol + 3.0), indexing="ij"))


def test_cells_of_a_straight_grid_are_ordinary():
    assert not odd_cells(corners(), (1.5, 1.5), np.inf, True).any()


def test_cells_that_are_torn_apart_are_found():
    torn = corners()
    torn[1, :, 4:] += 100  # between the third and the fourth corner, counted without the margin
    found = odd_cells(torn, (1.5, 1.5), np.inf, True)
    assert np.flatnonzero(found.all(axis=0)).tolist() == [2]
    assert found.sum() == 4
    assert not odd_cells(torn, (1.5, 1.5), 100.0, True).any()  # once around the earth is no gap


def test_cells_at_the_edge_of_a_map_are_found():
    edge = corners()
    edge[:, :, 5:] = NAN  # the last corners that are known are those of column 3
    assert np.flatnonzero(odd_cells(edge, (1.5, 1.5), np.inf, False).any(axis=0)).tolist() == [3, 4]


def test_cells_without_a_corner_are_looked_at_when_told():
    nowhere = np.full((2, 5, 5), NAN)
    assert odd_cells(nowhere, (1.5, 1.5), np.inf, True).all()
    assert not odd_cells(nowhere, (1.5, 1.5), np.inf, False).any()
