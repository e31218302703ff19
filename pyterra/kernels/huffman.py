"""Prefix codes by Huffman's way, with a longest length, in the canonical form of DEFLATE (RFC 1951, 3.2.2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from pyterra.kernels._jit import empty, inner_jit


@inner_jit
def code_lengths(counts: Any, longest: int, lengths: Any) -> None:
    """Lengths of the codes of symbols, none above the longest.

    Parameters
    ----------
    counts : int64 ndarray of shape (symbol,)
        How often each comes; where codes would get too long, the counts change.
    longest : int
        Bits.
    lengths : int64 ndarray of shape (symbol,)
        Gets bits; 0 for symbols that do not come, 1 for one that comes alone.
    """
    order, weights = empty(counts.size, np.int64), empty(2 * counts.size, np.int64)
    parents, many = empty(2 * counts.size, np.int64), 0
    for symbol in range(counts.size):
        lengths[symbol] = 0
        if counts[symbol] > 0:
            k = many
            while k > 0 and counts[order[k - 1]] > counts[symbol]:
                order[k] = order[k - 1]
                k -= 1
            order[k] = symbol
            many += 1
    if many == 1:
        lengths[order[0]] = 1
    for k in range(many):
        weights[k] = counts[order[k]]
    deepest = longest + 1
    while many > 1 and deepest > longest:
        leaf, inner = 0, many
        for node in range(many, 2 * many - 1):
            weights[node] = 0
            for _ in range(2):
                if leaf < many and (inner == node or weights[leaf] <= weights[inner]):
                    lightest, leaf = leaf, leaf + 1
                else:
                    lightest, inner = inner, inner + 1
                weights[node] += weights[lightest]
                parents[lightest] = node
        deepest = 0
        weights[2 * many - 2] = 0  # from here on depths
        for node in range(2 * many - 3, -1, -1):
            depth = weights[parents[node]] + 1
            if node < many:
                lengths[order[node]] = depth
                deepest = max(deepest, depth)
            weights[node] = depth
        for k in range(many):  # where codes get too long, rare symbols count for more
            counts[order[k]] = (counts[order[k]] + 1) // 2
            weights[k] = counts[order[k]]


@inner_jit
def codes_of(lengths: Any, codes: Any) -> None:
    """The codes of symbols.

    Parameters
    ----------
    lengths : int64 ndarray of shape (symbol,)
        See `code_lengths`.
    codes : int64 ndarray of shape (symbol,)
        Gets codes in the order of bits in which they are written: the first is the lowest.
    """
    code = 0
    for length in range(1, 16):
        for symbol in range(lengths.size):
            if lengths[symbol] == length:
                turned = 0
                for bit in range(length):
                    turned |= (code >> bit & 1) << (length - 1 - bit)
                codes[symbol] = turned
                code += 1
        code <<= 1
