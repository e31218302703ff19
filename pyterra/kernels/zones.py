"""Statistics of zones in parts: sums, extremes and deviations of each zone of a block, which merge."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels._jit import exact_jit
from pyterra.kernels.reduce import HISTOGRAM_SIZE, _whole_bounds

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.int32]

FEW = 1024
"""Zones for which room is kept though they may not occur."""
LANES = 4
"""Tables side by side: one alone waits for its own last addition wherever a zone repeats."""
SUMS = ("total", "low", "high", "product", "deviation")
"""What can be known of each zone beside counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """What the cells seen so far say about each zone; fields but ``values`` have shape (layer, zone)."""

    values: Doubles
    """The zones, ascending, shape (zone,)."""
    count: Counts
    """Valid cells."""
    missing: Counts
    """Missing cells."""
    total: Doubles
    """Sum of the valid cells, or of weight times value."""
    mass: Doubles
    """Number of the valid cells, or sum of their weights."""
    low: Doubles
    """Smallest valid cell."""
    high: Doubles
    """Largest valid cell."""
    product: Doubles
    """Product of the valid cells."""
    deviation: Doubles
    """Sum of squared differences from the mean."""

    @property
    def sum(self) -> Doubles:
        """Sum of the valid cells, under the name that `finish` knows."""
        return self.total


@exact_jit
def _codes(zones: Floats, low: int, last: int, codes: Codes) -> None:
    for i in range(zones.size):
        value = zones[i]
        codes[i] = int(value) - low if value == value else last


def codes_of(zones: Floats, *, occurring: bool = False) -> tuple[Doubles, Codes]:
    """Return the zones that may occur and, per cell, the place of its zone; one past the last for a missing one.

    Parameters
    ----------
    zones : ndarray of shape (cell,), float32 or float64
    occurring : bool
        Only zones that do occur.
    """
    low, high, whole = _whole_bounds(zones)
    if whole and low <= high and high - low < min(HISTOGRAM_SIZE, max(256, 4 * zones.size)):
        values = np.arange(int(low), int(high) + 1, dtype=np.float64)
        codes = np.empty(zones.size, np.int32)
        _codes(zones, int(low), values.size, codes)
        return _compact(values, codes) if occurring or values.size > FEW else (values, codes)
    values, places = np.unique(zones, return_inverse=True)
    valid = int(np.count_nonzero(~np.isnan(values)))
    return values[:valid].astype(np.float64), places.astype(np.int32)


def _compact(values: Doubles, codes: Codes) -> tuple[Doubles, Codes]:
    """Without the zones that do not occur."""
    used = _cells_of(codes, values.size + 1) > 0
    used[-1] = True
    places = (np.cumsum(used) - 1).astype(np.int32)
    return values[used[:-1]], places[codes]


@exact_jit
def _tally(codes: Codes, counts: Counts) -> None:
    """Count the codes, ``counts`` (LANES, code); np.bincount widens them first: 0.5 ns a cell rather than 2.5 to 10."""
    a, b, c, d = counts[0], counts[1], counts[2], counts[3]
    whole = codes.size - codes.size % LANES
    for i in range(0, whole, LANES):
        a[codes[i]] += 1
        b[codes[i + 1]] += 1
        c[codes[i + 2]] += 1
        d[codes[i + 3]] += 1
    for i in range(whole, codes.size):
        a[codes[i]] += 1


def _cells_of(codes: Codes, size: int) -> Counts:
    """How many cells have each of the codes below ``size``."""
    counts = np.zeros((LANES, size), np.int64)
    _tally(codes, counts)
    found: Counts = counts.sum(axis=0)
    return found


@exact_jit
def _sums(row: Floats, codes: Codes, count: Counts, total: Doubles) -> None:
    for i in range(row.size):
        value = np.float64(row[i])
        valid, k = value == value, codes[i]
        count[k] += valid
        total[k] += value if valid else 0.0


