"""The bridge to R: terra's objects as pyterra's and back, R functions and R models in pyterra's verbs.

Needs R with terra, and rpy2 (``pip install "pyterra-geo[r]"``) where Python is the host. Nothing here is imported
before it is asked for.
"""

from importlib import import_module as _import
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

if _TYPE_CHECKING:
    from pyterra.rbridge.convert import from_r, to_r
    from pyterra.rbridge.diagnosis import doctor
    from pyterra.rbridge.models import read_model

    converter: _Any

_LATE = {
    "converter": "convert",
    "doctor": "diagnosis",
    "from_r": "convert",
    "read_model": "models",
    "to_r": "convert",
}
"""What there is, and the modules from which it comes when it is first asked for."""

__all__ = ["converter", "doctor", "from_r", "read_model", "to_r"]


def __getattr__(name: str) -> _Any:
    if name not in _LATE:
        raise AttributeError(f"module 'pyterra.rbridge' has no attribute {name!r}")
    module = _import(f"pyterra.rbridge.{_LATE[name]}")
    globals()[name] = found = module.make_converter() if name == "converter" else getattr(module, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATE})
