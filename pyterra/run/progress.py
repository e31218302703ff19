"""One line on stderr for anything that takes more than two seconds."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from pyterra.options import current
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
        self.total, self.label, self.unit = total, redact(label), unit
        self.count = self._before = done
        self._stream = stream or sys.stderr
        self._enabled = current().progress if enabled is None else enabled
        self._terminal = bool(getattr(self._stream, "isatty", lambda: False)())
        self._start = self._shown = time.monotonic()
        self._visible = False

    def advance(self, count: int = 1) -> None:
        """Count pieces as done."""
        self.count += count
        now = time.monotonic()
        interval = INTERVAL if self._terminal else LOG_INTERVAL
        if (
            self._enabled
            and now - self._start >= DELAY
            and (not self._visible or now - self._shown >= interval)
        ):
            self._show(now)

    def line(self, now: float) -> str:
        """The text for a moment of `time.monotonic`."""
        elapsed = max(1e-9, now - self._start)
        rate = (self.count - self._before) / elapsed
        share = self.count / self.total if self.total else 1.0
        left = (
            f", {_clock((self.total - self.count) / rate)} left"
            if rate > 0 and self.count < self.total
            else ""
        )
        bar = "#" * int(share * _BAR)
        return (
            f"{self.label} [{bar:<{_BAR}}] {share:4.0%} {self.count}/{self.total} {self.unit}, "
            f"{rate:.3g}/s, {_clock(elapsed)}{left}"
        )

    def _show(self, now: float) -> None:
        text = self.line(now)
        self._stream.write(f"\r{text}\x1b[K" if self._terminal else f"{text}\n")
        self._stream.flush()
        self._visible, self._shown = True, now

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._visible and self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
