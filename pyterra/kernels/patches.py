"""Connected cells: labels within a strip, and how strips are joined."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, fill_all, inner_jit, span, zeros

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


@inner_jit
def _there(value: float, zero_missing: bool) -> bool:
    return (value == value) & ((value != 0) | (not zero_missing))


@inner_jit
def _goes_on(last: float, value: float, by_value: bool, zero_missing: bool) -> bool:
    """Whether a cell belongs to the run of the cell to its left."""
    return _there(last, zero_missing) & _there(value, zero_missing) & ((value == last) | (not by_value))


@inner_jit
def _count_runs(block: Array, by_value: bool, zero_missing: bool) -> int:
    """How many runs of connected cells rows have in all."""
    n = 0
    for i in range(block.shape[0]):
        row = block[i]
        n += _there(row[0], zero_missing)
        here, before = span(row, 1, row.size - 1), span(row, 0, row.size - 1)
        for j in range(here.size):
            goes_on = _goes_on(before[j], here[j], by_value, zero_missing)
            n += _there(here[j], zero_missing) & (not goes_on)
    return n


@inner_jit
def _find_runs(block: Array, by_value: bool, zero_missing: bool, first: Array, runs: Array) -> None:
    """Fill ``runs`` and ``first`` as `joined_runs` tells."""
    nrow, ncol = block.shape
    n = 0
    for i in range(nrow):
        row = block[i]
        first[i] = n
        inside = False
        for j in range(ncol):
            if inside and not _goes_on(row[j - 1], row[j], by_value, zero_missing):
                runs[n, 1] = j
                n += 1
                inside = False
            if not inside and _there(row[j], zero_missing):
                runs[n, 0] = j
                inside = True
        if inside:
            runs[n, 1] = ncol
            n += 1
    first[nrow] = n


@inner_jit
def _join_runs(
    block: Array, i: int, first: Array, runs: Array, eight: bool, by_value: bool, parent: Array
) -> None:
    """Join the runs of a row with those of the row above that they touch."""
    reach = 1 if eight else 0
    above, end = first[i - 1], first[i]
    for run in range(first[i], first[i + 1]):
        left, right = runs[run, 0], runs[run, 1]
        while above < end and runs[above, 1] + reach <= left:
            above += 1
        other = above
        while other < end and runs[other, 0] < right + reach:
            if not by_value or block[i, left] == block[i - 1, runs[other, 0]]:
                _join(parent, run, other)
            other += 1


@inner_jit
def _join_around(
    block: Array, i: int, first: Array, runs: Array, eight: bool, by_value: bool, parent: Array
) -> None:
    """Join the runs at both ends of a row, and with ``eight`` those at the other ends of the row above."""
    _join_ends(block, i, i, first, runs, by_value, parent)
    if eight and i > 0:
        _join_ends(block, i - 1, i, first, runs, by_value, parent)
        _join_ends(block, i, i - 1, first, runs, by_value, parent)


@inner_jit
def _join_ends(
    block: Array, left: int, right: int, first: Array, runs: Array, by_value: bool, parent: Array
) -> None:
    """Join the run at the left end of a row with that at the right end of a row, the same or another."""
    ncol = block.shape[1]
    begins, ends = first[left], first[right + 1] - 1
    if begins == first[left + 1] or ends < first[right]:
        return  # there are no runs
    at_ends = runs[begins, 0] == 0 and runs[ends, 1] == ncol
    if at_ends and (not by_value or block[left, 0] == block[right, ncol - 1]):
        _join(parent, begins, ends)


@exact_jit
def joined_runs(block: Array, eight: bool, by_value: bool, zero_missing: bool, wrap: bool) -> Any:
    """Runs of cells along the rows of one layer, of which there are fewer than cells, and which of them are connected.

    Parameters
    ----------
    block : array (row, col)
    eight : whether cells that share a corner are connected
    by_value : whether only cells of equal value are
    zero_missing : whether 0 counts as missing
    wrap : whether the last column is next to the first

    Returns
    -------
    first : int64 array (row + 1,)
        The first run of each row.
    runs : int32 array (run, 2)
        The first cell of each, and that behind its last.
    labels : int32 array (run,)
        0, 1, ... for those that are connected, in the order of their first cells.
    count : int
        Number of labels.
    """
    nrow, ncol = block.shape
    n = _count_runs(block, by_value, zero_missing)
    first, runs, parent = empty(nrow + 1, np.int64), empty((n, 2), np.int32), empty(n, np.int32)
    _find_runs(block, by_value, zero_missing, first, runs)
    for run in range(n):
        parent[run] = run
    for i in range(nrow):
        if i > 0:
            _join_runs(block, i, first, runs, eight, by_value, parent)
        if wrap and ncol > 1:
            _join_around(block, i, first, runs, eight, by_value, parent)
    labels = empty(n, np.int32)
    count = 0
    for run in range(n):
        root = root_of(parent, run)
        if root == run:
            labels[run] = count
            count += 1
        else:
            labels[run] = labels[root]
    return first, runs, labels, count


@exact_jit
def put_runs(first: Array, runs: Array, labels: Array, numbers: Array, none: float, out: Array) -> None:
    """Fill cells of ``out`` (row, col) with the number of the label of their run, others with ``none``."""
    for i in range(out.shape[0]):
        row = out[i]
        fill_all(row, none)
        for run in range(first[i], first[i + 1]):
            fill_all(span(row, runs[run, 0], runs[run, 1] - runs[run, 0]), numbers[labels[run]])


def label(block: Array, eight: bool, by_value: bool, zero_missing: bool, wrap: bool) -> tuple[Array, int]:
    """Labels 0, 1, ... of connected cells of one layer, in the order of their first cells; -1 for missing.

    Parameters
    ----------
    block, eight, by_value, zero_missing, wrap : as for `joined_runs`

    Returns
    -------
    (int32 array (row, col), number of labels)
    """
    first, runs, labels, count = joined_runs(block, eight, by_value, zero_missing, wrap)
    out = np.empty(block.shape, np.int32)
    put_runs(first, runs, labels, np.arange(count, dtype=np.int32), -1, out)
    return out, count


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
    eight, by_value, wrap : as for `joined_runs`
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
    eight, wrap : as for `joined_runs`
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
