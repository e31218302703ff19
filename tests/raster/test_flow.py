"""Flow of water: counts, sums and pits against a walk from every cell, and against terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError

NAN = float("nan")
STEPS = {1: (0, 1), 2: (1, 1), 4: (1, 0), 8: (1, -1), 16: (0, -1), 32: (-1, -1), 64: (-1, 0), 128: (-1, 1)}
WALL = np.array([[1, 2, 4], [16, NAN, 64], [1, 1, 0], [64, 32, 16]])
"""Flows around a missing cell; off the raster in row 1; two cells of the last column into each other."""


def after(directions, cell):
    """The cell that one flows into, or None."""
    down, right = STEPS.get(directions[cell], (0, 0))
    to = cell[0] + down, cell[1] + right
    inside = 0 <= to[0] < directions.shape[0] and 0 <= to[1] < directions.shape[1]
    return to if (down, right) != (0, 0) and inside and not np.isnan(directions[to]) else None


def in_circle(directions, cell):
    at = after(directions, cell)
    for _ in range(directions.size):
        if at is None or at == cell:
            break
        at = after(directions, at)
    return at == cell


def accumulated(directions, weight):
    """Each cell walks down, as far as the first cell of a circle, and leaves what it brings."""
    total = np.where(np.isnan(directions), NAN, 0.0)
    for cell in np.ndindex(directions.shape):
        at = cell if not np.isnan(directions[cell]) else None
        while at is not None:
            total[at] += weight[cell]
            at = None if in_circle(directions, at) else after(directions, at)
    return total


def random_directions(rng, shape, missing=0.05):
    codes = rng.choice([0, *STEPS], shape, p=[0.04, *[0.12] * 8]).astype(float)
    codes[rng.random(shape) < missing] = NAN
    return codes


def test_neighbours_that_flow_in_are_counted():
    assert np.array_equal(
        pt.rast(WALL).nidp().to_numpy()[0], [[0, 1, 1], [0, NAN, 2], [2, 1, 1], [0, 1, 0]], equal_nan=True
    )


def test_cells_upstream_are_counted_as_by_terra():
    # terra 1.9-45: flowAccumulation(rast(WALL)); it gives 1 where the direction is missing
    assert np.array_equal(
        pt.rast(WALL).flow_accumulation().to_numpy()[0], [[1, 2, 1], [1, NAN, 3], [4, 5, 6], [1, 2, 1]],
        equal_nan=True,
    )  # fmt: skip


def test_cells_in_a_circle_get_what_comes_from_outside_as_in_terra():
    circle = pt.rast([[1, 4, 4], [64, 16, 4], [1, 16, 0]])
    assert circle.flow_accumulation().to_numpy()[0].tolist() == [
        [1, 1, 1],
        [1, 1, 2],
        [1, 1, 3],
    ]  # terra 1.9-45


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2), (13, 11)])
@pytest.mark.parametrize("rows", [1, 2, 4, 64])
def test_sums_are_those_of_a_walk_from_every_cell_however_strips_lie(shape, rows, monkeypatch):
    monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", rows)
    monkeypatch.setattr("pyterra.raster.flow.Accumulation.strip_cells", 1)
    rng = np.random.default_rng([rows, *shape])
    directions, weight = random_directions(rng, shape), rng.integers(0, 50, shape) / 4
    x = pt.rast(directions)
    assert np.array_equal(
        x.flow_accumulation().to_numpy()[0], accumulated(directions, np.ones(shape)), equal_nan=True
    )
    got = x.flow_accumulation(pt.rast(weight)).to_numpy()[0]
    assert np.array_equal(got, accumulated(directions, weight), equal_nan=True)


def test_sums_of_fractions_are_rounded_alike_however_strips_lie(monkeypatch):
    rng = np.random.default_rng(26)
    directions = np.where(rng.random((40, 30)) < 0.8, 4.0, 2.0)
    weight = rng.lognormal(0, 3, directions.shape)
    weight[3, 4], weight[9, 20], weight[30, 11] = np.inf, -np.inf, NAN
    found = []
    for rows in (64, 1, 7):
        monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", rows)
        monkeypatch.setattr("pyterra.raster.flow.Accumulation.strip_cells", 1)
        found.append(pt.rast(directions).flow_accumulation(pt.rast(weight)).to_numpy())
    assert np.array_equal(found[0], found[1], equal_nan=True)
    assert np.array_equal(found[0], found[2], equal_nan=True)


def test_a_missing_weight_is_missing_downstream():
    x, weight = pt.rast([[1, 1, 1, 0]]), pt.rast([[1, NAN, 2, 3]])
    assert np.array_equal(x.flow_accumulation(weight).to_numpy()[0], [[1, NAN, NAN, NAN]], equal_nan=True)


def test_an_endless_weight_is_endless_downstream_and_missing_only_against_its_opposite():
    x, weight = pt.rast([[1, 1, 1, 0]]), pt.rast([[np.inf, 1, -np.inf, 3]])
    assert np.array_equal(
        x.flow_accumulation(weight).to_numpy()[0], [[np.inf, np.inf, NAN, NAN]], equal_nan=True
    )


def test_pits_are_numbered_together_with_their_neighbours_as_by_terra():
    x = pt.rast([[1, 16, 0, 2], [4, 64, 1, 1], [0, 0, 4, 16], [64, 0, 0, 2]])
    # terra 1.9-45: pitfinder(x)
    assert x.pitfinder().to_numpy()[0].tolist() == [[1, 1, 1, 0], [0, 0, 0, 0], [2, 2, 0, 0], [0, 2, 2, 0]]


def test_pits_on_the_boundary_count_or_not():
    directions = np.full((5, 5), 1.0)
    directions[2, 2], directions[0, 3], directions[3, 4], directions[1, 1] = 0, 0, 0, NAN
    x = pt.rast(directions)
    assert np.array_equal(np.argwhere(x.pitfinder().to_numpy()[0] > 0), [[0, 3], [2, 2], [3, 4]])
    directions[1, 1] = 1
    assert np.argwhere(pt.rast(directions).pitfinder(pits_on_boundary=False).to_numpy()[0] > 0).tolist() == [
        [2, 2]
    ]
    assert not (x.pitfinder(pits_on_boundary=False).to_numpy()[0] > 0).any()
    assert np.isnan(x.pitfinder().to_numpy()[0, 1, 1])


@pytest.mark.parametrize("verb", ["nidp", "flow_accumulation", "pitfinder"])
def test_what_is_no_direction_is_refused(verb):
    for value in (3, 0.5, -1, 256, np.inf):
        with pytest.raises(ArgumentError, match=r"0 or one of 1, 2, 4 \.\.\. 128"):
            getattr(pt.rast([[1, value]]), verb)().values()
    with pytest.raises(ArgumentError, match="must have one layer, got 2"):
        getattr(pt.rast(np.ones((2, 3, 3))), verb)()


def test_a_wrong_direction_is_told_with_its_place():
    with pytest.raises(ArgumentError, match="got 3 in row 1, column 2"):
        pt.rast([[1, 1, 1], [1, 1, 3]]).flow_accumulation().values()


def test_a_weight_on_other_cells_is_refused():
    x = pt.rast([[1, 0]])
    with pytest.raises(GridMismatchError):
        x.flow_accumulation(pt.rast([[1, 0, 2]]))
    with pytest.raises(ArgumentError, match="weight must have one layer"):
        x.flow_accumulation(pt.rast(np.ones((2, 1, 2))))


def test_the_sum_over_pits_is_the_number_of_cells():
    # sloping ground with one pit in each corner of a grid of hills
    row, col = np.mgrid[:40, :50]
    x = pt.rast(np.cos(row / 4.0) + np.sin(col / 3.0) + row / 997 + col / 499).terrain("flowdir")
    flow, ends = x.flow_accumulation().to_numpy()[0], x.to_numpy()[0]
    lost = [flow[cell] for cell in np.ndindex(flow.shape) if after(ends, cell) is None]
    assert sum(lost) == 2000
