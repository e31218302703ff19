"""Colours in other spaces: colorsys and formulas of books are the oracles."""

import colorsys

import numpy as np
import pytest

from pyterra.kernels import colors

BYTES = np.random.default_rng(1).integers(0, 256, (3, 500))
SHARES = np.concatenate(
    [BYTES / 255, np.array([[1, 0, 0, 1, 0, 0.5], [0, 1, 0, 1, 0, 0.5], [0, 0, 1, 1, 0, 0.5]])], axis=1
)


def by_colorsys(function):
    return np.array([function(*color) for color in SHARES.T]).T


def test_hsv_and_hsl_are_those_of_colorsys():
    np.testing.assert_allclose(
        colors.converted(255 * SHARES, "rgb", "hsv"), by_colorsys(colorsys.rgb_to_hsv), atol=1e-14
    )
    np.testing.assert_allclose(
        colors.converted(255 * SHARES, "rgb", "hsl"), by_colorsys(colorsys.rgb_to_hls)[[0, 2, 1]], atol=1e-14
    )


def test_hsi_is_by_the_angle_on_the_circle():
    red, green, blue = BYTES / 255
    apart = np.sqrt((red - green) ** 2 + (red - blue) * (green - blue))
    angle = np.arccos((2 * red - green - blue) / 2 / apart)
    angle = np.where(blue > green, 2 * np.pi - angle, angle) / (2 * np.pi)
    mean = (red + green + blue) / 3
    expected = np.stack([angle, 1 - BYTES.min(axis=0) / 255 / mean, mean])
    np.testing.assert_allclose(colors.converted(BYTES, "rgb", "hsi"), expected, atol=1e-12)


@pytest.mark.parametrize("space", ["hsv", "hsl", "hsi"])
def test_there_and_back_and_missing(space):
    there = colors.converted(255 * SHARES, "rgb", space)
    np.testing.assert_allclose(colors.converted(there, space, "rgb"), 255 * SHARES, atol=1e-11)
    np.testing.assert_allclose(colors.converted(there, space, space), there, atol=1e-11)
    for missing in range(3):
        gone = np.where(np.arange(3) == missing, np.nan, 0.5)[:, None]
        assert np.isnan(colors.converted(gone, "rgb", space)).all()
        assert np.isnan(colors.converted(gone, space, "rgb")).all()
    wide = there.reshape(3, 11, -1).astype(np.float32)
    assert colors.converted(wide, space, "rgb").shape == wide.shape


def test_codes_hold_bytes():
    assert colors.split_codes(colors.codes(BYTES)).T.tolist() == BYTES.tolist()
    assert colors.split_codes(colors.codes(np.array([[-5.0], [255.9], [300.0]]))).tolist() == [[0, 255, 255]]


def test_classes_are_counted_with_the_sums_of_their_colours():
    code = colors.codes(np.array([[8, 15, 255], [0, 0, 255], [0, 7, 255]]))
    table = colors.counted(code)
    assert table.sum(axis=0).tolist() == [3, 278, 255, 262]
    assert table[1 << 10].tolist() == [2, 23, 0, 7]


def test_a_few_classes_keep_a_colour_each():
    code = colors.codes(np.array([[8, 15, 255], [0, 0, 255], [0, 7, 255]]))
    shades, owner = colors.median_cut(colors.counted(code))
    assert shades[owner[colors.bins(code)]].tolist() == [[12, 0, 4], [12, 0, 4], [255, 255, 255]]


def test_the_median_cut_comes_nearer_than_a_cube_of_six_colours_a_side():
    ramp = np.random.default_rng(2).normal(128, 30, (3, 5000)).clip(0, 255).astype(int)
    code = colors.codes(ramp)
    shades, owner = colors.median_cut(colors.counted(code))
    assert len(shades) == 256
    off = np.abs(shades[owner[colors.bins(code)]].T - ramp).mean()
    cube = np.abs(np.rint(ramp / 51) * 51 - ramp).mean()
    assert off < cube / 2
    gone, _ = colors.median_cut(np.zeros((8, 4), np.int64))
    assert gone.shape == (0, 3)
