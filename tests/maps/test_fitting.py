"""Nothing that stands around a map is cut off, and numbers along its axes do not touch."""

from itertools import pairwise

import numpy as np
import pytest

import pyterra as pt
from pyterra.maps.canvas import number

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def landscape(crs="EPSG:3035", extent=(4_321_000, 4_349_000, 3_010_000, 3_031_000)):
    return pt.rast(np.arange(12.0).reshape(3, 4) * 150, extent=extent, crs=crs, units="m")


# The first of these sizes was cut off at both sides by one round of the layout, the last with a legend of classes.
@pytest.mark.parametrize("size", [(4, 2.6), (4, 3), (8, 5)])
@pytest.mark.parametrize("style", [{}, {"legend": "left"}, {"legend": "bottom"}, {"type": "classes"}])
def test_a_map_has_room_for_what_stands_around_it(size, style):
    ax = landscape().plot(main="A title", figsize=size, **style)
    ax.figure.canvas.draw()
    shown = ax.figure.get_tightbbox()
    assert min(shown.x0, shown.y0, size[0] - shown.x1, size[1] - shown.y1) > -0.01


@pytest.mark.parametrize("width", [3, 6])
def test_a_long_title_takes_two_lines_rather_than_being_cut(width):
    r = landscape()
    ax = r.plot(main="Elevation of a landscape that is made up, in metres above the sea", figsize=(width, 3))
    ax.figure.canvas.draw()
    shown = ax.title.get_window_extent()
    assert ax.figure.bbox.x0 <= shown.x0
    assert shown.x1 <= ax.figure.bbox.x1
    assert shown.y1 <= ax.figure.bbox.y1


@pytest.mark.parametrize("width", [2.0, 4.0, 8.0])
@pytest.mark.parametrize(
    "place",
    [("EPSG:3035", (4_321_000, 4_349_000, 3_010_000, 3_031_000)), ("EPSG:4326", (-180, 180, -60, 60))],
)
def test_numbers_along_x_do_not_touch(width, place):
    ax = landscape(*place).plot(figsize=(width, width), legend=False)
    ax.figure.canvas.draw()
    boxes = sorted(
        (t.get_window_extent() for t in ax.get_xticklabels() if t.get_text()), key=lambda box: box.x0
    )
    inside = [box for box in boxes if ax.bbox.x0 - 1 <= (box.x0 + box.x1) / 2 <= ax.bbox.x1 + 1]
    assert inside
    assert all(a.x1 < b.x0 for a, b in pairwise(inside))


def test_a_wide_map_has_more_of_them():
    counts = []
    for width in (4, 8):
        ax = landscape().plot(figsize=(width, width), legend=False)
        ax.figure.canvas.draw()
        low, high = ax.get_xlim()
        counts.append(sum(low <= tick <= high for tick in ax.get_xticks()))
    assert counts[0] < counts[1]


def test_bars_count_in_round_steps():
    ax = pt.rast([[0.075, 0.135]]).plot()
    ax.figure.canvas.draw()
    told = [t.get_text() for t in ax.child_axes[0].get_yticklabels()]
    assert {"0.08", "0.1", "0.12"} <= set(told)


def test_years_have_no_spaces():
    assert [number(v) for v in (2024, 9999, 10_000)] == ["2024", "9999", "10\u2009000"]


def test_a_bar_in_the_right_corner_keeps_its_text_on_the_map():
    ax = landscape().plot(figsize=(3, 3))
    pt.sbar(5000, "bottomright", ax=ax)
    ax.figure.canvas.draw()
    text = next(t for t in ax.texts if t.get_text() == "5 km").get_window_extent()
    assert ax.bbox.x1 - text.x1 > 2


def test_bars_have_the_colours_of_classes():
    r = pt.rast(np.array([[1, 2, 2]], "uint8"))
    r.levels = {1: "water", 2: "forest"}
    r.colors = {1: "#0000ff", 2: "#00ff00"}
    ax = r.barplot()
    assert [bar.get_facecolor()[:3] for bar in ax.patches] == [(0, 0, 1), (0, 1, 0)]
