"""Legends: where they go, and that they are never cut off."""

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


def test_panels_with_one_range_share_it_and_one_legend(r):
    axes = r.plot(common=True)
    assert {image.get_clim() for ax in axes.ravel() for image in ax.images} == {(0, 23)}
    assert len(axes[0, 0].figure.axes) == 3


@pytest.mark.parametrize("place", ["right", "left", "top", "bottom", "topleft", "bottomright"])
@pytest.mark.parametrize("layer", ["numbers", "classes"])
def test_a_legend_is_never_cut_off(place, layer):
    r = pt.rast(np.arange(12.0).reshape(3, 4) % 3)
    if layer == "classes":
        r = r.as_int()
        r.levels = {0: "a rather long label", 1: "b", 2: "c"}
    ax = r.plot(legend=place, legend_title="title", figsize=(4, 3))
    figure = ax.figure
    figure.canvas.draw()
    shown = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert shown.x0 > -0.1
    assert shown.y0 > -0.1
    assert shown.x1 < width + 0.1
    assert shown.y1 < height + 0.1


def test_a_place_for_the_legend_that_is_none_is_an_error(r):
    with pytest.raises(ArgumentError, match="legend must be True, False, right"):
        r.plot(0, legend="middle")
