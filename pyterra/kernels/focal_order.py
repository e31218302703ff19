"""Median and mode of square windows, by ranks within a tile.

A tile's cells are ranked once (radix sort of their bits); a window is then a set of ranks that slides along a
row. For the median the set is a bit field, walked by population count; for the mode it is a histogram of
distinct values. Both are exact: a result is one of the cells, or the mean of two, whatever the tile. (After
J. Suomela, Median filtering is equivalent to sorting, arXiv:1406.1717.)
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, fill_all, inner_jit, span, zeros

Array: TypeAlias = npt.NDArray[Any]

TILE = 64
RADIX_BITS = 11
RADIX = 1 << RADIX_BITS


@inner_jit
def _popcount(x: Any) -> Any:
    """Bits set in a 64-bit word; LLVM turns this into one instruction."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@inner_jit
def _sort_keys(
    key: Array, order: Array, n: int, width: int, spare_key: Array, spare_order: Array, counts: Array
) -> tuple[Array, Array]:
    """Radix sort ``key[:n]`` (``width`` bits) and ``order`` with it; return those that hold the result."""
    for shift in range(0, width, RADIX_BITS):
        fill_all(counts, 0)
        s = np.uint64(shift)
        for i in range(n):
            counts[np.int64((key[i] >> s) & np.uint64(RADIX - 1))] += 1
        total = 0
        for b in range(RADIX):
            c = counts[b]
            counts[b] = total
            total += c
        for i in range(n):
            bucket = np.int64((key[i] >> s) & np.uint64(RADIX - 1))
            spare_key[counts[bucket]] = key[i]
            spare_order[counts[bucket]] = order[i]
            counts[bucket] += 1
        key, spare_key = spare_key, key
        order, spare_order = spare_order, order
    return key, order


