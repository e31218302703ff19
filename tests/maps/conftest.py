"""A raster, a vector, and a map of the raster that tests click."""

import numpy as np
import pytest

import pyterra as pt


@pytest.fixture
def r():
    return pt.rast(np.arange(8.0).reshape(2, 2, 2), extent=(0, 10, 0, 10), names=["a", "b"])


@pytest.fixture
def v():
    return pt.vect(
        [pt.ext(0, 4, 0, 4).as_polygons().geoms[0], pt.ext(2, 8, 2, 8).as_polygons().geoms[0]],
        atts={"k": [7, 8]},
    )


@pytest.fixture
def ax(r):
    plt = pytest.importorskip("matplotlib.pyplot")
    yield r.plot(0, legend=False)
    plt.close("all")
