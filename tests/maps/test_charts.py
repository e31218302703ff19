"""Charts: what they count, of which cells."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def labels(axis):
    return [text.get_text() for text in axis.get_ticklabels()]


def test_histograms_count_the_cells_that_are_not_missing():
    r = pt.rast([[1.0, 1.0, 2.0, np.nan]], names="a", units="m")
    ax = r.hist(bins=[0.5, 1.5, 2.5])
    assert [bar.get_height() for bar in ax.patches] == [2, 1]
    assert (ax.get_title(), ax.get_xlabel()) == ("a", "m")


class TestDensities:
    def test_the_curve_is_the_mean_of_normal_curves(self):
        # by hand: two values 0 and 4, each a normal curve with standard deviation 1
        curve = pt.rast([[0.0, 4.0, np.nan]]).density(bw=1, plot=False)
        normal = np.exp(-0.5 * np.subtract.outer(curve.x.to_numpy(), [0, 4]) ** 2) / np.sqrt(2 * np.pi)
        assert np.allclose(curve.y, normal.mean(axis=1), atol=2e-5)
        assert (curve.x.iloc[0], curve.x.iloc[-1]) == (-3, 7)

    def test_the_width_is_that_of_r(self):
        # R: bw.nrd0(c(1, 2, 4, 8, 16)) is 2.920754; density() reaches three times that beyond the values
        curve = pt.rast([[1.0, 2.0, 4.0, 8.0, 16.0]]).density(plot=False)
        assert curve.x.iloc[-1] == pytest.approx(16 + 3 * 2.920754)

    def test_one_value_alone_and_none_have_no_trouble(self):
        r = pt.rast(np.array([[[5.0, 5.0]], [[np.nan, np.nan]]]))
        curve = r.density(plot=False)
        assert curve.layer.unique().tolist() == [0]
        assert curve.x[curve.y.idxmax()] == pytest.approx(5, abs=0.05)
        assert len(r.density().ravel()[1].lines[0].get_xdata()) == 0

    def test_layers_have_a_chart_each(self):
        axes = pt.rast(np.arange(8.0).reshape(2, 2, 2), names=["a", "b"]).density()
        assert [ax.get_title() for ax in axes.ravel()] == ["a", "b"]
        with pytest.raises(ArgumentError, match="bw must be above 0, got 0"):
            pt.rast([[1.0]]).density(bw=0)


class TestBars:
    def test_values_are_rounded_and_counted(self):
        ax = pt.rast([[11.0, 14.0, 26.0, np.nan]], names="age").barplot(digits=-1)
        assert labels(ax.xaxis) == ["10", "30"]
        assert [bar.get_height() for bar in ax.patches] == [2, 1]
        assert ax.get_title() == "age"

    def test_breaks_group_values(self):
        ax = pt.rast([[1.0, 2.0, 3.0, 4.0]]).barplot(breaks=[0, 2, 4], colors=["red", "blue"], horiz=True)
        assert labels(ax.yaxis) == ["0 \u2013 2", "2 \u2013 4"]
        assert [bar.get_width() for bar in ax.patches] == [2, 2]
        assert [bar.get_facecolor()[0] for bar in ax.patches] == [1, 0]

    def test_classes_have_their_labels(self):
        r = pt.rast(np.array([[1, 2, 2]], "uint8"))
        r.levels = {1: "water", 2: "forest"}
        assert labels(r.barplot().xaxis) == ["water", "forest"]
        assert labels((r == 2).barplot().xaxis) == ["False", "True"]

    def test_of_many_bars_some_have_labels(self):
        ax = pt.rast(np.arange(100.0).reshape(10, 10)).barplot()
        assert (len(ax.patches), labels(ax.xaxis)[:3]) == (100, ["0", "4", "8"])


class TestBoxes:
    def test_layers_have_a_box_each(self):
        r = pt.rast(np.array([[[1.0, 2.0, 9.0]], [[4.0, np.nan, 6.0]]]), names=["a", "b"])
        ax = r.boxplot()
        assert labels(ax.xaxis) == ["a", "b"]
        middles = [line.get_ydata()[0] for line in ax.lines if line.get_linewidth() > 1]
        assert middles == [2, 5]

    def test_zones_have_a_box_each(self):
        zones = pt.rast(np.array([[1, 1, 2, 2]], "uint8"))
        zones.levels = {1: "low", 2: "high"}
        ax = pt.rast([[1.0, 3.0, 7.0, np.nan]]).boxplot(zones, horiz=True)
        assert labels(ax.yaxis) == ["low", "high"]
        assert [line.get_xdata()[0] for line in ax.lines if line.get_linewidth() > 1] == [2, 7]

    def test_zones_are_one_layer_on_the_same_grid(self):
        r = pt.rast([[1.0, 2.0]])
        with pytest.raises(ArgumentError, match="y must have one layer, got 2"):
            r.boxplot(pt.c(r, r))
        with pytest.raises(pt.errors.GridMismatchError):
            r.boxplot(pt.rast([[1.0, 2.0, 3.0]]))


class TestPairs:
    def test_correlations_stand_above_and_points_below(self):
        # by hand: of (1, 3), (2, 1), (3, 2) the correlation is -0.5; the cell that b lacks does not count
        r = pt.rast(np.array([[[1.0, 2.0, 3.0, 9.0]], [[3.0, 1.0, 2.0, np.nan]]]), names=["a", "b"])
        axes = r.pairs()
        assert axes[0, 1].texts[0].get_text() == "\u22120.50"
        assert axes[1, 0].collections[0].get_offsets()[:3].tolist() == [[1, 3], [2, 1], [3, 2]]
        assert [axes[i, i].texts[0].get_text() for i in (0, 1)] == ["a", "b"]
        assert sum(bar.get_height() for bar in axes[1, 1].patches) == 3

    def test_without_correlations_both_halves_have_points(self):
        axes = pt.rast(np.arange(6.0).reshape(2, 1, 3)).pairs(cor=False, hist=False)
        assert axes[0, 1].collections[0].get_offsets().tolist() == [[3, 0], [4, 1], [5, 2]]
        assert len(axes[0, 0].patches) == 0

    def test_a_layer_that_is_the_same_everywhere_has_no_correlation(self):
        assert pt.rast(np.array([[[1.0, 2.0]], [[3.0, 3.0]]])).pairs()[0, 1].texts[0].get_text() == "\u2013"

    def test_one_layer_is_no_pair(self):
        with pytest.raises(ArgumentError, match="at least two layers"):
            pt.rast([[1.0]]).pairs()
