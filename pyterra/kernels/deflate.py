"""DEFLATE (RFC 1950, RFC 1951) for tiles of maps: what repeats is looked for in the rows above, not everywhere.

A cell of a map goes on as its left neighbour does, or as the row above. An encoder that knows where rows begin looks at
four places, where others search the last 32 kB: maps of classes and of shares get as small as by zlib's level 6. The
result is a stream of zlib as any other.
"""

from __future__ import annotations

import threading
import zlib
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, empty, exact_jit, inner_jit, span, zeros
from pyterra.kernels._words import AHEAD, put_eight_bytes
from pyterra.kernels.huffman import code_lengths, codes_of
from pyterra.kernels.repetitions import (
    END,
    ENOUGH,
    LITERAL_BITS,
    LONGEST,
    PLACES,
    REPEAT_BITS,
    TOKEN_BITS,
    TOKENS,
    compare,
    measure,
    tokenized,
)

Bytes = npt.NDArray[np.uint8]

_LITERALS, _DISTANCES, _LENGTHS = 286, 30, 19
"""Symbols of the three alphabets: literals and lengths, distances, lengths of codes."""
_FARTHEST = 32768
"""Bytes back to a repetition."""
_LENGTH_BITS = np.array([0] * 8 + [bits for bits in range(1, 6) for _ in range(4)] + [0], np.int64)
_LENGTH_BASE = np.concatenate([[3], 3 + np.cumsum(1 << _LENGTH_BITS)[:-2], [LONGEST]])
_DISTANCE_BITS = np.array([max(0, symbol // 2 - 1) for symbol in range(_DISTANCES)], np.int64)
_DISTANCE_BASE = np.concatenate([[1], 1 + np.cumsum(1 << _DISTANCE_BITS)[:-1]])
_SYMBOL_OF_LENGTH = np.searchsorted(_LENGTH_BASE, np.arange(LONGEST + 1), "right") - 1
_ORDER = np.array([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15], np.int64)
"""In which lengths of codes of the third alphabet are written."""
_SHORT = 1024
"""Bytes of a stream below which it is looked at whether all of its tile is one number."""


@inner_jit
def _symbol_of_distance(back: int) -> int:
    if back <= 2:
        return back - 1
    number, bits = back - 1, 0
    while number >> (bits + 1) > 0:
        bits += 1
    return 2 * bits + ((number >> (bits - 1)) & 1)


@inner_jit
def _put(address: Any, state: Any, value: int, bits: int) -> None:
    """Append up to 48 bits; the state is how many bytes are written, bits that wait, and their number, below 8."""
    waiting, many = state[1] | np.uint64(value) << state[2], state[2] + np.uint64(bits)
    put_eight_bytes(address + np.int64(state[0]), waiting)
    state[0] += many >> np.uint64(3)
    state[1], state[2] = waiting >> (many & ~np.uint64(7)), many & np.uint64(7)


@inner_jit
def _put_table(address: Any, state: Any, lengths: Any, literals: int, distances: int) -> None:
    """Write the lengths of all codes, runs of zeros in short."""
    marks, counts = empty((lengths.size, 3), np.int64), zeros(_LENGTHS, np.int64)
    found, k = 0, 0
    while k < lengths.size:
        run = 0
        while k + run < lengths.size and lengths[k + run] == 0 and run < 138:
            run += 1
        mark, more, bits = lengths[k], 0, 0
        if run >= 11:
            mark, more, bits = 18, run - 11, 7
        elif run >= 3:
            mark, more, bits = 17, run - 3, 3
        else:
            run = 1
        marks[found, 0], marks[found, 1], marks[found, 2] = mark, more, bits
        counts[marks[found, 0]] += 1
        k += run
        found += 1
    own, codes = empty(_LENGTHS, np.int64), empty(_LENGTHS, np.int64)
    code_lengths(counts, 7, own)
    codes_of(own, codes)
    last = _LENGTHS
    while last > 4 and own[_ORDER[last - 1]] == 0:
        last -= 1
    _put(address, state, literals - 257, 5)
    _put(address, state, distances - 1, 5)
    _put(address, state, last - 4, 4)
    for k in range(last):
        _put(address, state, own[_ORDER[k]], 3)
    for k in range(found):
        mark = marks[k, 0]
        _put(address, state, codes[mark], own[mark])
        _put(address, state, marks[k, 1], marks[k, 2])


@inner_jit
def _used(counts: Any, least: int) -> int:
    """Symbols up to the last one that comes."""
    last = counts.size
    while last > least and counts[last - 1] == 0:
        last -= 1
    return last


@inner_jit
def _count(often: Any, far: Any, literals: Any, distances: Any) -> None:
    """How often each symbol comes, from how often each token does."""
    copy(span(often, 0, END), span(literals, 0, END))
    literals[END] = 1
    for length in range(3, LONGEST + 1):
        for k in range(PLACES):
            times = often[END + length * PLACES + k]
            literals[END + 1 + _SYMBOL_OF_LENGTH[length]] += times
            distances[far[k]] += times


@inner_jit
def _put_tokens(address: Any, state: Any, tokens: Any, codes: Any, bits: Any) -> None:
    """Write literals and repetitions. As `_put`, without a branch, that would be foreseen wrong every other time."""
    place, waiting, many = np.int64(state[0]), state[1], state[2]
    for token in tokens:
        waiting |= codes[token] << many
        many += bits[token]
        put_eight_bytes(address + place, waiting)
        place += np.int64(many >> np.uint64(3))
        waiting >>= many & ~np.uint64(7)
        many &= np.uint64(7)
    state[0], state[1], state[2] = np.uint64(place), waiting, many


@inner_jit
def _worth(symbols: Any, worth: Any) -> None:
    """What repetitions save, by place and length, in halves of a bit, with their tokens; 0 where nothing is saved."""
    for k in range(PLACES):
        for lane in range(3, worth.shape[1]):
            length = min(lane, ENOUGH)
            bits = REPEAT_BITS + _DISTANCE_BITS[symbols[k]] + _LENGTH_BITS[_SYMBOL_OF_LENGTH[length]]
            saved: Any = np.int64(2 * (length * LITERAL_BITS - bits))
            if saved > 0:
                worth[k, lane] = saved << TOKEN_BITS | END + length * PLACES + k


@inner_jit
def _join(
    places: Any, symbols: Any, lengths: Any, codes: Any, literals: int, far: int, whole: Any, bits: Any
) -> None:
    """The bits of each token, those of its length and of its place together, and their number."""
    for token in range(END):
        whole[token], bits[token] = codes[token], lengths[token]
    for length in range(3, LONGEST + 1):
        short = _SYMBOL_OF_LENGTH[length]
        symbol = min(END + 1 + short, literals - 1)  # those beyond do not come
        code = codes[symbol] | (length - _LENGTH_BASE[short]) << lengths[symbol]
        many = lengths[symbol] + _LENGTH_BITS[short]
        for k in range(PLACES):
            at = literals + min(symbols[k], far - 1)
            where = codes[at] | (places[k] - _DISTANCE_BASE[symbols[k]]) << lengths[at]
            token = END + length * PLACES + k
            whole[token] = code | where << many
            bits[token] = many + lengths[at] + _DISTANCE_BITS[symbols[k]]


@exact_jit
def _deflate(data: Any, size: int, width: int, same: Any, run: Any, tokens: Any, out: Any) -> int:
    """Compress some bytes into another array, as one block; how many it takes."""
    places, symbols = empty(PLACES, np.int64), zeros(PLACES, np.int64)
    places[0], places[1], places[2], places[3] = 1, width, width - 1, width + 1
    for k in range(PLACES):
        if places[k] < 1 or places[k] > _FARTHEST:
            places[k] = size  # never
        else:
            symbols[k] = _symbol_of_distance(places[k])
    compare(data, size, (places[0], places[1], places[2], places[3]), same)
    measure(same, size, run)
    worth, often = zeros((PLACES, 128), np.int64), zeros(TOKENS, np.int64)
    _worth(symbols, worth)
    found = tokenized(data, size, places, run, worth, tokens, often)
    counts = zeros(_LITERALS + _DISTANCES, np.int64)
    _count(often, symbols, counts[:_LITERALS], counts[_LITERALS:])
    literals, far = _used(counts[:_LITERALS], 257), _used(counts[_LITERALS:], 1)
    counts[_LITERALS] += far == 1  # one code of one bit, where nothing repeats
    lengths, codes = zeros(literals + far, np.int64), zeros(literals + far, np.int64)
    code_lengths(counts[:literals], 15, lengths[:literals])
    code_lengths(counts[_LITERALS : _LITERALS + far], 15, lengths[literals:])
    codes_of(lengths[:literals], codes[:literals])
    codes_of(lengths[literals:], codes[literals:])
    address: Any = np.int64(out.ctypes.data)
    state = zeros(3, np.uint64)
    _put(address, state, 0b101, 3)  # the last block, with codes of its own
    _put_table(address, state, lengths, literals, far)
    whole, bits = zeros(TOKENS, np.uint64), zeros(TOKENS, np.uint64)
    _join(places, symbols, lengths, codes, literals, far, whole, bits)
    _put_tokens(address, state, tokens[:found], whole, bits)
    _put(address, state, codes[END], lengths[END])
    written: Any = np.int64(state[0] + (state[2] + np.uint64(7)) // np.uint64(8))
    return written


def compress(tile: Bytes) -> bytes:
    """Compress a tile of bytes, of shape (row, col), into a stream of zlib.

    Only for machines that store the lowest byte of a number first.
    """
    return _constant(int(tile[0, 0]), tile.shape) if is_one_number(tile) else _compressed(tile)


@exact_jit
def is_one_number(tile: Any) -> bool:
    """Whether a tile of shape (row, col) holds one number throughout; most others are known by their first rows."""
    for row in range(tile.shape[0]):
        differ = np.uint8(0)
        for col in range(tile.shape[1]):
            differ |= tile[row, col] ^ tile[0, 0]
        if differ & np.uint8(255):
            return False
    return True


def decompress(data: bytes, shape: tuple[int, int]) -> Bytes:
    """The tile of a stream of zlib.

    Raises
    ------
    zlib.error, ValueError
        Where it is none, or of another size.
    """
    if len(data) < _SHORT:
        value = zlib.decompressobj().decompress(data, 1)
        if value and data == _constant(value[0], shape):
            return np.full(shape, value[0], np.uint8)
    return np.frombuffer(zlib.decompress(data), np.uint8).reshape(shape)


@lru_cache(maxsize=512)
def _constant(value: int, shape: tuple[int, int]) -> bytes:
    """The stream of a tile that holds one number throughout: empty land and sea are the most of many maps."""
    return _compressed(np.full(shape, value, np.uint8))


def _compressed(tile: Bytes) -> bytes:
    data, same, run, tokens, out = _work_arrays(tile.size)
    data[: tile.size].reshape(tile.shape)[:] = tile
    size = _deflate(data, tile.size, tile.shape[1], same, run, tokens, out)
    return b"\x78\x9c" + out[:size].tobytes() + zlib.adler32(data[: tile.size]).to_bytes(4, "big")


_local = threading.local()


def _work_arrays(size: int) -> tuple[Any, ...]:
    """Room for a tile and what is found out of it, of a thread: new memory for each takes longer than filling it."""
    if getattr(_local, "size", -1) != size:
        _local.size = size
        _local.arrays = (
            np.zeros(size + AHEAD, np.uint8),
            np.empty(size, np.uint8),
            np.empty(size, np.uint32),
            np.empty(size, np.uint16),
            np.empty(2 * size + 1024, np.uint8),  # no code has more than 15 bits, and their table is small
        )
    arrays: tuple[Any, ...] = _local.arrays
    return arrays
