"""Marching squares against pieces drawn by hand, and against contourpy."""

import contourpy
import numpy as np
import pytest
import shapely

from pyterra.kernels.contour import joined, segments

NAN = float("nan")


def drawn(z, level):
    z = np.array(z, float)
    found = segments(z, np.arange(z.shape[1]) + 0.0, np.arange(z.shape[0]) + 0.0, level)
    return {tuple(sorted(map(tuple, piece))) for piece in found.tolist()}


@pytest.mark.parametrize(
    ("z", "pieces"),
    [
        ([[1, 0], [0, 0]], {((0, 0.5), (0.5, 0))}),
        ([[0, 0], [0, 4]], {((0.125, 1), (1, 0.125))}),
        ([[1, 1], [0, 0]], {((0, 0.5), (1, 0.5))}),
        ([[1, 0], [0, 1]], {((0, 0.5), (0.5, 0)), ((0.5, 1), (1, 0.5))}),
        ([[1, 0], [0, 2]], {((0, 0.5), (0.25, 1)), ((0.5, 0), (1, 0.25))}),
        ([[0, 0], [0, 0]], set()),
        ([[1, NAN], [0, 0]], {((0, 0.5), (0.5, 0.5))}),  # the triangle of the others, as R draws it
        ([[NAN, 1], [0, 0]], {((0.5, 0.5), (1, 0.5))}),
        ([[0, 0], [NAN, 2]], {((0.25, 0.25), (1, 0.25))}),
        ([[0, 2], [2, NAN]], {((0, 0.25), (0.25, 0))}),
        ([[1, NAN], [NAN, 0]], set()),
    ],
)
def test_a_square_is_cut_by_its_corners(z, pieces):
    assert drawn(z, 0.5) == pieces


def test_of_a_saddle_the_bilinear_value_in_its_middle_counts():
    # (307 * 307 - 285 * 300) / 29 = 301.7 lies above, though the mean of the corners, 299.75, does not
    found = sorted(drawn([[307, 285], [300, 307]], 300.5))
    expected = [[(0, 6.5 / 7), (0.5 / 7, 1)], [(6.5 / 22, 0), (1, 15.5 / 22)]]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("gaps", [False, True])
def test_lines_are_as_long_as_those_of_another_library(gaps):
    rng = np.random.default_rng(1)
    x, y = np.arange(30.0), np.arange(20.0)[::-1]
    z = np.sin(x / 3) + np.cos(y / 4)[:, np.newaxis] + np.sin((x + y[:, np.newaxis]) / 5)  # no saddle near
    if gaps:
        z[rng.random(z.shape) < 0.1] = NAN
    for level in (-0.5, 0.1, 1.05):
        ours = segments(z, x, y, level)
        theirs = contourpy.contour_generator(
            x, y, np.ma.masked_invalid(z), name="serial", corner_mask=True
        ).lines(level)
        length = np.hypot(*(ours[:, 1] - ours[:, 0]).T).sum()
        assert length == pytest.approx(shapely.MultiLineString(theirs).length, rel=1e-9)
        merged = shapely.line_merge(shapely.MultiLineString(list(ours)))
        assert len(shapely.get_parts(merged)) == len(theirs)


@pytest.mark.parametrize("seed", range(4))
def test_pieces_are_joined_as_those_of_a_library_for_lines(seed):
    rng = np.random.default_rng(seed)
    z = rng.integers(0, 4, (9, 11)).astype(float)  # levels that are values: lines meet in corners
    z[rng.random(z.shape) < 0.1] = NAN
    for level in (1.0, 1.5, 2.0):
        pieces = segments(z, np.arange(11.0), np.arange(9.0), level)
        points, lines = joined(pieces)
        ours = shapely.multilinestrings(shapely.linestrings(points, indices=lines))
        theirs = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(pieces)))
        assert sorted(shapely.to_wkt(shapely.get_parts(shapely.normalize(ours)))) == sorted(
            shapely.to_wkt(shapely.get_parts(shapely.normalize(theirs)))
        )


def test_no_pieces_are_no_lines():
    points, lines = joined(np.empty((0, 2, 2)))
    assert points.shape == (0, 2)
    assert lines.size == 0
