"""distance and buffer: small cases, all pairs, and what is refused."""

import numpy as np
import pyproj
import pytest

import pyterra as pt
import pyterra.run.sweep
from pyterra.errors import ArgumentError, CRSMismatchError, MemoryBudgetError

NAN = float("nan")


def row(*values, res=1.0, crs=""):
    n = len(values)
    return pt.rast(nrows=1, ncols=n, xmin=0, xmax=n * res, ymin=0, ymax=res, crs=crs, vals=values)


def listed(r):
    return [None if v != v else round(float(v), 6) for v in r.values(drop=True)]


class TestDistance:
    def test_missing_cells_get_the_distance_to_the_nearest_value(self):
        assert listed(row(1, NAN, NAN, NAN, 5, res=2.0).distance()) == [0, 2, 4, 2, 0]

    def test_cells_need_not_be_square(self):
        r = pt.rast(nrows=2, ncols=2, xmin=0, xmax=6, ymin=0, ymax=8, crs="", vals=[1, NAN, NAN, NAN])
        assert listed(r.distance()) == [0, 3, 4, 5]

    def test_a_target_is_what_gets_a_distance(self):
        assert listed(row(1, 7, 7, NAN, 2).distance(target=7)) == [0, 1, 2, None, 0]

    def test_excluded_cells_are_neither(self):
        assert listed(row(9, NAN, 1).distance(exclude=9)) == [None, 1, 0]

    def test_nothing_to_go_to_is_missing(self):
        assert listed(row(NAN, NAN).distance()) == [None, None]

    def test_kilometres_and_a_limit(self):
        assert listed(row(1, NAN, NAN, res=1000.0).distance(unit="km", maxdist=1.5)) == [0, 1, None]

    def test_feet_are_metres_in_the_end(self):
        r = row(1, NAN, crs="EPSG:2263")
        assert r.distance().values(drop=True)[1] == pytest.approx(0.3048, rel=1e-5)

    def test_around_the_earth(self):
        r = pt.rast(nrows=1, ncols=36, ymin=-5, ymax=5, vals=[1] + [NAN] * 35)
        d = r.distance().values(drop=True)
        assert d[35] == pytest.approx(d[1])
        assert d[18] == pytest.approx(np.pi * 6378137)

    def test_what_is_refused(self):
        with pytest.raises(ArgumentError, match="unit"):
            row(1, NAN).distance(unit="miles")
        with pytest.raises(ArgumentError, match="maxdist"):
            row(1, NAN).distance(maxdist=0)
        with pytest.raises(CRSMismatchError):
            row(1, NAN, crs="EPSG:3035").distance(pt.vect([[0, 0]], crs="EPSG:4326"))


class TestBuffer:
    def test_cells_within_reach_are_true(self):
        r = row(1, NAN, NAN, NAN).buffer(2)
        assert listed(r) == [1, 1, 1, 0]
        assert r.is_bool() == [True]

    def test_another_background(self):
        r = row(1, NAN, NAN).buffer(1, background=-1)
        assert listed(r) == [1, 1, -1]
        assert r.is_bool() == [False]

    @pytest.mark.parametrize("width", [0, -1, NAN])
    def test_the_width_is_positive(self, width):
        with pytest.raises(ArgumentError, match="width"):
            row(1, NAN).buffer(width)


@pytest.mark.parametrize(
    "call",
    [
        lambda r: r.distance(target=[1, 2]),
        lambda r: r.distance(maxdist="far"),
        lambda r: r.distance(exclude="x"),
        lambda r: r.buffer("wide"),
    ],
)
def test_numbers_must_be_numbers(call):
    with pytest.raises(ArgumentError, match="must be a number"):
        call(row(1, NAN))


EARTH = ("EPSG:4326", (-180, 180, -90, 90))
PLANE = ("", (0, 58, 0, 37))
PART = ("EPSG:4326", (10, 40, 40, 60))


def scattered(seed, share, count=1):
    rng = np.random.default_rng(seed)
    array = rng.integers(0, 4, (count, 37, 29)).astype(float)
    array[rng.random(array.shape) > share] = NAN
    return array


def raster(array, place):
    return pt.rast(array, crs=place[0], extent=place[1])


