"""Voronoi diagrams and Delaunay triangles, against terra 1.9 and by what they must be."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError


def four():
    return pt.vect(np.array([[0, 0], [4, 1], [1, 5], [3, 4]], float), atts={"id": [1, 2, 3, 4]})


def test_the_diagram_is_that_of_terra():
    # terra 1.9-45: voronoi(p); its polygons come in another order
    got = four().voronoi()
    assert got.values()["id"].tolist() == [1, 2, 3, 4]
    expected = shapely.from_wkt(
        "POLYGON ((-5 -5, -5 3.6, 0.9545454545454546 2.409090909090909, 1.6538461538461537 1.8846153846153846, "
        "3.3750000000000004 -5, -5 -5))"
    )
    assert (
        got.geoms[0].equals_exact(expected.normalize(), 1e-9)
        or got.geoms[0].symmetric_difference(expected).area < 1e-9
    )
    assert got.ext == pt.ext(-5, 9, -5, 10)
    assert len(four().voronoi(as_lines=True)) == 5


def test_every_place_belongs_to_the_nearest_point():
    rng = np.random.default_rng(2)
    points = pt.vect(rng.random((30, 2)), atts={"n": range(30)})
    polygons, places = points.voronoi(), rng.random((200, 2))
    nearest = np.linalg.norm(places[:, None] - points.crds(), axis=2).argmin(axis=1)
    inside = shapely.contains(
        polygons.geoms[polygons.values()["n"].to_numpy().argsort()][nearest], shapely.points(places)
    )
    assert inside.all()


def test_a_boundary_cuts_the_diagram():
    # terra 1.9-45: voronoi(p, bnd = vect("POLYGON ((-1 -1, 6 -1, 6 6, -1 6, -1 -1))"))
    bnd = pt.vect("POLYGON ((-1 -1, 6 -1, 6 6, -1 6, -1 -1))")
    got = four().voronoi(bnd)
    assert shapely.area(got.geoms).sum() == pytest.approx(49)
    assert shapely.get_coordinates(got.geoms[1]).max(axis=0).tolist() == pytest.approx(
        [6, 3.3333333333333326]
    )
    far = four().voronoi(pt.vect("POLYGON ((-90 -90, 90 -90, 90 90, -90 90, -90 -90))"))
    assert shapely.area(far.geoms).sum() == pytest.approx(180**2)


def test_points_at_one_place_have_one_polygon():
    got = pt.vect([[0, 0], [0, 0], [4, 0]], atts={"n": [7, 8, 9]}).voronoi()
    assert got.values()["n"].tolist() == [7, 9]


def test_nodes_of_lines_count():
    got = pt.vect("LINESTRING (0 0, 4 0, 4 4)").voronoi()
    assert (len(got), list(got.names)) == (3, [])


def test_nodes_of_lines_have_the_attributes_of_their_lines():
    # terra 1.9-45: as.data.frame(voronoi(v)) has them too, in the order of its search tree
    v = pt.vect(["LINESTRING (0 0, 4 0)", "LINESTRING (0 5, 4 5)"], atts={"k": ["x", "y"]})
    found = v.voronoi()
    assert found["k"].tolist() == ["x", "x", "y", "y"]
    assert all(cell.intersects(v.geoms[i // 2]) for i, cell in enumerate(found.geoms))


def test_an_extent_is_a_boundary_too():
    v = pt.vect([[0, 0], [4, 0]], crs="EPSG:3035")
    found = v.voronoi(pt.ext(0, 4, 0, 1))
    assert [g.area for g in found.geoms] == [2, 2]
    assert found.crs == v.crs


def test_triangles_are_those_of_terra():
    # terra 1.9-45: delaunay(p), and as lines
    got = four().delaunay()
    expected = shapely.from_wkt(["POLYGON ((1 5, 0 0, 3 4, 1 5))", "POLYGON ((3 4, 0 0, 4 1, 3 4))"])
    assert {g.normalize().wkt for g in got.geoms} == {g.normalize().wkt for g in expected}
    assert len(four().delaunay(as_lines=True)) == 5


def test_triangles_may_fill_polygons():
    notched = pt.vect("POLYGON ((0 0, 4 0, 4 4, 2 1, 0 4, 0 0))")
    got = notched.delaunay(constrained=True)
    assert shapely.union_all(got.geoms).equals(notched.geoms[0])
    assert len(got) == 3
    assert len(notched.delaunay(constrained=True, as_lines=True)) == 7


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="at least one geometry with coordinates"):
        pt.vect("POINT EMPTY").voronoi()
    with pytest.raises(ArgumentError, match="tolerance must be 0 or more"):
        four().delaunay(-1)
    with pytest.raises(ArgumentError, match="constrained=True"):
        four().delaunay(constrained=True)
    with pytest.raises(CRSMismatchError):
        pt.vect([[0, 0], [1, 1]], crs="EPSG:3035").voronoi(
            pt.vect("POLYGON ((0 0, 1 0, 1 1, 0 0))", crs="EPSG:4326")
        )
