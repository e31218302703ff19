"""DEFLATE (RFC 1950, RFC 1951) for tiles of maps: what repeats is looked for in the rows above, not everywhere.

A cell of a map goes on as its left neighbour does, or as the row above. An encoder that knows where rows begin looks at
four places, where others search the last 32 kB: maps of classes and of shares get as small as by zlib's level 6. The
result is a stream of zlib as any other.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from pyterra.kernels._jit import exact_jit, inlined, inner_jit
from pyterra.kernels.huffman import code_lengths, codes_of

Bytes = npt.NDArray[np.uint8]

_LONGEST, _FARTHEST, _AHEAD = 258, 32768, 8
"""Of a repetition: bytes, and bytes back; and bytes that are looked at at once."""
_LITERALS, _DISTANCES, _LENGTHS, _END = 286, 30, 19, 256
"""Symbols of the three alphabets (literals and lengths, distances, lengths of codes), and the one that ends a stream."""
_PLACES = 4
"""Where a repetition may lie: one back, a row back, one less, one more."""
_TOKENS = _END + (_LONGEST + 1) * _PLACES
"""Literals, and repetitions from token _END on: length times _PLACES, and place."""
_LENGTH_BITS = np.array([0] * 8 + [bits for bits in range(1, 6) for _ in range(4)] + [0], np.int64)
_LENGTH_BASE = np.concatenate([[3], 3 + np.cumsum(1 << _LENGTH_BITS)[:-2], [_LONGEST]])
_DISTANCE_BITS = np.array([max(0, symbol // 2 - 1) for symbol in range(_DISTANCES)], np.int64)
_DISTANCE_BASE = np.concatenate([[1], 1 + np.cumsum(1 << _DISTANCE_BITS)[:-1]])
_SYMBOL_OF_LENGTH = np.searchsorted(_LENGTH_BASE, np.arange(_LONGEST + 1), "right") - 1
_ORDER = np.array([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15], np.int64)
"""In which lengths of codes of the third alphabet are written."""
_LITERAL_BITS, _REPEAT_BITS = 1.5, 8.0
"""What a literal takes, and a repetition beside the bits that say how far and how long: what makes maps small."""
_SHORT = 1024
"""Bytes of a stream below which it is looked at whether all of its tile is one number."""
_ENOUGH = 64
"""Bytes of a repetition from which on no better one is looked for."""


@intrinsic
def _eight_bytes(typing: Any, address: Any) -> Any:
    """The eight bytes at an address as one number. An array would be counted as in use, and not, at each look."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(builder.inttoptr(arguments[0], ir.IntType(64).as_pointer()), align=1)

    return types.uint64(types.int64), build