@inner_jit
def _rank_tile(
    tile: Array,
    bits: Array,
    distinct: bool,
    rank: Array,
    value: Array,
    keys: Array,
    orders: Array,
    counts: Array,
) -> int:
    """Rank a tile's valid cells into ``rank`` (-1 for NaN) and ``value[rank]``; return the number of ranks.

    ``distinct`` gives equal values one rank; otherwise each cell has its own.
    """
    ph, pw = tile.shape
    width = 8 * bits.itemsize
    sign = np.uint64(1) << np.uint64(width - 1)
    mask = sign | (sign - np.uint64(1))
    n = 0
    for y in range(ph):
        for x in range(pw):
            v = tile[y, x]
            rank[y * pw + x] = -1
            if v == v:
                k = np.uint64(bits[y, x])
                if v == 0:
                    k = sign
                elif k & sign:
                    k = k ^ mask
                else:
                    k = k | sign
                keys[0, n] = k
                orders[0, n] = y * pw + x
                n += 1
    key, order = _sort_keys(keys[0], orders[0], n, width, keys[1], orders[1], counts)
    ranks = 0
    for i in range(n):
        if i == 0 or not distinct or key[i] != key[i - 1]:
            value[ranks] = tile[order[i] // pw, order[i] % pw] + 0.0  # -0.0 and 0.0 share a key
            ranks += 1
        rank[order[i]] = ranks - 1
    return ranks


@inner_jit
def _nth_bit(word: Any, n: int) -> Any:
    """Position of the n-th set bit (0-based) of a word."""
    for _ in range(n):
        word &= word - np.uint64(1)
    low = word & (~word + np.uint64(1))
    return _popcount(low - np.uint64(1))


@inner_jit
def _middle(words: Array, word: int, below: int, count: int, value: Array) -> tuple[float, int, int]:
    """Median of the set, with the word where the search ended and the number of ranks in earlier words.

    ``word`` and ``below`` are those of the last search, where this one begins.
    """
    k = (count - 1) // 2
    while below > k:
        word -= 1
        below -= _popcount(words[word])
    here = _popcount(words[word])
    while below + here <= k:
        below += here
        word += 1
        here = _popcount(words[word])
    first = value[word * 64 + _nth_bit(words[word], k - below)]
    if count % 2:
        return np.float64(first), word, below
    if below + here > k + 1:
        second = value[word * 64 + _nth_bit(words[word], k + 1 - below)]
    else:
        after = word + 1
        while words[after] == 0:
            after += 1
        second = value[after * 64 + _nth_bit(words[after], 0)]
    return (np.float64(first) + np.float64(second)) / 2, word, below


@inner_jit
def _median_row(
    rank: Array, value: Array, words: Array, pw: int, y: int, nx: int, h: int, w: int, drop: bool, out: Array
) -> None:
    """Medians of one row of a tile: slide the set of ranks from window to window."""
    fill_all(words, 0)
    word = below = count = 0
    for x in range(-w + 1, nx):
        for i in range(y, y + h):
            r = rank[i * pw + x + w - 1]
            if r >= 0:
                words[r >> 6] |= np.uint64(1) << np.uint64(r & 63)
                below += (r >> 6) < word
                count += 1
            if x > 0:
                r = rank[i * pw + x - 1]
                if r >= 0:
                    words[r >> 6] &= ~(np.uint64(1) << np.uint64(r & 63))
                    below -= (r >> 6) < word
                    count -= 1
        if x >= 0:
            if count == 0 or (count < h * w and not drop):
                out[x] = np.nan
            else:
                out[x], word, below = _middle(words, word, below, count, value)


@inner_jit
def _commonest(hist: Array, ranks: int, rank: Array, pw: int, y: int, x: int, h: int, w: int) -> int:
    """Rank with the most cells in a window, the lowest of equals."""
    best = -1
    most = 0
    if ranks <= h * w:
        for r in range(ranks):
            if hist[r] > most:
                most, best = hist[r], r
        return best
    for i in range(y, y + h):
        for j in range(x, x + w):
            r = rank[i * pw + j]
            if r >= 0 and (hist[r] > most or (hist[r] == most and r < best)):
                most, best = hist[r], r
    return best


@inner_jit
def _modal_row(
    rank: Array,
    value: Array,
    hist: Array,
    ranks: int,
    pw: int,
    y: int,
    nx: int,
    h: int,
    w: int,
    drop: bool,
    out: Array,
) -> None:
    """Modes of one row of a tile: slide the histogram of distinct values from window to window."""
    fill_all(span(hist, 0, ranks), 0)
    count = 0
    for x in range(-w + 1, nx):
        for i in range(y, y + h):
            r = rank[i * pw + x + w - 1]
            if r >= 0:
                hist[r] += 1
                count += 1
            if x > 0:
                r = rank[i * pw + x - 1]
                if r >= 0:
                    hist[r] -= 1
                    count -= 1
        if x >= 0:
            if count == 0 or (count < h * w and not drop):
                out[x] = np.nan
            else:
                out[x] = value[_commonest(hist, ranks, rank, pw, y, x, h, w)]


@exact_jit
def order_statistic(padded: Array, bits: Array, h: int, w: int, modal: bool, drop: bool, out: Array) -> None:
    """Median, or mode, of every window of ones.

    Parameters
    ----------
    padded : ndarray of shape (layer, row + h - 1, col + w - 1)
        The block with its halo.
    bits : unsigned ndarray of the same shape
        The same memory seen as integers.
    h, w : int
        Window height and width, in cells.
    modal : bool
        The mode (lowest of equals) instead of the median.
    drop : bool
        Leave NaN cells out; otherwise one NaN makes the result NaN.
    out : ndarray of shape (layer, row, col)
    """
    nlyr, nrow, ncol = out.shape
    size = (TILE + h - 1) * (TILE + w - 1)
    rank = empty(size, np.int64)
    value = empty(size, padded.dtype)
    keys = empty((2, size), np.uint64)
    orders = empty((2, size), np.int64)
    counts = empty(RADIX, np.int64)
    words = zeros(size // 64 + 2, np.uint64)
    hist = zeros(size, np.int64)
    for layer in range(nlyr):
        for y0 in range(0, nrow, TILE):
            ny = min(TILE, nrow - y0)
            for x0 in range(0, ncol, TILE):
                nx = min(TILE, ncol - x0)
                pw = nx + w - 1
                tile = padded[layer, y0 : y0 + ny + h - 1, x0 : x0 + pw]
                seen = bits[layer, y0 : y0 + ny + h - 1, x0 : x0 + pw]
                ranks = _rank_tile(tile, seen, modal, rank, value, keys, orders, counts)
                for y in range(ny):
                    target = span(out[layer, y0 + y], x0, nx)
                    if modal:
                        _modal_row(rank, value, hist, ranks, pw, y, nx, h, w, drop, target)
                    else:
                        _median_row(
                            rank, value, span(words, 0, ranks // 64 + 2), pw, y, nx, h, w, drop, target
                        )


@inner_jit
def _exchange(a: Any, b: Any) -> tuple[Any, Any]:
    """The smaller and the larger of two."""
    return (a if a < b else b), (b if a < b else a)


@exact_jit
def median_of_nine(padded: Array, out: Array) -> None:
    """Median of 3 by 3 windows without NaN, by Paeth's network of 20 exchanges across cells.

    Parameters
    ----------
    padded : ndarray of shape (layer, row + 2, col + 2), free of NaN
    out : ndarray of shape (layer, row, col)
    """
    nlyr, nrow, ncol = out.shape
    for layer in range(nlyr):
        for y in range(nrow):
            top, mid, low = padded[layer, y], padded[layer, y + 1], padded[layer, y + 2]
            target = out[layer, y]
            for x in range(ncol):
                a, b = _exchange(top[x], top[x + 1])
                b, c = _exchange(b, top[x + 2])
                a, b = _exchange(a, b)
                d, e = _exchange(mid[x], mid[x + 1])
                e, f = _exchange(e, mid[x + 2])
                d, e = _exchange(d, e)
                g, i = _exchange(low[x], low[x + 1])
                i, k = _exchange(i, low[x + 2])
                g, i = _exchange(g, i)
                # the largest of the row minima, the median of the medians, the smallest of the maxima
                a, d = _exchange(a, d)
                d, g = _exchange(d, g)
                c, f = _exchange(c, f)
                c, k = _exchange(c, k)
                b, e = _exchange(b, e)
                e, i = _exchange(e, i)
                b, e = _exchange(b, e)
                g, e = _exchange(g, e)
                e, c = _exchange(e, c)
                g, e = _exchange(g, e)
                target[x] = e + 0.0  # never -0.0, as by ranks
