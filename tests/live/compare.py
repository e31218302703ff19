"""What pyterra gives against what terra gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from live.session import Answer, ErrorAnswer, NumbersAnswer, RasterAnswer, VectorAnswer
from live.trial import Trial

from pyterra import SpatExtent, SpatRaster, SpatVector


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
    if isinstance(answer, VectorAnswer):
        if not isinstance(ours, SpatVector):
            return f"terra gives a vector, pyterra {type(ours).__name__}"
        return _vectors(trial, ours, answer)
    if isinstance(answer, NumbersAnswer):
        return _numbers(as_matrix(ours), answer.values, trial.rtol or 1e-12)
    if isinstance(ours, str | list):
        words = [ours] if isinstance(ours, str) else [str(word) for word in ours]
        return "" if words == answer.values else f"terra gives {answer.values}, pyterra {words}"
    return "" if ours is None and answer.values == [""] else f"terra gives {answer.values}, pyterra {ours!r}"


def _rasters(trial: Trial, ours: SpatRaster, answer: RasterAnswer) -> str:
    if ours.shape != answer.shape:
        return f"shapes {ours.shape} and {answer.shape}"
    near = np.allclose(list(ours.ext), answer.extent, rtol=0, atol=trial.edges * min(ours.res))
    if not near:
        return f"extents {list(ours.ext)} and {list(answer.extent)}"
    if trial.names and ours.names != answer.names:
        return f"names {ours.names} and {answer.names}"
    single = ours.dtype == np.float32 or any(getattr(g, "single", False) for g in trial.inputs.values())
    return _numbers(ours.to_numpy().astype(float), answer.values, trial.rtol or (1e-6 if single else 1e-12))


def _vectors(trial: Trial, ours: SpatVector, answer: VectorAnswer) -> str:
    read = shapely.from_wkt if answer.kind == "points" else shapely.from_wkb
    theirs = read(np.array(answer.shapes, dtype=object))
    if len(ours) != len(theirs):
        return f"{len(ours)} and {len(theirs)} geometries"
    if len(ours) and ours.geomtype() != answer.kind:
        return f"{ours.geomtype()} and {answer.kind}"
    if len(ours) and trial.names and ours.names != list(answer.columns):
        return f"names {ours.names} and {list(answer.columns)}"
    columns = [(ours[a], answer.columns[b]) for a, b in zip(ours.names, answer.columns, strict=False)]
    a, b = ours.geoms, theirs
    if not trial.ordered:
        a, b = np.array(a), np.array(b)
        left = _order(a, [mine for mine, _ in columns])
        right = _order(b, [pd.Series(other) for _, other in columns])
        a, b = a[left], b[right]
        columns = [
            (mine.iloc[left].reset_index(drop=True), [other[i] for i in right]) for mine, other in columns
        ]
    for name, (mine, other) in zip(ours.names, columns, strict=False):
        text = _column(mine, other, trial.rtol or 1e-9)
        if text:
            return f"column {name}: {text}"
    return _geometries(a, b, trial.gap)


def _order(shapes: np.ndarray, columns: list[pd.Series]) -> np.ndarray:
    """An order of records that does not depend on how they were made."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    size = max(float(np.nanmax(np.abs(bounds), initial=0)), 1e-9)
    keys = [
        np.round(pd.Series(c).astype(float).to_numpy(), 6)
        if pd.api.types.is_numeric_dtype(c)
        else np.array(["" if pd.isna(v) else str(v) for v in c])
        for c in columns
    ]
    numbers = [*np.round(bounds.T / size, 6), np.round(shapely.area(shapes) / size**2, 9)]
    return np.lexsort([*reversed(numbers), *keys]) if len(shapes) else np.arange(0)


def _column(ours: pd.Series, theirs: np.ndarray | list[str | None], rtol: float) -> str:
    if isinstance(theirs, np.ndarray) or not any(isinstance(v, str) for v in theirs):
        numbers = np.array([np.nan if v is None else v for v in theirs], dtype=float)
        try:
            mine = pd.to_numeric(ours).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError):
            return f"{list(ours)} and {list(theirs)}"
        return _numbers(mine[:, None], numbers[:, None], rtol)
    words = [None if pd.isna(v) else str(v) for v in ours]
    return "" if words == list(theirs) else f"{words} and {list(theirs)}"


def _geometries(ours: np.ndarray, theirs: np.ndarray, gap: float) -> str:
    """Whether they cover the same ground: nothing of one is farther from the other, or larger, than a small share."""
    if len(ours) == 0:
        return ""
    bounds = shapely.bounds(theirs)
    bounds = bounds[~np.isnan(bounds[:, 0])]
    reach = (bounds[:, 2:].max(axis=0) - bounds[:, :2].min(axis=0)).max() if len(bounds) else 0.0
    size = max(float(reach), 1e-5 * float(np.abs(bounds).max(initial=0)), 1e-9)
    empty = shapely.is_empty(ours) != shapely.is_empty(theirs)
    polygons = np.isin(shapely.get_type_id(ours), (3, 6))
    same = shapely.equals_exact(shapely.normalize(ours), shapely.normalize(theirs), gap * size)
    for i in np.flatnonzero(~same):
        if empty[i]:
            return f"geometry {i}: {_brief(ours[i])} and {_brief(theirs[i])}"
        if polygons[i]:
            far = shapely.area(shapely.symmetric_difference(ours[i], theirs[i])) / size**2
        else:
            far = shapely.hausdorff_distance(ours[i], theirs[i]) / size
        if not far <= gap:
            return f"geometry {i} differs by {far:.3g}: {_brief(ours[i])} and {_brief(theirs[i])}"
    return ""


def _brief(shape: shapely.Geometry) -> str:
    return shapely.to_wkt(shape, rounding_precision=6)[:300]


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
    return array.reshape(-1, 1) if array.ndim < 2 else array


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
