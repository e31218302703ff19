"""Statistics of values that were not kept: of counts and sums, or of the different values and how often each occurs.

They are those of ``stats.layer_stat``. Whatever sums up has the same fields (``reduce.Moments``, ``zones.Zones``,
``gather.Groups``), so that all is finished in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]


def truths(block: Floats) -> Floats:
    """1 for values that are true (not 0), 0 for those that are not; missing stays missing."""
    found = (block != 0).astype(block.dtype)
    found[np.isnan(block)] = np.nan
    return found


def _root_of_squares(parts: Any, n: Doubles, spread: Doubles) -> Doubles:
    mean = parts.sum / n
    found: Doubles = np.sqrt((spread + n * mean * mean) / _but_one(n))
    return found


def _but_one(n: Doubles) -> Doubles:
    return np.where(n > 1, n - 1, np.nan)


_FROM_SUMS: dict[str, Callable[[Any, Doubles, Doubles], Doubles]] = {
    "sum": lambda parts, n, spread: parts.sum,
    "mean": lambda parts, n, spread: parts.sum / np.where(parts.mass == 0, np.nan, parts.mass),
    "min": lambda parts, n, spread: parts.low,
    "max": lambda parts, n, spread: parts.high,
    "prod": lambda parts, n, spread: parts.product,
    "var": lambda parts, n, spread: spread / _but_one(n),
    "sd": lambda parts, n, spread: np.sqrt(spread / _but_one(n)),
    "std": lambda parts, n, spread: np.sqrt(spread / n),
    "rms": _root_of_squares,
}
_COUNTS = ("count", "count_na")
_OF_TRUTHS = ("any", "all", "none")


def finish(parts: Any, name: str, na_rm: bool = False) -> Doubles:
    """Return one statistic of what was summed up.

    Parameters
    ----------
    parts : object with fields of one shape
        ``count`` and ``missing``, and as far as the statistic asks for them ``sum``, ``mass`` (what a mean divides by),
        ``deviation``, ``product``, ``low`` and ``high``. For ``any``, ``all`` and ``none``: those of the `truths`.
    name : str
    na_rm : bool
        Leave missing values out; nothing at all is NaN (but 0 for ``any``, 1 for ``none``). Otherwise one missing value
        makes it NaN.

    Returns
    -------
    ndarray of float64, of the shape of the fields
    """
    if name in _COUNTS:
        return np.asarray(parts.count if name == "count" else parts.missing, np.float64)
    unknown = (parts.missing > 0) & (not na_rm)
    if name in _OF_TRUTHS:
        return _of_truths(parts, name, unknown)
    if name not in _FROM_SUMS:
        known = ", ".join([*_FROM_SUMS, *_COUNTS, *_OF_TRUTHS])
        raise ValueError(f"finish: name must be one of {known}, got {name!r}")
    n = np.asarray(parts.count, np.float64)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        spread = n
        if name in ("sd", "std", "var", "rms"):
            spread = np.where(np.isfinite(parts.sum), parts.deviation, np.nan)
        return np.where((n == 0) | unknown, np.nan, _FROM_SUMS[name](parts, n, spread))


def _of_truths(parts: Any, name: str, unknown: npt.NDArray[np.bool_]) -> Doubles:
    if name == "all":
        told = np.where(unknown | (parts.count == 0), np.nan, 1.0)
        return np.where(parts.low == 0, 0.0, told)
    found = (parts.high > 0) == (name == "any")
    return np.where(unknown, np.nan, found.astype(np.float64))


def finish_counts(counted: tuple[Doubles, Any], name: str, na_rm: bool = False) -> float:
    """Return ``modal``, ``median`` or ``nunique`` of different values (ascending, NaN last) and how often each occurs."""
    values, counts = counted
    valid = ~np.isnan(values)
    if not (na_rm or valid.all()):
        return float("nan")
    values, counts = values[valid], counts[valid]
    if name == "nunique":
        return float(values.size)
    if values.size == 0:
        return float("nan")
    if name == "modal":
        return float(values[np.argmax(counts)])
    ends, total = np.cumsum(counts), int(counts.sum())
    low, high = (values[np.searchsorted(ends, place + 1)] for place in ((total - 1) // 2, total // 2))
    return float(low if low == high else 0.5 * low + 0.5 * high)
