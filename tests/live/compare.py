"""What pyterra gives against what terra gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from live.session import Answer, ErrorAnswer, NumbersAnswer, RasterAnswer
from live.trial import Trial

from pyterra import SpatExtent, SpatRaster


def difference(trial: Trial, ours: Any, answer: Answer) -> str:
    """How the two differ; an empty text where they do not."""
    if isinstance(ours, Exception) or isinstance(answer, ErrorAnswer):
        if isinstance(ours, Exception) and isinstance(answer, ErrorAnswer):
            return ""
        if isinstance(answer, ErrorAnswer):
            return f"terra refuses: {answer.message}"
        return f"pyterra raises {type(ours).__name__}: {ours}"
    if isinstance(answer, RasterAnswer):
        if not isinstance(ours, SpatRaster):
            return f"terra gives a raster, pyterra {type(ours).__name__}"
        return _rasters(trial, ours, answer)
    if isinstance(answer, NumbersAnswer):
        return _numbers(as_matrix(ours), answer.values, trial.rtol or 1e-12)
    return "" if ours is None and answer.values == [""] else f"terra gives {answer.values}, pyterra {ours!r}"


def _rasters(trial: Trial, ours: SpatRaster, answer: RasterAnswer) -> str:
    if ours.shape != answer.shape:
        return f"shapes {ours.shape} and {answer.shape}"
    near = np.allclose(list(ours.ext), answer.extent, rtol=0, atol=trial.edges * min(ours.res))
    if not near:
        return f"extents {list(ours.ext)} and {list(answer.extent)}"
    if trial.names and ours.names != answer.names:
        return f"names {ours.names} and {answer.names}"
    single = ours.dtype == np.float32 or any(given.single for given in trial.inputs.values())
    return _numbers(ours.to_numpy().astype(float), answer.values, trial.rtol or (1e-6 if single else 1e-12))


def as_matrix(ours: Any) -> np.ndarray:
    """A value as rows and columns of float64; positions that are none become NaN as in R."""
    if isinstance(ours, pd.DataFrame):
        array = ours.to_numpy(dtype=float)
    elif isinstance(ours, SpatExtent):
        array = np.array(list(ours))
    elif ours is None:
        array = np.empty(0)
    else:
        array = np.asarray(ours, dtype=float)
    return array[:, None] if array.ndim == 1 else array


def _numbers(ours: np.ndarray, theirs: np.ndarray, rtol: float) -> str:
    if ours.shape != theirs.shape:
        return f"shapes {ours.shape} and {theirs.shape}"
    missing = np.isnan(ours) != np.isnan(theirs)
    with np.errstate(invalid="ignore"):
        finite = np.isfinite(theirs)
        scale = np.abs(theirs[finite]).max() if finite.any() else 0.0
        far = ~(np.abs(ours - theirs) <= rtol * max(scale, 1e-300)) & ~(ours == theirs)
    wrong = missing | (far & ~np.isnan(theirs) & ~np.isnan(ours))
    if not wrong.any():
        return ""
    place = tuple(int(v) for v in np.argwhere(wrong)[0])
    first = f"pyterra {float(ours[place])!r}, terra {float(theirs[place])!r}"
    return f"{int(wrong.sum())} of {wrong.size} values differ, first at {place}: {first}"
