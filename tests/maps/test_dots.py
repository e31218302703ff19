"""Dots that stand for so many of something."""

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
def v():
    # terra 1.9: dots(v, "p", 1000) has 1, 2, 0, 1 and no points in these
    boxes = shapely.box([0, 2, 4, 6, 8], 0, [1, 3, 5, 7, 9], 1)
    return pt.vect(boxes, crs="EPSG:3857", atts={"p": [1499, 1600, 400, 600, -5], "id": list("abcde")})


def test_polygons_have_as_many_dots_as_their_numbers_say(v):
    assert v.dots("p", 1000, seed=1)["id"].tolist() == ["a", "b", "b", "d"]
    assert v.dots([np.nan, 0, 0, 0, 2], 1, seed=1)["id"].tolist() == ["e", "e"]
    assert len(v.dots("p", 1e9)) == 0


def test_dots_lie_inside(v):
    found = v.dots("p", 10, seed=1)
    x = found.geom(df=True)["x"].to_numpy()
    assert len(found) == 150 + 160 + 40 + 60
    assert np.array_equal(np.floor(x / 2), np.repeat([0, 1, 2, 3], [150, 160, 40, 60]))


def test_they_are_drawn_where_there_is_a_map(v):
    found = v.dots("p", 1000)
    assert plt.get_fignums() == []
    ax = v.plot()
    found = v.dots("p", 1000, col="red")
    assert ax.collections[-1].get_offsets().tolist() == found.crds().tolist()
    assert ax.collections[-1].get_facecolors().tolist() == [[1, 0, 0, 1]]


def test_arguments_are_checked(v):
    with pytest.raises(ArgumentError, match="size must be above 0, got 0"):
        v.dots("p", 0)
    with pytest.raises(ArgumentError, match=r"a number per polygon \(5\), got 1"):
        v.dots([3], 1)
    with pytest.raises(ArgumentError, match="polygons"):
        v.centroids().dots("p", 1)
