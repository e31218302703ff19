"""divide: areas by hand, and numbers of terra 1.9."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.vector.divide import shares

FIELD = "POLYGON ((0 0, 10 0, 10 6, 0 6, 0 0))"
TRIANGLE = "POLYGON ((0 0, 10 0, 5 8, 0 0))"
HOLED = "POLYGON ((20 0, 32 0, 32 9, 20 9, 20 0), (22 2, 30 2, 30 7, 22 7, 22 2))"


@pytest.fixture
def v():
    return pt.vect([FIELD, TRIANGLE], atts={"a": [7, 8]})


def areas(x):
    return np.array([g.area for g in x.geoms])


def test_strips_have_the_shares_of_terra(v):
    """`divide(v, list(h = .5, v = .5))` of terra 1.9-45."""
    found = v.divide({"h": 0.5, "v": 0.5})
    assert found["a"].tolist() == [7] * 4 + [8] * 4
    assert found["hid"].tolist() == [1, 1, 2, 2] * 2
    assert found["vid"].tolist() == [1, 2] * 4
    np.testing.assert_allclose(areas(found), [15] * 4 + [10] * 4, rtol=1e-9)
    np.testing.assert_allclose(found.geoms[4].bounds, (0, 0, 5, 2.343147), atol=1e-5)
    np.testing.assert_allclose(found.geoms[7].bounds, (5, 2.343147, 8.535533, 8), atol=1e-5)


def test_shares_are_steps_or_places():
    """terra 1.9: 1/3 in three, 0.4 in 0.4 and 0.6, 0.3 in 0.3, 0.3 and 0.4; sequences add up."""
    np.testing.assert_allclose(shares(1 / 3), [1 / 3, 2 / 3])
    np.testing.assert_allclose(shares(0.5), [0.5])
    np.testing.assert_allclose(shares(0.4), [0.4])
    np.testing.assert_allclose(shares(0.3), [0.3, 0.6])
    assert shares([0.25, 0.75]).tolist() == [0.25, 0.75]
    assert shares([0.25, 0.5, 1]).tolist() == [0.25, 0.5]
    assert shares(0.7).tolist() == [0.7]


@pytest.mark.parametrize("value", [0, 1, -0.5, [0.5, 0.2], [0.5, 0.5], [], [0.5, 2], float("nan")])
def test_other_shares_are_refused(value):
    with pytest.raises(ArgumentError, match="shares must ascend between 0 and 1"):
        shares(value)


def test_strips_on_the_ellipsoid():
    """The parallels of terra 1.9 for a third each."""
    v = pt.vect("POLYGON ((5 45, 15 45, 15 50, 5 50, 5 45))", crs="EPSG:4326")
    found = v.divide({"horizontal": 1 / 3})
    np.testing.assert_allclose([g.bounds[3] for g in found.geoms], [46.615119, 48.279651, 50], atol=1e-5)
    assert np.ptp(found.expanse()) / found.expanse().mean() < 1e-9


@pytest.mark.parametrize("n", [1, 2, 3, 7])
@pytest.mark.parametrize("shape", [FIELD, TRIANGLE, HOLED])
def test_compact_parts_cover_the_polygon_and_are_alike(n, shape):
    found = pt.vect([shape], atts={"a": [5]}).divide(n, seed=3)
    assert found["a"].tolist() == [5] * n
    whole = shapely.from_wkt(shape)
    np.testing.assert_allclose(areas(found).sum(), whole.area, rtol=1e-9)
    assert shapely.union_all(found.geoms).symmetric_difference(whole).area < 1e-6
    assert areas(found).min() > 0.5 * whole.area / n
    assert areas(found).max() < 1.7 * whole.area / n


def test_seeds_and_weights(v):
    assert v.divide(3, seed=1).geom(wkt=True) == v.divide(3, seed=1).geom(wkt=True)
    rows = v[0].divide(2, alpha=(1, 50), seed=1)
    assert [g.bounds[2] - g.bounds[0] for g in rows.geoms] == pytest.approx([10, 10], abs=0.5)
    earth = pt.vect("POLYGON ((5 45, 15 45, 15 50, 5 50, 5 45))", crs="EPSG:4326").divide(2, seed=1)
    assert earth.expanse().max() < 1.1 * earth.expanse().min()


def test_what_cannot_be_is_refused(v):
    for n in (0, 2.5, "two", None):
        with pytest.raises(ArgumentError, match="divide: n must be a number of parts"):
            v.divide(n)
    with pytest.raises(ArgumentError, match="divide: n: must be one of horizontal, vertical, got 'x'"):
        v.divide({"x": 0.5})
    with pytest.raises(ArgumentError, match="must say where to cut"):
        v.divide({})
    with pytest.raises(ArgumentError, match="alpha must be one or two numbers above 0"):
        v.divide(2, alpha=0)
    with pytest.raises(ArgumentError, match="polygons"):
        pt.vect([[0, 0]]).divide()
    assert len(v[[]].divide(2)) == 0
