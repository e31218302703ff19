"""approximate: gaps along the layers filled, and layers made at new dates, as R's approx does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError, warn
from pyterra.expr import Array, Cells, Layer
from pyterra.frozen import dataclass
from pyterra.raster.build import FLOAT64, exact_dtype, node_of, raster
from pyterra.raster.time import parse_times

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Moments


@dataclass(frozen=True)
class Approximation:
    """Arguments of R's approx for every cell; the plan is made once per process."""

    positions: tuple[float, ...]
    """Where the layers lie."""
    at: tuple[float, ...] | None
    """Where values are wanted; None = at the layers, to fill their gaps."""
    method: str
    rule: tuple[int, int]
    f: float
    yleft: float | None
    yright: float | None
    ties: str
    na_rule: int
    dtype: np.dtype[Any]

    def __call__(self, block: Array) -> Array:
        out: Array = kernels.series.interpolate(
            block.reshape(len(block), -1), _prepared(self), na_rule=self.na_rule, out_dtype=self.dtype
        )
        return out.reshape(len(out), *block.shape[1:])


@lru_cache(maxsize=64)
def _prepared(of: Approximation) -> Any:
    """The plan of an interpolation."""
    return kernels.series.prepare(
        of.positions,
        of.at,
        method=of.method,
        rule=of.rule,
        f=of.f,
        yleft=of.yleft,
        yright=of.yright,
        ties=of.ties,
    )


def approximate(
    x: SpatRaster,
    method: Literal["linear", "constant"] = "linear",
    *,
    xout: Moments | None = None,
    rule: int | tuple[int, int] = 1,
    f: float = 0.0,
    ties: Literal["mean", "min", "max", "ordered"] = "mean",
    z: Moments | None = None,
    na_rule: int = 1,
    yleft: float | None = None,
    yright: float | None = None,
    names: Sequence[str] | Callable[[Any], str] | None = None,
) -> SpatRaster:
    """Fill missing layers of each cell by interpolation between its valid ones, or make layers at new positions.

    Parameters
    ----------
    x : SpatRaster
        At least two layers.
    method : {"linear", "constant"}
        Straight lines between valid layers, or steps.
    xout : sequence of number or date, optional
        Positions of the layers of the result. By default those of `x`: its gaps are filled, as terra does.
    rule : 1, 2 or (int, int)
        Before the first and after the last valid layer: 1 stays missing, 2 repeats the nearest value; a pair for left
        and right.
    f : float
        For steps: 0 takes the value on the left, 1 that on the right, between them a weighted mean.
    ties : {"mean", "min", "max", "ordered"}
        What layers at one position count as.
    z : sequence of number or date, optional
        Positions of the layers; by default their time, else 1, 2, 3 ...
    na_rule : int
        1: a cell with one valid layer gets its value everywhere. Other: such a cell stays as it is.
    yleft, yright : float, optional
        Values outside the valid layers, instead of `rule`.
    names : sequence of str or callable, optional
        Names of the layers at `xout`, or a function of a position; by default the positions as text.

    Returns
    -------
    SpatRaster
        The layers of `x` (names and time kept), or one layer per `xout` with that time.

    Raises
    ------
    ArgumentError
        Where there are not as many positions as layers, or an argument is not allowed.

    See Also
    --------
    app : Applies a function to the layers of each cell.
    set_time : Gives layers their times.

    Notes
    -----
    Where all layers of a cell are valid, the result is one fixed set of weights per position; bytes with few values
    go through a table of all combinations; gaps are scanned. The three give the same bits.

    References
    ----------
    R's ``stats::approx`` and ``terra::approximate``.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[10]], [[nan]], [[30]]])
    >>> r.approximate().values().tolist()
    [[10.0, 20.0, 30.0]]
    >>> r = pt.rast([[[0]], [[100]]], time=[2003, 2007])
    >>> r.approximate(xout=range(2002, 2009), rule=2).values().tolist()
    [[0.0, 0.0, 25.0, 50.0, 75.0, 100.0, 100.0]]
    """
    node = node_of(x, "approximate")
    method = choice(method, ("linear", "constant"), "approximate: method")
    ties = choice(ties, ("mean", "min", "max", "ordered"), "approximate: ties")
    rules = (rule, rule) if isinstance(rule, int) else tuple(rule)
    if len(rules) != 2 or any(r not in (1, 2) for r in rules):
        raise ArgumentError(f"approximate: rule must be 1, 2 or a pair of them, got {rule!r}")
    if not 0 <= f <= 1:
        raise ArgumentError(f"approximate: f must lie between 0 and 1, got {f}")
    if len(node.layers) < 2 and xout is not None:
        raise ArgumentError("approximate: needs at least two layers, got 1")
    if len(node.layers) < 2:
        warn("approximate: there is nothing between the layers of a raster that has one; it stays as it is")
        return raster(node)
    positions, dated = _positions(x, z)
    at, layers = None, tuple(layer.number() for layer in node.layers)
    if xout is not None:
        at, layers = _new_layers(xout, dated, x.time_info(), names)
    between = method == "linear" or f not in (0, 1) or len(set(positions)) < len(positions)
    dtype = FLOAT64 if between else exact_dtype([y for y in (yleft, yright) if y is not None], node.dtype)
    kernel = Approximation(
        positions, at, method, (int(rules[0]), int(rules[1])), float(f), yleft, yright, ties, na_rule, dtype
    )
    # A tile of the scan, the table of combinations and a few rows: far less than a block.
    return raster(
        Cells(
            grid=node.grid,
            layers=layers,
            dtype=dtype,
            arguments=(node,),
            kernel=kernel,
            temporaries=16.0,
        )
    )


