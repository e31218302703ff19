"""Maps of parts."""

import pytest
from clicking import clicking

import pyterra as pt

plt = pytest.importorskip("matplotlib.pyplot")


def test_the_part_takes_the_place_of_the_map(r, ax):
    with clicking(ax, [(0.5, 0.5), (4, 4)]):
        found = r.zoom(layer="b")
    assert found.figure is ax.figure
    assert found.figure.axes[0] is found
    assert found.images[0].get_array().shape == (1, 1)
    assert [text.get_text() for text in found.get_legend().get_texts()] == ["6"]


def test_or_a_figure_of_its_own(r, v, ax):
    assert r.zoom(pt.ext(0, 5, 0, 5), new=True).figure is not ax.figure
    found = v.zoom(pt.ext(0, 3, 0, 2), y="k", ax=ax)
    assert (found.get_xlim(), found.get_ylim()) == ((0, 3), (0, 2))
    plt.close("all")
    assert v.zoom(pt.ext(0, 3, 0, 2)).get_xlim() == (0, 3)
