"""What is read back of a written file, and how it is compared."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from pyterra.options import VerifyMode

Piece = TypeVar("Piece")
_ONE_IN = 16
_AT_LEAST = 4


def digest(array: NDArray[Any]) -> int:
    """A checksum of the bytes; crc32 runs at 2 GB/s, without the GIL, and finds every short burst."""
    return zlib.crc32(np.ascontiguousarray(array).data)


def to_verify(pieces: Sequence[Piece], verify: VerifyMode) -> list[Piece]:
    """The pieces that are read back: all, or one in sixteen, at least four, the first and the last among them."""
    last = len(pieces) - 1
    return [piece for i, piece in enumerate(pieces) if _is_verified(i, verify, last=i == last)]


def _is_verified(number: int, verify: VerifyMode, *, last: bool) -> bool:
    """Whether a piece, by its number from 0, is read back."""
    if verify == "sample":
        return last or number < _AT_LEAST or number % _ONE_IN == 0
    return verify == "full"


class Digests(Generic[Piece]):
    """What the pieces of a file were that are read back, see `to_verify`.

    Parameters
    ----------
    verify : {"full", "sample", "off"}
    """

    def __init__(self, verify: VerifyMode) -> None:
        self._verify = verify
        self._count = 0
        self._known: dict[Piece, int] = {}

    def add(self, piece: Piece, numbers: NDArray[Any], *, last: bool = False) -> None:
        """Take a piece that was written; `last` where the file ends with it."""
        if _is_verified(self._count, self._verify, last=last):
            self._known[piece] = digest(numbers)
        self._count += 1

    def __iter__(self) -> Iterator[Piece]:
        return iter(self._known)

    def differ(self, piece: Piece, found: NDArray[Any]) -> bool:
        """Whether a piece is not as it was written, as far as that is known."""
        return piece in self._known and digest(found) != self._known[piece]
