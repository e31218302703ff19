"""What is added to a map by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture
def ax():
    yield pt.rast(np.arange(100.0).reshape(10, 10), extent=(0, 10, 0, 10)).plot(legend=False)
    plt.close("all")


def across(ax):
    """Where lines cross x, and where y."""
    x = [line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1]
    return x, [line.get_ydata()[0] for line in ax.lines if len(set(line.get_ydata())) == 1]


class TestLines:
    def test_lines_go_right_across(self, ax):
        pt.add_abline(h=3, v=[1, 2], lty="dashed")
        assert across(ax) == ([1, 2], [3])
        assert {line.get_linestyle() for line in ax.lines} == {"--"}
        with pytest.raises(ArgumentError, match="h or v"):
            pt.add_abline()

    def test_a_grid_follows_the_ticks_or_is_counted(self, ax):
        pt.add_grid()
        assert across(ax) == ([2, 4, 6, 8], [2, 4, 6, 8])
        pt.add_grid(2, 0)
        assert across(ax) == ([2, 4, 6, 8, 5], [2, 4, 6, 8])
        with pytest.raises(ArgumentError, match="nx must be 0 or more, got -1"):
            pt.add_grid(-1)

    def test_a_box_goes_around(self, ax):
        pt.add_box(col="red", lwd=2)
        corners = ax.transData.inverted().transform(ax.patches[-1].get_verts())
        assert np.allclose([corners.min(axis=0), corners.max(axis=0)], [[0, 0], [10, 10]])


class TestTexts:
    def test_halos_have_the_colour_and_width_asked_for(self, ax):
        pt.halo([2, 5], 3, ["a", "b"], hc="lightblue", hw=0.25, cex=2)
        assert [(t.get_text(), *t.get_position()) for t in ax.texts] == [("a", 2, 3), ("b", 5, 3)]
        (rim,) = ax.texts[0].get_path_effects()
        assert (rim._gc["linewidth"], rim._gc["foreground"]) == (8, "lightblue")
        with pytest.raises(ArgumentError, match=r"one per point \(2\), got 1"):
            pt.halo([1, 2], 1, "a")

    @pytest.mark.parametrize(("side", "edge"), [("bottom", 1), ("left", 0), ("top", 1), ("right", 0)])
    def test_margin_texts_stand_outside_on_their_side(self, ax, side, edge):
        pt.add_mtext("margin", side)
        pt.add_mtext("farther", side, line=2)
        pt.add_mtext("inside", side, line=-2)
        ax.figure.canvas.draw()
        inside = ax.get_window_extent()
        middles = [np.mean(t.get_window_extent().get_points(), axis=0)[edge] for t in ax.texts]
        low, high = (inside.y0, inside.y1) if edge else (inside.x0, inside.x1)
        sign = 1 if side in ("top", "right") else -1
        border = high if sign > 0 else low
        near, far, within = (sign * (m - border) for m in middles)
        assert within < 0 < near < far

    def test_sides_may_be_counted_as_r_does(self, ax):
        pt.add_mtext("a", 1)
        pt.add_mtext("a", "bottom")
        assert ax.texts[0].xyann == ax.texts[1].xyann
        with pytest.raises(ArgumentError, match="side must be bottom, left, top, right or 1 to 4, got 5"):
            pt.add_mtext("a", 5)
