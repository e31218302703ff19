"""Kernels of terrain indices and boundaries against the same said in numpy."""

import numpy as np
import pytest

from pyterra.kernels import terrain as kernel

AROUND = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]


@pytest.fixture(params=[np.float32, np.float64])
def heights(request):
    rng = np.random.default_rng(8)
    values = rng.uniform(0, 900, (41, 53))
    values[rng.random(values.shape) < 0.05] = np.nan
    return values.astype(request.param)


def shifted(values, down, right):
    rows, cols = values.shape[0] - 2, values.shape[1] - 2
    return values[1 + down : 1 + down + rows, 1 + right : 1 + right + cols].astype(float)


def gradient(h, neighbors, width, height):
    if neighbors == 4:
        return (
            (shifted(h, 0, 1) - shifted(h, 0, -1)) / (2 * width),
            (shifted(h, -1, 0) - shifted(h, 1, 0)) / (2 * height),
        )
    east, west, north, south = (
        sum(w * shifted(h, d, r) for w, (d, r) in zip((1, 2, 1), side, strict=True))
        for side in (
            [(-1, 1), (0, 1), (1, 1)],
            [(-1, -1), (0, -1), (1, -1)],
            [(-1, -1), (-1, 0), (-1, 1)],
            [(1, -1), (1, 0), (1, 1)],
        )
    )
    return (east - west) / (8 * width), (north - south) / (8 * height)


@pytest.mark.parametrize("neighbors", [8, 4])
def test_slope_and_aspect(heights, neighbors):
    slope, aspect = kernel.terrain(
        heights, ["slope", "aspect"], 30.0, 20.0, neighbors=neighbors, degrees=False
    )
    gx, gy = gradient(heights, neighbors, 30.0, 20.0)
    np.testing.assert_allclose(slope, np.arctan(np.hypot(gx, gy)), rtol=1e-11)
    np.testing.assert_allclose(aspect, np.arctan2(-gx, -gy) % (2 * np.pi), rtol=1e-11)


def test_widths_may_differ_from_row_to_row(heights):
    widths = np.linspace(10, 40, heights.shape[0] - 2)
    found = kernel.terrain(heights, ["slope"], widths, 20.0, degrees=False)[0]
    for row in (0, 17, len(widths) - 1):
        gx, gy = gradient(heights[row : row + 3], 8, widths[row], 20.0)
        np.testing.assert_allclose(found[row : row + 1], np.arctan(np.hypot(gx, gy)), rtol=1e-11)


def test_position_ruggedness_and_roughness(heights):
    centre = shifted(heights, 0, 0)
    others = np.stack([shifted(heights, *step) for step in AROUND])
    differences = others - centre
    whole = np.concatenate([others, centre[None]])
    expected = {
        "TPI": centre - others.mean(axis=0),
        "TRI": np.abs(differences).mean(axis=0),
        "TRIriley": np.sqrt((differences**2).sum(axis=0)),
        "TRIrmsd": np.sqrt((differences**2).mean(axis=0)),
        "roughness": whole.max(axis=0) - whole.min(axis=0),
    }
    found = kernel.terrain(heights, list(expected), 1.0, 1.0)
    for layer, (name, values) in zip(found, expected.items(), strict=True):
        np.testing.assert_allclose(layer, values, rtol=1e-10, atol=1e-9, err_msg=name)


def test_direction_of_flow(heights):
    centre = shifted(heights, 0, 0)
    steps = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)]
    falls = np.stack([(centre - shifted(heights, d, r)) / np.hypot(r * 30, d * 20) for d, r in steps])
    falls = np.nan_to_num(falls, nan=-np.inf)
    expected = np.where(falls.max(axis=0) > 0, 2.0 ** falls.argmax(axis=0), 0.0)
    expected[np.isnan(centre)] = np.nan
    np.testing.assert_array_equal(kernel.terrain(heights, ["flowdir"], 30.0, 20.0)[0], expected)


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("inner", [False, True])
@pytest.mark.parametrize("directions", [8, 4])
@pytest.mark.parametrize("ignore_na", [False, True])
def test_boundaries(classes, inner, directions, ignore_na):
    rng = np.random.default_rng(9)
    values = rng.integers(0, 3, (20, 30)).astype(float)
    values[rng.random(values.shape) < 0.2] = np.nan
    centre = shifted(values, 0, 0)
    edge = np.zeros(centre.shape, bool)
    for step in AROUND:
        if directions == 4 and 0 not in step:
            continue
        other = shifted(values, *step)
        here, there = ~np.isnan(centre), ~np.isnan(other)
        if classes:
            edge |= here & there & (centre != other)
        if not (classes and ignore_na):
            edge |= here & ~there if inner else (here != there if classes else ~here & there)
    expected = np.where(edge, 1.0, np.where(np.isnan(centre), np.nan, 5.0))
    found = kernel.boundaries(
        values[None], classes=classes, inner=inner, directions=directions, falseval=5.0, ignore_na=ignore_na
    )
    np.testing.assert_array_equal(found[0], expected)
