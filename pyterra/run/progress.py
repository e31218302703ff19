"""One line on stderr for anything that takes more than two seconds; a bar in a notebook."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

from pyterra.options import current
from pyterra.packages import html
from pyterra.redact import redact

DELAY = 2.0
"""Seconds without a line."""
INTERVAL = 0.2
"""Seconds between two updates on a terminal."""
LOG_INTERVAL = 30.0
"""Seconds between two lines where stderr is not a terminal."""
_BAR = 24


class Progress:
    """Counts what is done of a total and shows rate and remaining time.

    Parameters
    ----------
    total : int
        How many pieces there are.
    label : str
        What is being done.
    unit : str
        What a piece is called, in the plural.
    done : int
        Pieces that were done before and do not count for the rate.
    enabled : bool, optional
        Whether to show anything; from ``options(progress=...)`` by default.
    stream : file-like, optional
        Where to write; stderr by default.
    """

    def __init__(
        self,
        total: int,
        label: str,
        *,
        unit: str = "blocks",
        done: int = 0,
        enabled: bool | None = None,
        stream: TextIO | None = None,
    ) -> None:
        self.total, self._label, self.unit = total, label, unit
        self.count = self._before = done
        self._stream = stream or sys.stderr
        self._enabled = current().progress if enabled is None else enabled
        self._notebook = stream is None and in_notebook()
        self._bar: Any = None
        self._terminal = bool(getattr(self._stream, "isatty", lambda: False)())
        self._start = self._shown = time.monotonic()
        self._visible = False

    @property
    def label(self) -> str:
        """What is being done, without secrets: looked for where it is shown, as that is seldom."""
        return redact(self._label)

    def advance(self, count: int = 1) -> None:
        """Count pieces as done."""
        self.count += count
        now = time.monotonic()
        interval = INTERVAL if self._terminal or self._notebook else LOG_INTERVAL
        if (
            self._enabled
            and now - self._start >= DELAY
            and (not self._visible or now - self._shown >= interval)
        ):
            self._show(now)

    def line(self, now: float) -> str:
        """The text for a moment of `time.monotonic`."""
        share = self.count / self.total if self.total else 1.0
        bar = "#" * int(share * _BAR)
        return f"{self.label} [{bar:<{_BAR}}] {share:4.0%} {self._state(now)}"

    def _state(self, now: float) -> str:
        """What is done, how fast, and what is left."""
        elapsed = max(1e-9, now - self._start)
        rate = (self.count - self._before) / elapsed
        left = (
            f", {_clock((self.total - self.count) / rate)} left"
            if rate > 0 and self.count < self.total
            else ""
        )
        return f"{self.count}/{self.total} {self.unit}, {rate:.3g}/s, {_clock(elapsed)}{left}"

    def _show(self, now: float) -> None:
        if self._notebook:
            self._draw(_Bar(f"{self.label}: {self._state(now)}", self.count, self.total))
            self._visible, self._shown = True, now
            return
        text = self.line(now)
        self._stream.write(f"\r{text}\x1b[K" if self._terminal else f"{text}\n")
        self._stream.flush()
        self._visible, self._shown = True, now

    def _draw(self, bar: _Bar) -> None:
        """Show a bar below the cell of a notebook, in place of the one before."""
        from IPython.display import display

        if self._bar is None:
            self._bar = display(bar, display_id=True)
        else:
            self._bar.update(bar)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar is not None:
            self._bar.update(_Bar("", 0, 0))  # it has done its work
        elif self._visible and self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


class _Bar:
    """A moment of a bar, as a notebook shows it."""

    def __init__(self, text: str, count: int, total: int) -> None:
        self.text, self.count, self.total = text, count, total

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        if not self.text:
            return ""
        return (
            f"<div style='color:inherit'><progress value='{self.count}' max='{max(1, self.total)}' "
            f"style='width:16em;vertical-align:middle'></progress> {html.escape(self.text)}</div>"
        )


def in_notebook() -> bool:
    """Whether this runs in the cells of a notebook, which shows more than text."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
