"""Directions that stray least from the fall: against terra 1.9, and however strips lie."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


def slope(east, south, size=7):
    row, col = np.mgrid[:size, :size]
    return pt.rast(-east * col - south * row, crs="EPSG:32632")


def hills(rng, shape):
    z = rng.random(shape) * 3 - 0.3 * np.arange(shape[0])[:, None]
    return np.where(rng.random(shape) < 0.05, NAN, z)


# terra 1.9-45: as.matrix(flowDir(rast(m, crs="epsg:32632"), lambda=, deviation_type=), wide=TRUE) for m = -x - 3 * y and
# -2 * x - y, x and y the numbers of columns and rows
BY_TERRA = {
    (1, 3, 0, "ltd"): [[4] * 7] * 6 + [[1] * 6 + [0]],
    (1, 3, 1, "ltd"): [
        [4, 4, 4, 4, 4, 4, 4], [2, 2, 2, 2, 2, 2, 4], [4, 4, 4, 4, 4, 4, 4], [2, 4, 4, 4, 4, 4, 4],
        [4, 4, 2, 2, 2, 2, 4], [2, 4, 4, 4, 4, 4, 4], [1, 1, 1, 1, 1, 1, 0],
    ],
    (2, 1, 0, "lad"): [[2] * 6 + [4]] * 6 + [[1] * 6 + [0]],
    (2, 1, 1, "ltd"): [[1, 2, 1, 2, 1, 2, 4]] * 6 + [[1] * 6 + [0]],
}  # fmt: skip


@pytest.mark.parametrize("case", [case for case in BY_TERRA if case != (1, 3, 1, "ltd")], ids=str)
def test_even_slopes_as_in_terra(case):
    east, south, share, kind = case
    got = slope(east, south).flow_dir(share, deviation_type=kind)
    assert got.to_numpy()[0].tolist() == BY_TERRA[case]
    assert got.names == [f"flowdir_{kind}_l={share}"]


def test_where_ways_meet_terra_may_go_on_with_another():
    got = slope(1, 3).flow_dir(1).to_numpy()[0]
    differ = np.argwhere(got != np.array(BY_TERRA[1, 3, 1, "ltd"])).tolist()
    assert got[:, 0].tolist() == [
        4,
        2,
        4,
        2,
        4,
        2,
        1,
    ]  # from the first row on: 4 2 4, then what comes from beside
    assert all(row >= 3 for row, _ in differ)


def test_a_slope_straight_down_leads_straight_down_where_terra_does_not():
    # terra 1.9-45: flowDir(rast(matrix(5:1, 5, 5))) gives 2, to the southeast, away from the edges
    straight = pt.rast(np.repeat([[5.0], [4], [3], [2], [1]], 5, axis=1), crs="EPSG:32632")
    assert straight.flow_dir().to_numpy()[0].tolist() == [[4] * 5] * 4 + [[0] * 5]


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (23, 7)])
@pytest.mark.parametrize("crs", ["EPSG:32632", "EPSG:4326"])
def test_directions_do_not_depend_on_strips(shape, crs, monkeypatch):
    rng = np.random.default_rng(list(shape))
    z, extent = hills(rng, shape), (0, shape[1], 0, shape[0])
    whole = pt.rast(z, crs=crs, extent=extent).flow_dir(0.7).to_numpy()
    monkeypatch.setattr("pyterra.raster.flow_dir.Downhill.strip_cells", 1)
    for rows in (1, 4):
        monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", rows)
        assert np.array_equal(
            pt.rast(z, crs=crs, extent=extent).flow_dir(0.7).to_numpy(), whole, equal_nan=True
        )
    assert np.array_equal(np.isnan(whole[0]), np.isnan(z))


def test_water_goes_down_and_never_into_missing_cells_or_off_the_raster():
    z = hills(np.random.default_rng(3), (20, 20))
    x = pt.rast(z, crs="EPSG:32632").flow_dir(1)
    pits = (x == 0).to_numpy()[0] == 1
    assert np.nansum(x.flow_accumulation().to_numpy()[0][pits]) == np.isfinite(z).sum()


def test_on_lon_lat_a_degree_of_longitude_is_shorter_up_north():
    # 1 down to the east, 1 to the south; at 60 degrees north a step to the east is half as long: east, not southeast
    z, far = np.array([[2.0, 1, 0], [1, 0, -1], [0, -1, -2]]), (0, 3, 59, 62)
    assert pt.rast(z, crs="EPSG:4326", extent=far).flow_dir(0).to_numpy()[0, 1, 1] == 1
    assert pt.rast(z, crs="EPSG:4326", extent=(0, 3, -1, 2)).flow_dir(0).to_numpy()[0, 1, 1] == 2


def test_what_is_refused():
    x = slope(1, 1)
    for wrong in (-0.1, 1.1, NAN):
        with pytest.raises(ArgumentError, match="lambda_ must lie between 0 and 1"):
            x.flow_dir(wrong)
    with pytest.raises(ArgumentError, match="deviation_type"):
        x.flow_dir(deviation_type="d8")
    with pytest.raises(ArgumentError, match="one layer"):
        pt.c(x, x).flow_dir()
