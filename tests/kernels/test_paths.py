"""Planes of steepest fall and deviations that add up, against sorted cells in plain Python."""

import math

import numpy as np
import pytest

from pyterra.kernels import flow, paths

FACETS = [(0, 1), (2, 1), (2, 3), (4, 3), (4, 5), (6, 5), (6, 7), (0, 7)]


def planes(z, i, j, wide, high):
    """Fall, angle, straight and slanting direction of each plane that has all of its corners or two."""

    def at(k):
        row, col = i + flow.STEPS[k][0], j + flow.STEPS[k][1]
        return z[row, col] if 0 <= row < z.shape[0] and 0 <= col < z.shape[1] else math.nan

    for straight, corner in FACETS:
        along, across = (wide, high) if straight in (0, 4) else (high, wide)
        first, second, most = at(straight), at(corner), math.atan2(across, along)
        down, aside = (z[i, j] - first) / along, (first - second) / across
        inside = 0 <= math.atan2(aside, down) <= most
        if inside:
            yield math.hypot(down, aside), math.atan2(aside, down), straight, corner
        elif not math.isnan(first) and (math.isnan(second) or aside < 0):
            yield down, 0.0, straight, corner
        elif not math.isnan(second):
            yield (z[i, j] - second) / math.hypot(along, across), most, straight, corner


def walked(z, wide, high, share, transversal):
    """Directions of all cells, the highest first."""
    code, deviation, count = np.full(z.shape, flow.MISSING), np.zeros(z.shape), np.ones(z.shape, int)
    for cell in np.argsort(-z, axis=None, kind="stable")[: np.isfinite(z).sum()]:
        i, j = divmod(int(cell), z.shape[1])
        best = (0.0, 0.0, -1, -1)
        for plane in planes(z, i, j, wide, high):
            best = plane if plane[0] > best[0] else best
        upstream = [(0, 0.0, 0.0)]
        for k, (down, right) in enumerate(flow.STEPS):
            row, col = i + down, j + right
            if 0 <= row < z.shape[0] and 0 <= col < z.shape[1] and code[row, col] == (k + 4) % 8:
                upstream.append((count[row, col], z[row, col], deviation[row, col]))
                count[i, j] += count[row, col]
        _, angle, straight, corner = best
        code[i, j] = flow.PIT
        if straight < 0:
            continue
        along, across = (wide, high) if straight in (0, 4) else (high, wide)
        rest = math.atan2(across, along) - angle
        if transversal:
            angle, rest = along * math.sin(angle), math.hypot(along, across) * math.sin(rest)
        sign = 1 if (corner - straight) % 8 == 1 else -1
        brought = share * max(upstream, key=lambda way: way[:2])[2]
        lower = [z[i + flow.STEPS[k][0], j + flow.STEPS[k][1]] < z[i, j] if off else False for k, off in
                 ((k, 0 <= i + flow.STEPS[k][0] < z.shape[0] and 0 <= j + flow.STEPS[k][1] < z.shape[1])
                  for k in (straight, corner))]  # fmt: skip
        two = [(sign * angle + brought, straight), (-sign * rest + brought, corner)]
        deviation[i, j], code[i, j] = min(
            (way for way, low in zip(two, lower, strict=True) if low), key=lambda way: abs(way[0])
        )
    return code


def followed(z, wide, high, share, transversal):
    padded = np.pad(z, 1, constant_values=np.nan)
    code, deviation = np.full(padded.shape, flow.MISSING, np.int8), np.zeros(padded.shape)
    count, rows = np.zeros(padded.shape, np.int64), np.ones(len(z))
    paths.follow(padded, rows * wide, rows * high, share, transversal, code, deviation, count)
    return code[1:-1, 1:-1], count[1:-1, 1:-1]


@pytest.mark.parametrize("size", [(1.0, 1.0), (2.0, 5.0)])
@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("transversal", [True, False])
def test_directions_are_those_of_cells_taken_from_the_highest_on(size, share, transversal):
    rng = np.random.default_rng(7)
    row, col = np.mgrid[:14, :11]
    for rough in (0.2, 3.0):
        z = np.where(
            rng.random((14, 11)) < 0.05, np.nan, rough * rng.random((14, 11)) - 0.3 * row - 0.17 * col
        )
        assert np.array_equal(followed(z, *size, share, transversal)[0], walked(z, *size, share, transversal))


def test_every_cell_counts_once():
    z = np.random.default_rng(1).random((9, 9))
    code, count = followed(z, 1.0, 1.0, 0.5, True)
    assert count[code == flow.PIT].sum() == 81


def test_level_ground_is_all_pits_and_an_even_slope_leads_straight_down():
    level, _ = followed(np.ones((3, 3)), 1.0, 1.0, 0.5, True)
    assert (level == flow.PIT).all()
    south, _ = followed(np.repeat([[3.0], [2.0], [1.0]], 4, axis=1), 1.0, 1.0, 1.0, True)
    assert south.tolist() == [[2] * 4, [2] * 4, [flow.PIT] * 4]


def test_a_pit_rises_to_the_balance():
    padded = np.array([[8.0, 7, 4], [8, 2, 4.1], [7, 6, 5]])
    # uplift and water alone, then uplift and creep alone; by hand, and terra 1.9-45: pitfiller(D=0), pitfiller(beta=0)
    water = paths.raised(padded, 1, 1, 1.0, 1.0, 20.0, 1.0, 0.0, 0.9, 0.5)
    assert water == pytest.approx(4 + math.sqrt(2) / 0.9 / math.sqrt(20), abs=1e-12)
    creep = paths.raised(padded, 1, 1, 2.0, 3.0, 20.0, 1.0, 300.0, 0.0, 0.5)
    assert creep == pytest.approx(49.1 / 8 + 6 / 1200, abs=1e-12)
    both = paths.raised(padded, 1, 1, 1.0, 1.0, 20.0, 1.0, 300.0, 0.9, 0.5)
    carried = 0.9 * math.sqrt(20) / math.sqrt(2)
    assert 1 - carried * (both - 4) + 1200 * (49.1 / 8 - both) == pytest.approx(0, abs=1e-9)
    padded[0, 0] = np.nan
    assert math.isnan(paths.raised(padded, 1, 1, 1.0, 1.0, 20.0, 1.0, 300.0, 0.9, 0.5))
