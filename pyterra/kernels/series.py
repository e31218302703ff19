"""Interpolation along the layers of each cell: R's ``approx``, prepared once and run over blocks.

``prepare`` turns positions, rules and ties into a plan; ``interpolate`` applies it to a block. A cell's
missing layers are left out before anything else, so every cell may have knots of its own.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels import series_scan

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Method: TypeAlias = Literal["linear", "constant"]
Ties: TypeAlias = Literal["mean", "min", "max", "ordered"]

TABLE_SIZE = 4096  # combinations of values
TILE_BYTES = 1 << 20  # a tile and its working space; 126 layers, ns a value: 2.6, with 1 << 18 3.8

_TIES = {
    "mean": series_scan.MEAN,
    "ordered": series_scan.MEAN,
    "min": series_scan.MIN,
    "max": series_scan.MAX,
}


@dataclass(frozen=True, slots=True, eq=False)
class SeriesPlan:
    """Everything about an interpolation that does not depend on the values."""

    members: Integers
    """Layers in order of position."""
    first: Integers
    """Where each knot's layers begin in ``members``; one more than there are knots."""
    ties: int
    """What the layers of one knot become."""
    knots: Doubles
    """Positions of the knots, ascending."""
    at: Doubles
    """Positions asked for, in the caller's order."""
    rank: Integers
    """``at`` in ascending order."""
    below: Integers
    """For each of ``at``, how many knots lie at or before it."""
    kind: Integers
    """For each of ``at``, where no layer is missing: fixed, a copy of ``low``, or its blend with ``high``."""
    low: Integers
    """Knot on the left."""
    high: Integers
    """Knot on the right."""
    weight: Doubles
    """Share of the way from ``low`` to ``high``, or the fixed value."""
    linear: bool
    """Straight lines between knots; else steps."""
    f: float
    """For steps, the weight of the right-hand value."""
    left: float
    """Value before the first valid knot, where it is fixed."""
    right: float
    """Value after the last valid knot, where it is fixed."""
    flat_left: bool
    """Hold the first valid value before it."""
    flat_right: bool
    """Hold the last valid value after it."""
    fill: bool
    """The positions asked for are the layers' own."""


def prepare(
    positions: npt.ArrayLike,
    at: npt.ArrayLike | None = None,
    *,
    method: Method = "linear",
    rule: int | tuple[int, int] = 1,
    f: float = 0.0,
    yleft: float | None = None,
    yright: float | None = None,
    ties: Ties = "mean",
) -> SeriesPlan:
    """Return a plan for interpolating layers at some positions to others.

    Parameters
    ----------
    positions : array_like of shape (layer,)
        Where the layers lie, in any order: years, days, depths.
    at : array_like of shape (position,), optional
        Where values are wanted; NaN gives NaN. Default: at the layers themselves, to fill their gaps.
    method : {"linear", "constant"}
    rule : 1, 2 or a pair of them (before the first valid layer, after the last)
        1 gives missing, 2 holds the nearest value.
    f : float in [0, 1]
        For "constant": 0 takes the value on the left, 1 that on the right, between them a weighted mean.
    yleft, yright : float, optional
        Fixed values outside the valid layers; they override ``rule``.
    ties : {"mean", "min", "max", "ordered"}
        What layers at one position become. "ordered" keeps them as they come: the first counts for what lies
        before, the last for the position itself and what lies after.

    Returns
    -------
    SeriesPlan
    """
    x = np.asarray(positions, np.float64)
    wanted = x if at is None else np.atleast_1d(np.asarray(at, np.float64))
    rules = (rule, rule) if isinstance(rule, int) else tuple(rule)
    _check(x, method, rules, f, ties)

    if ties == "ordered":
        members, knots = np.arange(x.size), x
        first = np.arange(x.size + 1)
    else:
        members = np.argsort(x, kind="stable")
        knots, start = np.unique(x[members], return_index=True)
        first = np.append(start, x.size)
    rank = np.argsort(wanted, kind="stable")
    below = np.searchsorted(knots, wanted, side="right")
    left = np.nan if yleft is None else float(yleft)
    right = np.nan if yright is None else float(yright)
    flat_left = yleft is None and rules[0] == 2
    flat_right = yright is None and rules[1] == 2
    linear = method == "linear"

    low, high = np.maximum(below - 1, 0), np.minimum(below, knots.size - 1)
    before, after = below == 0, (below == knots.size) & (wanted != knots[-1])
    between = ~before & ~after & (knots[low] != wanted)
    weight = np.zeros(wanted.size)
    weight[between] = (wanted - knots[low])[between] / (knots[high] - knots[low])[between]
    weight[before], weight[after] = left, right
    kind = np.full(wanted.size, series_scan.COPY)
    kind[between] = series_scan.LINEAR if linear else series_scan.STEP
    kind[before & (not flat_left)] = series_scan.FIXED
    kind[after & (not flat_right)] = series_scan.FIXED
    return SeriesPlan(
        members=members.astype(np.int64),
        first=first.astype(np.int64),
        ties=_TIES[ties],
        knots=np.ascontiguousarray(knots),
        at=np.ascontiguousarray(wanted),
        rank=rank.astype(np.int64),
        below=below.astype(np.int64),
        kind=kind.astype(np.int64),
        low=low.astype(np.int64),
        high=high.astype(np.int64),
        weight=weight,
        linear=linear,
        f=float(f),
        left=left,
        right=right,
        flat_left=flat_left,
        flat_right=flat_right,
        fill=at is None,
    )


