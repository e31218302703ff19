"""Legends that are added to a map by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture
def ax():
    yield pt.rast(np.arange(100.0).reshape(10, 10), extent=(0, 10, 0, 10)).plot(legend=False)
    plt.close("all")


def test_legends_stand_beside_each_other(ax):
    pt.add_legend("topleft", labels=["wells", "springs"], col=["red", "blue"], pch="^")
    pt.add_legend("bottomright", labels="roads", lwd=3, lty="dotted", title="Lines")
    first, second = [c for c in ax.get_children() if type(c).__name__ == "Legend"]
    texts = [[t.get_text() for t in legend.get_texts()] for legend in (second, first)]
    assert sorted(texts) == [["roads"], ["wells", "springs"]]
    points = next(legend for legend in (first, second) if len(legend.get_texts()) == 2)
    assert [(h.get_marker(), h.get_color()) for h in points.legend_handles] == [
        ("^", "red"),
        ("^", "blue"),
    ]


def test_a_legend_stands_where_it_is_told(ax):
    pt.add_legend(2, 8, labels="a")
    ax.figure.canvas.draw()
    box = ax.get_legend().get_window_extent()
    x, y = ax.transData.inverted().transform((box.x0, box.y1))
    assert 2 <= x < 2.5
    assert 7.5 < y <= 8


def test_places_and_colours_are_checked(ax):
    with pytest.raises(ArgumentError, match=r"one per label \(1\), got 2"):
        pt.add_legend(labels="a", col=["red", "blue"])
    with pytest.raises(ArgumentError, match="add_legend: x must be right, left"):
        pt.add_legend("middle", labels="a")


def test_a_bar_has_the_range_of_a_raster_or_of_numbers(ax):
    pt.legend_cont("right", legend=pt.rast([[1.0, 7.0]]), title="m")
    bar = ax.child_axes[-1]
    assert (bar.get_ylim(), bar.get_title(loc="left")) == ((1, 7), "m")
    pt.legend_cont("bottom", legend=[0, 1], at=[0, 0.5, 1], digits=1)
    assert [t.get_text() for t in ax.child_axes[-1].get_xticklabels()] == ["0", "0.5", "1"]


def test_a_bar_stands_between_two_points(ax):
    pt.legend_cont(2, (1, 9), legend=[0, 1])
    pt.legend_cont((3, 8), 5, legend=[0, 1])
    ax.figure.canvas.draw()
    upright, lying = (ax.transData.inverted().transform(one.get_window_extent()) for one in ax.child_axes)
    assert np.allclose([upright[0, 0], *upright[:, 1]], [2, 1, 9])
    assert np.allclose([*lying[:, 0], lying[0, 1]], [3, 8, 5])
    with pytest.raises(ArgumentError, match="a number and two numbers"):
        pt.legend_cont(2, 3, legend=[0, 1])
