"""Somebody who clicks on a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from matplotlib.backend_bases import KeyEvent, MouseEvent


@contextmanager
def clicking(ax: Any, steps: Sequence[tuple[float, float] | str]) -> Iterator[None]:
    """A map in a window, at which somebody clicks places, or presses keys ("right" is a click of the right button)."""
    canvas = ax.figure.canvas
    ended: list[bool] = []

    def wait(self: Any, timeout: float = 0) -> None:
        for step in steps:
            if ended:
                break
            _do(ax, step)
        assert ended, "the verb still waits for clicks"

    def end(self: Any) -> None:
        ended.append(True)

    window = type(canvas)
    with (
        mock.patch.object(window, "required_interactive_framework", "test"),
        mock.patch.object(window, "start_event_loop", wait),
        mock.patch.object(window, "stop_event_loop", end),
        mock.patch.object(canvas.manager, "show"),
    ):
        yield


@contextmanager
def in_page(ax: Any) -> Iterator[Any]:
    """A map as it is in the page of a notebook; gives what clicks places, as a browser tells of them."""
    from matplotlib.backends.backend_webagg_core import FigureCanvasWebAggCore

    plain, canvas = ax.figure.canvas, FigureCanvasWebAggCore(ax.figure)
    canvas.manager = mock.Mock(toolbar=None)

    def click(*places: tuple[float, float], button: int = 0) -> None:
        for place in places:
            x, y = ax.transData.transform(place)
            told = {"x": x, "y": ax.figure.bbox.height - y, "button": button, "buttons": 1, "modifiers": []}
            canvas.handle_event({"type": "button_press", "guiEvent": None, **told})

    try:
        yield click
    finally:
        ax.figure.set_canvas(plain)


def _do(ax: Any, step: tuple[float, float] | str) -> None:
    canvas = ax.figure.canvas
    middle = ax.transAxes.transform((0.5, 0.5))
    event: Any
    if isinstance(step, str) and step != "right":
        event = KeyEvent("key_press_event", canvas, step, *middle)
    elif isinstance(step, str):
        event = MouseEvent("button_press_event", canvas, *middle, button=3)
    else:
        event = MouseEvent("button_press_event", canvas, *ax.transData.transform(step), button=1)
    canvas.callbacks.process(event.name, event)
