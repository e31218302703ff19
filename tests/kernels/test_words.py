"""Eight bytes at once, from any place."""

import numpy as np

from pyterra.kernels import _words
from pyterra.kernels._jit import exact_jit

eight_bytes, eight_bytes_turned = _words.eight_bytes, _words.eight_bytes_turned
put_eight_bytes, zeros_below = _words.put_eight_bytes, _words.zeros_below


@exact_jit
def _looked_at(data, place, found):
    address = np.int64(data.ctypes.data) + place
    found[0], found[1] = eight_bytes(address), eight_bytes_turned(address)
    found[2] = zeros_below(found[0])


@exact_jit
def _put(data, place, number):
    put_eight_bytes(np.int64(data.ctypes.data) + place, number)


def test_numbers_begin_at_any_byte():
    data, found = np.arange(1, 21, dtype="uint8"), np.zeros(3, "uint64")
    for place in range(13):
        _looked_at(data, place, found)
        part = data[place : place + 8].tobytes()
        assert found[:2].tolist() == [int.from_bytes(part, "little"), int.from_bytes(part, "big")]
        assert (int(found[0]) >> int(found[2])) & 1
        _put(data, place, np.uint64(int.from_bytes(part, "big")))
        assert data[place : place + 8].tobytes() == part[::-1]
        data[place : place + 8] = np.frombuffer(part, "uint8")
