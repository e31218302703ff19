"""What a figure has room for: layouts that are repeated until they stay, and as many coordinates as fit along an axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

ROUNDS = 3
ROUND_STEPS = (1, 2, 2.5, 5, 10)
"""Steps in which people count."""


class Settled(ConstrainedLayoutEngine):
    """matplotlib's constrained layout, repeated where something is cut off.

    A map keeps its proportions, so that the room around it is known only once it has its size: after one round the labels
    of a map that became wider may be cut off.
    """

    def execute(self, fig: Any) -> Any:
        """Move the axes of a figure to where all that is around them has room."""
        before = _places(fig)
        done = super().execute(fig)
        for _ in range(ROUNDS):
            after = _places(fig)
            if np.array_equal(before, after) or not _is_cut(fig):
                break
            before, done = after, super().execute(fig)
        return done


def _places(fig: Any) -> Any:
    return np.array([ax.get_position(original=True).bounds for ax in fig.axes])


def _is_cut(fig: Any) -> bool:
    """Whether something sticks out of a figure."""
    shown, (width, height) = fig.get_tightbbox(), fig.get_size_inches()
    return bool(min(shown.x0, shown.y0, width - shown.x1, height - shown.y1) < 0)


class Roomy(MaxNLocator):
    """Places of numbers along an axis: so many that neighbours do not touch.

    Parameters
    ----------
    most : int
        Steps at most.
    write : function
        The text of a number.
    steps : sequence of float
    """

    def __init__(self, most: int, write: Callable[[float], str], steps: Any = ROUND_STEPS) -> None:
        super().__init__(most, steps=steps)
        self.most, self.write = most, write

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Places between two numbers."""
        room = self._room(max(len(self.write(vmin)), len(self.write(vmax))))
        self.set_params(nbins=int(np.clip(room, 2, self.most)), min_n_ticks=2 if room >= 2 else 1)
        return super().tick_values(vmin, vmax)

    def _room(self, letters: int) -> float:
        """How many texts of so many letters stand beside each other along the axis, or above each other."""
        axis: Any = self.axis
        space = getattr(axis, "get_tick_space", None)
        if space is None:
            return self.most
        # matplotlib reckons with three letters' widths for a number along x, and two heights along y.
        return float(space() * 3 / (0.6 * letters + 1.5)) if axis.axis_name == "x" else float(space())
