"""CPU and wall seconds of calls taken in turn, and the peak memory of a process."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Sample(NamedTuple):
    """Seconds of one run."""

    cpu: float
    """User and system time of all threads."""
    wall: float
    """Time on the clock."""


class Summary(NamedTuple):
    """Several samples of one call."""

    median: float
    """Seconds."""
    low: float
    """Least of the samples."""
    high: float
    """Greatest of the samples."""

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.median:.3g}"
        return f"{self.median:.3g} ({self.low:.2g}-{self.high:.2g})"


Timed = Callable[[], Sample]


def clock(call: Callable[[], object]) -> Sample:
    """Time one call in this process."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return Sample(time.process_time() - cpu, time.perf_counter() - wall)


def interleaved(
    calls: Mapping[str, Timed], count: int, most: float = float("inf")
) -> dict[str, list[Sample]]:
    """Samples of several calls, taken in turn so that what else the machine does falls on all alike.

    A call that has taken `most` seconds of CPU time or more is not asked again.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in calls}
    for _ in range(count):
        for name, call in calls.items():
            if sum(sample.cpu for sample in samples[name]) < most:
                samples[name].append(call())
    return samples


def summary(samples: list[Sample], clock: str = "cpu") -> Summary:
    """Median and range of one of the clocks."""
    seconds = [getattr(sample, clock) for sample in samples]
    return Summary(statistics.median(seconds), min(seconds), max(seconds))


def reset_peak(pid: int | None = None) -> None:
    """Let the peak memory of a process count from now on (Linux)."""
    with suppress(OSError):
        Path(f"/proc/{pid or os.getpid()}/clear_refs").write_text("5")


def peak_megabytes(pid: int | None = None) -> float | None:
    """Most memory a process has held since the last reset; None where the system does not tell."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid or os.getpid()}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return None
