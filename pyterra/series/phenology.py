"""phenology: when the season of each year begins, peaks and ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer
from pyterra.frozen import dataclass
from pyterra.kernels.lanes import by_tiles, laid_out
from pyterra.raster.build import FLOAT64, cells_raster, node_of
from pyterra.series.frames import DAYS_OF_YEAR, frames_of

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

METRICS = ("start", "peak", "end", "length", "maximum", "minimum", "integral", "seasons")
IN_TIME = ("start", "peak", "end", "length")
"""Metrics that are a time, or a span of it."""


@dataclass(frozen=True)
class Seasons:
    """The main season of each year of each cell."""

    numbers: tuple[int, ...]
    """Frame of each layer."""
    period: int
    phase: int
    years: int
    threshold: float
    derivative: bool
    least: float
    what: tuple[str, ...]
    unit: float
    """Length of a frame in the unit of the result."""

    def __call__(self, block: Array) -> Array:
        frames = np.array(self.numbers)
        laid = laid_out(block, frames)

        def kernel(values: Array, out: Array) -> None:
            kernels.phenology.seasons(
                values, self.period, self.phase, self.years, self.threshold, self.derivative, self.least, out
            )

        found = by_tiles(laid, kernel, len(METRICS) * self.years).reshape(len(METRICS), self.years, -1)
        for name in IN_TIME:
            found[METRICS.index(name)] *= self.unit
            if name != "length":
                found[METRICS.index(name)] += self.unit / 2  # frames stand for their middle
        found[METRICS.index("integral")] *= self.unit
        chosen = found[[METRICS.index(name) for name in self.what]]
        return chosen.transpose(1, 0, 2).reshape(-1, *block.shape[1:])


def phenology(
    x: SpatRaster,
    what: str | Sequence[str] = METRICS,
    *,
    method: Literal["threshold", "derivative"] = "threshold",
    threshold: float = 0.5,
    least: float = 0.2,
    season_size: int | None = None,
) -> SpatRaster:
    """When the main season of each year begins, peaks and ends, of a smooth series without gaps.

    Parameters
    ----------
    x : SpatRaster
        At least a year, in equal steps of time (frames), such as vegetation indices that `reconstruct` or `whittaker`
        has filled.
    what : str or sequence of str
        Of ``start``, ``peak``, ``end``, ``length``, ``maximum``, ``minimum``, ``integral`` and ``seasons``.
    method : {"threshold", "derivative"}
        The season begins and ends where the series crosses a share of the amplitude on that side of the peak, between
        frames by a line; or where it rises and falls most.
    threshold : float
        That share, above 0 and below 1.
    least : float
        Share of the range of the whole series that a rise and the fall after it must have to count as one of the
        ``seasons``.
    season_size : int, optional
        Frames in a year. By default as the times of the layers tell.

    Returns
    -------
    SpatRaster
        For each calendar year the layers of `what`, named ``y2020_start`` and so on (``y1_start`` where layers have no
        time). Times are days from 1 January of the year in which the peak lies: a season that begins in the year
        before has a start below 0. Without times, they are frames. ``integral`` is the area above ``minimum`` from
        start to end. A year without a whole season is missing.

    Raises
    ------
    ArgumentError
        Where there is less than a year, or an argument is not allowed.

    See Also
    --------
    reconstruct, whittaker, harmonic : What smooths a series first.
    where_max : The layer of the highest value.

    Notes
    -----
    Each cell has years of its own, from the time of its lowest mean over all years to the next, so that no season is
    cut by 31 December. A frame stands for its middle.

    References
    ----------
    Jönsson and Eklundh (2004): TIMESAT: a program for analyzing time-series of satellite sensor data. White, Thornton
    and Running (1997): A continental phenology model for monitoring vegetation responses to interannual climatic
    variability.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[v]] for v in (0, 1, 4, 1, 0, 1, 6, 1)])
    >>> r.phenology(["start", "peak", "end"], season_size=4).values().round(2).tolist()
    [[1.83, 2.5, 3.17, 1.9, 2.5, 3.0]]
    """
    node = node_of(x, "phenology")
    frames = frames_of(x, "phenology", season_size, seasons=True)
    period = frames.season_size or 1
    chosen = (what,) if isinstance(what, str) else tuple(what)
    chosen = tuple(choice(name, METRICS, "phenology: what") for name in chosen)
    method = choice(method, ("threshold", "derivative"), "phenology: method")
    if not 0 < threshold < 1 or not 0 < least < 1:
        raise ArgumentError(
            f"phenology: threshold and least must lie between 0 and 1, got {threshold} and {least}"
        )
    if period < 4 or frames.count < period:
        raise ArgumentError(
            f"phenology: layers must span a year of at least four frames, got {frames.count} with {period} in a year"
        )
    years = (frames.phase + frames.count - 1) // period + 1
    unit = 1.0 if x.time is None else DAYS_OF_YEAR / period
    kernel = Seasons(
        frames.numbers, period, frames.phase, years, threshold, method == "derivative", least, chosen, unit
    )
    first = frames.year if x.time is not None else 1
    layers = [Layer(f"y{first + k}_{name}") for k in range(years) for name in chosen]
    return cells_raster(
        (node,),
        layers,
        FLOAT64,
        kernel,
        layerwise=False,
        temporaries=8.0 * (2 * frames.count + 2 * len(METRICS) * years),
    )
