"""Records of what footprints are told by."""

from __future__ import annotations

import numpy as np
import pytest

from pyterra.kernels.footprint import footprint_stat
from pyterra.kernels.outlines import Pieces

NAN = np.nan


def test_a_cell_in_pieces_is_all_of_them():
    block = np.arange(9.0).reshape(1, 3, 3)
    square = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0])
    pieces = Pieces(
        np.array([[0]]),
        np.array([0, 2]),
        np.array([0, 4, 7]),
        np.r_[square[0], 2.0, 3.0, 3.0],
        np.r_[square[1], 2.0, 2.0, 3.0],
    )
    got = footprint_stat(block, np.full((2, 2), NAN), np.full((2, 2), NAN), "sum", pieces=pieces)
    assert got[0, 0, 0] == pytest.approx(0 + 8 / 2)
