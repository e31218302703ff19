"""Source positions between the nodes of a lattice on the destination grid.

Transforming every cell's centre by a projection library is the dear part of a projection. The caller
transforms the nodes of a lattice instead, a node every ``spacing`` cells, and the positions between are
interpolated. Nodes lie at multiples of the spacing on the **whole** destination grid, so a cell's position
has the same bits in whatever block it is computed. How close this comes is for the caller to check against
exact positions, and to refine with a smaller spacing.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit

Array: TypeAlias = npt.NDArray[Any]


def node_range(begin: int, n: int, spacing: int) -> tuple[int, int]:
    """First node and number of nodes that ``n`` cells from ``begin`` need, along one axis.

    Node ``k`` lies on cell ``k * spacing``. There is one node more on each side, which may lie outside the grid.
    """
    first = begin // spacing - 1
    last = (begin + n - 1) // spacing + 2
    return first, last - first + 1


def _basis(spacing: int) -> Array:
    """Weights of the four nodes around a cell for each of its ``spacing`` places: Lagrange's cubic."""
    t = np.arange(spacing) / spacing
    return np.stack(
        [
            -t * (t - 1) * (t - 2) / 6,
            (t + 1) * (t - 1) * (t - 2) / 2,
            -(t + 1) * t * (t - 2) / 2,
            (t + 1) * t * (t - 1) / 6,
        ],
        axis=1,
    )


@exact_jit
def _interpolate(
    nodes: Array, basis: Array, spacing: int, row: int, col: int, node_row: int, node_col: int, out: Array
) -> None:
    """Interpolate along every line of nodes, then between the lines."""
    lines = empty((nodes.shape[1], out.shape[2]))
    for k in range(nodes.shape[0]):
        for i in range(nodes.shape[1]):
            first, place = col // spacing - 1 - node_col, col % spacing
            for x in range(out.shape[2]):
                total = 0.0
                for j in range(4):
                    total += basis[place, j] * nodes[k, i, first + j]
                lines[i, x] = total
                place += 1
                if place == spacing:
                    first, place = first + 1, 0
        for y in range(out.shape[1]):
            first = (row + y) // spacing - 1 - node_row
            weights, target = basis[(row + y) % spacing], out[k, y]
            w0, w1, w2, w3 = weights[0], weights[1], weights[2], weights[3]
            a, b, c, d = lines[first], lines[first + 1], lines[first + 2], lines[first + 3]
            for x in range(target.size):
                target[x] = 0.0 + w0 * a[x] + w1 * b[x] + w2 * c[x] + w3 * d[x]


def interpolate(
    nodes: Array,
    spacing: int,
    begin: tuple[int, int],
    shape: tuple[int, int],
) -> Array:
    """Source positions of a window of destination cells.

    Parameters
    ----------
    nodes : float64 ndarray of shape (k, node row, node col)
        Any quantities that vary smoothly, such as source rows and columns, at the nodes that
        ``node_range`` tells for the window's rows and columns. A NaN node makes the cells around it NaN.
    spacing : int
        Destination cells from node to node.
    begin, shape : tuple of int
        First row and column of the window on the whole destination grid, and its rows and columns.

    Returns
    -------
    float64 ndarray of shape (k, row, col)
    """
    out = np.empty((nodes.shape[0], *shape))
    node_row, rows = node_range(begin[0], shape[0], spacing)
    node_col, cols = node_range(begin[1], shape[1], spacing)
    if nodes.shape[1:] != (rows, cols):
        raise ValueError(f"interpolate: nodes must have shape (k, {rows}, {cols}), got {nodes.shape}")
    nodes = np.ascontiguousarray(nodes, np.float64)
    _interpolate(nodes, _basis(spacing), spacing, begin[0], begin[1], node_row, node_col, out)
    return out


def middles(nodes: Array) -> Array:
    """The cubic in the middle of every square between four by four nodes, shape (k, node row - 3, node col - 3)."""

    def between(v: Array) -> Array:
        return (9 * (v[:, 1:-2] + v[:, 2:-1]) - v[:, :-3] - v[:, 3:]) / 16

    return between(between(nodes).transpose(0, 2, 1)).transpose(0, 2, 1)


def all_missing(nodes: Array) -> Array:
    """Whether all of the four by four nodes around a square are NaN, shape (node row - 3, node col - 3)."""
    known = np.lib.stride_tricks.sliding_window_view(np.isfinite(nodes), (4, 4))
    return np.asarray(~known.any(axis=(2, 3)))
