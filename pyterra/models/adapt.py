"""What a model wants and how it is called, whatever package it comes from."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.bridge import is_r, of_r
from pyterra.errors import ArgumentError
from pyterra.expr import Runs
from pyterra.frozen import dataclass
from pyterra.models.forest import Forest
from pyterra.models.load import OnnxModel, load_model
from pyterra.models.threads import single_job
from pyterra.run.one_thread import one_thread

PredictType = Literal["response", "class", "prob"]


@dataclass(frozen=True)
class Model:
    """A model, ready to be called with rows of predictors. Picklable where the model is."""

    call: Callable[[Any], Any]
    """Table or matrix of predictors -> answer for each row."""
    wanted: tuple[str, ...] | None = None
    """Predictors by name, in this order; None for whatever there is."""
    table: bool = True
    """Whether predictors go in as a pandas table; else as a matrix of numbers."""
    width: int | None = None
    """Number of predictors, where that is all that is known of them."""
    classes: tuple[Any, ...] | None = None
    """The labels of a classifier, in the order of the columns of its probabilities."""
    labels: bool = False
    """Whether the answer is labels."""
    runs: Runs = "threads"
    """Where it computes."""
    among: tuple[str, ...] | None = None
    """The words of a formula: predictors of other names stay out."""
    ones: tuple[str, ...] = ()
    """Predictors that are 1 where no layer has their name: the intercept of a design matrix."""
    exact: bool = False
    """Whether the answer for a row is the same bits however many rows there are."""
    single: bool = False
    """Whether it works in float32 by itself."""
    apart: bool = False
    """Whether predictors go in as `Columns`: numbers, and what they mean apart."""
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The labels of factors among the predictors, by name, as far as the model knows them."""


@dataclass(frozen=True)
class Columns:
    """Rows of predictors as numbers, with what the numbers mean."""

    values: NDArray[np.float64]
    """Shape (layer, row)."""
    columns: tuple[Column, ...]
    """What the predictors are, in their order; those without a constant are the layers of `values`."""
    total: int
    """Number of rows there are in all."""


@dataclass(frozen=True)
class Column:
    """A predictor."""

    name: str
    levels: tuple[tuple[float, Any], ...] = ()
    """Code and label of a factor."""
    flag: bool = False
    """Whether it is yes or no."""
    constant: Any = None
    """Its value, where it is no layer."""


@dataclass(frozen=True)
class Method:
    """``model.name(rows)``, on one core."""

    model: Any
    name: str
    arguments: Mapping[str, Any]

    def __call__(self, rows: Any) -> Any:
        with one_thread():
            return getattr(self.model, self.name)(rows, **self.arguments)


@dataclass(frozen=True)
class Call:
    """``fun(model, rows)``, on one core."""

    function: Any
    """The user's function with its further arguments; pickles also when it is a lambda."""
    model: Any

    def __call__(self, rows: Any) -> Any:
        with one_thread():
            return self.function(self.model, rows)


@dataclass(frozen=True)
class Boosted:
    """``booster.inplace_predict(rows)`` of XGBoost."""

    model: Any
    arguments: Mapping[str, Any]

    def __call__(self, rows: Any) -> Any:
        return self.model.inplace_predict(rows, validate_features=False, **self.arguments)


def adapt(
    model: Any,
    fun: Any,
    type: str | None,
    arguments: Mapping[str, Any],
    verb: str,
    wrap: Callable[[Any, Mapping[str, Any]], Any],
) -> Model:
    """What is known of a model.

    Parameters
    ----------
    model : object
        Anything with a method `predict`, a path, or whatever `fun` takes.
    fun : callable or str, optional
        ``fun(model, table)``, or the name of a method of the model.
    type : {"response", "class", "prob"}, optional
    arguments : mapping
        Further arguments for `fun` or the method.
    verb : str
        For messages.
    wrap : callable
        Makes a function with its arguments picklable.

    Raises
    ------
    ArgumentError
        Where it is no model, or has no probabilities.
    """
    if is_foreign(model) and (fun is None or is_foreign(fun)):
        adapted: Model = of_r("models").adapt(model, fun, type, arguments, verb)
        return adapted
    if isinstance(model, str | os.PathLike):
        model = load_model(model)
    if callable(fun):
        more = dict(arguments) if type is None else {**arguments, "type": type}
        theirs = is_foreign(model)
        return Model(
            Call(wrap(fun, more), model if theirs else single_job(model)),
            classes=None if theirs else _classes(model),
            runs="here" if theirs else "processes",
        )
    if fun is not None and not hasattr(model, str(fun)):
        raise ArgumentError(
            f"{verb}: fun must be a function or a method of the model, got {fun!r} for a {_kind(model)}"
        )
    if type not in (None, "response", "class", "prob"):
        raise ArgumentError(f"{verb}: type must be 'response', 'class' or 'prob', got {type!r}")
    if isinstance(model, OnnxModel):
        return _onnx(model, type)
    if not hasattr(model, "predict"):
        if callable(model) and fun is None:
            return Model(Alone(wrap(model, arguments)), runs="processes")
        raise ArgumentError(
            f"{verb}: the model must have a method predict, got {_kind(model)}; give fun=, a function of the model "
            "and a table of predictors"
        )
    package = _package(model)
    name = str(fun) if fun is not None else "predict_proba" if type == "prob" else "predict"
    if not hasattr(model, name):
        raise ArgumentError(f"{verb}: type='prob' needs a model with predict_proba, got {_kind(model)}")
    if package == "lightgbm" and hasattr(model, "feature_name") and not hasattr(model, "get_params"):
        return _lightgbm(model, name, arguments)
    if package == "xgboost" and hasattr(model, "inplace_predict"):
        return Model(
            Boosted(single_job(model), arguments), _names(model.feature_names), table=False, exact=True
        )
    if package == "statsmodels":
        return _statsmodels(model, name, arguments)
    return _estimator(model, name, arguments, package)


