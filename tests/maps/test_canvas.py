"""What stands around a map."""

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


def test_add_draws_over_the_last_map_and_leaves_its_frame(r):
    ax = r.plot(0)
    over = pt.rast(np.ones((2, 2)), extent=(-50, 90, -50, 90)).plot(add=True, alpha=0.5)
    assert over is ax
    assert len(ax.images) == 2
    assert ax.get_xlim() == (0, 40)


def test_adding_to_nothing_is_an_error(r):
    with pytest.raises(ArgumentError, match="there is no map to draw on"):
        r.plot(0, add=True)
    with pytest.raises(ArgumentError, match="points: there is no map"):
        r.points()


def test_degrees_have_letters_and_metres_have_thousands():
    from pyterra.maps.canvas import degrees, number

    texts = [
        degrees(v, d, e)
        for v, d, e in [(12.5, 1, "EW"), (-3, 0, "NS"), (0, 0, "EW"), (180, 0, "EW"), (190, 0, "EW")]
    ]
    assert texts == ["12.5°E", "3°S", "0°", "180°", "170°W"]
    assert [number(v, d) for v, d in [(4_321_000, 0), (-0.25, 2), (1.5, 3)]] == [
        "4\u2009321\u2009000",
        "−0.25",
        "1.5",
    ]
