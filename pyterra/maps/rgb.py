"""Three layers as one colour picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CUT = (2.0, 98.0)
"""Percentiles that a linear stretch takes for black and full colour."""


def stretched(bands: NDArray[Any], method: str | None, scale: float | None) -> NDArray[np.float64]:
    """Bands (layer, row, col) as shares of full colour, from 0 to 1; NaN stays."""
    bands = bands.astype(np.float64)
    if method is None:
        return np.clip(bands / (scale or default_scale(bands)), 0, 1)
    rows = [_linear(band) if method == "lin" else _equalised(band) for band in bands]
    return np.stack(rows)


def default_scale(bands: NDArray[Any]) -> float:
    """1 for shares, 255 for bytes, else the largest value."""
    finite = bands[np.isfinite(bands)]
    largest = float(finite.max()) if finite.size else 255.0
    return 1.0 if largest <= 1 else max(255.0, largest)


def _linear(band: NDArray[Any]) -> NDArray[np.float64]:
    finite = band[np.isfinite(band)]
    if finite.size == 0:
        return band.astype(np.float64)
    low, high = np.percentile(finite, CUT)
    if not high > low:
        low, high = float(finite.min()), float(finite.max())
    return np.clip((band - low) / ((high - low) or 1.0), 0, 1)


def _equalised(band: NDArray[Any]) -> NDArray[np.float64]:
    finite = np.sort(band[np.isfinite(band)])
    if finite.size == 0:
        return band.astype(np.float64)
    share = np.searchsorted(finite, band, side="right") / finite.size
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
