"""What is added to a map: cells, geometries, extents."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError

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


def test_cells_are_marked_outlined_and_labelled_where_they_are_not_missing():
    r = pt.rast([[1.25, np.nan], [3.0, 4.0]], extent=(0, 2, 0, 2))
    ax = r.plot()
    r.points()
    assert np.asarray(ax.collections[-1].get_offsets()).tolist() == [[0.5, 1.5], [0.5, 0.5], [1.5, 0.5]]
    r.lines()
    assert len(ax.patches[-1].get_path().vertices) == 3 * 5
    r.text(digits=1)
    assert [t.get_text() for t in ax.texts] == ["1.2", "3.0", "4.0"]
    r.as_int().text(digits=2, cex=2)
    assert len(ax.texts) == 6


def test_labels_stand_inside(squares):
    ax = squares.plot()
    squares.text("kind")
    assert [t.get_text() for t in ax.texts] == ["b", "a", "b", "a"]
    assert ax.texts[1].get_position() == (2.5, 0.5)
    squares.text(["w", "x", "y", "z"])
    with pytest.raises(ArgumentError, match="one per geometry"):
        squares.text(["w"])


def test_lines_and_polygons_go_over_a_raster(squares):
    ax = pt.rast(np.zeros((2, 8)), extent=(0, 8, 0, 2)).plot()
    squares.lines(col="red")
    squares.polys(col="blue")
    pt.ext(0, 4, 0, 1).lines()
    assert len(ax.patches) == 3
    assert ax.get_xlim() == (0, 8)


def test_points_have_no_outline(squares):
    squares.plot()
    with pytest.raises(ArgumentError, match="must be lines or polygons, got points"):
        pt.vect([[0.0, 0.0]]).lines()


def test_an_extent_has_an_outline_and_corners():
    ax = pt.ext(0, 9, 0, 9).plot()
    pt.ext(1, 3, 2, 4).lines(col="red", lty="dashed")
    assert ax.patches[-1].get_path().get_extents().extents.tolist() == [1, 2, 3, 4]
    assert ax.patches[-1].get_linestyle() in ("dashed", "--")
    pt.ext(1, 3, 2, 4).points(pch="s")
    assert ax.collections[-1].get_offsets().tolist() == [[1, 2], [3, 2], [3, 4], [1, 4]]


def test_each_geometry_has_its_colour(squares):
    ax = squares.plot()
    before = len(ax.patches)
    squares.polys(col=["red", "blue", "red", "none"], border=["black"] * 4)
    drawn = {p.get_facecolor(): p.get_path().vertices[:, 0].min() for p in ax.patches[before:]}
    assert drawn == {(1, 0, 0, 1): 0, (0, 0, 1, 1): 2, (0, 0, 0, 0): 6}
    with pytest.raises(ArgumentError, match=r"one colour or one per geometry \(4\), got 2"):
        squares.lines(col=["red", "blue"])


def test_points_have_a_rim_around_geometries_alone(squares):
    ax = squares.plot()
    squares.centroids().points()
    assert ax.collections[-1].get_edgecolors().tolist() == [[1, 1, 1, 1]]
    pt.rast([[1.0]], extent=(0, 1, 0, 1)).points()
    assert ax.collections[-1].get_linewidths().tolist() == [0]


def test_numbers_of_attributes_are_rounded_where_asked(squares):
    ax = squares[:3].plot()
    squares[:3].text("size", digits=1)
    assert [t.get_text() for t in ax.texts] == ["1.0", "2.0", "3.0"]
