"""Polygons that become part of others, against terra 1.9."""

import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

FIRST, SECOND = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))", "POLYGON ((4 0, 8 0, 8 4, 4 4, 4 0))"
ACROSS = "POLYGON ((3 1, 6 1, 6 2, 3 2, 3 1))"
ABOVE = "POLYGON ((3 4, 6 4, 6 6, 3 6, 3 4))"
APART = "POLYGON ((9 0, 10 0, 10 1, 9 1, 9 0))"
LARGE = "POLYGON ((3.9 3, 3.9 10, -6 10, -6 3, 3.9 3))"


def combined(*texts, **options):
    x = pt.vect([FIRST, SECOND], crs="EPSG:3035", atts={"a": [1, 2]})
    y = pt.vect(list(texts), crs="EPSG:3035", atts={"b": [10 * (i + 1) for i in range(len(texts))]})
    return x.combine_geoms(y, **options)


def same(v, *texts):
    return all(g.equals(w) for g, w in zip(v.geoms, pt.vect(list(texts)).geoms, strict=True))


def test_what_overlaps_belongs_to_the_polygon_that_covers_most_of_it():
    # terra 1.9-45: combineGeoms(x, y), and with erase = FALSE
    assert same(combined(ACROSS), FIRST, SECOND)
    grown = combined(ACROSS, erase=False)
    assert same(grown, FIRST, "POLYGON ((3 1, 3 2, 4 2, 4 4, 8 4, 8 0, 4 0, 4 1, 3 1))")
    assert grown.values().to_numpy().tolist() == [[1], [2]]
    parts = combined(ACROSS, erase=False, dissolve=False)
    assert parts.geoms[1].wkt == "MULTIPOLYGON (((4 0, 8 0, 8 4, 4 4, 4 0)), ((3 1, 6 1, 6 2, 3 2, 3 1)))"
    assert same(combined("POLYGON ((3 3, 5.5 3, 5.5 6, 3 6, 3 3))"), FIRST,
                "POLYGON ((8 4, 8 0, 4 0, 4 4, 3 4, 3 6, 5.5 6, 5.5 4, 8 4))")  # fmt: skip


def test_then_the_longest_border_counts_then_the_distance():
    # terra 1.9-45: combineGeoms(x, y), and with boundary = FALSE
    assert same(combined(ABOVE), FIRST, "POLYGON ((8 4, 8 0, 4 0, 4 4, 3 4, 3 6, 6 6, 6 4, 8 4))")
    assert same(
        combined(APART), FIRST, "MULTIPOLYGON (((4 0, 8 0, 8 4, 4 4, 4 0)), ((9 0, 10 0, 10 1, 9 1, 9 0)))"
    )
    less = combined(LARGE)  # less than a tenth overlaps: its border joins it
    assert same(less, "POLYGON ((4 4, 4 0, 0 0, 0 3, -6 3, -6 10, 3.9 10, 3.9 4, 4 4))", SECOND)


def test_what_belongs_to_none_is_appended():
    # terra 1.9-45: boundary = FALSE, distance = FALSE; maxdist = 1, for a distance of 1
    rest = combined(ABOVE, boundary=False, distance=False)
    assert same(rest, FIRST, SECOND, ABOVE)
    assert rest.values().fillna(-1).to_numpy().tolist() == [[1, -1], [2, -1], [-1, 10]]
    assert len(combined(ABOVE, boundary=False, distance=False, append=False)) == 2
    assert len(combined(APART, maxdist=1)) == 3
    assert len(combined(APART, maxdist=1.01)) == 2
    cut = combined(APART, "POLYGON ((9 0.5, 12 0.5, 12 1.5, 9 1.5, 9 0.5))", distance=False)
    assert same(cut[[2, 3]], "POLYGON ((9 0, 9 0.5, 10 0.5, 10 0, 9 0))",
                "POLYGON ((9 1.5, 12 1.5, 12 0.5, 9 0.5, 9 1.5))")  # fmt: skip


def test_borders_are_those_of_what_overlaps_and_distances_those_of_x():
    # terra 1.9-45: combineGeoms(x, y, distance = FALSE); the second touches the first, which overlaps
    grown = combined(
        "POLYGON ((1 3, 2 3, 2 6, 1 6, 1 3))", "POLYGON ((2 5, 3 5, 3 6, 2 6, 2 5))", distance=False
    )
    assert same(grown, "POLYGON ((4 0, 0 0, 0 4, 1 4, 1 6, 2 6, 3 6, 3 5, 2 5, 2 4, 4 4, 4 0))", SECOND)
    # terra 1.9-45: the second is nearer to the first than to x, and belongs to the nearest of x
    near = combined("POLYGON ((1 3, 5 3, 5 6, 1 6, 1 3))", "POLYGON ((6 6, 7 6, 7 8, 6 8, 6 6))")
    assert same(near, "POLYGON ((4 0, 0 0, 0 4, 1 4, 1 6, 5 6, 5 4, 4 4, 4 0))",
                "MULTIPOLYGON (((4 0, 8 0, 8 4, 4 4, 4 0)), ((6 6, 7 6, 7 8, 6 8, 6 6)))")  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON ((3 1, 5 1, 5 2, 3 2, 3 1))",
        "POLYGON ((3 4, 5 4, 5 6, 3 6, 3 4))",
        "POLYGON ((3 5, 5 5, 5 6, 3 6, 3 5))",
    ],
)
def test_of_equals_the_first_is_taken(text):
    # terra 1.9-45: as much overlap, border or distance with both
    assert combined(text, erase=False).geoms[0].area > 16


def test_what_is_covered_is_gone():
    assert same(combined("POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))"), FIRST, SECOND)
    none = pt.vect([FIRST])[[]]
    assert same(pt.vect([FIRST]).combine_geoms(none), FIRST)
    assert same(none.combine_geoms(pt.vect([FIRST, SECOND])), FIRST, SECOND)


def test_lines_are_refused():
    with pytest.raises(ArgumentError, match="combine_geoms: y: geometries must be polygons"):
        pt.vect([FIRST]).combine_geoms(pt.vect("LINESTRING (0 0, 1 1)"))
