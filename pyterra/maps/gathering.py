"""Points that are clicked on a map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.frozen import dataclass
from pyterra.maps.canvas import SMALL
from pyterra.maps.shapes import rimmed

LEFT, RIGHT = 1, 3
Drawing = TypeVar("Drawing")
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
    waiting: bool = False
    """Whether a call waits for the end."""
    kept: list[int] = field(default_factory=list)
    """Numbers of what the canvas calls."""

    def run(self) -> NDArray[np.float64]:
        """Wait until the end; gives x and y, shape (n, 2)."""
        canvas = self.ax.figure.canvas
        self.begin()
        self.waiting = True
        try:
            canvas.manager.show()
            canvas.start_event_loop(0)
        finally:
            self.waiting = False
            self.end()
        return self.clicked()

    def begin(self) -> None:
        """Gather from now on."""
        calls = (
            ("button_press_event", self._click), ("key_press_event", self._key), ("close_event", self._stop)
        )  # fmt: skip
        self.kept = [self.ax.figure.canvas.mpl_connect(name, call) for name, call in calls]

    def end(self) -> None:
        """Gather no more."""
        while self.kept:
            self.ax.figure.canvas.mpl_disconnect(self.kept.pop())

    def _stop(self, event: Any) -> None:
        if self.waiting:
            event.canvas.stop_event_loop()
        else:
            self.end()

    def clicked(self) -> NDArray[np.float64]:
        """x and y of what there is by now, shape (n, 2)."""
        return np.array(self.xy, np.float64).reshape(-1, 2)

    def _click(self, event: Any) -> None:
        if event.button == RIGHT:
            self._stop(event)
        elif event.button == LEFT and event.inaxes is self.ax and not _moving(event.canvas):
            self.xy.append((float(event.xdata), float(event.ydata)))
            self._tell(event.canvas)
            if len(self.xy) >= self.most:
                self._stop(event)

    def _key(self, event: Any) -> None:
        if event.key in END:
            self._stop(event)
        elif event.key in UNDO and self.xy:
            self.xy.pop()
            self._tell(event.canvas)

    def _tell(self, canvas: Any) -> None:
        self.told(self.clicked())
        canvas.draw_idle()


def _moving(canvas: Any) -> bool:
    """Whether the window's own tools move or zoom the map: their clicks are not meant."""
    toolbar = getattr(canvas, "toolbar", None)
    return bool(toolbar is not None and getattr(toolbar, "mode", ""))


class Later(Generic[Drawing]):
    """What is drawn on a map while other code runs: ``result()`` gives it, and ends the drawing."""

    def __init__(
        self, verb: str, gathering: Gathering, finish: Callable[[NDArray[np.float64]], Drawing]
    ) -> None:
        self._verb, self._gathering, self._finish = verb, gathering, finish
        gathering.begin()

    def result(self) -> Drawing:
        """What is drawn by now; after that, clicks are not meant any more.

        Raises
        ------
        ArgumentError
            Where more clicks are needed; they are still gathered.
        """
        found = self._finish(self._gathering.clicked())
        self._gathering.end()
        return found

    def __repr__(self) -> str:
        state = "so far" if self._gathering.kept else "in all"
        return f"<{self._verb}: clicks {state}: {len(self._gathering.xy)}; result() gives what is drawn>"


INSTEAD = {
    "click": "at = pt.draw('points', wait=False), click, then x.extract(at.result()) in the next cell",
    "draw": "a = pt.draw(..., wait=False), click, then a.result() in the next cell",
    "sel": "a = pt.draw(wait=False), click, then x.crop(a.result()) in the next cell",
    "zoom": "a = pt.draw(wait=False), click, then x.zoom(a.result()) in the next cell",
}
"""What to write where a call cannot wait."""


def in_page(canvas: Any) -> bool:
    """Whether a map is in a page (ipympl, nbagg, WebAgg), which tells of clicks only when no call waits for them."""
    return any(kind.__name__ == "FigureCanvasWebAggCore" for kind in type(canvas).__mro__)


def check_window(ax: Any, verb: str, *, wait: bool = True) -> None:
    """Whether the map is in a window that tells of clicks, and can wait for them where that is asked for.

    Raises
    ------
    ArgumentError
        Otherwise.
    """
    canvas = ax.figure.canvas
    if in_page(canvas):
        if wait:
            raise ArgumentError(
                f"{verb}: the map must be in a window that can wait for clicks, got one in a page, which cannot; "
                f"write {INSTEAD[verb]}"
            )
        return
    framework = getattr(type(canvas), "required_interactive_framework", None)
    if framework in (None, "headless") or canvas.manager is None:
        raise ArgumentError(
            f"{verb}: the map must be in a window that can wait for clicks, got the backend "
            f"{type(canvas).__module__.rpartition('.')[2].removeprefix('backend_')}; before plot() choose one by "
            "matplotlib.use('qtagg') or 'tkagg', in a notebook by %matplotlib qt or tk, or by %matplotlib widget "
            f"(pip install ipympl) and write {INSTEAD[verb]}"
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
