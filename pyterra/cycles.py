"""Python's search for cycles of objects, put off while many objects are made that hold no others.

Each new geometry counts as an object that might be part of a cycle: a million of them set the search off a thousand
times, which takes four times as long as making them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unsearched() -> Iterator[None]:
    """A time without the search, where it was on. What becomes garbage meanwhile is found afterwards."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
