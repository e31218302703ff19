"""Models that start no workers of their own: see `pyterra.run.one_thread`, too."""

from __future__ import annotations

import copy
from typing import Any


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
