"""fill_holes: groups of missing cells, by loops."""

import numpy as np
import pytest

import pyterra as pt

NAN = float("nan")


def groups(missing, wrap=False):
    """Groups of missing cells that share edges."""
    left, found = set(map(tuple, np.argwhere(missing))), []
    while left:
        group, new = set(), [left.pop()]
        while new:
            i, j = new.pop()
            group.add((i, j))
            for cell in beside(i, j, missing.shape, wrap):
                if cell in left:
                    left.remove(cell)
                    new.append(cell)
        found.append(group)
    return found


def beside(i, j, shape, wrap=False):
    for a, b in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
        b = b % shape[1] if wrap else b
        if 0 <= a < shape[0] and 0 <= b < shape[1]:
            yield a, b


def by_hand(values, nearest=False, wrap=False, res=(1.0, 1.0)):
    """What each cell may become: a set of values."""
    nrow, ncol = values.shape
    out = [[{v} for v in row] for row in values.tolist()]
    known = np.argwhere(~np.isnan(values))
    for group in groups(np.isnan(values), wrap):
        if any(i in (0, nrow - 1) or (not wrap and j in (0, ncol - 1)) for i, j in group):
            continue
        around = {values[c] for i, j in group for c in beside(i, j, values.shape, wrap)} - {NAN}
        around = {v for v in around if v == v}
        for i, j in group:
            if nearest:
                apart = ((known - (i, j)) * res[::-1]) ** 2
                apart = apart.sum(axis=1)
                best = known[apart < apart.min() * (1 + 1e-9)]
                out[i][j] = {values[tuple(at)] for at in best}
            elif len(around) == 1:
                out[i][j] = around
    return out


def check(values, found, **more):
    for i, row in enumerate(by_hand(values, **more)):
        for j, may in enumerate(row):
            assert any(found[i, j] == v or (v != v and np.isnan(found[i, j])) for v in may), (i, j)


def holed(seed, shape=(14, 12), classes=2):
    rng = np.random.default_rng(seed)
    values = np.repeat(np.repeat(rng.integers(0, classes, (5, 4)), 3, axis=0), 3, axis=1)[
        : shape[0], : shape[1]
    ]
    values = values.astype(float)
    values[rng.random(values.shape) < 0.25] = NAN
    return values


@pytest.mark.parametrize("rows", [1, 2, 64])
@pytest.mark.parametrize("nearest", [False, True])
def test_holes_however_strips_lie(rows, nearest, monkeypatch):
    monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", rows)
    monkeypatch.setattr("pyterra.raster.holes.Holes.strip_cells", 1)
    monkeypatch.setattr("pyterra.raster.holes.NearestInHoles.strip_cells", 1)
    filled = 0
    for seed in range(6):
        values = holed(seed)
        r = pt.rast(values, crs="", extent=(0, 24, 0, 14))
        found = r.fill_holes(nearest=nearest).to_numpy()[0]
        check(values, found, nearest=nearest, res=(2.0, 1.0))
        filled += np.isnan(values).sum() - np.isnan(found).sum()
    assert filled > 20


def test_corners_do_not_join_and_islands_stay():
    r = pt.rast([[NAN, 1, 1, 1], [1, NAN, 1, 1], [1, 1, NAN, 1], [1, 1, 1, 1]], crs="")
    assert np.isnan(r.fill_holes().to_numpy()).sum() == 1
    ring = np.full((5, 5), 1.0)
    ring[1:4, 1:4] = NAN
    ring[2, 2] = 2
    island = pt.rast(ring, crs="")
    np.testing.assert_array_equal(island.fill_holes().to_numpy()[0], ring)
    found = island.fill_holes(nearest=True).to_numpy()[0]
    assert (found[2, 2], found[2, 1] in (1, 2), found[1, 1]) == (2, True, 1)


def test_what_terra_fills_is_filled():
    """Numbers of terra 1.9, of a raster on which the two agree."""
    m = [[1, 1, 1, 1], [1, NAN, NAN, 1], [1, 1, 1, 2], [NAN, 1, 2, NAN], [1, 1, 1, 2]]
    found = pt.rast(m, crs="").fill_holes().to_numpy()[0]
    assert found[1].tolist() == [1, 1, 1, 1]
    assert np.isnan(found[3, [0, 3]]).all()


def test_layers_types_and_classes_stay():
    first = np.full((3, 3), 7, "uint8")
    first[1, 1] = 255
    x = pt.rast(np.stack([first, first + 1]), crs="", names=["a", "b"])
    x.na_flag = 255
    x[0].levels = {7: "seven"}
    found = x.fill_holes()
    assert found.names == ["a", "b"]
    assert found[0].values(drop=True).tolist() == [7] * 9
    classes = pt.rast([[1, 1, 1], [1, NAN, 1], [1, 1, 1]], crs="")
    classes.levels = {1: "wood"}
    assert classes.fill_holes().is_factor() == [True]


def test_all_missing_one_cell_and_around_the_earth():
    assert np.isnan(pt.rast(np.full((3, 4), NAN), crs="").fill_holes(nearest=True).to_numpy()).all()
    assert pt.rast([[3.0]]).fill_holes().values(drop=True).tolist() == [3]
    around = [[1, 1, 1, 1], [NAN, 1, 1, NAN], [1, 1, 1, 1]]
    world = pt.rast(around, crs="OGC:CRS84", extent=(-180, 180, -45, 45))
    assert (world.fill_holes().to_numpy() == 1).all()
    assert np.isnan(pt.rast(around, crs="").fill_holes().to_numpy()).sum() == 2
