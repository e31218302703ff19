"""predict and interpolate: models of other packages over the layers of each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Categories, Cells, Init, Layer, Node, Positional, join
from pyterra.frozen import dataclass
from pyterra.functions.udf import Function
from pyterra.grid import Grid, Window
from pyterra.raster._prediction import TRIAL_ROWS, Prediction
from pyterra.raster._predictors import constants_of, predictors_of, tried
from pyterra.raster.build import FLOAT32, FLOAT64, geometry_of, node_of, raster

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.models import Output
    from pyterra.types import Layers


@dataclass(frozen=True)
class CellCentres(Positional):
    """x and y of the centres of cells."""

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.empty((2, window.nrow, window.ncol))
        out[0] = grid.x_from_col(np.arange(window.col, window.col_stop))
        out[1] = grid.y_from_row(np.arange(window.row, window.row_stop))[:, None]
        return out


def predict(
    x: SpatRaster,
    model: Any,
    fun: str | Callable[..., Any] | None = None,
    *,
    type: str | None = None,
    na_rm: bool = True,
    index: Layers | None = None,
    const: Mapping[str, Any] | pd.DataFrame | None = None,
    factors: Mapping[str, Sequence[Any]] | None = None,
    names: str | Sequence[str] | None = None,
    **arguments: Any,
) -> SpatRaster:
    """Predict with a model whose predictors are layers.

    Parameters
    ----------
    x : SpatRaster
        Layers are found by name where the model knows the names of its predictors (scikit-learn's ``feature_names_in_``,
        formulas and design matrices of statsmodels, LightGBM, XGBoost, ONNX with an input each); others stay out.
        Without names, all layers are taken in their order.
    model : object or path
        Anything with a method `predict`: an estimator or pipeline of scikit-learn, results of statsmodels, a booster of
        LightGBM or XGBoost, a function of a table; or a file that `load_model` reads without trust. Or whatever `fun`
        takes. A model of R that rpy2 holds, or `pyterra.rbridge.read_model` reads: anything with a method of R's
        ``predict`` (lm, glm, gam, randomForest, ranger, rpart), run on ``Rscript`` workers where that is worth while.
    fun : callable or str, optional
        ``fun(model, table)`` with a DataFrame of predictors, or the name of a method of the model. For a model of R an
        R function of the model and a data.frame.
    type : {"response", "class", "prob"}, optional
        "prob" asks for ``predict_proba``: a layer per class. With a function, or a model of R, it is handed on as
        ``type=``.
    na_rm : bool
        Leave out the cells where a predictor is missing, and give missing for them. With False the model gets them too.
    index : int, str or sequence of them, optional
        Columns of the answer that become layers, by number (from 0) or name.
    const : mapping or DataFrame, optional
        Predictors that are the same in all cells; they go before layers of the same name. Several rows give several
        predictions, named ``X1.b0`` for row 1, in which b is 0.
    factors : mapping, optional
        The levels of predictors: {name: {code: label}}, or {name: labels} in the order of the codes from 1. Factor
        layers have their own; an empty one instead hands their codes on as numbers.
    names : str or sequence of str, optional
        Names of the layers of the result.
    **arguments
        Further arguments for the function or method.

    Returns
    -------
    SpatRaster
        A classifier gives a factor layer ``class`` with its labels: codes are the classes themselves where they are
        whole numbers, else count from 1. Several columns give as many layers.

    Raises
    ------
    LayerError
        Where the model names a predictor that no layer has. The message names near matches.
    UDFError
        Where the model cannot be tried on made-up values, or fails later. The message says in which block, and the
        shapes.

    See Also
    --------
    interpolate : Predicts from coordinates.
    lapp : Applies a function of the layers.

    Notes
    -----
    When the expression is built the model is tried on three made-up rows; no cell is read. Factor layers arrive as
    Categorical with all their levels, yes and no as bool. Every worker runs the model on one core (``n_jobs`` and the
    threads of OpenMP and BLAS are set to 1 meanwhile); Python functions run in processes. The model must treat every
    row by itself. terra hands missing rows on by default.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=3, nlyrs=2, vals=[1, 2, 3, 10, 20, 30], names=["a", "b"])
    >>> r.predict({"slope": 2}, lambda m, d: m["slope"] * d["a"] + d["b"]).values(drop=True)
    array([12., 24., 36.])
    """
    node = node_of(x, "predict")
    settings = _Settings("predict", type, na_rm, index, const, factors, names, arguments)
    return _predicted(node, model, fun, settings)


def interpolate(
    x: SpatRaster,
    model: Any,
    fun: str | Callable[..., Any] | None = None,
    *,
    xy_names: tuple[str, str] = ("x", "y"),
    type: str | None = None,
    na_rm: bool = True,
    index: Layers | None = None,
    const: Mapping[str, Any] | pd.DataFrame | None = None,
    factors: Mapping[str, Sequence[Any]] | None = None,
    names: str | Sequence[str] | None = None,
    **arguments: Any,
) -> SpatRaster:
    """Predict with a model whose predictors are the coordinates of cells, and layers if there are any.

    Parameters
    ----------
    x : SpatRaster
        A grid; layers with values are predictors too.
    model, fun, type, na_rm, index, const, factors, names, **arguments
        As in `predict`.
    xy_names : (str, str)
        Names of the predictors that are the coordinates of the centres of cells.

    Returns
    -------
    SpatRaster

    See Also
    --------
    predict : Predicts from layers.

    Examples
    --------
    >>> import pyterra as pt
    >>> grid = pt.rast(nrows=1, ncols=2, xmin=0, xmax=4, ymin=0, ymax=2)
    >>> grid.interpolate(None, lambda m, d: d["x"] * 10 + d["y"]).values(drop=True)
    array([11., 31.])
    """
    if len(xy_names) != 2 or isinstance(xy_names, str):
        raise ArgumentError(f"interpolate: xy_names must be two names, got {xy_names!r}")
    place = Init(
        grid=geometry_of(x, "interpolate").grid,
        layers=tuple(Layer(str(name)) for name in xy_names),
        dtype=FLOAT64,
        kernel=CellCentres(),
    )
    node = join([place, x._node]) if x.has_values() else place
    settings = _Settings("interpolate", type, na_rm, index, const, factors, names, arguments)
    return _predicted(node, model, fun, settings)


@dataclass(frozen=True)
class _Settings:
    verb: str
    type: str | None
    na_rm: bool
    index: Any
    const: Any
    factors: Mapping[str, Any] | None
    names: str | Sequence[str] | None
    arguments: Mapping[str, Any]


def _predicted(node: Node, model: Any, fun: Any, given: _Settings) -> SpatRaster:
    from pyterra.models import adapt, describe

    verb = given.verb
    adapted = adapt(model, fun, given.type, given.arguments, verb, Function)
    constants, runs = constants_of(given.const, verb)
    constants |= {name: (1.0,) * runs for name in adapted.ones if name not in constants}
    node, predictors = predictors_of(node, adapted, constants, given.factors, verb)
    single = adapted.single and node.dtype == FLOAT32 and not constants
    trial = Prediction(adapted, predictors, runs, (), (), given.na_rm, single)
    outputs = describe(tried(trial, node, verb), TRIAL_ROWS, adapted.classes, adapted.labels, verb)
    picks = _picks(outputs, given.index, verb)
    layers = _layers([outputs[i] for i in picks], runs, constants, given.names, verb)
    exact = all(abs(c) < 2**24 for o in outputs for c in o.codes) and all(
        layer.kind != "num" and layer.kind != "int" for layer in layers
    )
    width = max(len(adapted.classes or ()), len(outputs)) + runs * len(picks)
    return raster(
        Cells(
            grid=node.grid,
            layers=layers,
            dtype=FLOAT32 if exact else FLOAT64,
            arguments=(node,),
            kernel=replace(trial, outputs=outputs, picks=picks, total=node.grid.cells * runs),
            temporaries=24.0 * len(predictors) + 32.0 * width + 64,
            runs=adapted.runs,
            verb=verb,
        )
    )


def _picks(outputs: Sequence[Output], index: Any, verb: str) -> tuple[int, ...]:
    if index is None:
        return tuple(range(len(outputs)))
    names = [output.name for output in outputs]
    picks = []
    for item in [index] if isinstance(index, str | int | np.integer) else list(index):
        if isinstance(item, str) and item in names:
            picks.append(names.index(item))
        elif not isinstance(item, str) and 0 <= int(item) < len(names):
            picks.append(int(item))
        else:
            raise ArgumentError(
                f"{verb}: index must be names or numbers (from 0) of the columns {', '.join(names)}, got {item!r}"
            )
    return tuple(picks)


def _layers(
    outputs: Sequence[Output],
    runs: int,
    constants: Mapping[str, tuple[Any, ...]],
    names: str | Sequence[str] | None,
    verb: str,
) -> tuple[Layer, ...]:
    labels = [output.name for output in outputs]
    if runs > 1:
        sets = [
            f"X{i + 1}." + ".".join(f"{name}{values[i]}" for name, values in constants.items())
            for i in range(runs)
        ]
        labels = [f"{text}.{name}" if len(outputs) > 1 else text for text in sets for name in labels]
    if names is not None:
        chosen = [names] if isinstance(names, str) else [str(name) for name in names]
        if len(chosen) != len(labels):
            raise ArgumentError(
                f"{verb}: names must be one per layer of the result ({len(labels)}), got {len(chosen)}"
            )
        labels = chosen
    return tuple(_layer(label, output) for label, output in zip(labels, list(outputs) * runs, strict=True))


def _layer(name: str, output: Output) -> Layer:
    if output.kind != "factor":
        return Layer(name, output.kind)
    rows = tuple(zip(output.codes, (str(label) for label in output.labels), strict=True))
    return Layer(name, "factor", categories=Categories(("value", "class"), rows))
