"""Footprints of cells that the quadrilateral of their corners does not tell: close to a pole, torn, or beyond the map."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.kernels.outlines import Pieces

TURNS = 16
"""Parts of an edge that is long."""
BENT = 0.1
"""Share of its size by which the middle of a quadrilateral may lie off that of its corners."""
TORN_DEPTH = 5
"""Times that a cell which is torn apart is cut into quarters."""
EDGE_DEPTH = 2
"""Times that a cell at the edge of the map is; the edge is found in what is left."""
SEARCH = 16
"""Times that the way from a place on the map to one beyond it is halved, to find its edge."""

_ROWS = np.array([0.0, 0.0, 1.0, 1.0, 0.5])
_COLS = np.array([0.0, 1.0, 1.0, 0.0, 0.5])
_NEXT = np.array([1, 2, 3, 0])

Exact = Callable[[Array, Array], Array]
"""Rows and columns of the target -> positions in the source, shape (2, ...); NaN beyond the map."""
Polygons = tuple[Array, Array]
"""Whose each polygon is; its corners, shape (2, polygon, corner), NaN for none."""


@dataclass(frozen=True)
class Cutter:
    """What is to be known to cut cells up."""

    exact: Exact
    limit: tuple[float, float]
    """Rows and columns of the source beyond which an edge is long."""
    period: float
    """Columns of the source once around the earth, or infinite. Only where it is, something can be torn."""

    def __call__(self, odd: Array, origin: tuple[int, int]) -> Pieces:
        """Polygons that make up the footprints of odd cells, which begin at a row and column of the target."""
        of = np.full(odd.shape, -1)
        of[odd] = np.arange(odd.sum())
        rows, cols = ((np.argwhere(odd) + origin).T).astype(np.float64)
        owner = of[odd]
        corners = self.exact(rows[:, None] + _ROWS[:4], cols[:, None] + _COLS[:4])
        whole = np.isfinite(corners[0]).all(axis=1) & (self.period < np.inf)
        found = [(owner[whole], self._bent(rows[whole], cols[whole], corners[:, whole]))]
        found += self._quarters(rows[~whole], cols[~whole], owner[~whole])
        return _packed(of, found)

    def _long(self, corners: Array) -> Array:
        """Whether the edges of quadrilaterals are long, shape (quadrilateral, 4)."""
        steps = np.abs(corners[:, :, _NEXT] - corners)
        if self.period < np.inf:
            steps[1] = np.minimum(steps[1], np.abs(self.period - steps[1]))
        return np.asarray((steps[0] > self.limit[0]) | (steps[1] > self.limit[1]))

    def _bent(self, rows: Array, cols: Array, corners: Array) -> Array:
        """Polygons with places along their long edges: the same for both cells of an edge, so that nothing is lost."""
        out = np.full((2, len(rows), 4, TURNS), np.nan)
        out[..., 0] = corners
        which, side = np.nonzero(self._long(corners))
        part = np.arange(1, TURNS) / TURNS
        # From the upper or left end, whichever cell asks.
        low = np.where(side < 2, side, _NEXT[side])[:, None]
        high = np.where(side < 2, _NEXT[side], side)[:, None]
        along = [unit[low] + (unit[high] - unit[low]) * part for unit in (_ROWS, _COLS)]
        places = self.exact(rows[which, None] + along[0], cols[which, None] + along[1])
        out[:, which, side, 1:] = np.where((side < 2)[:, None], places, places[:, :, ::-1])
        return out.reshape(2, len(rows), 4 * TURNS)

    def _quarters(self, rows: Array, cols: Array, owner: Array) -> list[Polygons]:
        """Quadrilaterals, cut into quarters until their middle lies between their corners."""
        found, size = [], 1.0
        for depth in range(TORN_DEPTH + 1):
            if not len(rows):
                break
            places = self.exact(rows[:, None] + size * _ROWS, cols[:, None] + size * _COLS)
            known = np.isfinite(places[0])
            inside = known[:, :4].all(axis=1)
            bend, extent = self._shape(places)
            good = inside & known[:, 4] & (bend <= BENT * extent + 0.01).all(axis=0)
            edge = ~inside & known.any(axis=1) & (depth >= EDGE_DEPTH)
            if depth == TORN_DEPTH:
                good = inside & (
                    (self.period < np.inf) | (extent <= np.reshape(self.limit, (2, 1))).all(axis=0)
                )
            found.append((owner[good], places[:, good, :4]))
            found.append((owner[edge], self._cut_off(rows[edge], cols[edge], size, places[:, edge, :4])))
            again = ~good & ~edge & (known.any(axis=1) | (depth == 0))
            size /= 2
            rows = (rows[again, None] + size * _ROWS[:4]).ravel()
            cols = (cols[again, None] + size * _COLS[:4]).ravel()
            owner = np.repeat(owner[again], 4)
        return found

    def _shape(self, places: Array) -> tuple[Array, Array]:
        """How far the middle of quadrilaterals lies off that of their corners, and their size; (2, quadrilateral)."""
        middle, corners = places[:, :, 4], places[:, :, :4].copy()
        if self.period < np.inf:
            corners[1] -= self.period * np.rint((corners[1] - middle[1, :, None]) / self.period)
        return np.abs(corners.mean(axis=2) - middle), np.ptp(corners, axis=2)

    def _cut_off(self, rows: Array, cols: Array, size: float, corners: Array) -> Array:
        """Quadrilaterals without what lies beyond the edge of the map."""
        known = np.isfinite(corners[0])
        out = np.full((2, len(rows), 4, 2), np.nan)
        out[..., 0] = corners
        which, side = np.nonzero(known != known[:, _NEXT])
        here = np.where(known[which, side], side, _NEXT[side])
        there = np.where(known[which, side], _NEXT[side], side)
        row, col = rows[which], cols[which]
        start, way = (
            [unit[here] * size for unit in (_ROWS, _COLS)],
            [(unit[there] - unit[here]) * size for unit in (_ROWS, _COLS)],
        )
        low, high, last = np.zeros(len(which)), np.ones(len(which)), corners[:, which, here]
        for _ in range(SEARCH):
            middle = (low + high) / 2
            place = self.exact(row + start[0] + way[0] * middle, col + start[1] + way[1] * middle)
            on = np.isfinite(place[0])
            low, high = np.where(on, middle, low), np.where(on, high, middle)
            last = np.where(on, place, last)
        out[:, which, side, 1] = last
        return out.reshape(2, len(rows), 8)


def _packed(of: Array, found: list[Polygons]) -> Pieces:
    """Polygons in the order of their cells, without corners that are not known."""
    owner = np.concatenate([whose for whose, _ in found])
    most = max(corners.shape[2] for _, corners in found)
    joined = np.concatenate(
        [np.pad(c, ((0, 0), (0, 0), (0, most - c.shape[2])), constant_values=np.nan) for _, c in found],
        axis=1,
    )
    order = np.argsort(owner, kind="stable")
    joined = joined[:, order]
    known = np.isfinite(joined[0])
    first = np.searchsorted(owner[order], np.arange(of.max(initial=-1) + 2))
    start = np.r_[0, np.cumsum(known.sum(axis=1))]
    return Pieces(of, first, start, joined[0][known], joined[1][known])
