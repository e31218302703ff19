"""Heights that show over the land between, against the same rule in plain Python and against sight lines."""

import numpy as np
import pytest

from pyterra.kernels.sight import heights_in_sight

NOTHING = np.full(12, -np.inf)


def plane(few, many, corner, beside):
    """The plane through the eye, a corner (few - 1, many - 1) and its neighbour (few, many - 1), at (few, many)."""
    a, b = (few - 1, many - 1), (few, many - 1)
    slope = np.linalg.solve([a, b], [corner, beside]) if few > 1 or a[0] * b[1] != a[1] * b[0] else None
    return float(slope @ (few, many))


def by_rule(land, row, col):
    need, sky = np.full(land.shape, -np.inf), np.where(np.isnan(land), -np.inf, land)
    places = sorted(np.ndindex(land.shape), key=lambda p: (abs(p[0] - row), abs(p[1] - col)))
    for i, j in places:
        down, right = abs(i - row), abs(j - col)
        if max(down, right) < 2:
            continue
        nearer_row, nearer_col = i - np.sign(i - row), j - np.sign(j - col)
        corner, few, many = sky[nearer_row, nearer_col], min(down, right), max(down, right)
        beside = sky[i, nearer_col] if right >= down else sky[nearer_row, j]
        if few == many or few == 0:
            need[i, j] = corner * many / (many - 1)
        else:
            need[i, j] = plane(few, many, corner, beside)
        sky[i, j] = max(sky[i, j], need[i, j])
    return need, sky


@pytest.mark.parametrize(("row", "col"), [(0, 0), (4, 5), (8, 11), (3, 0)])
def test_heights_follow_the_planes_through_the_eye(row, col):
    land = np.random.default_rng(row).uniform(-3, 2, (9, 12))
    land[row, col] = -1.5
    need, ends = heights_in_sight(land, row, col, NOTHING)
    expected, sky = by_rule(land, row, col)
    np.testing.assert_allclose(need, expected, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ends, sky[[0, -1]], rtol=1e-10, atol=1e-10)


def test_strips_that_hand_on_their_skylines_give_the_bits_of_the_whole():
    land = np.random.default_rng(7).uniform(-3, 2, (9, 12))
    need, _ = heights_in_sight(land, 4, 6, NOTHING)
    middle, (top, bottom) = heights_in_sight(land[3:6].copy(), 1, 6, NOTHING)
    above, _ = heights_in_sight(land[:3].copy(), 4, 6, top)
    below, _ = heights_in_sight(land[6:].copy(), -2, 6, bottom)
    assert np.array_equal(np.concatenate([above, middle, below]), need)


def test_on_a_plane_everything_shows():
    row, col = np.mgrid[:9, :12]
    for slope in (0.0, -2.0, 3.0):
        land = slope * (row - 4.0) + 0.5 * (col - 5) - 1.0
        need, _ = heights_in_sight(land, 4, 5, NOTHING)
        assert (land >= need - 1e-12).all()


def test_what_is_missing_hides_nothing():
    land = np.full((1, 12), -1.0)
    land[0, 3] = np.nan
    need, _ = heights_in_sight(land, 0, 0, NOTHING)
    assert need[0, 3] == -1.5
    assert need[0, 4] == -2.0
