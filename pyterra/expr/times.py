"""Times of layers that were stated in different steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pyterra.expr.layers import Layer, Layers

CALENDAR = ("seconds", "days", "yearmonths", "years")
"""Steps that tell of one calendar, the finest first."""


def common_step(layers: Sequence[Layer]) -> str:
    """The step in which the times of all layers can be told; "" where there is none, or a layer has no time.

    Days and seconds go together as seconds; with months of a year, or years, the coarser one counts. Months without a
    year, and plain numbers, have no place beside others.
    """
    steps = {"" if layer.time is None else layer.step for layer in layers}
    if not steps:
        return ""
    if len(steps) == 1:
        return steps.pop()
    if not steps <= set(CALENDAR):
        return ""
    return "seconds" if steps == {"seconds", "days"} else max(steps, key=CALENDAR.index)


def told(stamp: np.datetime64 | float, step: str) -> str:
    """A time in words: a month of a year as ``2019-11``, a year or another number as that.

    Examples
    --------
    >>> told(2019 + 10 / 12, "yearmonths"), told(2019.0, "years"), told(np.datetime64("2019-11-03"), "days")
    ('2019-11', '2019', '2019-11-03')
    """
    if isinstance(stamp, np.datetime64):
        return str(stamp).replace("T", " ")
    if step == "yearmonths" and np.isfinite(stamp):
        year, month = divmod(round(float(stamp) * 12), 12)
        return f"{year:04d}-{month + 1:02d}"
    return f"{float(stamp):.10g}"


def in_step(layer: Layer, step: str) -> np.datetime64 | float:
    """The time of a layer in the common step of several."""
    stamp = layer.time
    assert stamp is not None
    if step in ("seconds", "days") and isinstance(stamp, np.datetime64):
        precise = stamp.dtype == "datetime64[ms]"
        return stamp.astype(
            "datetime64[D]" if step == "days" else "datetime64[ms]" if precise else "datetime64[s]"
        )
    if isinstance(stamp, np.datetime64):
        months = int(stamp.astype("datetime64[M]").astype(np.int64))
        return 1970 + months / 12 if step == "yearmonths" else float(1970 + months // 12)
    return float(np.floor(stamp)) if step == "years" and layer.step != "years" else float(stamp)


def alike(layers: Layers) -> Layers:
    """The layers with their times in the common step, where there is one and they are not in it."""
    step = common_step(layers)
    if not step or all(layer.step == step for layer in layers):
        return layers
    return tuple(replace(layer, time=in_step(layer, step), step=step) for layer in layers)
