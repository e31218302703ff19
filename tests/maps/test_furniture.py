"""North arrow and scale bar."""

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


class TestArrowAndScale:
    def test_a_scale_bar_is_as_long_as_it_says(self):
        r = pt.rast(np.zeros((10, 10)), extent=(0, 10_000, 0, 10_000), crs="EPSG:3035")
        ax = r.plot()
        pt.sbar(2000, ax=ax)
        widths = [
            a.get_width()
            for a in ax.get_children()
            if type(a).__name__ == "Rectangle" and a.get_zorder() == 7
        ]
        assert sum(widths) == 2000
        assert [t.get_text() for t in ax.texts] == ["0", "1", "2 km"]

    def test_on_degrees_it_is_measured_along_the_parallel(self):
        from pyproj import Geod

        r = pt.rast(np.zeros((4, 4)), extent=(0, 4, 58, 62), crs="EPSG:4326")
        ax = r.plot()
        pt.sbar(100, xy=(1, 60), divs=1, ax=ax)
        bar = next(a for a in ax.get_children() if type(a).__name__ == "Rectangle" and a.get_zorder() == 7)
        length = Geod(ellps="WGS84").line_length(np.linspace(1, 1 + bar.get_width(), 50), [60] * 50)
        assert length == pytest.approx(100_000, rel=1e-6)

    def test_feet_are_not_metres(self):
        r = pt.rast(np.zeros((4, 4)), extent=(0, 10_000, 0, 10_000), crs="EPSG:2263")
        ax = r.plot()
        pt.sbar(ax=ax)
        widths = [
            a.get_width()
            for a in ax.get_children()
            if type(a).__name__ == "Rectangle" and a.get_zorder() == 7
        ]
        metres = float(ax.texts[-1].get_text().removesuffix(" m"))
        assert sum(widths) == pytest.approx(metres / 0.3048006096, rel=1e-6)

    def test_a_wrong_corner_is_an_error(self, r):
        r.plot(0)
        with pytest.raises(ArgumentError, match="north: xy must be two numbers or one of topright"):
            pt.north("top")
