"""Connected cells: labels within a strip, and how strips are joined."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, inner_jit, zeros

Array: TypeAlias = npt.NDArray[Any]


@exact_jit
def root_of(parent: Array, i: int) -> int:
    """The representative of a set, with paths made shorter on the way."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@inner_jit
def _join(parent: Array, i: int, j: int) -> None:
    a, b = root_of(parent, i), root_of(parent, j)
    if a < b:
        parent[b] = a
    elif b < a:
        parent[a] = b


@exact_jit
def label(block: Array, eight: bool, by_value: bool, zero_missing: bool, wrap: bool) -> Any:
    """Labels 0, 1, ... of connected cells of one layer, in the order of their first cells; -1 for missing.

    Parameters
    ----------
    block : array (row, col)
    eight : whether cells that share a corner are connected
    by_value : whether only cells of equal value are
    zero_missing : whether 0 counts as missing
    wrap : whether the last column is next to the first

    Returns
    -------
    (int32 array (row, col), number of labels)
    """
    nrow, ncol = block.shape
    labels = np.full((nrow, ncol), -1, np.int32)
    parent = empty(nrow * ncol if by_value else (nrow * ncol + nrow + ncol) // 2 + 1, np.int32)
    n = 0
    for i in range(nrow):
        for j in range(ncol):
            value = block[i, j]
            if value != value or (zero_missing and value == 0):
                continue
            own = -1
            for step in range(4):  # left, upper left, above, upper right
                r, c = (i, j - 1) if step == 0 else (i - 1, j + step - 2)
                if r < 0 or (not eight and (step == 1 or step == 3)):
                    continue
                if wrap and step != 0:
                    c = c % ncol
                if c < 0 or c >= ncol or labels[r, c] < 0 or (by_value and block[r, c] != value):
                    continue
                if own < 0:
                    own = root_of(parent, labels[r, c])
                else:
                    _join(parent, own, labels[r, c])
                    own = root_of(parent, own)
            if own < 0:
                own = n
                parent[n] = n
                n += 1
            labels[i, j] = own
        if wrap and ncol > 1:
            a, b = labels[i, 0], labels[i, ncol - 1]
            if a >= 0 and b >= 0 and (not by_value or block[i, 0] == block[i, ncol - 1]):
                _join(parent, a, b)
    number = np.full(n, -1, np.int32)
    count = 0
    for i in range(nrow):
        for j in range(ncol):
            if labels[i, j] >= 0:
                root = root_of(parent, labels[i, j])
                if number[root] < 0:
                    number[root] = count
                    count += 1
                labels[i, j] = number[root]
    return labels, count


@exact_jit
def join_rows(
    parent: Array,
    above: Array,
    below: Array,
    upper: Array,
    lower: Array,
    eight: bool,
    by_value: bool,
    wrap: bool,
) -> None:
    """Join the sets of two neighbouring rows.

    Parameters
    ----------
    parent : int64 array of representatives
    above, below : int64 arrays; label of each cell, negative for none
    upper, lower : arrays; values of the cells
    eight, by_value, wrap : as for `label`
    """
    ncol = above.size
    for j in range(ncol):
        if below[j] < 0:
            continue
        for step in range(-1, 2):
            c = j + step
            if step != 0 and not eight:
                continue
            if wrap:
                c = c % ncol
            if 0 <= c < ncol and above[c] >= 0 and (not by_value or upper[c] == lower[j]):
                _join(parent, above[c], below[j])


@exact_jit
def final_numbers(parent: Array) -> Array:
    """1, 2, ... for the sets, in the order of their first members."""
    out = empty(parent.size, np.int64)
    count = 0
    for i in range(parent.size):
        root = root_of(parent, i)
        if root == i:
            count += 1
            out[i] = count
        else:
            out[i] = out[root]
    return out


@exact_jit
def largest_beside(
    labels: Array,
    top: int,
    begin: int,
    sizes: Array,
    least: int,
    eight: bool,
    wrap: bool,
    best: Array,
    first: Array,
) -> None:
    """The largest patch beside each small one; of equals the one that is met first, row by row.

    Parameters
    ----------
    labels : int array (row, col)
        Patch of each cell, negative for none. Each cell looks at the row above and to the left.
    top : int
        Number of the first row in the raster.
    begin : int
        First row that looks around.
    sizes : int64 array
        Cells of each patch.
    least : int
        Cells of patches that are not small.
    eight, wrap : as for `label`
    best : int64 array
        Largest patch beside each, -1 at first.
    first : int64 array
        When it was met: the number of the cell, times 4, and of the neighbour.
    """
    most = zeros(sizes.size, np.int64)
    nrow, ncol = labels.shape
    for i in range(begin, nrow):
        for j in range(ncol):
            own = labels[i, j]
            if own < 0:
                continue
            for step in range(4):  # above, upper left, upper right, left
                r, c = i - 1, j
                if step == 1:
                    c = j - 1
                elif step == 2:
                    c = j + 1
                elif step == 3:
                    r, c = i, j - 1
                if r < 0 or (not eight and (step == 1 or step == 2)):
                    continue
                if wrap:
                    c = c % ncol
                if c < 0 or c >= ncol:
                    continue
                other = labels[r, c]
                if other < 0 or other == own:
                    continue
                when = ((top + i) * ncol + j) * 4 + step
                if sizes[own] < least and sizes[other] > most[own]:
                    most[own], best[own], first[own] = sizes[other], other, when
                if sizes[other] < least and sizes[own] > most[other]:
                    most[other], best[other], first[other] = sizes[own], own, when


@exact_jit
def keep_largest(
    patch: Array, beside: Array, when: Array, sizes: Array, best: Array, most: Array, first: Array
) -> None:
    """Of what several strips found beside patches, keep the largest; of equals the one that was met first.

    Parameters
    ----------
    patch, beside, when : int64 arrays of shape (n,)
        Patches, the largest beside each in a strip, and when it was met; a patch may occur more than once.
    sizes : int64 array
        Cells of each patch.
    best, most, first : int64 arrays
        Largest patch beside each so far, its size, 0 at first, and when it was met. They are changed.
    """
    for k in range(patch.size):
        own, size = patch[k], sizes[beside[k]]
        if size > most[own] or (size == most[own] and when[k] < first[own]):
            best[own], most[own], first[own] = beside[k], size, when[k]


@exact_jit
def followed(ends: Array, sizes: Array, least: int) -> Array:
    """The first large patch on the way from each to the next; -1 where there is none.

    Parameters
    ----------
    ends : int64 array
        The next patch; a patch itself where there is none.
    sizes : int64 array
    least : int
        Cells of a large patch.
    """
    unknown, under_way = -2, -3
    out = np.full(ends.size, unknown)
    for i in range(ends.size):
        j = i
        while out[j] == unknown and sizes[j] < least and ends[j] != j:
            out[j] = under_way
            j = ends[j]
        if out[j] == unknown:
            out[j] = j if sizes[j] >= least else -1
        found = -1 if out[j] == under_way else out[j]
        j = i
        while out[j] == under_way:
            out[j] = found
            j = ends[j]
    return out
