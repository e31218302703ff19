"""How memory is shared out among threads, and given back."""

import ctypes

import pytest

from pyterra.io import heap


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (heap.share_one_heap, [(-8, 1)]),  # M_ARENA_MAX of malloc.h
        (heap.keep_freed, [(-1, 33_554_432), (-3, 33_554_432)]),  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
    ],
)
def test_the_c_library_is_asked_where_it_knows_of_it(monkeypatch, call, expected):
    asked = []

    class Library:
        def mallopt(self, option, value):
            asked.append((option, value))

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Library())
    call.__wrapped__()
    assert asked == expected
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert call.__wrapped__() is None  # another library is left alone


def test_what_is_unused_is_given_back_where_the_c_library_does_that(monkeypatch):
    asked = []

    class Library:
        def malloc_trim(self, kept):
            asked.append(kept)

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Library())
    heap.give_back()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    heap.give_back()
    assert asked == [0]
