"""The C stack of the thread that is in R: R raises an error where it would run over, instead of ending the process.

R knows the stack of the thread that started it; rpy2 takes that check away for the sake of other threads.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
from collections.abc import Iterator
from typing import Any

SHARE = 0.85
"""Part of the stack that R may use: the rest is for what runs after the error."""
MOST = 2**26
"""Bytes that a stack is taken to have at most, also where it may grow without a limit."""
_ATTRIBUTES = 256
"""Bytes of room for a `pthread_attr_t`, of which no system needs more than 64."""

_known = threading.local()


@contextlib.contextmanager
def guarded(library: Any) -> Iterator[None]:
    """Let R check the stack of this thread, which holds the session's lock.

    Afterwards it checks as before: who calls R by rpy2 itself, from whatever thread, has no such limit.

    Parameters
    ----------
    library : cffi library
        R's, of ``rpy2.rinterface_lib.openrlib.rlib``.
    """
    if not hasattr(_known, "bounds"):
        _known.bounds = _bounds()
    if _known.bounds is None:
        yield
        return
    before = library.R_CStackStart, library.R_CStackLimit
    top, size = _known.bounds
    library.R_CStackStart, library.R_CStackLimit = top, int(SHARE * min(size, MOST))
    try:
        yield
    finally:
        library.R_CStackStart, library.R_CStackLimit = before


def _bounds() -> tuple[int, int] | None:
    """The highest address of this thread's stack, and its size; None where the system does not tell."""
    threads = ctypes.CDLL(None)
    threads.pthread_self.restype = ctypes.c_void_p
    this = ctypes.c_void_p(threads.pthread_self())
    if sys.platform == "darwin":
        threads.pthread_get_stackaddr_np.restype = ctypes.c_void_p
        threads.pthread_get_stacksize_np.restype = ctypes.c_size_t
        return int(threads.pthread_get_stackaddr_np(this)), int(threads.pthread_get_stacksize_np(this))
    if not sys.platform.startswith("linux"):
        return None
    about = ctypes.create_string_buffer(_ATTRIBUTES)
    lowest, size = ctypes.c_void_p(), ctypes.c_size_t()
    if threads.pthread_getattr_np(this, about) != 0:
        return None
    threads.pthread_attr_getstack(about, ctypes.byref(lowest), ctypes.byref(size))
    threads.pthread_attr_destroy(about)
    return int(lowest.value or 0) + size.value, size.value
