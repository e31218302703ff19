"""Pictures without a legend: three layers as colours, or one."""

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
    return pt.rast(np.arange(24.0).reshape(2, 3, 4), extent=(0, 40, 0, 30), names=["red", "nir"])


class TestColourPictures:
    def test_full_colour_is_255_or_the_scale(self):
        r = pt.rast(np.array([[[255.0, 0.0]], [[0.0, 51.0]], [[0.0, 255.0]]]))
        image = r.plot_rgb().images[0].get_array()
        assert image[0].tolist() == [[1, 0, 0, 1], [0, 0.2, 1, 1]]
        shares = (r / 255).plot_rgb().images[0].get_array()
        assert np.allclose(shares, image)
        assert r.plot_rgb(scale=510).images[0].get_array()[0, 0, 0] == 0.5

    def test_stretches_spread_each_layer(self):
        values = np.stack([np.arange(101.0).reshape(1, -1) + 7, np.arange(101.0).reshape(1, -1) ** 2] * 2)[:3]
        linear = pt.rast(values).plot_rgb(stretch="lin").images[0].get_array()
        assert linear[0, [0, 50, 100], 0].tolist() == [0, 0.5, 1]
        ranked = pt.rast(values).plot_rgb(stretch="hist").images[0].get_array()
        assert np.allclose(ranked[0, :, 1], (np.arange(101) + 1) / 101)

    def test_missing_cells_show_through_or_have_a_colour(self):
        r = pt.rast(np.array([[[9.0, np.nan]], [[9.0, 9.0]], [[9.0, 9.0]]]))
        assert r.plot_rgb().images[0].get_array()[0, 1, 3] == 0
        assert r.plot_rgb(missing="red").images[0].get_array()[0, 1].tolist() == [1, 0, 0, 1]
        assert r.plot_rgb(bgalpha=0.5).images[0].get_array()[0, 1].tolist() == [1, 1, 1, 0.5]

    def test_what_is_wrong_is_told(self, r):
        with pytest.raises(pt.errors.LayerError):
            r.plot_rgb()
        with pytest.raises(ArgumentError, match="stretch"):
            pt.c(r, r).plot_rgb(stretch="linear")


def test_an_image_has_no_legend(r):
    ax = r.image("nir", range=(12, 30), main="Near infrared")
    assert ax.images[0].get_array().tolist() == [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]
    assert (ax.images[0].norm.vmin, ax.images[0].norm.vmax, ax.get_title()) == (12, 30, "Near infrared")
    assert (ax.child_axes, ax.get_legend()) == ([], None)
    r.image(cmap="Greys", add=True)
    assert len(ax.images) == 2
