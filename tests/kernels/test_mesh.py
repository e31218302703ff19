"""Points among cells that arrays of coordinates place: the cell and the place in it, on the plane and on the sphere."""

import numpy as np
import pyproj
import pytest

from pyterra.kernels import mesh

SHAPE = (90, 130)


def locate(x, y, px, py, *, sphere):
    return mesh.locate(mesh.places_of(x, y, sphere=sphere), px, py, sphere=sphere)


def strip(row, col, lon=5.0, lat=50.0):
    """Longitude and latitude of a strip that is turned and bent."""
    x = lon + 0.01 * col + 0.004 * row + 1e-5 * row * col
    return (x + 180) % 360 - 180, lat - 0.008 * row + 0.003 * col


def polar(row, col):
    x, y = (col - 60) * 2e3 + row * 300, (row - 40) * 2e3
    return pyproj.Transformer.from_crs(3413, 4326, always_xy=True).transform(x, y)


def plane(row, col):
    return 100 + 3 * col + 1.5 * row + 1e-3 * row * col, 50 - 2 * row + 0.5 * col


MESHES = {
    "a strip": (strip, True),
    "over the date line": (lambda r, c: strip(r, c, 179.5, 60.0), True),
    "over the equator": (lambda r, c: strip(r, c, 5.0, 0.3), True),
    "over the pole": (polar, True),
    "on a plane": (plane, False),
}


@pytest.mark.parametrize("name", MESHES)
def test_points_are_found_where_they_were_taken(name):
    place, sphere = MESHES[name]
    x, y = place(*np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(float))
    rng = np.random.default_rng(7)
    row, col = rng.uniform(0, SHAPE[0] - 1, 2000), rng.uniform(0, SHAPE[1] - 1, 2000)
    found = locate(x, y, *place(row, col), sphere=sphere)
    assert (
        np.abs(found - [row, col]).max() < 1e-3
    )  # a strip is straight between its values, the function is not


@pytest.mark.parametrize("name", MESHES)
def test_values_lie_at_whole_numbers(name):
    place, sphere = MESHES[name]
    row, col = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(float)
    x, y = place(row, col)
    found = locate(x, y, x.ravel(), y.ravel(), sphere=sphere)
    assert np.abs(found - [row.ravel(), col.ravel()]).max() < 1e-7


@pytest.mark.parametrize("name", MESHES)
def test_coordinates_come_back(name):
    place, sphere = MESHES[name]
    x, y = (np.array(v) for v in place(*np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(float)))
    x[3, 4] = y[3, 4] = np.nan
    found = mesh.coordinates_of(mesh.places_of(x, y, sphere=sphere), sphere=sphere)
    np.testing.assert_allclose(found, [x, y], rtol=0, atol=1e-12 * 180 if sphere else 0)


def test_the_place_in_a_quadrilateral_is_that_of_bilinear_interpolation():
    x, y = np.array([[0.0, 4.0], [1.0, 7.0]]), np.array([[3.0, 4.0], [0.0, 1.0]])
    down, right = np.array([0.25, 0.9, 0.5]), np.array([0.75, 0.1, 0.5])
    px, py = (
        v[0, 0] * (1 - down) * (1 - right) + v[0, 1] * (1 - down) * right + v[1, 0] * down * (1 - right)
        + v[1, 1] * down * right
        for v in (x, y)
    )  # fmt: skip
    np.testing.assert_allclose(locate(x, y, px, py, sphere=False), [down, right], atol=1e-12)


def test_the_nearest_value_is_found_in_any_mesh():
    rng = np.random.default_rng(3)
    for _ in range(20):
        turn, long = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 5)
        row, col = np.mgrid[0 : rng.integers(2, 300), 0 : rng.integers(2, 300)].astype(float)
        x = long * (np.cos(turn) * col - np.sin(turn) * row)
        y = np.sin(turn) * col + np.cos(turn) * row
        at = rng.integers(0, x.size, 50)
        found = locate(x, y, x.ravel()[at], y.ravel()[at], sphere=False)
        np.testing.assert_allclose(found, [row.ravel()[at], col.ravel()[at]], atol=1e-8)


def test_outermost_cells_reach_beyond_their_values_and_no_further():
    x, y = np.meshgrid(np.arange(4.0), np.arange(3.0, 0, -1))
    found = locate(
        x, y, np.array([-0.5, 3.9, 1.0, -1.5, 9.0]), np.array([2.0, 2.0, 0.6, 2.0, 2.0]), sphere=False
    )
    np.testing.assert_allclose(found, [[1, 1, 2.4, np.nan, np.nan], [-0.5, 3.9, 1, np.nan, np.nan]])


