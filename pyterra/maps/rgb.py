"""Three layers as one colour picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.frozen import dataclass

CUT = (2.0, 98.0)
"""Percentiles that a linear stretch takes for black and full colour."""


@dataclass(frozen=True)
class Stretch:
    """How bands become shares of full colour: told by some values, applied to any."""

    method: str | None
    scale: float
    """What is full colour where nothing is stretched."""
    bands: tuple[NDArray[np.float64], ...]
    """Of each band the limits (lin), or all values in order (hist)."""

    @classmethod
    def of(cls, bands: NDArray[Any], method: str | None, scale: float | None) -> Stretch:
        """The stretch that bands (layer, row, col) tell."""
        bands = bands.astype(np.float64)
        if method is None:
            return cls(None, scale or default_scale(bands), ())
        told = [_limits(band) if method == "lin" else np.sort(band[np.isfinite(band)]) for band in bands]
        return cls(method, 1.0, tuple(told))

    def __call__(self, bands: NDArray[Any]) -> NDArray[np.float64]:
        """Bands as shares, from 0 to 1; NaN stays."""
        bands = bands.astype(np.float64)
        if self.method is None:
            return np.clip(bands / self.scale, 0, 1)
        apply = _linear if self.method == "lin" else _equalised
        return np.stack([apply(band, told) for band, told in zip(bands, self.bands, strict=True)])


def stretched(bands: NDArray[Any], method: str | None, scale: float | None) -> NDArray[np.float64]:
    """Bands (layer, row, col) as shares of full colour, from 0 to 1; NaN stays."""
    return Stretch.of(bands, method, scale)(bands)


def default_scale(bands: NDArray[Any]) -> float:
    """1 for shares, 255 for bytes, else the largest value."""
    finite = bands[np.isfinite(bands)]
    largest = float(finite.max()) if finite.size else 255.0
    return 1.0 if largest <= 1 else max(255.0, largest)


def _limits(band: NDArray[Any]) -> NDArray[np.float64]:
    """The values for black and for full colour; none of no values."""
    finite = band[np.isfinite(band)]
    if finite.size == 0:
        return np.empty(0)
    low, high = np.percentile(finite, CUT)
    if not high > low:
        low, high = float(finite.min()), float(finite.max())
    return np.array([low, high])


def _linear(band: NDArray[Any], limits: NDArray[np.float64]) -> NDArray[np.float64]:
    if not limits.size:
        return band.astype(np.float64)
    low, high = limits
    return np.clip((band - low) / ((high - low) or 1.0), 0, 1)


def _equalised(band: NDArray[Any], known: NDArray[np.float64]) -> NDArray[np.float64]:
    if not known.size:
        return band.astype(np.float64)
    share = np.searchsorted(known, band, side="right") / known.size
    return np.where(np.isfinite(band), share, np.nan)


def picture(
    shares: NDArray[np.float64], alpha: NDArray[Any] | None, missing: Any, bgalpha: float
) -> NDArray[np.float64]:
    """An image (row, col, 4); cells that are missing in a band get a colour, or show through."""
    from matplotlib.colors import to_rgba

    gone = np.isnan(shares).any(axis=0)
    out = np.ones((*shares.shape[1:], 4))
    out[..., :3] = np.where(gone, 1.0, np.nan_to_num(shares)).transpose(1, 2, 0)
    if alpha is not None:
        out[..., 3] = np.nan_to_num(alpha)
    out[gone] = to_rgba(missing) if missing is not None else (1.0, 1.0, 1.0, bgalpha)
    return out
