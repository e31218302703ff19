"""Streams of LZW, by an encoder that follows the text of TIFF 6.0 step by step."""

import numpy as np
import pytest

from pyterra.kernels import lzw


def encoded(data, full=4095):
    """The stream of some bytes, by an encoder that empties its table at so many entries."""
    bits, table, width = [], {}, 9

    def put(code):
        bits.append(format(code, f"0{width}b"))

    put(256)
    string = b""
    for byte in data:
        longer = string + bytes([byte])
        if len(longer) == 1 or longer in table:
            string = longer
            continue
        put(table[string] if len(string) > 1 else string[0])
        table[longer] = 258 + len(table)
        if 258 + len(table) == full:
            put(256)
            table, width = {}, 9
        elif 258 + len(table) in (512, 1024, 2048):
            width += 1
        string = bytes([byte])
    if string:
        put(table[string] if len(string) > 1 else string[0])
        if 258 + len(table) + 1 in (512, 1024, 2048):
            width += 1
    put(257)
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[k : k + 8], 2) for k in range(0, len(text), 8))


def decoded(data, room):
    found = lzw.decode(data, len(data), room)
    return None if found is None else found.tobytes()


@pytest.mark.parametrize("seed", range(12))
def test_what_was_encoded_comes_back(seed):
    rng = np.random.default_rng(seed)
    for size in (1, 2, 7, 8, 9, 250, 260, 600, 5_000, 40_000):
        for kinds in (1, 2, 4, 256):
            data = np.repeat(rng.integers(0, kinds, size), rng.integers(1, 2 + 20 * (seed % 3), size))
            plain = data[:size].astype("uint8").tobytes()
            assert decoded(encoded(plain), len(plain)) == plain


@pytest.mark.parametrize("full", [259, 300, 511, 600, 1500, 3000, 4095])
def test_streams_that_end_about_where_a_table_is_emptied(full):
    noise = np.random.default_rng(5).integers(0, 256, 5000).astype("uint8").tobytes()
    for size in {
        1,
        2,
        3,
        *range(max(1, full - 262), full - 230),
        *range(2 * (full - 258), 2 * (full - 258) + 20),
    }:
        if size <= len(noise):
            assert decoded(encoded(noise[:size], full), size) == noise[:size]


def test_a_code_that_is_none_behind_an_emptied_table_is_damage():
    bits = "".join(format(code, "09b") for code in (256, 65, 66, 256, 300, 257))
    data = bytes(int(bits[k : k + 8].ljust(8, "0"), 2) for k in range(0, len(bits), 8))
    assert decoded(data, 2) is None


def test_what_stands_behind_a_stream_does_not_matter():
    plain = b"abcabcabc" * 10
    stream = encoded(plain)
    assert lzw.decode(stream + b"\xff" * 20, len(stream), len(plain)).tobytes() == plain


@pytest.mark.parametrize("room", [0, 89, 91])
def test_a_stream_of_another_length_is_none(room):
    found = decoded(encoded(b"abc" * 30), room)
    assert found is None or (room, found) in ((0, b""), (89, (b"abc" * 30)[:89]))


def test_a_stream_that_is_cut_is_none():
    stream = encoded(b"some words, " * 40)
    assert all(decoded(stream[:size], 480) is None for size in range(len(stream) - 3))


def test_codes_that_nobody_has_defined_are_an_end():
    def stream(*codes):
        text = "".join(format(code, "09b") for code in codes) + "0000000"
        return bytes(int(text[k : k + 8], 2) for k in range(0, len(text) // 8 * 8, 8))

    assert decoded(stream(256, 97, 258, 257), 3) == b"aaa"
    assert decoded(stream(256, 97, 259, 257), 3) is None
    assert decoded(stream(256, 258, 257), 1) is None
    assert decoded(stream(97, 98, 257), 2) is None  # no code that empties the table


def test_noise_is_none_or_as_long_as_asked_for():
    rng = np.random.default_rng(1)
    for _ in range(300):
        noise = b"\x80" + rng.integers(0, 256, rng.integers(1, 400), dtype="uint8").tobytes()
        found = decoded(noise, 300)
        assert found is None or len(found) == 300
