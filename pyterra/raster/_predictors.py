"""What a model is given: the layers and constants that are its predictors, and made-up rows of them to try it on."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, LayerError, UDFError, near_names
from pyterra.expr import Array, Layer, Node, select
from pyterra.raster._prediction import TRIAL_ROWS, Prediction, Predictor

if TYPE_CHECKING:
    from pyterra.models import Model


def constants_of(const: Any, verb: str) -> tuple[dict[str, tuple[Any, ...]], int]:
    """Constants by name, a value per run, and the number of runs."""
    if const is None:
        return {}, 1
    if hasattr(const, "columns"):
        table = {str(name): tuple(const[name].tolist()) for name in const.columns}
    elif isinstance(const, Mapping):
        table = {
            str(name): tuple(v) if isinstance(v, list | tuple | np.ndarray) else (v,)
            for name, v in const.items()
        }
    else:
        raise ArgumentError(f"{verb}: const must be a mapping or a DataFrame, got {type(const).__name__}")
    runs = max(map(len, table.values()), default=1)
    if any(len(values) not in (1, runs) or not values for values in table.values()):
        raise ArgumentError(
            f"{verb}: the values of const must be equally many, got {[*map(len, table.values())]}"
        )
    return {name: values * (runs // len(values)) for name, values in table.items()}, runs


def predictors_of(
    node: Node,
    model: Model,
    constants: Mapping[str, tuple[Any, ...]],
    factors: Mapping[str, Any] | None,
    verb: str,
) -> tuple[Node, tuple[Predictor, ...]]:
    """The layers that the model wants, and all its predictors in order."""
    names = [layer.name for layer in node.layers]
    wanted = _wanted(model, names, constants, verb)
    predictors, used = [], []
    for name in wanted:
        places = [i for i, known in enumerate(names) if known == name]
        if name in constants and not (places and name in model.ones):
            predictors.append(Predictor(name, constants=constants[name]))
            continue
        if len(places) != 1:
            raise _not_one(name, len(places), [*names, *constants], verb)
        used.append(places[0])
        predictors.append(_predictor(name, node.layers[places[0]], model, factors))
    if not used:
        raise LayerError(
            f"{verb}: none of the layers is a predictor of the model; there are {', '.join(names[:8])}"
        )
    return select(node, used), tuple(predictors)


def _not_one(name: str, count: int, there: Sequence[str], verb: str) -> LayerError:
    if count > 1:
        return LayerError(f"{verb}: layer names must differ, got {count} named {name!r}; set .names first")
    hint = near_names(name, there)
    return LayerError(f"{verb}: the model needs the predictor {name!r}; no layer has that name{hint}")


def _wanted(model: Model, names: list[str], constants: Mapping[str, Any], verb: str) -> list[str]:
    if model.wanted is not None:
        return list(model.wanted)
    there = [*names, *(name for name in constants if name not in names)]
    if model.among is not None:
        return [name for name in there if name in model.among]
    if model.width is not None and len(there) != model.width:
        raise LayerError(
            f"{verb}: the model has {model.width} predictors without names, got {len(there)} layers and constants: "
            f"{', '.join(there[:8])}; select the right ones, in the order in which it was fitted"
        )
    return there


def _predictor(name: str, layer: Layer, model: Model, factors: Mapping[str, Any] | None) -> Predictor:
    levels: Mapping[Any, Any] = {}
    table = model.table or model.apart
    if table and factors is not None and name in factors:
        own = factors[name]
        levels = own if isinstance(own, Mapping) else dict(enumerate(own, start=1))
    elif table and layer.categories is not None:
        levels = layer.categories.labels()
    elif name in model.levels:  # codes whose labels are numbers
        with contextlib.suppress(ValueError):
            levels = {float(label): label for label in model.levels[name]}
    return Predictor(
        name, tuple((float(code), label) for code, label in levels.items()), table and layer.kind == "bool"
    )


def _lacking(trial: Prediction, text: str) -> str | None:
    """The word of the model's formula that no layer has, and that an error is about."""
    there = {predictor.name for predictor in trial.predictors}
    lacking = [name for name in trial.model.among or () if name not in there]
    return next((name for name in lacking if f"'{name}'" in text), None)


def tried(trial: Prediction, node: Node, verb: str) -> Any:
    """The answer for made-up rows."""
    layers = [p for p in trial.predictors if not p.constants]
    rows = np.stack(
        [_made_up(p, layer, trial.model.levels) for p, layer in zip(layers, node.layers, strict=True)]
    )
    given = trial.given(rows)
    try:
        with np.errstate(all="ignore"):
            return trial.model.call(given)
    except Exception as error:
        lacking = _lacking(trial, str(error))
        if lacking is not None:
            raise LayerError(
                f"{verb}: the model needs the predictor {lacking!r}; no layer has that name; of its words there are "
                f"{', '.join(p.name for p in trial.predictors) or 'none'}"
            ) from error
        text = ", ".join(p.name for p in trial.predictors[:8])
        raise UDFError(
            f"{verb}: the model raised {type(error).__name__}: {error} when it was tried on {TRIAL_ROWS} made-up rows of "
            f"the predictors {text}"
        ) from error


def _made_up(predictor: Predictor, layer: Layer, known: Mapping[str, Sequence[str]]) -> Array:
    """Values that a layer may have, and the model knows."""
    if predictor.levels:
        among = known.get(predictor.name)
        codes = [code for code, label in predictor.levels if among is None or str(label) in among]
        return np.resize(codes or [np.nan], TRIAL_ROWS).astype(np.float64)
    if predictor.flag:
        return np.resize([1.0, 0.0], TRIAL_ROWS)
    low, high = layer.range or (1.0, 2.0)
    return np.linspace(low, high, TRIAL_ROWS) if np.isfinite([low, high]).all() else np.ones(TRIAL_ROWS)
