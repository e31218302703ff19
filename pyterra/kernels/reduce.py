"""Statistics of whole layers in parts: a block gives a partial result, and partial results merge.

Every part is small (a few numbers per layer, or a table of values), so blocks can be taken in any order and
on any machine. Sums carry their rounding error along, means and squared deviations are merged about the
common mean, so the result hardly depends on the blocks: to about 1e-15 of the sum of magnitudes, and not at
all for whole numbers.

References
----------
Neumaier, Zeitschrift für Angewandte Mathematik und Mechanik 54 (1974), for the sums; Chan, Golub and
LeVeque, The American Statistician 37 (1983), for the deviations.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels._jit import empty, exact_jit, fill_all, inner_jit, jit, span

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]
ValueCounts: TypeAlias = tuple[Doubles, Counts]

CHUNK = 4096
LANES = 128
HISTOGRAM_SIZE = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What the cells seen so far say about each layer; every field has shape (layer,)."""

    count: Counts
    """Valid cells."""
    missing: Counts
    """Missing cells."""
    total: Doubles
    """Sum of the valid cells."""
    error: Doubles
    """What rounding has taken from ``total``."""
    mean: Doubles
    """Mean of the valid cells."""
    deviation: Doubles
    """Sum of squared differences from the mean."""
    product: Doubles
    """Product of the valid cells."""
    low: Doubles
    """Smallest valid cell."""
    high: Doubles
    """Largest valid cell."""

    @property
    def sum(self) -> Doubles:
        """Sum of the valid cells, as exact as it is known."""
        return self.total + self.error

    @property
    def mass(self) -> Counts:
        """What a mean divides by."""
        return self.count


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Weighted sums of each layer; every field has shape (layer,)."""

    total: Doubles
    """Sum of weight times value, over cells where both are valid."""
    error: Doubles
    """What rounding has taken from ``total``."""
    weight: Doubles
    """Sum of the weights of those cells."""
    weight_error: Doubles
    """What rounding has taken from ``weight``."""
    missing: Counts
    """Cells whose value is missing and whose weight is not."""


@inner_jit
def _add(total: float, error: float, value: float) -> tuple[float, float]:
    """Add to a sum and keep what rounding took."""
    new = total + value
    if not np.isfinite(new):
        return new, 0.0
    lost = (total - new) + value if abs(total) >= abs(value) else (value - new) + total
    return new, error + lost


@inner_jit
def _chunk(row: Floats, lanes: Doubles, low: Floats, high: Floats) -> tuple[int, float, float, float, float]:
    """Count, sum, product, minimum and maximum of the valid cells of a short row.

    ``lanes`` (3, LANES), ``low`` and ``high`` (LANES) are working space: accumulators side by side vectorise,
    where one alone would be a chain.
    """
    count, total, product = lanes[0], lanes[1], lanes[2]
    fill_all(count, 0.0)
    fill_all(total, 0.0)
    fill_all(product, 1.0)
    fill_all(low, np.inf)
    fill_all(high, -np.inf)
    for start in range(0, row.size, LANES):
        part = span(row, start, min(LANES, row.size - start))
        for k in range(part.size):
            value = np.float64(part[k])
            valid = value == value
            count[k] += 1.0 if valid else 0.0
            total[k] += value if valid else 0.0
            product[k] *= value if valid else 1.0
        for k in range(part.size):
            cell, smallest, largest = part[k], low[k], high[k]
            low[k] = cell if cell < smallest else smallest
            high[k] = cell if cell > largest else largest
    cells, sum_of, product_of, least, most = count[0], total[0], product[0], low[0], high[0]
    for k in range(1, LANES):
        cells += count[k]
        sum_of += total[k]
        product_of *= product[k]
        least = low[k] if low[k] < least else least
        most = high[k] if high[k] > most else most
    return int(cells), sum_of, product_of, least, most


@inner_jit
def _squares(row: Floats, mean: float, squares: Doubles) -> float:
    """Sum of squared differences of the valid cells of a short row from ``mean``."""
    fill_all(squares, 0.0)
    for start in range(0, row.size, LANES):
        part = span(row, start, min(LANES, row.size - start))
        for k in range(part.size):
            difference = np.float64(part[k]) - mean
            squares[k] += difference * difference if difference == difference else 0.0
    total = 0.0
    for k in range(LANES):
        total += squares[k]
    return total


@exact_jit
def _moments(block: Floats, counts: Counts, sums: Doubles) -> None:
    """Fill ``counts`` (2, layer) and ``sums`` (7, layer) with the fields of ``Moments``, in order."""
    layers, cells = block.shape
    lanes, lowest, highest = empty((3, LANES)), empty(LANES, block.dtype), empty(LANES, block.dtype)
    for layer in range(layers):
        count, total, error, mean, deviation, product = 0, 0.0, 0.0, np.nan, 0.0, 1.0
        low, high = np.inf, -np.inf
        for start in range(0, cells, CHUNK):
            row = span(block[layer], start, min(start + CHUNK, cells) - start)
            n, part, factor, smallest, largest = _chunk(row, lanes, lowest, highest)
            if n == 0:
                continue
            here = part / n
            squares = _squares(row, here, lanes[0])
            if count == 0:
                mean, deviation = here, squares
            else:
                step = here - mean
                mean += step * (n / (count + n))
                deviation += squares + step * step * (count * (n / (count + n)))
            count += n
            total, error = _add(total, error, part)
            product *= factor
            low, high = min(low, smallest), max(high, largest)
        counts[0, layer], counts[1, layer] = count, cells - count
        sums[0, layer], sums[1, layer], sums[2, layer] = total, error, mean
        sums[3, layer], sums[4, layer], sums[5, layer], sums[6, layer] = deviation, product, low, high


@jit
def _weighted_chunk(row: Floats, weights: Floats) -> tuple[float, float, int]:
    total, weight, missing = 0.0, 0.0, 0
    for k in range(row.size):
        value, share = np.float64(row[k]), np.float64(weights[k])
        both = (value == value) & (share == share)
        total += value * share if both else 0.0
        weight += share if both else 0.0
        missing += (value != value) & (share == share)
    return total, weight, missing


@exact_jit
def _sum_weighted(block: Floats, weights: Floats, missing: Counts, sums: Doubles) -> None:
    layers, cells = block.shape
    for layer in range(layers):
        scale = weights[min(layer, weights.shape[0] - 1)]
        total, error, weight, weight_error, gaps = 0.0, 0.0, 0.0, 0.0, 0
        for start in range(0, cells, CHUNK):
            end = min(start + CHUNK, cells)
            part, share, n = _weighted_chunk(
                span(block[layer], start, end - start), span(scale, start, end - start)
            )
            total, error = _add(total, error, part)
            weight, weight_error = _add(weight, weight_error, share)
            gaps += n
        missing[layer] = gaps
        sums[0, layer], sums[1, layer], sums[2, layer], sums[3, layer] = total, error, weight, weight_error


@exact_jit
def _round(values: Floats, factor: float, out: Doubles) -> None:
    """Round half away from zero to multiples of ``1 / factor``."""
    for k in range(values.size):
        value = np.float64(values[k]) * factor
        whole = np.trunc(value)
        rest = value - whole
        whole += (1.0 if rest >= 0.5 else 0.0) - (1.0 if rest <= -0.5 else 0.0)
        out[k] = np.divide(whole, factor) if np.isfinite(value) else np.float64(values[k])


@exact_jit
def _whole_bounds(values: Floats) -> tuple[float, float, bool]:
    """Smallest and largest valid value, and whether all are whole numbers."""
    low, high = np.inf, -np.inf
    for start in range(0, values.size, CHUNK):
        part = span(values, start, min(CHUNK, values.size - start))
        broken = 0
        for k in range(part.size):
            value = np.float64(part[k])
            low = value if value < low else low
            high = value if value > high else high
            broken += (value == value) & (np.floor(value) != value)
        if broken > 0:
            return low, high, False
    return low, high, True


def is_whole(values: Floats) -> bool:
    """Whether all valid values of an array of one dimension are whole numbers."""
    return bool(_whole_bounds(values)[2])


@exact_jit
def _histogram(values: Floats, low: int, counts: Counts) -> None:
    """Count whole numbers from ``low`` on; the last place is for missing ones."""
    last = counts.size - 1
    for k in range(values.size):
        value = values[k]
        place = int(value) - low if value == value else last
        counts[place] += 1


def moments(block: Floats) -> Moments:
    """Return the partial statistics of a block.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
        Missing is NaN.

    Returns
    -------
    Moments
    """
    block = np.ascontiguousarray(block)
    counts, sums = np.empty((2, block.shape[0]), np.int64), np.empty((7, block.shape[0]))
    _moments(block, counts, sums)
    return Moments(counts[0], counts[1], *sums)


def merge_moments(a: Moments, b: Moments) -> Moments:
    """Return the statistics of the cells of both parts."""
    count = a.count + b.count
    with np.errstate(invalid="ignore", over="ignore"):
        share = b.count / np.maximum(count, 1)
        step = b.mean - a.mean
        mean = np.where(a.count == 0, b.mean, np.where(b.count == 0, a.mean, a.mean + step * share))
        between = np.where((a.count == 0) | (b.count == 0), 0.0, step * step * a.count * share)
        total, error = _merge_sums(a.total, a.error, b.total, b.error)
        return Moments(
            count=count,
            missing=a.missing + b.missing,
            total=total,
            error=error,
            mean=mean,
            deviation=a.deviation + b.deviation + between,
            product=a.product * b.product,
            low=np.minimum(a.low, b.low),
            high=np.maximum(a.high, b.high),
        )


def sum_weighted(block: Floats, weights: Floats) -> Weighted:
    """Return the partial weighted sums of a block.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
    weights : ndarray of shape (1, cell) or (layer, cell), float32 or float64
        Cells without a weight are left out.

    Returns
    -------
    Weighted
    """
    block, weights = np.ascontiguousarray(block), np.ascontiguousarray(weights)
    if weights.shape not in (block.shape, (1, block.shape[1])):
        raise ValueError(
            f"sum_weighted: weights must have shape {block.shape} or one layer, got {weights.shape}"
        )
    missing, sums = np.empty(block.shape[0], np.int64), np.empty((4, block.shape[0]))
    _sum_weighted(block, weights, missing, sums)
    return Weighted(sums[0], sums[1], sums[2], sums[3], missing)


def merge_weighted(a: Weighted, b: Weighted) -> Weighted:
    """Return the weighted sums of the cells of both parts."""
    with np.errstate(invalid="ignore", over="ignore"):
        total, error = _merge_sums(a.total, a.error, b.total, b.error)
        weight, weight_error = _merge_sums(a.weight, a.weight_error, b.weight, b.weight_error)
    return Weighted(total, error, weight, weight_error, a.missing + b.missing)


def finish_weighted(parts: Weighted, name: str, na_rm: bool = False) -> Doubles:
    """Return the weighted ``sum`` or ``mean`` of each layer, NaN where the weights sum to 0."""
    if name not in ("sum", "mean"):
        raise ValueError(f"finish_weighted: name must be sum or mean, got {name!r}")
    total, weight = parts.total + parts.error, parts.weight + parts.weight_error
    with np.errstate(invalid="ignore", divide="ignore"):
        result = total / weight if name == "mean" else total
    return np.where((weight != 0) & (na_rm | (parts.missing == 0)), result, np.nan)


def rounded(values: Floats, digits: int) -> Doubles:
    """Return the values rounded to decimals, half away from zero."""
    flat = np.ascontiguousarray(values).reshape(-1)
    out = np.empty(flat.shape)
    _round(flat, 10.0**digits, out)
    return out.reshape(values.shape)


def value_counts(values: Floats, digits: int | None = None) -> ValueCounts:
    """Return the different values and how often each occurs.

    Parameters
    ----------
    values : ndarray of any shape, float32 or float64
    digits : int, optional
        Round to so many decimals first, half away from zero.

    Returns
    -------
    values : ndarray of float64, ascending; NaN comes last, where a cell is missing
    counts : ndarray of int64
    """
    flat = np.ascontiguousarray(values).reshape(-1)
    if digits is not None:
        flat = rounded(flat, digits)
    low, high, whole = _whole_bounds(flat)
    if whole and low <= high and high - low < min(HISTOGRAM_SIZE, max(256, 4 * flat.size)):
        counts = np.zeros(int(high - low) + 2, np.int64)
        _histogram(flat, int(low), counts)
        places = np.flatnonzero(counts)
        distinct = np.where(places == counts.size - 1, np.nan, places + low)
        return distinct, counts[places]
    distinct, counts = np.unique(flat, return_counts=True)
    return distinct.astype(np.float64), counts.astype(np.int64)


def merge_counts(parts: Iterable[ValueCounts]) -> ValueCounts:
    """Return the counts of all parts together, in the form of ``value_counts``."""
    listed = list(parts)
    if not listed:
        return np.empty(0), np.empty(0, np.int64)
    values = np.concatenate([part[0] for part in listed])
    counts = np.concatenate([part[1] for part in listed])
    distinct, place = np.unique(values, return_inverse=True)
    merged = np.zeros(distinct.size, np.int64)
    np.add.at(merged, place, counts)
    return distinct, merged


def _merge_sums(a: Doubles, a_error: Doubles, b: Doubles, b_error: Doubles) -> tuple[Doubles, Doubles]:
    """Add two sums that carry their rounding errors."""
    total = a + b
    lost = np.where(np.abs(a) >= np.abs(b), (a - total) + b, (b - total) + a)
    return total, np.where(np.isfinite(total), a_error + b_error + lost, 0.0)
