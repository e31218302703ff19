"""Points that are clicked on a map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.maps.canvas import SMALL
from pyterra.maps.shapes import rimmed

LEFT, RIGHT = 1, 3
END, UNDO = ("enter", "escape"), ("backspace", "delete")


@dataclass
class Gathering:
    """Waits for clicks on a map; a right click, Enter or Escape ends, Backspace takes the last one back."""

    ax: Any
    most: int
    """Ends by itself after so many points."""
    told: Callable[[NDArray[np.float64]], object] = lambda xy: None
    """Called after each point with all that there are, shape (n, 2)."""
    xy: list[tuple[float, float]] = field(default_factory=list)

    def run(self) -> NDArray[np.float64]:
        """Wait until the end; gives x and y, shape (n, 2)."""
        canvas = self.ax.figure.canvas
        kept = [
            canvas.mpl_connect("button_press_event", self._click),
            canvas.mpl_connect("key_press_event", self._key),
            canvas.mpl_connect("close_event", lambda event: canvas.stop_event_loop()),
        ]
        try:
            canvas.manager.show()
            canvas.start_event_loop(0)
        finally:
            for one in kept:
                canvas.mpl_disconnect(one)
        return self._array()

    def _array(self) -> NDArray[np.float64]:
        return np.array(self.xy, np.float64).reshape(-1, 2)

    def _click(self, event: Any) -> None:
        if event.button == RIGHT:
            event.canvas.stop_event_loop()
        elif event.button == LEFT and event.inaxes is self.ax and not _moving(event.canvas):
            self.xy.append((float(event.xdata), float(event.ydata)))
            self._tell(event.canvas)
            if len(self.xy) >= self.most:
                event.canvas.stop_event_loop()

    def _key(self, event: Any) -> None:
        if event.key in END:
            event.canvas.stop_event_loop()
        elif event.key in UNDO and self.xy:
            self.xy.pop()
            self._tell(event.canvas)

    def _tell(self, canvas: Any) -> None:
        self.told(self._array())
        canvas.draw_idle()


def _moving(canvas: Any) -> bool:
    """Whether the window's own tools move or zoom the map: their clicks are not meant."""
    toolbar = getattr(canvas, "toolbar", None)
    return bool(toolbar is not None and getattr(toolbar, "mode", ""))


def check_window(ax: Any, verb: str) -> None:
    """Whether the map is in a window that can wait for clicks.

    Raises
    ------
    ArgumentError
        Otherwise.
    """
    canvas = ax.figure.canvas
    framework = getattr(type(canvas), "required_interactive_framework", None)
    if framework in (None, "headless") or canvas.manager is None:
        raise ArgumentError(
            f"{verb}: the map must be in a window that can wait for clicks, got the backend "
            f"{type(canvas).__module__.rpartition('.')[2].removeprefix('backend_')}; before plot() choose one by "
            "matplotlib.use('qtagg') or 'tkagg', in a notebook by %matplotlib qt or tk"
        )


def check_count(n: int, verb: str) -> int:
    """How many clicks are asked for.

    Raises
    ------
    ArgumentError
        For less than one.
    """
    if n < 1:
        raise ArgumentError(f"{verb}: n must be 1 or more, got {n}")
    return int(n)


class Marked:
    """What is drawn of the points while they are clicked."""

    def __init__(
        self,
        ax: Any,
        type: str,
        *,
        color: Any = "red",
        width: float = 1.5,
        numbers: bool = False,
        shape: Any = None,
    ) -> None:
        line, marker = ("-" if type in "lo" else "none"), ("o" if type in "po" else "none")
        (self.line,) = ax.plot(
            [], [], linestyle=line, marker=marker, color=color, linewidth=width, markersize=5, zorder=7, scalex=False,
            scaley=False,
        )  # fmt: skip
        self.ax, self.color, self.numbers = ax, color, numbers
        self.texts: list[Any] = []
        self.shape = shape or (lambda xy: xy)

    def __call__(self, xy: NDArray[np.float64]) -> None:
        """Draw what there is."""
        self.line.set_data(*self.shape(xy).T)
        while len(self.texts) > len(xy):
            self.texts.pop().remove()
        if self.numbers:
            for i in range(len(self.texts), len(xy)):
                text = self.ax.annotate(
                    str(i), xy[i], (4, 4), textcoords="offset points", fontsize=SMALL, color=self.color, zorder=7,
                    path_effects=rimmed("white"),
                )  # fmt: skip
                self.texts.append(text)
