"""Several maps in one picture."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def r():
    return pt.rast(np.arange(24.0).reshape(4, 2, 3), names=list("abcd"), extent=(0, 3, 0, 2))


class TestPanels:
    def test_layers_share_colours_and_one_legend(self, r):
        axes = r.panel(nc=2)
        assert {(ax.images[0].norm.vmin, ax.images[0].norm.vmax) for ax in axes.ravel()} == {(0, 23)}
        bars = [ax for ax in axes[0, 0].figure.axes if ax not in set(axes.ravel())]
        assert len(bars) == 1
        assert bars[0].get_ylim() == (0, 23)

    def test_ranges_breaks_and_legends_are_asked_for_as_plot_does(self, r):
        axes = r.panel(breaks=2, breakby="cases", nc=2)
        assert {tuple(ax.images[0].norm.boundaries) for ax in axes.ravel()} == {(0, 11.5, 23)}
        axes = r.panel(range=(6, 11), fill_range=True, reverse=True, nc=2)
        assert {(ax.images[0].norm.vmin, ax.images[0].norm.vmax) for ax in axes.ravel()} == {(6, 11)}

    def test_titles_stand_inside(self, r):
        axes = r.panel([0, 2], loc_main="bottomright")
        assert [ax.texts[0].get_text() for ax in axes.ravel()] == ["a", "c"]
        assert {ax.get_title() for ax in axes.ravel()} == {""}
        axes[0, 0].figure.canvas.draw()
        for ax in axes.ravel():
            box, text = ax.get_window_extent(), ax.texts[0].get_window_extent()
            assert box.x1 - 20 < text.x1 < box.x1
            assert box.y0 < text.y0 < box.y0 + 20
        with pytest.raises(ArgumentError, match="loc_main"):
            r.panel(loc_main="middle")

    def test_coordinates_stand_along_the_rim_alone(self, r):
        axes = r.panel(nc=2)
        axes[0, 0].figure.canvas.draw()
        left = [any(t.label1.get_visible() for t in ax.yaxis.get_major_ticks()) for ax in axes.ravel()]
        below = [any(t.label1.get_visible() for t in ax.xaxis.get_major_ticks()) for ax in axes.ravel()]
        assert (left, below) == ([True, False, True, False], [False, False, True, True])

    def test_a_class_has_the_same_colour_in_all_layers(self):
        r = pt.rast(np.array([[[1, 1]], [[2, 1]]], "uint8"))
        r.levels = [{1: "water", 2: "forest"}] * 2
        axes = r.panel()
        figure = axes[0, 0].figure
        assert [t.get_text() for t in figure.legends[0].get_texts()] == ["water", "forest"]
        image = [ax.images[0] for ax in axes.ravel()]
        water = [i.cmap(i.norm(i.get_array()))[0, 1].tolist() for i in image]
        assert water[0] == water[1]

    def test_one_layer_is_a_panel_too(self, r):
        assert r.panel(1).shape == (1, 1)


class TestCollections:
    def test_each_vector_has_a_map(self):
        s = pt.svc(wells=pt.vect([[0, 0], [4, 4]]), area=pt.vect(pt.ext(0, 2, 0, 1)))
        axes = s.plot(col=["red", "blue"])
        assert [ax.get_title() for ax in axes.ravel()] == ["wells", "area"]
        assert axes[0, 0].collections[0].get_facecolors().tolist() == [[1, 0, 0, 1]]
        assert axes[0, 1].patches[0].get_facecolor() == (0, 0, 1, 1)
        assert axes[0, 1].get_xlim()[1] < 3

    def test_one_may_be_chosen(self):
        s = pt.svc(wells=pt.vect([[0, 0], [4, 4]]), area=pt.vect(pt.ext(0, 2, 0, 1)))
        ax = s.plot("area", main="Area", extent=pt.ext(0, 9, 0, 9))
        assert (ax.get_title(), len(ax.patches), ax.get_xlim()) == ("Area", 1, (0, 9))
        with pytest.raises(ArgumentError, match="ax is for one vector, got 2"):
            s.plot(ax=ax)

    def test_there_must_be_something(self):
        with pytest.raises(ArgumentError, match="empty collection"):
            pt.svc().plot()