@pytest.mark.parametrize("share", [0.002, 0.05, 0.5])
def test_planar_distances_against_all_pairs(share):
    r = raster(scattered(7, share), PLANE)
    known = ~np.isnan(r.to_numpy().ravel())
    xy = r.xy_from_cell(np.arange(r.ncell))
    gaps = np.linalg.norm(xy[:, None] - xy[None, known], axis=2).min(axis=1)
    np.testing.assert_allclose(r.distance().values(drop=True), gaps, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("place", [EARTH, PART], ids=["earth", "part"])
def test_spherical_distances_against_all_pairs(place):
    r = raster(scattered(8, 0.03), place)
    known = ~np.isnan(r.to_numpy().ravel())
    lon, lat = np.deg2rad(r.xy_from_cell(np.arange(r.ncell))).T
    a = (
        np.sin((lat[:, None] - lat[None, known]) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat[None, known]) * np.sin((lon[:, None] - lon[None, known]) / 2) ** 2
    )
    gaps = 2 * 6378137 * np.arcsin(np.sqrt(a.min(axis=1)))
    np.testing.assert_allclose(r.distance().values(drop=True), gaps, rtol=1e-10, atol=1e-6)


def test_places_of_all_sources_must_fit_the_memory(monkeypatch):
    monkeypatch.setattr(pyterra.raster.distance, "memory_budget", lambda: 100)
    with pytest.raises(MemoryBudgetError, match="aggregate"):
        raster(scattered(1, 0.5), PART).distance().to_numpy()


def test_geodesics_to_cells_are_the_shortest_and_those_of_terra():
    # terra 1.9-45: r <- rast(nrows = 3, ncols = 4, vals = NA); r[c(2, 11)] <- 1; distance(r, method = "geo")
    r = pt.rast(nrows=3, ncols=4, vals=[NAN, 1, *[NAN] * 8, 1, NAN])
    side, far = 4621284.3657966, 6695785.8196444
    expected = [
        side,
        0,
        side,
        far,
        10006182.6868192,
        6654072.8194905,
        6654072.8194905,
        10006182.6868192,
        far,
        side,
        0,
        side,
    ]
    np.testing.assert_allclose(r.distance(method="geo").values(drop=True), expected, rtol=1e-12)
    short = r.distance(method="geo", unit="km", maxdist=5000).values(drop=True)
    assert np.isfinite(short).tolist() == [v < 5e6 for v in expected]


@pytest.mark.parametrize("edges", [(-180, 180, -90, 90), (-30, 20, 60, 88)])
def test_what_is_nearest_on_the_ellipsoid_is_found_though_the_sphere_has_another(edges):
    rng = np.random.default_rng(3)
    values = np.where(rng.random((2, 12, 15)) < [[[0.03]], [[0.2]]], 1.0, NAN)
    r = pt.rast(values, extent=pt.ext(*edges), crs="EPSG:4326")
    xy = r.xy_from_cell(np.arange(r.ncell))
    for layer, found in zip(values.reshape(2, -1), r.distance(method="geo").values().T, strict=True):
        there = xy[layer == 1]
        pairs = [np.repeat(xy[:, k], len(there)) for k in (0, 1)] + [
            np.tile(there[:, k], len(xy)) for k in (0, 1)
        ]
        every = pyproj.Geod(ellps="WGS84").inv(*pairs)[2].reshape(len(xy), -1)
        np.testing.assert_allclose(found, every.min(axis=1), rtol=1e-12, atol=1e-8)
        to_points = r[0].distance(pt.vect(there, crs="EPSG:4326"), method="geo").values(drop=True)
        np.testing.assert_allclose(to_points, every.min(axis=1), rtol=1e-12, atol=1e-8)


def test_geodesics_where_there_is_nothing_or_a_plane():
    r = pt.rast(nrows=2, ncols=3, vals=NAN)
    assert np.isnan(r.distance(method="geo").values()).all()
    assert np.isnan(r.distance(pt.vect([], crs="EPSG:4326"), method="geo").values()).all()
    assert listed(row(1, NAN, NAN).distance(method="geo")) == [0, 1, 2]


def nearest_values(r: pt.SpatRaster, layer: int, far: np.ndarray) -> list[set[float]]:
    """What each missing cell may get: values of the cells that are as near as the nearest."""
    values = r.to_numpy()[layer].ravel()
    sources = np.flatnonzero(~np.isnan(values))
    near = far[:, sources] <= far[:, sources].min(axis=1, keepdims=True) * (1 + 1e-9)
    return [set(values[sources][row]) if np.isnan(v) else {NAN} for row, v in zip(near, values, strict=True)]


@pytest.mark.parametrize(
    ("crs", "method"), [("EPSG:32631", "geo"), ("EPSG:4326", "haversine"), ("EPSG:4326", "geo")]
)
def test_values_are_those_of_the_nearest_cell(crs, method):
    rng = np.random.default_rng(5)
    values = np.where(rng.random((2, 9, 13)) < 0.9, NAN, rng.integers(1, 99, (2, 9, 13)))
    r = pt.rast(values, extent=pt.ext(-10, 20, 30, 50), crs=crs)
    centres = pt.vect(r.xy_from_cell(np.arange(r.ncell)), crs=crs)
    found = r.distance(values=True, method=method).to_numpy()
    for layer in range(2):
        for got, may in zip(
            found[layer].ravel(), nearest_values(r, layer, centres.distance(method=method)), strict=True
        ):
            assert got in may or np.isnan(got) == (may == {NAN})


def test_values_of_targets_within_a_distance():
    x = row(5, NAN, NAN, 3, NAN, NAN, 8)
    assert listed(x.distance(values=True)) == [None, 5, 3, None, 3, 8, None]
    assert np.isnan(row(5, NAN, NAN, NAN).distance(values=True, maxdist=1).values(drop=True)).tolist() == [
        True,
        False,
        True,
        True,
    ]
    assert listed(row(5, 7, 7, 1).distance(target=7, values=True))[1:3] == [5, 1]
    assert np.isnan(row(NAN, NAN).distance(values=True).to_numpy()).all()
    with pytest.raises(ArgumentError, match="values are those of cells"):
        x.distance(pt.vect([[0, 0]]), values=True)