@exact_jit
def _weighted(
    row: Floats, weights: Floats, codes: Codes, lost: Counts, count: Counts, total: Doubles, weight: Doubles
) -> None:
    for i in range(row.size):
        value, share, k = np.float64(row[i]), np.float64(weights[i]), codes[i]
        both = (value == value) & (share == share)
        count[k] += both
        lost[k] += (value != value) & (share == share)
        total[k] += value * share if both else 0.0
        weight[k] += share if both else 0.0


@exact_jit
def _lows(row: Floats, codes: Codes, low: Doubles) -> None:
    for i in range(row.size):
        k = codes[i]
        low[k] = row[i] if row[i] < low[k] else low[k]


@exact_jit
def _highs(row: Floats, codes: Codes, high: Doubles) -> None:
    for i in range(row.size):
        k = codes[i]
        high[k] = row[i] if row[i] > high[k] else high[k]


@exact_jit
def _products(row: Floats, codes: Codes, product: Doubles) -> None:
    for i in range(row.size):
        value = np.float64(row[i])
        product[codes[i]] *= value if value == value else 1.0


@exact_jit
def _deviations(row: Floats, codes: Codes, mean: Doubles, deviation: Doubles) -> None:
    for i in range(row.size):
        difference = np.float64(row[i]) - mean[codes[i]]
        deviation[codes[i]] += difference * difference if difference == difference else 0.0


def zones_of(block: Floats, zones: Floats, needs: Collection[str], weights: Floats | None = None) -> Zones:
    """Return what the cells of a block say about their zones.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
    zones : ndarray of shape (cell,)
        Any values; cells without a zone are left out.
    needs : collection of str
        Of `SUMS`; only these are worked out, and counts and totals in any case.
    weights : ndarray of shape (cell,), optional
        For totals and what a mean divides by; nothing else is worked out. Cells without a weight are left out.

    Returns
    -------
    Zones
        Only of the zones that occur.
    """
    values, codes = codes_of(np.ascontiguousarray(zones))
    size, layers = values.size, len(block)
    cells = _cells_of(codes, size + 1)
    count, missing = np.zeros((layers, size + 1), np.int64), np.zeros((layers, size + 1), np.int64)
    total, mass, deviation = (np.zeros((layers, size + 1)) for _ in range(3))
    low, high = np.full((layers, size + 1), np.inf), np.full((layers, size + 1), -np.inf)
    product = np.ones((layers, size + 1))
    for i, row in enumerate(np.ascontiguousarray(block)):
        if weights is not None:
            _weighted(row, weights, codes, missing[i], count[i], total[i], mass[i])
            continue
        _sums(row, codes, count[i], total[i])
        missing[i], mass[i] = cells - count[i], count[i]
        if "low" in needs:
            _lows(row, codes, low[i])
        if "high" in needs:
            _highs(row, codes, high[i])
        if "product" in needs:
            _products(row, codes, product[i])
        if "deviation" in needs:
            mean = total[i] / np.maximum(count[i], 1)
            _deviations(row, codes, mean, deviation[i])
    used = np.flatnonzero(cells[:size])
    return Zones(
        values=values[used],
        count=count[:, used],
        missing=missing[:, used],
        total=total[:, used],
        mass=mass[:, used],
        low=low[:, used],
        high=high[:, used],
        product=product[:, used],
        deviation=deviation[:, used],
    )


def merge_zones(a: Zones, b: Zones) -> Zones:
    """Return what both parts together say."""
    values = np.union1d(a.values, b.values)
    left, right = (_spread(part, values) for part in (a, b))
    count = left.count + right.count
    with np.errstate(invalid="ignore", over="ignore"):
        means = [part.total / np.maximum(part.count, 1) for part in (left, right)]
        step = np.where((left.count == 0) | (right.count == 0), 0.0, means[1] - means[0])
        between = step * step * left.count * (right.count / np.maximum(count, 1))
        return Zones(
            values=values,
            count=count,
            missing=left.missing + right.missing,
            total=left.total + right.total,
            mass=left.mass + right.mass,
            low=np.minimum(left.low, right.low),
            high=np.maximum(left.high, right.high),
            product=left.product * right.product,
            deviation=left.deviation + right.deviation + between,
        )