@intrinsic
def _zeros_below(typing: Any, number: Any) -> Any:
    """How many bits below the lowest one of a number, which is not 0."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), build


@inlined
def _repeated(address: int, back: int, left: int) -> int:
    """How many bytes from an address on equal those so many bytes back; there are some left."""
    most = min(_LONGEST, left)
    length: Any = 0
    while length < most:
        differ = _eight_bytes(address + length) ^ _eight_bytes(address + length - back)
        if differ != np.uint64(0):
            length += np.int64(_zeros_below(differ) >> np.uint64(3))
            break
        length += _AHEAD
    return min(length, most)


@inner_jit
def _symbol_of_distance(back: int) -> int:
    if back <= 2:
        return back - 1
    number, bits = back - 1, 0
    while number >> (bits + 1) > 0:
        bits += 1
    return 2 * bits + ((number >> (bits - 1)) & 1)


@inlined
def _best(address: int, position: int, size: int, places: Any, extra: Any) -> tuple[int, int, float]:
    """Look for the repetition that saves most at a position: its length and place, and the bits that it saves."""
    best, which, gain = 0, 0, 0.0
    here = address + position
    three = _eight_bytes(here) & np.uint64(0xFFFFFF)
    for k in range(_PLACES):
        place = places[k]
        if place > position or (_eight_bytes(here - place) & np.uint64(0xFFFFFF)) != three:
            continue
        length = _repeated(here, place, size - position)
        saved = length * _LITERAL_BITS - extra[k] - _LENGTH_BITS[_SYMBOL_OF_LENGTH[length]]
        if length >= 3 and saved > gain:
            best, which, gain = length, k, saved
        if length >= _ENOUGH:
            break
    return best, which, gain


@inner_jit
def _tokens(address: int, size: int, places: Any, extra: Any, tokens: Any, often: Any) -> int:
    """What some bytes become, literals as they are, repetitions beyond (see `_TOKENS`), and how often each comes."""
    position, found, ahead = 0, 0, False
    following, further, later = 0, 0, 0.0
    token: Any
    while position < size:
        if ahead:
            best, which, gain = following, further, later
        else:
            best, which, gain = _best(address, position, size, places, extra)
        ahead = 0 < best < _ENOUGH and position + 1 < size
        if ahead:
            following, further, later = _best(address, position + 1, size, places, extra)
            ahead = later > gain + 1  # better to begin one further
        if best == 0 or ahead:
            token = np.int64(_eight_bytes(address + position) & np.uint64(0xFF))
            position += 1
        else:
            token = _END + best * _PLACES + which
            position += best
        tokens[found] = token
        often[token] += 1
        found += 1
    return found


@inner_jit
def _put(out: Any, state: Any, value: int, bits: int) -> None:
    """Append bits; the state is how many words of 32 are written, bits that wait, and their number."""
    state[1] |= np.uint64(value) << state[2]
    state[2] += np.uint64(bits)
    if state[2] >= np.uint64(32):
        out[state[0]] = state[1] & np.uint64(0xFFFFFFFF)
        state[0] += np.uint64(1)
        state[1] >>= np.uint64(32)
        state[2] -= np.uint64(32)


@inner_jit
def _put_table(out: Any, state: Any, lengths: Any, literals: int, distances: int) -> None:
    """Write the lengths of all codes, runs of zeros in short."""
    marks, counts = np.empty((lengths.size, 3), np.int64), np.zeros(_LENGTHS, np.int64)
    found, k = 0, 0
    while k < lengths.size:
        zeros = 0
        while k + zeros < lengths.size and lengths[k + zeros] == 0 and zeros < 138:
            zeros += 1
        if zeros >= 11:
            marks[found] = (18, zeros - 11, 7)
        elif zeros >= 3:
            marks[found] = (17, zeros - 3, 3)
        else:
            marks[found] = (lengths[k], 0, 0)
            zeros = 1
        counts[marks[found, 0]] += 1
        k += zeros
        found += 1
    own, codes = np.empty(_LENGTHS, np.int64), np.empty(_LENGTHS, np.int64)
    code_lengths(counts, 7, own)
    codes_of(own, codes)
    last = _LENGTHS
    while last > 4 and own[_ORDER[last - 1]] == 0:
        last -= 1
    _put(out, state, literals - 257, 5)
    _put(out, state, distances - 1, 5)
    _put(out, state, last - 4, 4)
    for k in range(last):
        _put(out, state, own[_ORDER[k]], 3)
    for k in range(found):
        mark = marks[k, 0]
        _put(out, state, codes[mark], own[mark])
        _put(out, state, marks[k, 1], marks[k, 2])


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
    literals[:_END] = often[:_END]
    literals[_END] = 1
    for length in range(3, _LONGEST + 1):
        for k in range(_PLACES):
            times = often[_END + length * _PLACES + k]
            literals[_END + 1 + _SYMBOL_OF_LENGTH[length]] += times
            distances[far[k]] += times


@inner_jit
def _put_tokens(out: Any, state: Any, tokens: Any, codes: Any, bits: Any, far: Any, how_far: Any) -> None:
    """Write literals and repetitions."""
    place, waiting, many = state[0], state[1], state[2]
    for token in tokens:
        waiting |= codes[token] << many
        many += bits[token]
        if many >= np.uint64(32):
            out[place] = waiting & np.uint64(0xFFFFFFFF)
            place, waiting, many = place + np.uint64(1), waiting >> np.uint64(32), many - np.uint64(32)
        if token >= _END:
            k = token & np.uint16(_PLACES - 1)
            waiting |= far[k] << many
            many += how_far[k]
            if many >= np.uint64(32):
                out[place] = waiting & np.uint64(0xFFFFFFFF)
                place, waiting, many = place + np.uint64(1), waiting >> np.uint64(32), many - np.uint64(32)
    state[0], state[1], state[2] = place, waiting, many


@exact_jit
def _deflate(data: Any, size: int, width: int, tokens: Any, out: Any) -> int:
    """Compress some bytes into another array, as one block; how many it takes."""
    places, extra = np.array([1, width, width - 1, width + 1]), np.empty(_PLACES)
    symbols = np.zeros(_PLACES, np.int64)
    for k in range(_PLACES):
        if places[k] < 1 or places[k] > _FARTHEST:
            places[k] = size  # never
        else:
            symbols[k] = _symbol_of_distance(places[k])
        extra[k] = _REPEAT_BITS + _DISTANCE_BITS[symbols[k]]
    often = np.zeros(_TOKENS, np.int64)
    near = (places[0], places[1], places[2], places[3])
    costs = (extra[0], extra[1], extra[2], extra[3])
    found = _tokens(data.ctypes.data, size, near, costs, tokens, often)
    counts = np.zeros(_LITERALS + _DISTANCES, np.int64)
    _count(often, symbols, counts[:_LITERALS], counts[_LITERALS:])
    literals, far = _used(counts[:_LITERALS], 257), _used(counts[_LITERALS:], 1)
    counts[_LITERALS] += far == 1  # one code of one bit, where nothing repeats
    lengths, codes = np.zeros(literals + far, np.int64), np.zeros(literals + far, np.int64)
    code_lengths(counts[:literals], 15, lengths[:literals])
    code_lengths(counts[_LITERALS : _LITERALS + far], 15, lengths[literals:])
    codes_of(lengths[:literals], codes[:literals])
    codes_of(lengths[literals:], codes[literals:])
    state = np.zeros(3, np.uint64)
    _put(out, state, 0b101, 3)  # the last block, with codes of its own
    _put_table(out, state, lengths, literals, far)
    whole, bits = np.zeros(_TOKENS, np.uint64), np.zeros(_TOKENS, np.uint64)
    for token in range(_END):
        whole[token], bits[token] = codes[token], lengths[token]
    for length in range(3, _LONGEST + 1):
        short = _SYMBOL_OF_LENGTH[length]
        symbol = min(_END + 1 + short, literals - 1)  # those beyond do not come
        for token in range(_END + length * _PLACES, _END + (length + 1) * _PLACES):
            whole[token] = codes[symbol] | (length - _LENGTH_BASE[short]) << lengths[symbol]
            bits[token] = lengths[symbol] + _LENGTH_BITS[short]
    far_codes, far_bits = np.zeros(_PLACES, np.uint64), np.zeros(_PLACES, np.uint64)
    for k in range(_PLACES):
        at = literals + min(symbols[k], far - 1)
        far_codes[k] = codes[at] | (places[k] - _DISTANCE_BASE[symbols[k]]) << lengths[at]
        far_bits[k] = lengths[at] + _DISTANCE_BITS[symbols[k]]
    _put_tokens(out, state, tokens[:found], whole, bits, far_codes, far_bits)
    _put(out, state, codes[_END], lengths[_END])
    written: Any = np.int64(4 * state[0] + (state[2] + np.uint64(7)) // np.uint64(8))
    _put(out, state, 0, 32)
    return written


def compress(tile: Bytes) -> bytes:
    """Compress a tile of bytes, of shape (row, col), into a stream of zlib.

    Only for machines that store the lowest byte of a number first.
    """
    value = int(tile[0, 0])
    return _constant(value, tile.shape) if (tile == value).all() else _compressed(tile)


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
    plain = np.ascontiguousarray(tile)
    data = np.zeros(plain.size + _AHEAD, np.uint8)
    data[: plain.size] = plain.ravel()
    out = np.empty(
        plain.size // 2 + 256, np.uint32
    )  # no code has more than 15 bits, and their table is small
    size = _deflate(data, plain.size, plain.shape[1], np.empty(plain.size, np.uint16), out)
    return b"\x78\x9c" + out.view(np.uint8)[:size].tobytes() + zlib.adler32(plain.data).to_bytes(4, "big")
