"""Maps of geometries: which colour each has, and that they are drawn together."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def squares():
    boxes = shapely.box([0, 2, 4, 6], [0, 0, 0, 0], [1, 3, 5, 7], [1, 1, 1, 1])
    v = pt.vect(boxes)
    v["size"] = [1.0, 2.0, 3.0, np.nan]
    v["kind"] = ["b", "a", "b", "a"]
    return v


def colours(ax):
    """Colour and left edges of the squares in each patch."""
    from matplotlib.colors import to_hex

    return {
        to_hex(p.get_facecolor()): sorted(set(p.get_path().vertices[:, 0].astype(int).tolist()))
        for p in ax.patches
    }


def test_classes_have_a_colour_each_and_a_legend(squares):
    ax = squares.plot("kind", colors={"a": "#ff0000", "b": "#0000ff"})
    assert colours(ax) == {"#ff0000": [2, 3, 6, 7], "#0000ff": [0, 1, 4, 5]}
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a", "b"]
    assert ax.get_legend().get_title().get_text() == "kind"


def test_numbers_are_on_a_scale_and_missing_ones_grey(squares):
    ax = squares.plot("size", cmap=["#000000", "#ffffff"])
    found = colours(ax)
    assert found["#000000"] == [0, 1]
    assert found["#ffffff"] == [2, 3, 4, 5] or found["#ffffff"] == [4, 5]
    assert found["#d9d9d6"] == [6, 7]


def test_breaks_make_intervals(squares):
    ax = squares.plot("size", breaks=[0, 1.5, 9], colors=["#111111", "#eeeeee"])
    assert colours(ax) == {"#111111": [0, 1], "#eeeeee": [2, 3, 4, 5], "#d9d9d6": [6, 7]}


def test_points_are_scattered_with_their_colours():
    v = pt.vect([[0.0, 0.0], [1.0, 2.0]], atts={"k": ["u", "v"]})
    ax = v.plot("k")
    assert [np.asarray(c.get_offsets()).tolist() for c in ax.collections] == [[[0, 0]], [[1, 2]]]
    v.points(col=["red", "blue"])
    assert ax.collections[-1].get_facecolors()[:, 0].tolist() == [1, 0]
    with pytest.raises(ArgumentError, match="one colour or one per geometry"):
        v.points(col=["red"])


def test_several_attributes_are_panels(squares):
    axes = squares.plot(["size", "kind"])
    assert [ax.get_title() for ax in axes.ravel()] == ["size", "kind"]


def test_an_unknown_attribute_names_near_ones(squares):
    with pytest.raises(ColumnError, match="did you mean 'size'"):
        squares.plot("sise")


def test_geometries_may_have_a_colour_each(squares):
    ax = squares.plot(col=["red", "blue", "red", "red"])
    assert len({patch.get_facecolor() for patch in ax.patches}) == 2


def test_polygons_that_are_added_are_outlines(squares):
    ax = pt.rast(squares, nrows=2, ncols=2, vals=[1, 2, 3, 4]).plot()
    squares.plot(add=True)
    assert (
        ax.patches[-1].get_facecolor()[3] == 0 if ax.patches else ax.collections[-1].get_facecolor().size == 0
    )
