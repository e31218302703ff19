"""Extents on maps."""

import pytest

import pyterra as pt

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_an_extent_is_a_rectangle():
    ax = pt.ext(0, 2, 1, 4).plot()
    assert ax.patches[0].get_path().vertices[:4].tolist() in (
        [[0, 1], [0, 4], [2, 4], [2, 1]],
        [[2, 1], [2, 4], [0, 4], [0, 1]],
        [[0, 1], [2, 1], [2, 4], [0, 4]],
    )