def is_foreign(thing: Any) -> bool:
    """Whether a model or function is one of R."""
    return is_r(thing) or isinstance(getattr(thing, "foreign", None), str)


@dataclass(frozen=True)
class Alone:
    """``function(rows)``, on one core."""

    function: Any

    def __call__(self, rows: Any) -> Any:
        with one_thread():
            return self.function(rows)


def _estimator(model: Any, name: str, arguments: Mapping[str, Any], package: str) -> Model:
    """scikit-learn's, and what behaves like it."""
    if Forest.takes(model, name) and not arguments:
        return _forest(model, name)
    known = package in ("sklearn", "lightgbm", "xgboost", "imblearn", "catboost", "pyterra")
    names = getattr(model, "feature_names_in_", None)
    width = getattr(model, "n_features_in_", None)
    classes = _classes(model)
    return Model(
        Method(single_job(model), name, dict(arguments)),
        wanted=_names(names),
        table=names is not None or not known or width is None,
        width=None if names is not None or width is None else int(width),
        classes=classes,
        labels=name == "predict" and classes is not None,
        runs="threads" if known else "processes",
        exact=_of_trees(model),
    )


def _forest(model: Any, name: str) -> Model:
    names, classes = _names(getattr(model, "feature_names_in_", None)), _classes(model)
    return Model(
        Forest(single_job(model), name),
        wanted=names,
        table=False,
        width=None if names else int(model.n_features_in_),
        classes=classes,
        labels=name == "predict" and classes is not None,
        exact=True,
        single=True,
    )


def _of_trees(model: Any) -> bool:
    return any(part in type(model).__module__ for part in ("_forest", "tree._classes", "lightgbm", "xgboost"))


def _lightgbm(model: Any, name: str, arguments: Mapping[str, Any]) -> Model:
    names = tuple(model.feature_name())
    plain = all(re.fullmatch(r"Column_\d+", text) for text in names)
    return Model(
        Method(model, name, {"num_threads": 1, **arguments}),
        wanted=None if plain else names,
        table=False,
        width=len(names) if plain else None,
        exact=True,
    )


def _onnx(model: OnnxModel, type: str | None) -> Model:
    names, classes = model.feature_names, model.classes
    return Model(
        Method(model, "predict_proba" if type == "prob" else "predict", {}),
        wanted=names,
        table=names is not None,
        width=None if names is not None else model.width,
        classes=classes,
        labels=type != "prob" and classes is not None,
        exact=True,
    )


def _statsmodels(model: Any, name: str, arguments: Mapping[str, Any]) -> Model:
    """Results: those of a formula take the table, the others a design matrix in the order of its columns."""
    inner = getattr(model, "model", None)
    if inner is None:
        raise ArgumentError("predict: a model of statsmodels must be fitted; give what fit() returned")
    if getattr(inner, "formula", None) is not None:
        right = str(inner.formula).partition("~")[2]
        return Model(Method(model, name, arguments), among=_words(right))
    names = tuple(str(n) for n in inner.exog_names)
    rest = [n for n in names if n != "const"]
    if all(re.fullmatch(r"x\d+", n) for n in rest):
        return Model(Design(Method(model, name, arguments), "const" in names), table=False, width=len(rest))
    return Model(Method(model, name, arguments), wanted=names, table=False, ones=("const",))


@dataclass(frozen=True)
class Design:
    """A call with a design matrix, an intercept first where there is one."""

    call: Method
    intercept: bool

    def __call__(self, rows: Any) -> Any:
        return self.call(np.column_stack([np.ones(len(rows)), rows]) if self.intercept else rows)


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text)))


def _names(names: Any) -> tuple[str, ...] | None:
    return None if names is None else tuple(str(name) for name in names)


def _classes(model: Any) -> tuple[Any, ...] | None:
    """Labels of a classifier; those of each output where it has several."""
    found = getattr(model, "classes_", None)
    if found is None:
        return None
    if isinstance(found, list) and found and isinstance(found[0], np.ndarray):
        return tuple(tuple(part.tolist()) for part in found)
    return tuple(np.asarray(found).tolist())


def _package(model: Any) -> str:
    return type(model).__module__.partition(".")[0]


def _kind(model: Any) -> str:
    return type(model).__name__
