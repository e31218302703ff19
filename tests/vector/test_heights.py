"""What becomes of heights. The numbers are those of terra 1.9-45 (``geom(...)[, "z"]``) unless said otherwise."""

import numpy as np
import pytest
import shapely

import pyterra as pt

AREAS = ["POLYGON Z ((0 0 1, 4 0 2, 4 4 3, 0 4 4, 0 0 1))", "POLYGON Z ((5 0 1, 9 0 2, 9 4 3, 5 0 1))"]
WAYS = ["LINESTRING Z (0 0 1, 2 2 2, 6 2 5)", "LINESTRING Z (0 3 1, 2 3 2)"]
SPOTS = ["POINT Z (1 1 5)", "POINT Z (2 3 6)", "POINT Z (8 3 7)"]
FLAT = "POLYGON ((1 1, 6 1, 6 3, 1 3, 1 1))"
BOTH = [1, 2, 3, 4, 1, 1, 2, 3, 1]


def vector(texts, crs="EPSG:4326"):
    texts = [texts] if isinstance(texts, str) else texts
    return pt.vect(texts, crs=crs, atts={"a": range(1, len(texts) + 1)})


@pytest.fixture
def x():
    class Inputs:
        v, l, p, q = (vector(texts) for texts in (AREAS, WAYS, SPOTS, FLAT))  # noqa: E741

    return Inputs


def heights(v):
    """Of all vertices; nothing where there are none."""
    xyz = v.crds()
    return xyz[:, 2].round(6).tolist() if xyz.shape[1] == 3 else []


KEPT = {
    "records": (lambda x: x.v[[1, 0]], [1, 2, 3, 1, 1, 2, 3, 4, 1]),
    "subset": (lambda x: x.v.subset("a == 1"), [1, 2, 3, 4, 1]),
    "shift": (lambda x: x.v.shift(1, 1), BOTH),
    "rescale": (lambda x: x.v.rescale(2), BOTH),
    "flip": (lambda x: x.v.flip(), BOTH),
    "spin": (lambda x: x.v.spin(30), BOTH),
    "t": (lambda x: x.v.t(), BOTH),
    "rotate": (lambda x: x.v.rotate(0), BOTH),
    "normalize_longitude": (lambda x: x.v.normalize_longitude(), BOTH),
    "round": (lambda x: x.v.round(1), BOTH),
    "mask": (lambda x: x.v.mask(x.q), BOTH),
    "by place": (lambda x: x.v[x.q], BOTH),
    "rbind": (lambda x: x.v.rbind(x.v), BOTH * 2),
    "disagg": (lambda x: x.v.disagg(), BOTH),
    "as_lines": (lambda x: x.v.as_lines(), BOTH),
    "as_points": (lambda x: x.v.as_points(), [1, 2, 3, 4, 1, 2, 3]),
    "points of lines": (lambda x: x.l.as_points(), [1, 2, 5, 1, 2]),
    "simplify_geom": (lambda x: x.l.simplify_geom(0.1), [1, 2, 5, 1, 2]),
    "make_valid": (lambda x: x.v.make_valid(), BOTH),
    "fill_holes": (lambda x: x.v.fill_holes(), BOTH),
    "force_ccw": (lambda x: x.v.force_ccw(), BOTH),
    "snap": (lambda x: x.v.snap(tolerance=0.1), BOTH),
    "elongate": (lambda x: x.l.elongate(10), [1, 2, 5, 1, 2]),
    "merge_lines": (lambda x: x.l.merge_lines(), [1, 2, 5, 1, 2]),
    "make_nodes": (lambda x: x.l.make_nodes(), [1, 2, 5, 1, 2]),
    "remove_dup_nodes": (lambda x: x.l.remove_dup_nodes(), [1, 2, 5, 1, 2]),
    "intersect of lines": (lambda x: x.l.intersect(x.q), [1.5, 2, 5, 1.5, 2]),
    "intersect of points": (lambda x: x.p.intersect(x.q), [5, 6]),
    "crop of points": (lambda x: x.p.crop(x.q), [5, 6]),
    "erase of lines": (lambda x: x.l.erase(x.q), [1, 1.5, 1, 1.5]),
    "aggregate of points": (lambda x: x.p.aggregate(), [5, 6, 7]),
    "aggregate of lines": (lambda x: x.l.aggregate(), [1, 2, 5, 1, 2]),
    "copy": (lambda x: x.v.copy(), BOTH),
    "na_omit": (lambda x: x.v.na_omit(), BOTH),
    "sort": (lambda x: x.v.sort("a"), BOTH),
}
ANY_START = {
    "crop": (lambda x: x.v.crop(x.q), [2.25, 1, 4, 2.75]),
    "intersect": (lambda x: x.v.intersect(x.q), [2.25, 1, 4, 2.75]),
    "erase": (lambda x: x.v.erase(x.q), [1, 1.5, 2, 2.25, 2.75, 3, 4]),
    "aggregate": (lambda x: x.v.aggregate(), [1, 2, 3, 4]),
    "hull": (lambda x: x.v.hull(), [1, 2, 3, 4]),
    "delaunay": (lambda x: x.p.delaunay(), [5, 7, 6]),
}
OTHERS = {
    "project": (lambda x: x.v.project("EPSG:3857"), BOTH),  # terra: none
    "crop to an extent": (lambda x: x.l.crop(pt.ext(1, 6, 1, 3)), [1.5, 2, 5, 1.5, 2]),  # terra: none
    "segments": (lambda x: x.l.disagg(segments=True), [1, 2, 2, 5, 1, 2]),  # terra: none
    "points to a line": (lambda x: x.p.as_lines(), [5, 6, 7]),  # terra: none
    "unique": (lambda x: x.v.rbind(x.v).unique(), BOTH),  # terra: none
    "densify": (lambda x: pt.vect(WAYS).densify(1.5), [1, 2, 3.5, 5, 1, 2]),  # terra: NaN
    "agitate": (lambda x: x.p.agitate(1, seed=1), [5, 6, 7]),
    "snap_to": (lambda x: x.p.snap_to(x.l[0]), [5, 6, 7]),
    "cartogram": (lambda x: x.v.cartogram("a"), BOTH),
    "thin_nodes": (lambda x: x.l.thin_nodes(0.1), [1, 2, 5, 1, 2]),
}
NONE = {
    "buffer": lambda x: x.v.buffer(1),
    "buffer of metres": lambda x: vector(WAYS, "EPSG:3035").buffer(1),
    "centroids": lambda x: x.v.centroids(),
    "voronoi": lambda x: x.p.voronoi(),
    "gaps": lambda x: x.v.gaps(),
    "nearest": lambda x: x.p.nearest(x.l),
}


