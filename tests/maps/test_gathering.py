"""Clicks that are gathered."""

import matplotlib as mpl
import numpy as np
import pytest
from clicking import clicking, in_page

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.maps.gathering import Gathering, Later, check_window

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture
def ax():
    yield pt.rast(np.arange(4.0).reshape(2, 2), extent=(0, 10, 0, 10)).plot(legend=False)
    plt.close("all")


def gathered(ax, steps, most=10):
    seen = []
    with clicking(ax, steps):
        xy = Gathering(ax, most, lambda xy: seen.append(len(xy))).run()
    return np.round(xy, 6).tolist(), seen


def test_clicks_are_gathered_until_there_are_enough(ax):
    assert gathered(ax, [(1, 2), (3, 4), (5, 6)], most=2) == ([[1, 2], [3, 4]], [1, 2])


@pytest.mark.parametrize("end", ["enter", "escape", "right"])
def test_a_key_or_the_right_button_ends(ax, end):
    assert gathered(ax, [(1, 2), end, (3, 4)]) == ([[1, 2]], [1])


def test_the_last_click_can_be_taken_back(ax):
    assert gathered(ax, ["backspace", (1, 2), (3, 4), "backspace", (5, 6), "enter"])[0] == [[1, 2], [5, 6]]


def test_clicks_beside_the_map_are_not_meant(ax):
    assert gathered(ax, [(-5, 2), (20, 20), "enter"]) == ([], [])


def test_clicks_while_the_window_moves_the_map_are_not_meant(ax, monkeypatch):
    class Bar:
        mode = "pan/zoom"

    monkeypatch.setattr(ax.figure.canvas, "toolbar", Bar(), raising=False)
    assert gathered(ax, [(1, 2), "enter"])[0] == []


def test_events_are_let_go_of(ax):
    before = len(ax.figure.canvas.callbacks.callbacks.get("button_press_event", {}))
    gathered(ax, ["enter"])
    assert len(ax.figure.canvas.callbacks.callbacks.get("button_press_event", {})) == before


def test_what_is_gathered_later_ends_by_itself_or_when_it_is_asked_for(ax):
    with in_page(ax) as click:
        later = Later("draw", Gathering(ax, 2), lambda xy: xy.round(6).tolist())
        assert repr(later) == "<draw: clicks so far: 0; result() gives what is drawn>"
        click((1, 2), (3, 4), (5, 6))
        assert repr(later).startswith("<draw: clicks in all: 2;")
        assert later.result() == [[1, 2], [3, 4]]
        by_button = Later("draw", Gathering(ax, 9), lambda xy: len(xy))
        click((1, 2))
        click((3, 4), button=2)
        click((5, 6))
        assert by_button.result() == 1


def test_a_picture_that_cannot_wait_is_refused(ax):
    with pytest.raises(
        ArgumentError, match=r"draw: the map must be in a window .* got the backend agg; .*qtagg"
    ):
        check_window(ax, "draw")
    assert mpl.get_backend().lower() == "agg"
