"""How memory is shared out among threads, and given back."""

import ctypes

from pyterra.io import heap


def test_threads_share_one_heap_where_the_c_library_knows_of_it(monkeypatch):
    asked = []

    class Library:
        def mallopt(self, option, value):
            asked.append((option, value))

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Library())
    heap.share_one_heap.__wrapped__()
    assert asked == [(-8, 1)]  # M_ARENA_MAX of malloc.h


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert heap.share_one_heap.__wrapped__() is None


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
