"""Sizes that tell numbers, against terra 1.9 and by hand."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError

TEXTS = [
    "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1 0, 2 0, 2 1, 1 1, 1 0))", "POLYGON ((4 0, 6 0, 6 2, 4 2, 4 0))",
]  # fmt: skip


def three():
    return pt.vect(TEXTS, atts={"a": [1, 4, 2], "b": [0, None, 2], "c": [-1, 1, 2], "s": list("abc")})


def test_areas_are_in_proportion_and_in_their_places_as_in_terra():
    # terra 1.9-45: cartogram(q, "a"), with exp = 2, and cartogram(q, "c"), where the first grows
    got = three().cartogram("a")
    bounds = [[0.25, 0.25, 0.75, 0.75], [1, 0, 2, 1], [4.6464466, 0.6464466, 5.3535534, 1.3535534]]
    np.testing.assert_allclose(shapely.bounds(got.geoms), bounds, atol=1e-7)
    np.testing.assert_allclose(shapely.area(got.geoms), [1 / 4, 1, 1 / 2])
    np.testing.assert_allclose(shapely.area(three().cartogram("a", exp=2).geoms), [1 / 2, 2, 1])
    np.testing.assert_allclose(shapely.area(three().cartogram("c").geoms), [2, 4])
    assert got["a"].tolist() == [1, 4, 2]


def test_polygons_shrink_towards_their_centroids_as_in_terra():
    # terra 1.9-45: cartogram(v, "a"), cartogram(v, "a", inside = TRUE); a bent polygon of area 17, and 6 for 4
    v = pt.vect(
        ["POLYGON ((0 0, 9 0, 9 1, 1 1, 1 9, 0 9, 0 0))", "POLYGON ((20 0, 24 0, 20 3, 20 0))"],
        atts={"a": [1, 4]},
    )
    first = [1.84009001772, 1.84009001772, 4.51348838376, 4.51348838376]
    np.testing.assert_allclose(shapely.bounds(v.cartogram("a").geoms[0]), first, rtol=1e-10)
    inside = v.cartogram("a", inside=True)
    assert shapely.area(inside.geoms).tolist() == pytest.approx([1.5, 6])


def test_polygons_without_a_number_above_0_are_left_out_as_in_terra():
    # terra 1.9-45: cartogram(q, "b"), cartogram(q, "c")
    assert three().cartogram("b")["a"].tolist() == [2]
    assert three().cartogram("c")["a"].tolist() == [4, 2]
    assert len(three()[[]].cartogram("a")) == 0


def test_circles_have_areas_in_proportion():
    # By hand: the widest polygon has a width of 2, so that the largest circle has the area 1. terra 1.9-45 has the
    # same circles with 0.9969 times the radius.
    got = three().cartogram("a", "circles")
    radius = np.ptp(shapely.bounds(got.geoms)[:, [0, 2]], axis=1) / 2
    np.testing.assert_allclose(np.pi * radius**2, [1 / 4, 1, 1 / 2])
    np.testing.assert_allclose(got.centroids().crds(), [[0.5, 0.5], [1.5, 0.5], [5, 1]])
    np.testing.assert_allclose(0.99691733 * radius, [0.28122519, 0.56245038, 0.39771247], rtol=1e-7)


def test_circles_may_stand_inside():
    bent = pt.vect("POLYGON ((0 0, 9 0, 9 9, 8 9, 8 1, 0 1, 0 0))", atts={"a": [1]})
    middle = bent.cartogram("a", "circles", inside=True).centroids().geoms[0]
    assert bent.geoms[0].contains(middle)
    assert not bent.geoms[0].contains(bent.cartogram("a", "circles").centroids().geoms[0])


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="cartogram: geometries must be polygons"):
        pt.vect([[0, 0]], atts={"a": [1]}).cartogram("a")
    with pytest.raises(ColumnError, match="cartogram: no attribute 'zz'"):
        three().cartogram("zz")
    with pytest.raises(ArgumentError, match="cartogram: 's' must hold numbers"):
        three().cartogram("s")
    with pytest.raises(ArgumentError, match="type: must be one of nc, circles, got 'squares'"):
        three().cartogram("a", "squares")
    with pytest.raises(ArgumentError, match="exp must be above 0"):
        three().cartogram("a", exp=0)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:3035"])
def test_areas_on_the_ground_are_in_proportion(crs):
    """As terra 1.9-45 has it: in degrees, and in Web Mercator, areas in the north are taken for more than they are."""
    v = pt.vect(
        [shapely.box(0, 0, 2, 2), shapely.box(3, 60, 5, 62)], crs="EPSG:4326", atts={"a": [1, 4]}
    ).project(crs)
    scale = np.sqrt(shapely.area(v.cartogram("a").geoms) / shapely.area(v.geoms))
    density = v["a"].to_numpy() / v.expanse()
    expected = np.sqrt(v["a"].to_numpy() / 4 * v.expanse()[1] / v.expanse())
    assert density[1] == density.max()
    np.testing.assert_allclose(scale, expected, rtol=1e-9)
