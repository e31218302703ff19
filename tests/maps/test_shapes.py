"""Geometries as compound paths."""

import numpy as np
import pytest
import shapely

import pyterra as pt

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_holes_are_not_filled():
    ring = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (3, 6), (6, 6), (6, 3)]])
    for geometry in (ring, shapely.reverse(ring)):
        ax = pt.vect(np.array([geometry])).plot(col="#000000", axes=False, figsize=(2, 2))
        ax.figure.canvas.draw()
        image = np.asarray(ax.figure.canvas.buffer_rgba())
        x, y = (int(v) for v in ax.transData.transform((4.5, 4.5)))
        assert image[image.shape[0] - y, x, :3].tolist() == [255, 255, 255]
        x, y = (int(v) for v in ax.transData.transform((1.5, 4.5)))
        assert image[image.shape[0] - y, x, :3].tolist() == [0, 0, 0]


def test_many_polygons_are_few_patches():
    x = np.arange(20_000) % 200 * 2.0
    y = np.arange(20_000) // 200 * 2.0
    v = pt.vect(shapely.box(x, y, x + 1, y + 1))
    v["n"] = x + y + 0.5
    ax = v.plot("n")
    assert 1 < len(ax.patches) <= 64
    assert sum(len(p.get_path().vertices) for p in ax.patches) == 5 * 20_000