def _positions(x: SpatRaster, z: Any) -> tuple[tuple[float, ...], bool]:
    """Positions of the layers as numbers, and whether they are dates (days since 1970)."""
    given = x.time if z is None else z
    if given is None:
        return tuple(float(i + 1) for i in range(len(x))), False
    items = list(np.atleast_1d(given)) if isinstance(given, np.ndarray) else list(given)
    if len(items) != len(x):
        raise ArgumentError(f"approximate: z must have one position per layer ({len(x)}), got {len(items)}")
    return _numbers(items, "z")


def _numbers(items: Sequence[Any], what: str) -> tuple[tuple[float, ...], bool]:
    dated = not all(isinstance(v, int | float | np.integer | np.floating) for v in items)
    stamps, _ = parse_times(items, "seconds" if dated else None)
    if dated:
        days = tuple(float(s.astype("datetime64[s]").astype(np.int64)) / 86400.0 for s in stamps)  # type: ignore[union-attr]
        return days, True
    numbers = tuple(float(v) for v in items)
    if what == "z" and not np.isfinite(numbers).all():
        raise ArgumentError(f"approximate: {what} must be finite numbers, got {numbers}")
    return numbers, False


def _new_layers(
    xout: Any, dated: bool, step: str, names: Sequence[str] | Callable[[Any], str] | None
) -> tuple[tuple[float, ...], tuple[Layer, ...]]:
    items = [xout] if isinstance(xout, str | int | float | np.datetime64) else list(xout)
    if not items:
        raise ArgumentError("approximate: xout must name at least one position, got nothing")
    at, are_dates = _numbers(items, "xout")
    if are_dates != dated:
        kinds = ("numbers", "dates")
        raise ArgumentError(
            f"approximate: xout must be {kinds[dated]} as the positions of the layers are, got {kinds[are_dates]}"
        )
    if dated:
        stamps, found = parse_times(items, None)
        texts = [str(s).replace("T", " ") for s in stamps]
    else:
        found = step or "raw"
        stamps, texts = list(at), [f"{v:g}" for v in at]
    if names is not None:
        texts = [names(item) for item in items] if callable(names) else [str(n) for n in names]
        if len(texts) != len(items):
            raise ArgumentError(f"approximate: names must be one per xout ({len(items)}), got {len(texts)}")
    layers = tuple(Layer(text, time=stamp, step=found) for text, stamp in zip(texts, stamps, strict=True))
    return at, layers
