"""Prefix codes against a heap of plain Python, and the rules that a decoder relies on."""

import heapq
from itertools import pairwise

import numpy as np
import pytest

from pyterra.kernels._jit import exact_jit
from pyterra.kernels.huffman import code_lengths, codes_of


@exact_jit
def both(counts, longest, lengths, codes):
    code_lengths(counts, longest, lengths)
    codes_of(lengths, codes)


def coded(counts, longest=15):
    lengths, codes = np.empty(len(counts), np.int64), np.zeros(len(counts), np.int64)
    both(np.array(counts, np.int64), longest, lengths, codes)
    return lengths, codes


def least(counts):
    """Bits of a message of such counts by the best of prefix codes."""
    heap, bits = [count for count in counts if count], 0
    heapq.heapify(heap)
    while len(heap) > 1:
        together = heapq.heappop(heap) + heapq.heappop(heap)
        bits += together
        heapq.heappush(heap, together)
    return bits


@pytest.mark.parametrize("seed", range(20))
def test_codes_are_the_shortest_and_none_begins_with_another(seed):
    rng = np.random.default_rng(seed)
    counts = np.floor(rng.pareto(1, rng.integers(2, 286)) * rng.integers(0, 2)).astype(int)
    counts[:2] += 1
    lengths, codes = coded(counts)
    np.testing.assert_array_equal(lengths > 0, counts > 0)
    assert (counts * lengths).sum() == least(counts)
    assert (0.5 ** lengths[lengths > 0]).sum() == 1
    words = [
        "".join(str(code >> bit & 1) for bit in range(length))
        for code, length in zip(codes.tolist(), lengths.tolist(), strict=True)
        if length
    ]
    words.sort()
    assert not any(second.startswith(first) for first, second in pairwise(words))


def test_codes_of_one_length_follow_the_order_of_symbols():
    lengths, codes = coded([3, 3, 3, 3])
    assert lengths.tolist() == [2, 2, 2, 2]
    assert codes.tolist() == [0b00, 0b10, 0b01, 0b11]  # first bit lowest


def test_one_symbol_alone_takes_one_bit():
    lengths, codes = coded([0, 9, 0])
    assert (lengths.tolist(), codes.tolist()) == ([0, 1, 0], [0, 0, 0])


@pytest.mark.parametrize("longest", [7, 15])
def test_no_code_is_longer_than_allowed(longest):
    often = [1, 1]
    while len(often) < 30:
        often.append(often[-1] + often[-2])
    lengths, _ = coded(often, longest)
    assert lengths.max() <= longest
    assert (0.5**lengths).sum() == 1
