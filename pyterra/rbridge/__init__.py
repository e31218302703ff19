"""The bridge to R: terra's objects as pyterra's and back, R functions and R models in pyterra's verbs.

Needs R with terra, and rpy2 (``pip install "pyterra-geo[r]"``) where Python is the host. Nothing here is imported
before it is asked for.
"""

from importlib import import_module as _import

_LATE = {
    "doctor": "pyterra.rbridge.diagnosis",
}
"""Functions, and the modules from which they come when they are first asked for."""


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module 'pyterra.rbridge' has no attribute {name!r}")
    globals()[name] = found = getattr(_import(_LATE[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATE})
