"""Layers as pictures."""

import numpy as np
import pytest

import pyterra as pt

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def r():
    return pt.rast(np.arange(24.0).reshape(2, 3, 4), extent=(0, 40, 0, 30), names=["red", "nir"])


def picture(ax):
    return np.ma.filled(ax.images[0].get_array(), np.nan)


def test_a_map_lies_where_the_raster_does_with_north_up(r):
    ax = r.plot("red")
    assert tuple(ax.images[0].get_extent()) == (0, 40, 0, 30)
    assert picture(ax).tolist() == r[0].to_numpy()[0].tolist()


def test_missing_cells_are_not_drawn_and_all_missing_is_an_empty_map():
    r = pt.rast([[1.0, np.nan], [3.0, 4.0]])
    assert np.isnan(picture(r.plot())[0, 1])
    assert np.isnan(picture((r * np.nan).plot())).all()


def test_one_value_is_a_class_and_no_value_has_no_legend():
    """As in terra 1.9: a scale would show numbers that no cell has."""
    same = pt.rast(np.full((2, 2), 7.0))
    ax = same.plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["7"]
    ax = (same * np.nan).plot()
    assert ax.get_legend() is None
    assert ax.child_axes == []
