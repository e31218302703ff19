"""One core for each call of a model: the workers are the parallelism, whatever a model's library would start."""

from __future__ import annotations

import contextlib
import copy
import functools
import sys
import threading
from collections.abc import Iterator
from typing import Any

from pyterra.forks import renewed

_lock = renewed(threading.Lock())
_inside = 0
_blas: Any = None


def single_job(model: Any) -> Any:
    """The model with ``n_jobs=1`` in it and in all it holds. Copies are shallow; what needs no change is shared."""
    if type(model).__module__.partition(".")[0] == "xgboost":
        return _single_xgboost(model)
    return _walk(model)


def _walk(value: Any) -> Any:
    if type(value) in (list, tuple):
        parts = [_walk(part) for part in value]
        same = all(new is old for new, old in zip(parts, value, strict=True))
        return value if same else type(value)(parts)
    if type(value) is dict:
        entries = {key: _walk(part) for key, part in value.items()}
        return entries if any(entries[key] is not part for key, part in value.items()) else value
    if isinstance(value, type) or not hasattr(value, "get_params") or not hasattr(value, "__dict__"):
        return value
    changed = {key: new for key, part in vars(value).items() if (new := _walk(part)) is not part}
    if vars(value).get("n_jobs", 1) != 1:
        changed["n_jobs"] = 1
    if not changed:
        return value
    value = copy.copy(value)
    vars(value).update(changed)
    return value


def _single_xgboost(model: Any) -> Any:
    """XGBoost counts its threads itself: they are a parameter of the booster."""
    if hasattr(model, "get_booster"):
        booster = model.get_booster().copy()
        model = copy.copy(model)
        model._Booster, model.n_jobs = booster, 1
    else:
        booster = model = model.copy()
    booster.set_param({"nthread": 1})
    return model


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Keep BLAS and OpenMP to the calling thread.

    OpenMP's number belongs to each thread; that of OpenBLAS to the process, so the first to enter sets it and the last
    to leave puts it back.
    """
    controller = _controller(len(sys.modules))
    if controller is None:
        yield
        return
    global _inside, _blas
    with _lock:
        _inside += 1
        if _inside == 1:
            _blas = controller.limit(limits=1, user_api="blas")
    try:
        with controller.limit(limits=1, user_api="openmp"):
            yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _blas.restore_original_limits()
                _blas = None


@functools.lru_cache(maxsize=1)
def _controller(modules: int) -> Any:
    """What knows the thread pools of the libraries that are loaded; None without threadpoolctl.

    Looking for them takes 6 ms: it is done again when another number of modules is loaded.
    """
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController()
