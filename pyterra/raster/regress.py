"""regress: a line, or a plane, through the layers of each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer
from pyterra.frozen import dataclass
from pyterra.raster.build import FLOAT64, cells_raster, is_raster, node_of, numbers_of, on_grid

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

INTERCEPT = "(Intercept)"
SINGULAR = 1e-9
"""Least eigenvalue of what is known of the predictors of a cell, 1 where all layers are there."""


@dataclass(frozen=True)
class Line:
    """Intercept and slope of each cell on one predictor: numbers, one per layer, or the layers of a second block."""

    numbers: tuple[float, ...]
    na_rm: bool

    def __call__(self, block: Array, second: Array | None = None) -> Array:
        count, shape = len(block), block.shape[1:]
        pairs = []
        for i in range(count):
            x = np.full(shape, self.numbers[i]) if second is None else second[i].astype(np.float64)
            y = block[i].astype(np.float64)
            valid = ~(np.isnan(x) | np.isnan(y))
            pairs.append((np.where(valid, x, 0.0), np.where(valid, y, 0.0), valid))
        n, mean_x, mean_y = (np.zeros(shape) for _ in range(3))
        for x, y, valid in pairs:
            n += valid
            mean_x += x
            mean_y += y
        with np.errstate(all="ignore"):
            mean_x /= n
            mean_y /= n
            across, along = np.zeros(shape), np.zeros(shape)
            for x, y, valid in pairs:
                step = np.where(valid, x - mean_x, 0.0)
                along += step * step
                across += step * np.where(valid, y - mean_y, 0.0)
            slope = np.where(along > 0, across / along, 0.0)
            out = np.stack([mean_y - slope * mean_x, slope])
        out[:, n < (2 if self.na_rm else count)] = np.nan
        return out


@dataclass(frozen=True, eq=False)
class Plane:
    """Coefficients of each cell on several predictors, which are the same for all cells."""

    design: Array
    """Shape (layer, coefficient), the first column is 1."""
    na_rm: bool

    def __call__(self, block: Array) -> Array:
        flat = block.reshape(len(block), -1).astype(np.float64)
        valid = ~np.isnan(flat)
        base, triangle = np.linalg.qr(self.design)
        back = np.linalg.inv(triangle)
        width = base.shape[1]
        sums = np.zeros((width, flat.shape[1]))
        for row, values, known in zip(base, flat, valid, strict=True):
            sums += row[:, None] * np.where(known, values, 0.0)
        out = np.full((width, flat.shape[1]), np.nan)
        whole = valid.all(axis=0)
        out[:, whole] = sums[:, whole]
        if self.na_rm:
            some = ~whole & (valid.sum(axis=0) >= width)
            out[:, some] = _with_gaps(base, valid[:, some], sums[:, some])
        found = np.zeros_like(out)
        for column, part in zip(back.T, out, strict=True):
            found += column[:, None] * part
        return found.reshape(width, *block.shape[1:])


def _with_gaps(base: Array, valid: Array, sums: Array) -> Array:
    """Coefficients on an orthonormal base where layers are missing; NaN where those that are left do not tell."""
    out = np.full_like(sums, np.nan)
    patterns, of = np.unique(valid, axis=1, return_inverse=True)
    for k in range(patterns.shape[1]):
        rows = base[patterns[:, k]]
        known = rows.T @ rows
        here = np.flatnonzero(of.reshape(-1) == k)
        if np.linalg.eigvalsh(known)[0] > SINGULAR:
            inverse = np.linalg.inv(known)
            part = np.zeros((len(known), here.size))
            for column, values in zip(inverse.T, sums[:, here], strict=True):
                part += column[:, None] * values
            out[:, here] = part
    return out


def regress(
    y: SpatRaster, x: SpatRaster | Sequence[float] | pd.DataFrame | Mapping[str, Any], *, na_rm: bool = False
) -> SpatRaster:
    """Coefficients of a linear regression (least squares) of the layers of each cell.

    Parameters
    ----------
    y : SpatRaster
        The response: each layer is an observation.
    x : sequence of float, SpatRaster, DataFrame, mapping of columns or array of shape (nlyr, predictors)
        The predictor: one number per layer, such as years; a raster with a layer for each of `y`; or several predictors
        as the columns of a table with a row per layer.
    na_rm : bool
        Leave out layers that are missing. Otherwise a cell with a missing layer is missing.

    Returns
    -------
    SpatRaster
        A layer per coefficient: ``(Intercept)``, and ``x``, the names of the columns, or ``x1, x2`` and so on. Missing
        where too few layers are left. The slope on a predictor that does not vary is 0.

    Raises
    ------
    ArgumentError
        Where `x` does not have one row per layer, has missing values, or its columns depend on each other.

    See Also
    --------
    app : Applies any function to the layers of each cell.

    Notes
    -----
    Other terms are further columns: the squares of a predictor, or its products with another.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 5]], [[3, 5]], [[5, 5]]])
    >>> r.regress([2000, 2001, 2002]).values().tolist()
    [[-3999.0, 2.0], [5.0, 0.0]]
    """
    node = node_of(y, "regress")
    count = len(node.layers)
    if count < 2:
        raise ArgumentError("regress: y must have two layers or more, got 1")
    if is_raster(x):
        other = node_of(x, "regress: x")
        if len(other.layers) != count:
            raise ArgumentError(f"regress: x must have {count} layers, as y has, got {len(other.layers)}")
        grid = node.grid.check_same(other.grid, "regress")
        kernel: Any = Line((), na_rm)
        return _coefficients([on_grid(node, grid), on_grid(other, grid)], [INTERCEPT, "x"], kernel)
    names, table = _table(x)
    if table.shape[0] != count or not np.isfinite(table).all():
        raise ArgumentError(
            f"regress: x must have a number for each layer of y ({count}), got {table.shape[0]}, or missing ones"
        )
    if len(names) == 1:
        return _coefficients([node], [INTERCEPT, *names], Line(tuple(table[:, 0].tolist()), na_rm))
    design = np.column_stack([np.ones(count), table])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ArgumentError(
            f"regress: the columns of x must not depend on each other, got {', '.join(names)}"
        )
    return _coefficients([node], [INTERCEPT, *names], Plane(design, na_rm))


def _table(x: Any) -> tuple[list[str], Array]:
    """Names and numbers of predictors, shape (layer, predictor)."""
    if isinstance(x, Mapping):
        import pandas as pd

        x = pd.DataFrame(x)
    if hasattr(x, "columns"):
        names = [str(name) for name in x.columns]
        return names, np.column_stack(
            [numbers_of(x.iloc[:, i].to_numpy(), "regress: x") for i in range(len(names))]
        )
    numbers = np.atleast_1d(numbers_of(x, "regress: x"))
    if numbers.ndim == 2:
        return [f"x{i + 1}" for i in range(numbers.shape[1])], numbers
    return ["x"], numbers.reshape(-1, 1)


def _coefficients(inputs: list[Any], names: list[str], kernel: Any) -> SpatRaster:
    temporaries = 40.0 * len(inputs[0].layers) + 64.0
    layers = [Layer(name) for name in names]
    return cells_raster(inputs, layers, FLOAT64, kernel, layerwise=False, temporaries=temporaries)
