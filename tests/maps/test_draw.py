"""What is drawn on maps."""

import numpy as np
import pytest
from clicking import clicking, in_page

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


def test_an_extent_has_two_corners(ax):
    with clicking(ax, [(8, 2), (1, 5)]):
        assert np.allclose(list(pt.draw()), [1, 8, 2, 5])
    assert ax.lines[0].get_xdata().round(6).tolist() == [1, 8, 8, 1, 1]


@pytest.mark.parametrize(
    ("what", "wkt"),
    [
        ("polygon", ["POLYGON ((1 1, 5 1, 5 5, 1 1))"]),
        ("line", ["LINESTRING (1 1, 5 1, 5 5)"]),
        ("points", ["POINT (1 1)", "POINT (5 1)", "POINT (5 5)"]),
    ],
)
def test_shapes_have_the_points_clicked(ax, what, wkt):
    with clicking(ax, [(1, 1), (5, 1), (5, 5), "right"]):
        found = pt.draw(what, id=True)
    assert found.round(6).crds().tolist() == pt.vect(wkt).crds().tolist()
    assert found.geomtype() == pt.vect(wkt).geomtype()
    assert found.crs is None
    assert [text.get_text() for text in ax.texts] == ["0", "1", "2"]


def test_in_a_page_the_result_comes_later(r, ax):
    with in_page(ax) as click:
        later = pt.draw("polygon", id=True, wait=False)
        click((1, 1), (5, 1))
        with pytest.raises(ArgumentError, match="a polygon must have at least 3 clicks, got 2"):
            later.result()
        click((5, 5))
        assert later.result().round(6).crds().tolist() == [[1, 1], [5, 1], [5, 5], [1, 1]]
        click((9, 9))
        assert len(later.result().crds()) == 4
        corners = pt.draw(wait=False)
        click((8, 2), (1, 5), (9, 9))
        assert np.allclose(list(corners.result()), [1, 8, 2, 5])
        assert r.zoom(corners.result(), new=True) is not ax


def test_in_a_page_what_waits_is_refused_with_what_to_write(r, v, ax):
    with in_page(ax):
        for verb, words in {
            r.click: r"pt\.draw\('points', wait=False\), click, .*x\.extract",
            v.click: r"pt\.draw\('points', wait=False\)",
            r.sel: r"x\.crop\(a\.result\(\)\)",
            v.sel: r"x\.crop\(a\.result\(\)\)",
            r.zoom: r"x\.zoom\(a\.result\(\)\)",
            pt.draw: r"pt\.draw\(\.\.\., wait=False\)",
        }.items():
            with pytest.raises(ArgumentError, match=rf"in a page, which cannot; write .*{words}"):
                verb()


def test_a_picture_tells_of_no_clicks_later_either(ax):
    with pytest.raises(ArgumentError, match=r"got the backend agg; .*%matplotlib widget .*wait=False"):
        pt.draw(wait=False)


def test_too_few_points_are_refused(ax):
    with (
        clicking(ax, [(1, 1), "enter"]),
        pytest.raises(ArgumentError, match="a polygon must have at least 3 clicks"),
    ):
        pt.draw("polygon")
    with pytest.raises(ArgumentError, match="draw: x"):
        pt.draw("circle")
