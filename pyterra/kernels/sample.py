"""Values at fractional source positions, by GDAL's interpolation kernels.

Positions are in cells of the whole source: 0.0 is the outer edge of its first cell, 0.5 that cell's centre.
A block is a window of the source, told by its ``origin``; what lies outside the block counts as outside the
raster, so a window needs a margin of ``reach`` cells. Where the destination is coarser than the source the
kernels are widened by the caller's ``scale``. Where a block runs over the seam of a raster that goes around the
earth, columns beyond its last one lie a ``turn`` to the left: weights come from the position as it is, so that they
have the same bits in every block.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, fill_all, inlined, inner_jit
from pyterra.kernels.area import add_share

Array: TypeAlias = npt.NDArray[Any]
SampleMethod = Literal["near", "bilinear", "cubic", "cubicspline", "lanczos"]

NEAR, BILINEAR, CUBIC, CUBICSPLINE, LANCZOS = range(5)
_CODES = {name: code for code, name in enumerate(get_args(SampleMethod))}
_RADIUS = (0, 1, 2, 2, 3)

EDGE = 1e-10  # cells; a position this little before an edge is on it, and belongs to the next cell
LIGHTEST = 1e-6  # a result with less total weight is missing


def kernel_scale(cells: float) -> float:
    """Factor by which a kernel's argument shrinks where a destination cell spans ``cells`` source cells.

    As in GDAL: 1 for up to one cell; the reciprocal of a whole number when ``cells`` is within 0.05 of it;
    else ``1 / cells``.
    """
    if cells <= 1:
        return 1.0
    whole = int(cells + 0.5)
    return 1 / whole if abs(cells - whole) < 0.05 else 1 / cells


def reach(method: SampleMethod, scale: float = 1.0) -> int:
    """Source cells that a value needs on each side of the cell that holds its position."""
    return int(np.ceil(_RADIUS[_CODES[method]] / scale))


@inlined
def _cell(position: float) -> int:
    """The cell that holds a position, which may lie before the first one."""
    return int(np.floor(position + EDGE))


@inner_jit
def _kernel(method: int, x: float) -> Any:
    """Weight of a source cell whose centre is ``x`` (scaled) cells away."""
    x = abs(x)
    if method == BILINEAR:
        return max(0.0, 1.0 - x)
    if method == CUBIC:
        if x <= 1.0:
            return (1.5 * x - 2.5) * x * x + 1.0
        return ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0 if x < 2.0 else 0.0
    if method == CUBICSPLINE:
        if x < 1.0:
            return 2.0 / 3.0 - x * x + 0.5 * x * x * x
        return (2.0 - x) ** 3 / 6.0 if x < 2.0 else 0.0
    if x == 0.0:
        return 1.0
    if x >= 3.0:
        return 0.0
    a = np.pi * x
    return 3.0 * np.sin(a) * np.sin(a / 3.0) / (a * a)


@inner_jit
def _taps(position: float, method: int, scale: float, weights: Array) -> int:
    """Fill the weights of neighbouring source cells; return the first of them."""
    n = weights.size
    base = int(np.floor(position - 0.5))
    delta = position - 0.5 - base
    for k in range(n):
        weights[k] = _kernel(method, (k - n // 2 + 1 - delta) * scale)
    return base - n // 2 + 1


@exact_jit
def _axis(positions: Array, method: int, scale: float, first: Array, weights: Array) -> None:
    """Taps of every position of an axis; none where a position is not finite."""
    for i in range(positions.size):
        if np.isfinite(positions[i]):
            first[i] = _taps(positions[i], method, scale, weights[i])


@inner_jit
def _bilinear(part: Array, row: float, col: float, row0: int, col0: int) -> float:
    """Bilinear value of one layer that begins at ``row0``, ``col0``; missing neighbours drop out."""
    nrow, ncol = part.shape
    y, x = int(np.floor(row - 0.5)), int(np.floor(col - 0.5))
    dy, dx = row - 0.5 - y, col - 0.5 - x
    y, x = y - row0, x - col0
    total = mass = 0.0
    for i in range(2):
        for j in range(2):
            if 0 <= y + i < nrow and 0 <= x + j < ncol:
                v = part[y + i, x + j]
                if v == v:
                    w = (dy if i else 1.0 - dy) * (dx if j else 1.0 - dx)
                    total += w * v
                    mass += w
    return total / mass if mass > LIGHTEST else np.nan


@exact_jit
def _on_grid(
    block: Array,
    rows: Array,
    cols: Array,
    row0: int,
    col0: Array,
    centre_row: Array,
    centre_col: Array,
    row_first: Array,
    row_weight: Array,
    col_first: Array,
    col_weight: Array,
    whole: bool,
    out: Array,
) -> None:
    """Interpolate at every row position times every column position: rows are added first, then columns.

    ``col0`` is the block's first column as every column position counts it. ``whole`` asks for every tap, and takes
    bilinear where one is missing.
    """
    nlyr, nrow, ncol = block.shape
    value = empty(ncol)
    weight = empty(ncol)
    ny, nx = row_weight.shape[1], col_weight.shape[1]
    for layer in range(nlyr):
        for y in range(rows.size):
            target = out[layer, y]
            fill_all(target, np.nan)
            cy = centre_row[y]
            if cy < 0:
                continue
            fill_all(value, 0.0)
            fill_all(weight, 0.0)
            top, bottom = max(0, row_first[y]), min(nrow, row_first[y] + ny)
            for i in range(top, bottom):
                share = row_weight[y, i - row_first[y]]
                if whole:
                    line = block[layer, i]
                    for x in range(ncol):
                        value[x] += share * line[x]
                else:
                    add_share(block[layer, i], share, False, value, weight)
            centre = block[layer, cy]
            for x in range(cols.size):
                cx = centre_col[x]
                if cx < 0 or centre[cx] != centre[cx]:
                    continue
                left, right = max(0, col_first[x]), min(ncol, col_first[x] + nx)
                total = mass = 0.0
                if whole:
                    for j in range(left, right):
                        total += col_weight[x, j - col_first[x]] * value[j]
                    if total != total or right - left < nx or bottom - top < ny:
                        target[x] = _bilinear(block[layer], rows[y], cols[x], row0, col0[x])
                    else:
                        target[x] = total
                    continue
                for j in range(left, right):
                    total += col_weight[x, j - col_first[x]] * value[j]
                    mass += col_weight[x, j - col_first[x]] * weight[j]
                if mass >= LIGHTEST:
                    target[x] = total / mass


@exact_jit
def _near_on_grid(block: Array, centre_row: Array, centre_col: Array, out: Array) -> None:
    """The cells that hold the positions."""
    for layer in range(block.shape[0]):
        for y in range(centre_row.size):
            target = out[layer, y]
            if centre_row[y] < 0:
                fill_all(target, np.nan)
                continue
            row = block[layer, centre_row[y]]
            for x in range(centre_col.size):
                target[x] = row[centre_col[x]] if centre_col[x] >= 0 else np.nan


@inlined
def _share(v: Any, weight: float) -> tuple[float, float]:
    """The weight of a neighbour and its value; zeros for one that is missing."""
    return (weight, np.float64(v)) if v == v else (0.0, 0.0)


@exact_jit
def _at_points(
    block: Array,
    rows: Array,
    cols: Array,
    row0: int,
    col0: int,
    turn: int,
    method: int,
    row_scale: float,
    col_scale: float,
    ny: int,
    nx: int,
    out: Array,
) -> None:
    """Interpolate at positions of their own; the block begins at cell ``row0``, ``col0``."""
    nlyr, nrow, ncol = block.shape
    row_weight = empty(ny)
    col_weight = empty(nx)
    whole = method == CUBIC and row_scale == 1.0 and col_scale == 1.0
    for y in range(rows.shape[0]):
        for x in range(rows.shape[1]):
            row, col = rows[y, x], cols[y, x]
            start = col0 + turn if turn and col + EDGE >= col0 + ncol else col0
            inside = row0 <= row + EDGE < row0 + nrow and start <= col + EDGE < start + ncol
            cy, cx = (_cell(row) - row0, _cell(col) - start) if inside else (0, 0)
            top = left = 0
            if inside and method != NEAR:
                top = _taps(row, method, row_scale, row_weight) - row0
                left = _taps(col, method, col_scale, col_weight) - start
            cut = top < 0 or left < 0 or top + ny > nrow or left + nx > ncol
            for layer in range(nlyr):
                part = block[layer]
                if not inside or part[cy, cx] != part[cy, cx]:
                    out[layer, y, x] = np.nan
                elif method == NEAR:
                    out[layer, y, x] = part[cy, cx]
                elif not cut and not whole:
                    out[layer, y, x] = _weigh_within(part, top, left, row_weight, col_weight)
                elif cut and whole:
                    out[layer, y, x] = _bilinear(part, row, col, row0, start)
                else:
                    result = _weigh(part, top, left, row_weight, col_weight, whole)
                    if whole and result != result:
                        result = _bilinear(part, row, col, row0, start)
                    out[layer, y, x] = result


@exact_jit
def _between_four(
    block: Array, rows: Array, cols: Array, row0: int, col0: int, turn: int, out: Array
) -> None:
    """As `_at_points`, bilinear between the four nearest cells: away from the edges without questions about places."""
    nlyr, nrow, ncol = block.shape
    one = np.uint64(1)
    for y in range(rows.shape[0]):
        for x in range(rows.shape[1]):
            row, col = rows[y, x], cols[y, x]
            start = col0 + turn if turn and col + EDGE >= col0 + ncol else col0
            up, back = row - 0.5, col - 0.5
            if not (row0 <= up < row0 + nrow - 1 and start <= back < start + ncol - 1):
                inside = row0 <= row + EDGE < row0 + nrow and start <= col + EDGE < start + ncol
                cy, cx = (_cell(row) - row0, _cell(col) - start) if inside else (0, 0)
                for layer in range(nlyr):
                    known = inside and block[layer, cy, cx] == block[layer, cy, cx]
                    out[layer, y, x] = _bilinear(block[layer], row, col, row0, start) if known else np.nan
                continue
            top, left = np.floor(up), np.floor(back)
            dy, dx = up - top, back - left
            i, j = np.uint64(int(top) - row0), np.uint64(int(left) - start)
            down, right = np.uint64(_cell(row) - row0), np.uint64(_cell(col) - start)
            for layer in range(nlyr):
                part = block[layer]
                wa, a = _share(part[i, j], (1.0 - dy) * (1.0 - dx))
                wb, b = _share(part[i, j + one], (1.0 - dy) * dx)
                wc, c = _share(part[i + one, j], dy * (1.0 - dx))
                wd, d = _share(part[i + one, j + one], dy * dx)
                mass = wa + wb + wc + wd
                known = (part[down, right] == part[down, right]) & (mass > LIGHTEST)
                out[layer, y, x] = (wa * a + wb * b + wc * c + wd * d) / mass if known else np.nan


@inner_jit
def _weigh(part: Array, top: int, left: int, row_weight: Array, col_weight: Array, whole: bool) -> float:
    """Weighted mean of the taps of one position; with ``whole``, NaN when one is missing."""
    nrow, ncol = part.shape
    total = mass = 0.0
    for i in range(max(0, top), min(nrow, top + row_weight.size)):
        line = line_mass = 0.0
        for j in range(max(0, left), min(ncol, left + col_weight.size)):
            v = part[i, j]
            if v == v or whole:
                line += col_weight[j - left] * v
                line_mass += col_weight[j - left]
        total += row_weight[i - top] * line
        mass += row_weight[i - top] * line_mass
    if whole:
        return total
    return total / mass if mass >= LIGHTEST else np.nan


@inner_jit
def _weigh_within(part: Array, top: int, left: int, row_weight: Array, col_weight: Array) -> float:
    """Weighted mean of the valid taps of one position, all of them within the block: nothing is asked of places."""
    first, before = np.uint64(top), np.uint64(left)
    total = mass = 0.0
    for i in range(row_weight.size):
        line = line_mass = 0.0
        for j in range(col_weight.size):
            weight, known = _share(part[first + np.uint64(i), before + np.uint64(j)], col_weight[j])
            line += weight * known
            line_mass += weight
        total += row_weight[i] * line
        mass += row_weight[i] * line_mass
    return total / mass if mass >= LIGHTEST else np.nan


def _centres(positions: Array, begin: Array | int, n: int) -> Array:
    """Cell of a block from ``begin`` that holds each position, -1 outside."""
    at = positions + EDGE
    inside = (at >= begin) & (at < begin + n)
    return np.where(inside, np.floor(np.where(inside, at, begin)) - begin, -1).astype(np.int64)


def sample(
    block: Array,
    rows: Array,
    cols: Array,
    method: SampleMethod = "bilinear",
    *,
    origin: tuple[int, int] = (0, 0),
    turn: int = 0,
    scale: tuple[float, float] = (1.0, 1.0),
    out_dtype: npt.DTypeLike = np.float64,
) -> Array:
    """Values of a block at fractional positions.

    Parameters
    ----------
    block : float ndarray of shape (layer, row, col)
        Window of the source.
    rows, cols : float64 ndarray
        Positions in cells of the whole source. Vectors of length m and n stand for the grid of m by n
        positions (same axes); arrays of shape (m, n) for one position each (another CRS). NaN gives NaN.
    method : {"near", "bilinear", "cubic", "cubicspline", "lanczos"}
    origin : tuple of int
        Row and column of the block's first cell in the whole source.
    turn : int
        Where columns go on around the earth: how many make a turn; those beyond the block are looked for one turn
        to the left. 0 for columns that end.
    scale : tuple of float
        Of the row and the column kernel, see ``kernel_scale``.
    out_dtype : dtype
        Sums are made in float64 whatever it is.

    Returns
    -------
    ndarray of shape (layer, m, n)

    Notes
    -----
    NaN where the source cell that holds the position is NaN or outside; otherwise missing neighbours drop
    out and the others are weighted up. Unscaled ``cubic`` falls back to bilinear where one of its 16 cells
    is missing. This is what terra's ``resample`` and ``project`` do for one layer through GDAL, with these
    differences.

    - ``lanczos`` is centred on the position when scaled (as in GDAL 3.10; 3.6 shifted it by up to a source
      cell).
    - ``cubicspline`` is 0 beyond two cells (GDAL's runs below 0 there for scales that are not 1 over a whole
      number).
    - The scale is the caller's (GDAL derives it from the clipped window of the source, so its values change
      where the destination overhangs the source).
    - Layers do not look at each other (GDAL takes the cell under the position as missing only where it is
      missing in all of them).
    """
    code = _CODES[method]
    nlyr, nrow, ncol = block.shape
    rows, cols = np.asarray(rows, np.float64), np.asarray(cols, np.float64)
    (row0, col0), (row_scale, col_scale) = origin, map(float, scale)
    ny, nx = 2 * reach(method, row_scale), 2 * reach(method, col_scale)
    if rows.ndim == 2:
        out = np.empty((nlyr, *rows.shape), out_dtype)
        if code == BILINEAR and row_scale == col_scale == 1.0:
            _between_four(block, rows, cols, row0, col0, turn, out)
            return out
        _at_points(block, rows, cols, row0, col0, turn, code, row_scale, col_scale, ny, nx, out)
        return out
    out = np.empty((nlyr, rows.size, cols.size), out_dtype)
    start = np.where((turn > 0) & (cols + EDGE >= col0 + ncol), col0 + turn, col0)
    centre_row, centre_col = _centres(rows, row0, nrow), _centres(cols, start, ncol)
    if code == NEAR:
        if not block.flags.c_contiguous:
            shown, centre_row[centre_row >= 0] = np.unique(centre_row[centre_row >= 0], return_inverse=True)
            block = np.ascontiguousarray(block[:, shown])
        _near_on_grid(block, centre_row, centre_col, out)
        return out
    row_first, row_weight = np.zeros(rows.size, np.int64), np.zeros((rows.size, ny))
    col_first, col_weight = np.zeros(cols.size, np.int64), np.zeros((cols.size, nx))
    _axis(rows, code, row_scale, row_first, row_weight)
    _axis(cols, code, col_scale, col_first, col_weight)
    whole = code == CUBIC and row_scale == col_scale == 1.0
    _on_grid(
        block,
        rows,
        cols,
        row0,
        start,
        centre_row,
        centre_col,
        row_first - row0,
        row_weight,
        col_first - start,
        col_weight,
        whole,
        out,
    )
    return out
