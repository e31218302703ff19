"""Nodes of lines and rings: taken out where they are near, put in where they are far."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit

Floats = npt.NDArray[np.float64]


@exact_jit
def thinned(places: Floats, start: Any, reach: float, keep: Any) -> None:
    """Which nodes of curves are farther than a distance from the one before that stays, and from the last.

    Parameters
    ----------
    places : ndarray of shape (n, 2) or (n, 3)
        On the plane or in space.
    start : ndarray of int of shape (curves + 1,)
        The first node of each curve, and the end of the last; no curve is empty.
    reach : float
    keep : ndarray of bool of shape (n,)
        True for the first and the last node of each curve.
    """
    limit = reach * reach
    for c in range(start.size - 1):
        last = start[c + 1] - 1
        before = start[c]
        for i in range(start[c], last + 1):
            near = i != start[c]
            if near:
                far = 0.0
                for k in range(places.shape[1]):
                    far += (places[i, k] - places[before, k]) ** 2
                near = far <= limit
            keep[i] = not near
            if not near:
                before = i
        if keep[last]:
            continue
        keep[last] = True
        for i in range(last - 1, start[c], -1):
            if keep[i]:
                far = 0.0
                for k in range(places.shape[1]):
                    far += (places[i, k] - places[last, k]) ** 2
                if far > limit:
                    break
                keep[i] = False


@exact_jit
def divided(places: Floats, pieces: Any, steps: Floats, out: Floats, share: Floats) -> None:
    """Nodes, and further ones on the way from each to the next.

    Parameters
    ----------
    places : ndarray of shape (n, 2) or (n, 3)
    pieces : ndarray of int of shape (n,)
        Into how many pieces the way to the next node is divided; 1 for the last of a curve.
    steps : ndarray of shape (n,)
        How many times the way is as long as a piece; the last piece may be shorter than the others.
    out : ndarray of shape (sum of pieces, 2 or 3)
    share : ndarray of shape (sum of pieces,), or (0,) where nobody asks
        How far on its way each is, from 0.
    """
    at = 0
    for i in range(pieces.size):
        after = i + 1 if pieces[i] > 1 else i
        for k in range(pieces[i]):
            far = min(k / steps[i], 1.0) if k else 0.0
            if share.size:
                share[at] = far
            for axis in range(places.shape[1]):
                begin = places[i, axis]
                out[at, axis] = begin + (places[after, axis] - begin) * far if k else begin
            at += 1