def interpolate(
    block: Floats, plan: SeriesPlan, *, na_rule: int = 1, out_dtype: npt.DTypeLike | None = None
) -> Floats:
    """Return the layers of each cell interpolated to the positions of a plan.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
        Missing is NaN.
    plan : SeriesPlan
    na_rule : int
        1 (terra's default): a cell with exactly one valid layer has that value everywhere, whatever the
        rules. Any other number: such a cell stays as it is when filling; at new positions it follows
        ``approx`` for "constant" and is missing for "linear".
    out_dtype : dtype, optional
        Default: the block's.

    Returns
    -------
    ndarray of shape (position, cell)

    Notes
    -----
    Valid layers pass through ``approx`` too: tied ones change. Blocks of a few small whole numbers with gaps
    go through a table of all their combinations, which this same function fills; the bits are the same either
    way.
    """
    if block.shape[0] != plan.members.size:
        raise ValueError(f"interpolate: the plan is for {plan.members.size} layers, got {block.shape[0]}")
    block = np.ascontiguousarray(block)
    out = np.empty((plan.at.size, block.shape[1]), block.dtype if out_dtype is None else out_dtype)
    combinations = _combinations(block)
    if combinations is None:
        _scan(block, plan, na_rule, out)
    else:
        table = np.empty((plan.at.size, combinations.shape[1]), out.dtype)
        _scan(combinations, plan, na_rule, table)
        series_scan.look_up(block, float(np.nanmin(combinations)), table, out)
    return out


def _scan(block: Floats, plan: SeriesPlan, na_rule: int, out: Floats) -> None:
    """Interpolate without a table."""
    tied = plan.knots.size < plan.members.size
    dtype = np.dtype(np.float64) if tied else block.dtype
    cell_bytes = plan.knots.size * (2 * dtype.itemsize + 8)
    width = max(64, min(512, TILE_BYTES // cell_bytes // 32 * 32))
    series_scan.scan(
        block,
        plan.members,
        plan.first,
        plan.ties,
        plan.knots,
        plan.at,
        plan.rank,
        plan.below,
        plan.kind,
        plan.low,
        plan.high,
        plan.weight,
        plan.linear,
        plan.f,
        plan.left,
        plan.right,
        plan.flat_left,
        plan.flat_right,
        plan.fill,
        na_rule == 1,
        np.empty((plan.knots.size, width), dtype),
        out,
    )
    out[np.isnan(plan.at)] = np.nan


def _combinations(block: Floats) -> Floats | None:
    """Every series that a block of few whole numbers, with gaps, can hold; None for other blocks."""
    layers, cells = block.shape
    if 2**layers > TABLE_SIZE or cells < 4 * TABLE_SIZE:
        return None
    smallest, largest, whole, gaps = series_scan.value_range(block)
    if not (
        whole and gaps and smallest <= largest < np.inf and (largest - smallest + 2) ** layers <= TABLE_SIZE
    ):
        return None
    choices = np.append(np.arange(smallest, largest + 1), np.nan).astype(block.dtype)
    digits = np.indices((choices.size,) * layers).reshape(layers, -1)
    return np.ascontiguousarray(choices[digits])


def _check(x: Doubles, method: str, rules: tuple[int, ...], f: float, ties: str) -> None:
    if x.ndim != 1 or x.size == 0 or not np.isfinite(x).all():
        raise ValueError(f"approximate: positions must be finite numbers, one per layer, got {x.tolist()}")
    if method not in ("linear", "constant"):
        raise ValueError(f'approximate: method must be "linear" or "constant", got {method!r}')
    if len(rules) != 2 or not set(rules) <= {1, 2}:
        raise ValueError(f"approximate: rule must be 1, 2 or a pair of them, got {rules}")
    if not 0 <= f <= 1:
        raise ValueError(f"approximate: f must lie in [0, 1], got {f}")
    if ties not in _TIES:
        raise ValueError(f"approximate: ties must be one of {', '.join(_TIES)}, got {ties!r}")
    if ties == "ordered" and np.any(np.diff(x) < 0):
        raise ValueError('approximate: ties="ordered" needs ascending positions; sort the layers')