def test_missing_coordinates_are_an_edge():
    x, y = np.meshgrid(np.arange(6.0), np.arange(5.0, 0, -1))
    x[:, 3] = np.nan
    y[:, 3] = np.nan
    found = locate(x, y, np.array([1.5, 2.4, 2.6, 3.6, 4.5]), np.full(5, 2.5), sphere=False)
    np.testing.assert_allclose(found, [[2.5, 2.5, np.nan, 2.5, 2.5], [1.5, 2.4, np.nan, 3.6, 4.5]])
    nothing = locate(np.full((3, 3), np.nan), np.full((3, 3), np.nan), np.zeros(1), np.zeros(1), sphere=True)
    assert np.isnan(nothing).all()


def of_corners(values, row, col):
    """Bilinear interpolation between values at whole rows and columns."""
    r, c = (np.clip(np.floor(v).astype(int), 0, n - 2) for v, n in zip((row, col), values.shape, strict=True))
    down, right = row - r, col - c
    upper = values[r, c] * (1 - right) + values[r, c + 1] * right
    return upper * (1 - down) + (values[r + 1, c] * (1 - right) + values[r + 1, c + 1] * right) * down


def test_half_a_cell_beside_missing_values_is_half_a_cell():
    x, y = np.meshgrid(np.arange(6.0), np.arange(5.0, 0, -1))
    x[:, 3] = y[:, 3] = np.nan
    found = locate(x, y, np.array([2.499, 2.501, 3.499, 3.501]), np.full(4, 2.5), sphere=False)
    np.testing.assert_allclose(found[1], [2.499, np.nan, np.nan, 3.501])


def test_one_missing_value_is_an_edge_for_all_around():
    x, y = np.meshgrid(np.arange(4.0), -np.arange(4.0))
    x[0, 2] = y[0, 2] = np.nan
    row, col = np.array([0.6, 0.6, 0.4, 0.4, 0.2, 0.6]), np.array([1.6, 2.4, 1.6, 2.5, 1.4, 0.5])
    found = locate(x, y, col, -row, sphere=False)
    nowhere = [
        False,
        False,
        True,
        True,
        False,
        False,
    ]  # the fifth is half a cell from the upper left quadrilateral
    np.testing.assert_allclose(found, np.where(nowhere, np.nan, [row, col]), atol=1e-9)


@pytest.mark.parametrize("lean", [0.3, 1.0, 1.5])
def test_a_cell_beyond_the_edges_is_a_cell_in_leaning_meshes_too(lean):
    def place(row, col):
        return col + lean * row + 0.01 * row * col, 0.1 * col - row

    x, y = place(*np.mgrid[0:7, 0:9].astype(float))
    rng = np.random.default_rng(1)
    row, col = rng.uniform(-1.3, 7.3, 4000), rng.uniform(-1.3, 9.3, 4000)
    found = locate(x, y, *place(row, col), sphere=False)
    within = (row > -0.999) & (row < 6.999) & (col > -0.999) & (col < 8.999)
    beyond = (row < -1.001) | (row > 7.001) | (col < -1.001) | (col > 9.001)
    np.testing.assert_allclose(found[:, within], [row[within], col[within]], atol=1e-8)
    assert np.isnan(found[:, beyond]).all()


@pytest.mark.parametrize("seed", range(8))
def test_who_lies_in_a_quadrilateral_is_found_in_one_and_not_beside_another(seed):
    rng = np.random.default_rng(seed)
    row, col = np.mgrid[0:8, 0:10].astype(float)
    x = col + 0.3 * row + 0.05 * row * col + rng.normal(0, 0.12, row.shape)
    y = 0.1 * col - 0.2 * row + rng.normal(0, 0.03, row.shape)
    missing = rng.uniform(size=x.shape) < 0.1
    x[missing] = y[missing] = np.nan
    whole = ~(missing[:-1, :-1] | missing[1:, :-1] | missing[:-1, 1:] | missing[1:, 1:])
    r, c = np.nonzero(whole)
    which = rng.integers(0, r.size, 4000)
    at = r[which] + rng.uniform(0, 1, 4000), c[which] + rng.uniform(0, 1, 4000)
    px, py = of_corners(x, *at), of_corners(y, *at)
    found = locate(x, y, px, py, sphere=False)
    seen = ~np.isnan(found[0])
    assert seen.mean() > 0.97  # who lies far from the corners of a long one may be missed
    r, c = (
        np.clip(np.floor(v + 1e-9).astype(int), 0, n - 2)
        for v, n in zip(found[:, seen], x.shape, strict=True)
    )
    assert whole[r, c].mean() > 0.999


def test_nothing_is_found_in_what_reaches_beyond_the_horizon():
    lon, lat = np.meshgrid([-180.0, 0.0], [80.0, -80.0])
    found = locate(lon, lat, np.array([-173.0, 60.0, 12.0]), np.array([-63.0, 20.0, 45.0]), sphere=True)
    assert np.isnan(found).all()