_EMPTY = {"low": np.inf, "high": -np.inf, "product": 1.0}


def _spread(part: Zones, values: Doubles) -> Zones:
    """The same under more zones."""
    if part.values.size == values.size:
        return part
    places = np.searchsorted(values, part.values)
    spread = {}
    for field in fields(Zones)[1:]:
        known = getattr(part, field.name)
        wide = np.full((known.shape[0], values.size), _EMPTY.get(field.name, 0), known.dtype)
        wide[:, places] = known
        spread[field.name] = wide
    return Zones(values, **spread)


@dataclass(frozen=True, slots=True, eq=False)
class Combinations:
    """Different combinations of the layers, in ascending order, missing last."""

    rows: Doubles
    """Shape (combination, layer)."""
    count: Counts
    """Cells that have the combination."""
    total: Doubles
    """Sum of the weights of these cells."""


@exact_jit
def _mix(codes: Counts, more: Codes, size: int) -> None:
    for i in range(codes.size):
        codes[i] = codes[i] * size + more[i]


def combinations_of(block: Floats, weights: Floats | None = None) -> Combinations:
    """Return the combinations of values that occur in a block.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
        Missing is a value of its own.
    weights : ndarray of shape (cell,), optional
        Added up for each combination; missing ones count as 0.
    """
    keys = [codes_of(np.ascontiguousarray(layer)) for layer in block]
    sizes = [values.size + 1 for values, _ in keys]
    mixed = keys[0][1].astype(np.int64)
    for (_, codes), size in zip(keys[1:], sizes[1:], strict=True):
        _mix(mixed, codes, size)
    most = int(np.prod(np.array(sizes, np.float64)).clip(max=2.0**62))
    if most <= max(HISTOGRAM_SIZE, 4 * mixed.size):
        counted = np.bincount(mixed, minlength=most)
        used = np.flatnonzero(counted)
        count, places = counted[used], None
    elif most < 2**62:
        used, places, count = np.unique(mixed, return_inverse=True, return_counts=True)
    else:  # too many to be told apart by one number
        digits = np.stack([codes for _, codes in keys], axis=1)
        found, places, count = np.unique(digits, axis=0, return_inverse=True, return_counts=True)
        rows = np.stack([np.append(keys[i][0], np.nan)[found[:, i]] for i in range(len(block))], axis=1)
        return Combinations(rows, count, _weigh(weights, places.ravel(), len(rows)))
    rows = np.empty((used.size, len(block)))
    rest = used.copy()
    for i in range(len(block) - 1, -1, -1):
        rest, here = np.divmod(rest, sizes[i])
        rows[:, i] = np.append(keys[i][0], np.nan)[here]
    if weights is None:
        return Combinations(rows, count, np.zeros(used.size))
    total = _weigh(
        weights, mixed if places is None else places.ravel(), most if places is None else used.size
    )
    return Combinations(rows, count, total[used] if places is None else total)


def _weigh(weights: Floats | None, places: Counts, size: int) -> Doubles:
    if weights is None:
        return np.zeros(size)
    found: Doubles = np.bincount(places, np.nan_to_num(weights, nan=0.0), size).astype(np.float64)
    return found


def merge_combinations(*parts: Combinations) -> Combinations:
    """Return the combinations of all parts."""
    rows = np.concatenate([part.rows for part in parts])
    if not len(rows):
        return parts[0]
    order = np.lexsort(rows.T[::-1])  # missing comes last
    rows = rows[order]
    count = np.concatenate([part.count for part in parts])[order]
    total = np.concatenate([part.total for part in parts])[order]
    same = (rows[1:] == rows[:-1]) | (np.isnan(rows[1:]) & np.isnan(rows[:-1]))
    starts = np.flatnonzero(np.concatenate([[True], ~same.all(axis=1)]))
    return Combinations(rows[starts], np.add.reduceat(count, starts), np.add.reduceat(total, starts))
