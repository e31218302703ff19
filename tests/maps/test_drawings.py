"""Small drawings of geometries."""

import re

import numpy as np
import pytest

import pyterra as pt
from pyterra.maps.canvas import Coordinates
from pyterra.maps.drawings import MOST_POINTS, extents_drawn, geometries_drawn, swatches


def paths(drawing):
    return re.findall(r"<path d='([^']+)'", drawing)


def test_polygons_keep_their_holes_and_lie_over_each_other():
    rings = "POLYGON ((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))"
    first, second = paths(geometries_drawn(pt.vect([rings, "POLYGON ((2 2,5 2,5 5,2 5,2 2))"])))
    assert (first.count("M"), second.count("M")) == (2, 1)


def test_lines_are_not_filled():
    drawing = geometries_drawn(pt.vect("MULTILINESTRING ((0 0,1 1,2 0),(3 3,4 4))"))
    assert drawing.count("fill='none'") == 2


@pytest.mark.parametrize(
    "wkt", ["POINT (1 2)", "LINESTRING (0 0, 5 0)", "LINESTRING (0 0, 0 5)", "POINT Z (1 2 3)"]
)
def test_what_has_no_area_is_drawn(wkt):
    drawing = geometries_drawn(pt.vect(wkt))
    assert "nan" not in drawing
    assert "inf" not in drawing
    assert re.search(r"width='(\d+)' height='(\d+)'", drawing)


def test_of_nothing_and_of_very_much_there_is_no_drawing():
    assert geometries_drawn(pt.vect(["POINT EMPTY"])) == ""
    assert geometries_drawn(pt.vect()) == ""
    circle = np.linspace(0, 7, MOST_POINTS + 1)
    text = ",".join(f"{x} {y}" for x, y in zip(np.cos(circle), np.sin(circle), strict=True))
    assert geometries_drawn(pt.vect(f"LINESTRING ({text})")) == ""


def test_lengths_are_alike_both_ways():
    assert "width='240' height='124'" in extents_drawn([pt.ext(0, 2, 0, 1)], Coordinates())
    assert "width='124' height='240'" in extents_drawn([pt.ext(0, 1, 59.5, 60.5)], Coordinates(True))


def test_legends_have_ends_or_classes():
    pytest.importorskip("matplotlib")
    bar = pt.rast([[1.0, 2.5]]).plet().layers[0].told
    assert "<span>1</span><span>2.5</span>" in swatches(bar, 100)
    many = pt.rast(np.arange(12.0).reshape(3, 4)).plet(type="classes").layers[0].told
    assert "and 4 more" in swatches(many, 100)
