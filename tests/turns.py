"""What is asked in turn where not everything is: which one follows from a name, and is the same in every run."""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def in_turn(name: str, values: Sequence[Any], each: int = 1) -> list[Any]:
    """So many of the values, one after the other from the one that follows from a name."""
    first = zlib.crc32(name.encode())
    return [values[(first + i) % len(values)] for i in range(each)]


def each_in_turn(cases: Iterable[tuple[Any, ...]], values: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Parameters: every case with one of the values, with the others in the long mode."""
    return [
        pytest.param(*case, *value, marks=[] if [value] == in_turn(str(case), values) else pytest.mark.slow)
        for case in cases
        for value in values
    ]
