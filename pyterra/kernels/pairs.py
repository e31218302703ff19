"""Sums of products of every pair of layers, in parts: covariances and correlations of whole layers.

Parts are merged about the common means, so the result hardly depends on the blocks.

References
----------
Chan, Golub and LeVeque, The American Statistician 37 (1983).
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """What the cells seen so far say about every pair of layers; every field has shape (layer, layer)."""

    count: Doubles
    """Cells where both are valid."""
    mass: Doubles
    """Sum of their weights; their number, where there are none."""
    mean: Doubles
    """Mean of the layer of the row, in the cells where that of the column is valid too."""
    product: Doubles
    """Sum of the products of both differences from these means."""
    square: Doubles
    """Sum of the squared differences from its mean of the layer of the row, in the same cells."""
    seen: int
    """All cells."""


def pairs(block: Floats, weights: Floats | None = None, *, complete: bool = False) -> Pairs:
    """Return the partial sums of a block.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
        Missing is NaN.
    weights : ndarray of shape (cell,), optional
        Cells without a weight are left out.
    complete : bool
        Leave out cells that are missing in any layer.

    Returns
    -------
    Pairs
    """
    values = block.astype(np.float64)
    valid = ~np.isnan(values)
    if complete:
        valid &= valid.all(axis=0)
    share = np.ones(block.shape[1]) if weights is None else weights.astype(np.float64)
    valid &= ~np.isnan(share)
    share = np.where(np.isnan(share), 0.0, share)
    known = valid.astype(np.float64)
    values[~valid] = 0.0
    with np.errstate(all="ignore"):
        mass = known * share
        centre = (values * mass).sum(axis=1) / mass.sum(axis=1)
        centre[~np.isfinite(centre)] = 0.0
        values -= centre[:, None] * known
        weighed = values * share
        masses, sums = mass @ known.T, weighed @ known.T
        means = sums / masses
        products = weighed @ values.T - means * means.T * masses
        squares = (weighed * values) @ known.T - means * means * masses
        return Pairs(known @ known.T, masses, means + centre[:, None], products, squares, block.shape[1])


def merge_pairs(a: Pairs, b: Pairs) -> Pairs:
    """Return the sums of the cells of both parts."""
    mass = a.mass + b.mass
    with np.errstate(all="ignore"):
        share = np.where(mass != 0, b.mass / mass, 0.0)
        step = np.where((a.mass == 0) | (b.mass == 0), 0.0, b.mean - a.mean)
        mean = np.where(a.mass == 0, b.mean, a.mean + step * share)
        products = _sum(a.product, b.product, a.mass, b.mass) + step * step.T * a.mass * share
        squares = _sum(a.square, b.square, a.mass, b.mass) + step * step * a.mass * share
        return Pairs(a.count + b.count, mass, mean, products, squares, a.seen + b.seen)


def _sum(a: Doubles, b: Doubles, mass_a: Doubles, mass_b: Doubles) -> Doubles:
    """Both, without what there is of no cells."""
    return np.where(mass_a == 0, 0.0, a) + np.where(mass_b == 0, 0.0, b)


def covariance(parts: Pairs, *, sample: bool) -> Doubles:
    """Return the (weighted) covariances: over n - 1, or the sum of the weights - 1, for a sample, else over these."""
    divisor = parts.mass - 1 if sample else parts.mass
    with np.errstate(all="ignore"):
        return np.where(divisor > 0, parts.product / divisor, np.nan)


def correlation(parts: Pairs) -> Doubles:
    """Return Pearson's correlations."""
    with np.errstate(all="ignore"):
        return np.clip(parts.product / np.sqrt(parts.square * parts.square.T), -1.0, 1.0)
