"""Repetitions in tiles of bytes, for an encoder that knows where rows begin.

At each byte they are looked for at four places: one back, a row back, and beside that. How long those are that begin at
each byte is counted from the end of the tile on, at all places at once, without a branch; then what saves most is chosen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyterra.kernels._jit import inlined, inner_jit, span
from pyterra.kernels._words import AHEAD, eight_bytes, zeros_below

LONGEST = 258
"""Bytes of a repetition."""
END = 256
"""The number of literals, and the symbol that ends a stream."""
PLACES = 4
"""Where a repetition may lie: one back, a row back, one less, one more."""
LITERAL_BITS, REPEAT_BITS = 1.5, 8.0
"""What a literal takes, and a repetition beside the bits that say how far and how long: what makes maps small."""
_LANE = 8
"""Bits of a number of 32 in which the length of the repetition at one of the places stands."""
ENOUGH, _PART = 64, 32
"""Bytes of a repetition from which on no better one is looked for, and of a part in which no lane gets full."""
_ONES = np.uint64(sum(1 << _LANE * k for k in range(PLACES)))
_FULL, _SIGNS = np.uint64(ENOUGH) * _ONES, np.uint64(0x80) * _ONES
_LANES = np.array(
    [sum(0xFF << _LANE * k for k in range(PLACES) if same >> k & 1) for same in range(16)], np.uint64
)
"""The lanes of some places, by one bit for each."""
_EVERYWHERE = np.uint64(0x0F0F0F0F0F0F0F0F)
"""Eight bytes that stand at all places as well."""
_SHORTER = _SIGNS - np.uint64(REPEAT_BITS / LITERAL_BITS + 1) * _ONES
"""Added to lengths, it leaves no bit of `_SIGNS` where none saves more than a repetition takes."""
TOKENS = END + (LONGEST + 1) * PLACES
"""Literals, and repetitions from token END on: length times PLACES, and place."""
TOKEN_BITS = 11
_TOKEN = 2**TOKEN_BITS - 1
"""Of what a repetition saves, in halves of a bit, and its token as one number: the token's part."""
_BETTER = 2 << TOKEN_BITS
"""How much more must be saved by the repetition that begins one further."""


@inner_jit
def compare(data: Any, size: int, places: Any, same: Any) -> None:
    """At which places each byte stands as well, one bit for each, in `same`."""
    begin = min(size, max(places))
    for p in range(begin):
        known = 0
        for k in range(PLACES):
            if places[k] <= p and data[p - places[k]] == data[p]:
                known |= 1 << k
        same[p] = known
    if begin == size:
        return
    left = size - begin
    here, there = span(data, begin, left), span(same, begin, left)
    one, other = span(data, begin - places[0], left), span(data, begin - places[1], left)
    third, fourth = span(data, begin - places[2], left), span(data, begin - places[3], left)
    for k in range(here.size):
        found = np.uint8(here[k] == one[k]) | np.uint8(here[k] == other[k]) << 1
        there[k] = found | np.uint8(here[k] == third[k]) << 2 | np.uint8(here[k] == fourth[k]) << 3


@inner_jit
def measure(same: Any, size: int, lengths: Any) -> None:
    """How long the repetitions are that begin at each byte, at all places at once; of long ones, that they are long."""
    length, parts = np.uint64(0), size // _PART
    address: Any = np.int64(same.ctypes.data)
    for p in range(size - 1, parts * _PART - 1, -1):
        length = (length + _ONES) & _LANES[same[p]]
        lengths[p] = length
    for part in range(parts - 1, -1, -1):
        above = ((length + _SIGNS - _FULL - _ONES) & _SIGNS) >> np.uint64(7)
        length = (length & ~(above * np.uint64(0xFF))) | above * np.uint64(ENOUGH)
        begin, at = part * _PART, address + part * _PART
        one, other = eight_bytes(at) & eight_bytes(at + 8), eight_bytes(at + 16) & eight_bytes(at + 24)
        if length == _FULL and (one & other) == _EVERYWHERE:
            for p in range(begin, begin + _PART):
                lengths[p] = np.uint32(_FULL)
            continue
        for p in range(begin + _PART - 1, begin - 1, -1):
            length = (length + _ONES) & _LANES[same[p]]
            lengths[p] = length


@inlined
def _repeated(address: Any, back: int, begin: int, left: int) -> int:
    """How many bytes from an address on equal those so many bytes back, of which `begin` are known; some are left."""
    most = min(LONGEST, left)
    length: Any = begin
    while length < most:
        differ = eight_bytes(address + length) ^ eight_bytes(address + length - back)
        if differ != np.uint64(0):
            length += np.int64(zeros_below(differ) >> np.uint64(3))
            break
        length += AHEAD
    return min(length, most)


@inlined
def _best(lengths: Any, worth: Any) -> int:
    """Of the repetitions at a byte the one that saves most: what it saves, and its token; 0 if none saves anything."""
    best: Any = np.int64(0)
    if (np.uint64(lengths) + _SHORTER) & _SIGNS != 0:
        for k in range(PLACES):
            best = max(best, worth[k, np.int64(lengths >> np.uint32(_LANE * k)) & 0x7F])
    return best


@inner_jit
def tokenized(data: Any, size: int, places: Any, lengths: Any, worth: Any, tokens: Any, often: Any) -> int:
    """What some bytes become, literals as they are, repetitions beyond (see `TOKENS`), and how often each comes."""
    position, found = 0, 0
    address: Any = np.int64(data.ctypes.data)
    here = _best(lengths[0], worth)
    while position < size:
        token: Any = np.int64(data[position])
        step, following = 1, 0
        if position + 1 < size:
            following = _best(lengths[position + 1], worth)
        if here > 0:
            length, k = ((here & _TOKEN) - END) // PLACES, here & (PLACES - 1)
            if length == ENOUGH:
                step = _repeated(address + position, places[k], ENOUGH, size - position)
                token = END + step * PLACES + k
            elif following <= here + _BETTER:  # else it is better to begin one further
                token, step = here & _TOKEN, length
        tokens[found] = token
        often[token] += 1
        found += 1
        position += step
        here = following
        if step > 1 and position < size:
            here = _best(lengths[position], worth)
    return found
