"""Vertices of lines and rings that a simplification takes out for certain, found before GEOS looks for crossings."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, inner_jit

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_SURE = 4e-16
"""Share of the two products of a determinant by which it may be wrong (Shewchuk 1997, (3 + 16 eps) eps)."""


def kept(xy: Floats, curves: Any, tolerance: float) -> Flags:
    """Which vertices Douglas and Peucker's method keeps.

    Parameters
    ----------
    xy : ndarray of shape (vertices, 2)
    curves : ndarray of int of shape (curves + 1,)
        The first vertex of each line or ring, and the end of the last; no curve is empty.
    tolerance : float

    Returns
    -------
    ndarray of bool of shape (vertices,)
        True for the ends of curves, and four corners of a ring at least, where it has as many.

    References
    ----------
    Douglas, D. H. and Peucker, T. K. (1973). Algorithms for the reduction of the number of points required to represent a
    digitized line or its caricature. Cartographica 10, 112-122.
    """
    keep = np.zeros(len(xy), bool)
    _keep(xy, curves, tolerance, keep)
    return keep


def undisputed(xy: Floats, curves: Any, shapes: Any, keep: Flags) -> Flags:
    """In which shapes GEOS keeps no other vertices for the sake of topology.

    Parameters
    ----------
    xy, curves : ndarray
        As `kept` takes them.
    shapes : ndarray of int of shape (shapes + 1,)
        The first curve of each shape, and the end of the last.
    keep : ndarray of bool of shape (vertices,)
        As `kept` gives it.

    Returns
    -------
    ndarray of bool of shape (shapes,)
        False where a new segment comes so near to others of the shape that this is not certain.
    """
    last = np.zeros(len(xy), bool)
    last[curves[1:] - 1] = True
    ends = np.flatnonzero(keep)
    inner = ~last[ends]  # all but the last of a curve begin a section, which the next one ends
    first, ends = ends[inner], ends[1:][inner[:-1]]
    curve = np.searchsorted(curves, first, side="right") - 1
    sections = np.searchsorted(first, curves[shapes])
    sure = np.empty(len(shapes) - 1, bool)
    boxes = np.empty((2 * int(np.diff(sections).max(initial=0)), 4))
    _judge(xy, curves, shapes, first, ends, curve, sections, boxes, sure)
    return sure


@inner_jit
def _distance(x: Any, y: Any, ax: Any, ay: Any, bx: Any, by: Any) -> Any:
    """From a place to a segment, to the last bit as GEOS has it."""
    dx, dy = bx - ax, by - ay
    along = 0.0
    square = dx * dx + dy * dy
    if ax != bx or ay != by:
        along = ((x - ax) * dx + (y - ay) * dy) / square
    if along <= 0.0:
        return np.sqrt((x - ax) * (x - ax) + (y - ay) * (y - ay))
    if along >= 1.0:
        return np.sqrt((x - bx) * (x - bx) + (y - by) * (y - by))
    return abs(((ay - y) * dx - (ax - x) * dy) / square) * np.sqrt(square)


@exact_jit
def _keep(xy: Floats, curves: Any, tolerance: float, keep: Any) -> None:
    """Mark the ends of sections. A ring keeps four corners, and halves until there can be as many, as in GEOS."""
    begin, stop, depths = empty(128, np.int64), empty(128, np.int64), empty(128, np.int64)
    for c in range(curves.size - 1):
        low, high = curves[c], curves[c + 1] - 1
        least = 4 if xy[low, 0] == xy[high, 0] and xy[low, 1] == xy[high, 1] else 2
        keep[low] = keep[high] = True
        made, waiting = 0, 1
        begin[0], stop[0], depths[0] = low, high, 1
        while waiting > 0:
            waiting -= 1
            i, j, depth = begin[waiting], stop[waiting], depths[waiting]
            if j - i < 2:
                made += 1
                continue
            furthest, most = i, -1.0
            for k in range(i + 1, j):
                distance = _distance(xy[k, 0], xy[k, 1], xy[i, 0], xy[i, 1], xy[j, 0], xy[j, 1])
                if distance > most:
                    furthest, most = k, distance
            few = 0 if made == 0 else made + 1
            if most <= tolerance and not (few < least and depth + 1 < least):
                made += 1
                continue
            keep[furthest] = True
            if waiting + 2 > begin.size:
                begin, stop = np.concatenate((begin, begin)), np.concatenate((stop, stop))
                depths = np.concatenate((depths, depths))
            begin[waiting], stop[waiting], depths[waiting] = (
                furthest,
                j,
                depth + 1,
            )  # the first half comes next
            begin[waiting + 1], stop[waiting + 1], depths[waiting + 1] = i, furthest, depth + 1
            waiting += 2


@inner_jit
def _meet(ax: Any, ay: Any, bx: Any, by: Any, cx: Any, cy: Any, dx: Any, dy: Any) -> Any:
    """Whether two segments may have a place in common that is not an end of both."""
    one = _side(ax, ay, bx, by, cx, cy)
    other = _side(ax, ay, bx, by, dx, dy)
    if one * other > 0:
        return False
    back = _side(cx, cy, dx, dy, ax, ay)
    if back * _side(cx, cy, dx, dy, bx, by) > 0:
        return False
    from_c = (ax == cx and ay == cy) or (bx == cx and by == cy)
    from_d = (ax == dx and ay == dy) or (bx == dx and by == dy)
    if from_c and not from_d:
        return other == 0
    return not (from_d and not from_c) or one == 0


@inner_jit
def _side(ax: Any, ay: Any, bx: Any, by: Any, x: Any, y: Any) -> Any:
    """1 left of a segment, -1 right of it, 0 where that is not certain."""
    left, right = (bx - ax) * (y - ay), (by - ay) * (x - ax)
    found = left - right
    if abs(found) > _SURE * (abs(left) + abs(right)):
        return 1 if found > 0 else -1
    return 0


@inner_jit
def _widen(boxes: Any, at: Any, x: Any, y: Any) -> None:
    boxes[at, 0], boxes[at, 1] = min(boxes[at, 0], x), max(boxes[at, 1], x)
    boxes[at, 2], boxes[at, 3] = min(boxes[at, 2], y), max(boxes[at, 3], y)


@inner_jit
def _stands(
    xy: Floats,
    curves: Any,
    low: Any,
    high: Any,
    first: Any,
    ends: Any,
    curve: Any,
    base: Any,
    count: Any,
    k: Any,
    boxes: Any,
) -> Any:
    """Whether nothing of a shape lies near what stands for a section, and near what may come in the place of an end."""
    i, j, own = first[base + k], ends[base + k], curve[base + k]
    last = curves[own + 1] - 1
    flat = j - i > 1
    corner = high - low > 1 and i == curves[own] and xy[i, 0] == xy[last, 0] and xy[i, 1] == xy[last, 1]
    if not flat and not corner:
        return True
    ax, ay, bx, by = xy[i, 0], xy[i, 1], xy[j, 0], xy[j, 1]
    left, right, bottom, top = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
    if corner:  # where the end of a ring is left out, its neighbours are joined: within the box of the three
        final = k
        while final + 1 < count and curve[base + final + 1] == own:
            final += 1
        x, y = xy[first[base + final], 0], xy[first[base + final], 1]
        left, right, bottom, top = min(left, x), max(right, x), min(bottom, y), max(top, y)
    leaf, at = count + k, 1
    if (
        flat and high - low > 1
    ):  # another curve may come to lie on the other side: it begins in the box of the section
        left, right = min(left, boxes[leaf, 0]), max(right, boxes[leaf, 1])
        bottom, top = min(bottom, boxes[leaf, 2]), max(top, boxes[leaf, 3])
    while at > 0:
        apart = boxes[at, 0] > right or boxes[at, 1] < left or boxes[at, 2] > top or boxes[at, 3] < bottom
        if not apart and at < count:
            at *= 2
            continue
        if not apart and at != leaf:
            t = base + at - count
            strange = corner and curve[t] != own
            if flat and curve[t] != own and first[t] == curves[curve[t]]:
                for v in (first[t], first[t] + 1):
                    if left <= xy[v, 0] <= right and bottom <= xy[v, 1] <= top:
                        return False
            for v in range(
                first[t], ends[t] + 1
            ):  # the segment from `v`; from the last one back to the first
                w = v + 1 if v < ends[t] else first[t]
                px, py, qx, qy = xy[v, 0], xy[v, 1], xy[w, 0], xy[w, 1]
                beside = (
                    min(px, qx) > right or max(px, qx) < left or min(py, qy) > top or max(py, qy) < bottom
                )
                if not beside and (strange or (flat and _meet(ax, ay, bx, by, px, py, qx, qy))):
                    return False
        while at & 1:  # up to where a second branch waits
            at //= 2
        at = at + 1 if at > 0 else 0
    return True


@exact_jit
def _judge(
    xy: Floats,
    curves: Any,
    shapes: Any,
    first: Any,
    ends: Any,
    curve: Any,
    sections: Any,
    boxes: Any,
    sure: Any,
) -> None:
    """Look for what lies near each new segment, in a tree of the boxes of sections, which come in order along curves.

    Node `k` of the tree holds nodes `2k` and `2k + 1`; the leaves are the sections.
    """
    for s in range(shapes.size - 1):
        count = sections[s + 1] - sections[s]
        base = sections[s]
        for k in range(count):
            at = count + k
            boxes[at, 0], boxes[at, 1], boxes[at, 2], boxes[at, 3] = np.inf, -np.inf, np.inf, -np.inf
            for v in range(first[base + k], ends[base + k] + 1):
                _widen(boxes, at, xy[v, 0], xy[v, 1])
        for at in range(count - 1, 0, -1):
            one, other = 2 * at, 2 * at + 1
            boxes[at, 0], boxes[at, 1] = (
                min(boxes[one, 0], boxes[other, 0]),
                max(boxes[one, 1], boxes[other, 1]),
            )
            boxes[at, 2], boxes[at, 3] = (
                min(boxes[one, 2], boxes[other, 2]),
                max(boxes[one, 3], boxes[other, 3]),
            )
        good = True
        k = 0
        while good and k < count:
            good = _stands(xy, curves, shapes[s], shapes[s + 1], first, ends, curve, base, count, k, boxes)
            k += 1
        sure[s] = good