@pytest.mark.parametrize("name", [*KEPT, *OTHERS])
def test_heights_go_with_their_vertices(x, name):
    call, expected = (KEPT | OTHERS)[name]
    assert heights(call(x)) == expected


@pytest.mark.parametrize("name", ANY_START)
def test_heights_are_interpolated_where_geometries_are_cut(x, name):
    call, expected = ANY_START[name]
    found = call(x)
    assert sorted(set(heights(found))) == sorted(set(expected))
    assert found.has_z()


@pytest.mark.parametrize("name", NONE)
def test_what_is_made_anew_has_none(x, name):
    found = NONE[name](x)
    assert not found.has_z()
    assert len(found) or name == "gaps"


def test_flat_geometries_stay_flat_beside_others(x):
    both = x.v.rbind(x.q)
    assert heights(both)[:9] == BOTH
    assert np.isnan(both.crds()[9:, 2]).all()
    for found in (
        both.shift(1, 0),
        both.as_lines(),
        both.densify(1e9),
        both.project("EPSG:3857"),
        both.disagg(),
    ):
        assert shapely.has_z(found.geoms).tolist() == [True, True, False]
    assert shapely.get_num_coordinates(both.densify(1e9).geoms).tolist() == [5, 4, 5]
    assert shapely.has_z(both.as_points().geoms).tolist() == [True] * 7 + [False] * 4


def test_heights_change_where_both_crs_have_them():
    metres = pt.vect("POINT Z (6 50 100)", crs="EPSG:4979").project("EPSG:4978")
    back = metres.project("EPSG:4979").crds()
    assert metres.crds()[0, 2] > 4.8e6
    assert np.allclose(back, [[6, 50, 100]], atol=1e-6)


def test_measures_on_the_ground_do_not_see_them(x):
    flat = pt.vect(list(shapely.to_wkt(shapely.force_2d(x.l.geoms), rounding_precision=-1)), crs="EPSG:4326")
    assert x.l.perim().tolist() == flat.perim().tolist()
    assert x.l.distance().tolist() == flat.distance().tolist()
    r = pt.rast(nrows=4, ncols=9, extent=(0, 9, 0, 4), crs="EPSG:4326", vals=1)
    assert np.array_equal(x.l.rasterize(r).to_numpy(), flat.rasterize(r).to_numpy(), equal_nan=True)
    assert not pt.netw(x.l).net_edges().has_z()


def test_they_count_for_equality(x):
    higher = pt.vect([text.replace("5", "6") for text in WAYS], crs="EPSG:4326", atts={"a": [1, 2]})
    assert x.l.identical(x.l.copy())
    assert not x.l.identical(higher)


def test_tables_and_text_have_them(x):
    assert x.p.as_data_frame(geom="xy")["z"].tolist() == [5, 6, 7]
    assert x.p.geom(df=True).columns.tolist() == ["geom", "part", "x", "y", "hole", "z"]
    assert x.p.crds(df=True).columns.tolist() == ["x", "y", "z"]
    assert x.p.geom(hex=True) == [shapely.to_wkb(g, hex=True) for g in x.p.geoms]
    assert pt.vect(x.p.as_data_frame(geom="wkt"), geom="geometry", crs="EPSG:4326").identical(x.p)
    assert pt.vect(x.v.to_geopandas()).identical(x.v)
