"""predict and interpolate: models of other packages over the layers of each cell."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, LayerError, UDFError, near_names
from pyterra.expr import Array, Categories, Cells, Init, Layer, Node, Positional, join, select
from pyterra.functions.udf import Function
from pyterra.grid import Grid, Window
from pyterra.raster.build import FLOAT32, FLOAT64, geometry_of, node_of, raster
from pyterra.raster.table import labelled

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.models import Model, Output
    from pyterra.types import Layers

TRIAL_ROWS = 3
"""Made-up rows on which a model is tried when the expression is built."""
STEP_ROWS = 64
"""Models get a multiple of so many rows: a product of matrices rounds the last rows of an odd number otherwise."""


@dataclass(frozen=True)
class Predictor:
    """How a layer, or a constant, becomes a column."""

    name: str
    levels: tuple[tuple[float, Any], ...] = ()
    """Code and label of a factor."""
    flag: bool = False
    """Whether it is yes or no."""
    constants: tuple[Any, ...] = ()
    """Its value in each run, where it is no layer."""

    def column(self, values: Array) -> Any:
        """The values of a layer as a column of a table."""
        if self.flag and not np.isnan(values).any():
            return values == 1
        if not self.levels:
            return values
        return labelled(dict(self.levels), values)


@dataclass(frozen=True)
class Prediction:
    """A model over the cells of a block."""

    model: Model
    predictors: tuple[Predictor, ...]
    """Columns in order; those that are layers come in the order of the block."""
    runs: int
    """How often the model is called, with another set of constants each time."""
    outputs: tuple[Output, ...]
    """What one run gives."""
    picks: tuple[int, ...]
    """The columns of a run's answer that become layers."""
    na_rm: bool
    single: bool = False
    """Whether predictors are exact in float32, and the model works in it."""
    total: int = TRIAL_ROWS
    """Number of rows of all runs and blocks."""

    def __call__(self, block: Array) -> Array:
        rows = block.reshape(len(block), -1)
        out = np.full((self.runs * len(self.picks), rows.shape[1]), np.nan)
        if self.na_rm:
            keep = ~np.isnan(rows).any(axis=0)
            if keep.all():
                out[:] = self.rows(rows)
            elif keep.any():
                out[:, keep] = self.rows(rows[:, keep])
        else:
            out[:] = self.rows(rows)
        return out.reshape(-1, *block.shape[1:])

    def rows(self, rows: Array) -> Array:
        """Answers for the columns of an array (layer, cell)."""
        from pyterra.models import columns

        count = rows.shape[1]
        wide = -(-count // STEP_ROWS) * STEP_ROWS
        if wide > count and not self.model.exact and self.model.runs != "processes":
            rows = np.pad(rows, ((0, 0), (0, wide - count)), mode="edge")
        answers = []
        for run in range(self.runs):
            found = columns(self.model.call(self.given(rows, run)), rows.shape[1])
            if len(found) != len(self.outputs):
                raise ValueError(
                    f"it must give {len(self.outputs)} columns, as when it was tried, got {len(found)}"
                )
            answers += [self.outputs[i].encode(found[i][1])[:count] for i in self.picks]
        return np.stack(answers)

    def given(self, rows: Array, run: int = 0) -> Any:
        """What the model is called with: a table, or a matrix of numbers."""
        if self.model.apart:
            return self.apart(rows, run)
        layers = iter(rows)
        if not self.model.table:
            parts = [
                np.full(rows.shape[1], p.constants[run]) if p.constants else next(layers)
                for p in self.predictors
            ]
            return np.stack(parts, axis=1, dtype=np.float32 if self.single else np.float64)
        import pandas as pd

        if not any(p.levels or p.flag or p.constants for p in self.predictors):
            return pd.DataFrame(
                rows.T.astype(np.float64), columns=pd.Index([p.name for p in self.predictors])
            )
        return pd.DataFrame(
            {
                p.name: np.full(rows.shape[1], p.constants[run])
                if p.constants
                else p.column(next(layers).astype(np.float64))
                for p in self.predictors
            }
        )

    def apart(self, rows: Array, run: int) -> Any:
        """Numbers, and what they mean apart."""
        from pyterra.models import Column, Columns

        columns = tuple(
            Column(p.name, p.levels, p.flag, p.constants[run] if p.constants else None)
            for p in self.predictors
        )
        return Columns(rows.astype(np.float64, copy=False), columns, self.total)


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
    constants, runs = _constants(given.const, verb)
    constants |= {name: (1.0,) * runs for name in adapted.ones if name not in constants}
    node, predictors = _predictors(node, adapted, constants, given.factors, verb)
    single = adapted.single and node.dtype == FLOAT32 and not constants
    trial = Prediction(adapted, predictors, runs, (), (), given.na_rm, single)
    outputs = describe(_tried(trial, node, verb), TRIAL_ROWS, adapted.classes, adapted.labels, verb)
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


def _constants(const: Any, verb: str) -> tuple[dict[str, tuple[Any, ...]], int]:
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


def _predictors(
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


def _tried(trial: Prediction, node: Node, verb: str) -> Any:
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
