"""fill and tune: one door to all ways of filling gaps, and which of them suits a series."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from itertools import product, zip_longest
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.grid import Grid
from pyterra.grid.extent import Extent
from pyterra.raster.build import node_of, raster
from pyterra.raster.cover import cover
from pyterra.raster.values import array_node
from pyterra.series.approximate import approximate
from pyterra.series.frames import frames_of
from pyterra.series.seasonal import season_median, stl
from pyterra.series.ways import WAYS

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

Step: TypeAlias = "str | tuple[str, Mapping[str, Any]]"
Truth: TypeAlias = NDArray[np.float64]

FINER = (2**0.5, 2**0.5, 2**0.25)
"""Steps around what was best so far, one after the other."""


def fill(
    x: SpatRaster,
    method: Step | Sequence[Step] | pd.Series[Any] = "swa",
    *,
    season_size: int | None = None,
    keep_original: bool = True,
) -> SpatRaster:
    """Fill the gaps of each cell along its layers, by one way or by several after each other.

    Parameters
    ----------
    x : SpatRaster
        At least two layers, in the order of time.
    method : str, (str, mapping of arguments), or a sequence of them
        ``linear constant`` (`approximate` with `rule` 2), ``swa box nearness recent`` (`reconstruct` with "swa", "box",
        "linear" and "steep"), ``deseasoned`` ("swa", and a curve by `whittaker` through what departs from it, with the
        arguments `att_seas`, `att_env` and `lmbda`), ``whittaker``, ``savitzky_golay``, ``harmonic``, ``stl`` or
        ``season_median``; each with arguments, as ``("swa", {"att_env": 40})``. Of several, each fills what the ones
        before have left. Or a row of what `tune` gives: ``x.fill(x.tune().iloc[0])``.
    season_size : int, optional
        Frames in a year. By default as the times of the layers tell.
    keep_original : bool
        Leave values that are there as they are. Otherwise the first way smooths all of them.

    Returns
    -------
    SpatRaster
        The layers of `x`, with names and times.

    Raises
    ------
    ArgumentError
        For a way that is not known, or arguments that it does not have.

    See Also
    --------
    tune : Tells which way suits a series.
    approximate, reconstruct, whittaker, savitzky_golay, harmonic, stl, season_median : The ways.
    fill_time : Adds layers for times that are not there.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[1]], [[nan]], [[3]], [[nan]]])
    >>> r.fill("linear").values().tolist()
    [[1.0, 2.0, 3.0, 3.0]]
    >>> r.fill([("box", {"width": 1}), "linear"]).values().tolist()
    [[1.0, 2.0, 3.0, 3.0]]
    """
    node_of(x, "fill")
    steps = _steps(method)
    if not steps:
        raise ArgumentError("fill: method must name at least one way, got nothing")
    found = x
    for i, step in enumerate(steps):
        found = _filled(found, step, season_size, keep_original or i > 0)
    return found


def _is_step(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2 and isinstance(value[1], Mapping)


def _steps(method: Any) -> list[Any]:
    """Ways, one after the other."""
    if isinstance(method, str) or _is_step(method):
        return [method]
    if hasattr(method, "keys"):
        return _of_row(method)
    if not isinstance(method, Iterable):
        raise ArgumentError(
            f"fill: method must be names of ways, or pairs of a name and its arguments, got {method!r}"
        )
    return list(method)


def _of_row(row: Any) -> list[Step]:
    """The ways of a row that `tune` gave, which R hands over as columns of one value."""
    cells: list[Any] = [np.ravel(row[key]) if key in row else [] for key in ("method", "arguments")]
    if [len(cell) for cell in cells] != [1, 1]:
        raise ArgumentError(
            f"fill: a table must be one row of what tune gives, with method and arguments, got {list(row.keys())} "
            f"of {len(cells[0])} rows; take one, as x.fill(x.tune().iloc[0])"
        )
    names, told = (("" if text != text else str(text)).split(" + ") for (text,) in cells)
    return [(name, _read(text)) for name, text in zip_longest(names, told, fillvalue="")]


def _read(text: str) -> dict[str, Any]:
    """Arguments as `_described` writes them."""
    try:
        call = ast.parse(f"step({text})", mode="eval").body
        if isinstance(call, ast.Call) and not call.args and all(word.arg for word in call.keywords):
            return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
    except (SyntaxError, ValueError):
        pass
    raise ArgumentError(
        f"fill: arguments of a row must be written as tune writes them (att_env=40, lmbda=3.0), got {text!r}"
    )


def _filled(x: SpatRaster, step: Any, season_size: int | None, keep: bool) -> SpatRaster:
    name, given = step if _is_step(step) else (step, {})
    way = WAYS[choice(name, tuple(WAYS), "fill: method")]
    arguments = {**way.fixed, **given}
    if way.call is not approximate:
        arguments.setdefault("season_size", season_size)
    if way.keeps and way.call is not season_median:
        arguments["keep_original"] = keep
    try:
        found = way.call(x, **arguments)
    except TypeError as error:
        raise ArgumentError(
            f"fill: {name} must have arguments of {way.call.__name__}, got {sorted(given)}"
        ) from error
    if way.keeps or not keep:
        return found
    found = cover(x, found)
    found.names = x.names
    return found


def tune(
    x: SpatRaster,
    methods: Iterable[Step | Sequence[Step]] | None = None,
    *,
    hide: Literal["random", "layers", "runs"] = "random",
    share: float = 0.1,
    length: int = 4,
    season_size: int | None = None,
    cells: int = 20_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Errors of ways to fill the gaps of a series, on values that are hidden from them.

    Parameters
    ----------
    x : SpatRaster
        At least two layers, in the order of time.
    methods : iterable of what `fill` takes, optional
        Ways that are tried. By default each of them with a grid of arguments (those that need a season only where it
        is known), and around the best of all finer steps.
    hide : {"random", "layers", "runs"}
        Values at random; whole layers at random; or `length` layers following each other of each cell, from a place of
        its own.
    share : float
        Share of the observed values, or of the layers, that is hidden.
    length : int
        Layers of a run.
    season_size : int, optional
        Frames in a year. By default as the times of the layers tell.
    cells : int
        Cells at most that are looked at, at random.
    seed : int
        Of the choices.

    Returns
    -------
    pandas.DataFrame
        A row for each way, the best first: ``method``, ``arguments``, ``rmse_chosen`` (by which it is placed: of a
        half of the cells that is not judged), and of the other half ``rmse``, ``bias``, ``r2``, ``ccc`` (Lin's
        concordance), ``filled`` (share of the hidden values that got a value) and ``n`` (how many are judged).

    Raises
    ------
    ArgumentError
        Where nothing can be hidden, or an argument is not allowed.

    See Also
    --------
    fill : Fills by the way that is best.

    Notes
    -----
    Errors are those of the values that a way has filled: look at ``filled``, too.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[v, v + 1, v, v + 2]] for v in (1, 5, 2, 6, 1, 5, 2, 6, 1, 5, 2, 6)])
    >>> table = r.tune(["linear", "season_median"], season_size=4, share=0.3)
    >>> table["method"].tolist()
    ['season_median', 'linear']
    >>> filled = r.fill(table.iloc[0], season_size=4)
    """
    import pandas as pd

    hide = choice(hide, ("random", "layers", "runs"), "tune: hide")
    if not 0 < share < 1 or length < 1 or cells < 2:
        raise ArgumentError(
            f"tune: share must lie between 0 and 1, length be 1 and cells 2 at least, got {share}, {length} and {cells}"
        )
    rng = np.random.default_rng(seed)
    series = _sampled(x, cells, rng)
    truth = series.to_numpy().astype(np.float64)[:, 0, :]
    hidden = ~np.isnan(truth) & _hidden(truth.shape, hide, share, length, rng)
    chosen = np.arange(truth.shape[1]) % 2 == 0
    if not hidden[:, chosen].any() or not hidden[:, ~chosen].any():
        raise ArgumentError("tune: no value could be hidden; there must be values in at least two cells")
    with_gaps = series.set_values(np.where(hidden, np.nan, truth)[:, None, :])
    known = _known_season(x, season_size)
    rows: dict[str, tuple[Any, dict[str, Any]]] = {}

    def tried(method: Any) -> None:
        told = _described(method)
        name = " ".join(told.values())
        if name not in rows:
            found = fill(with_gaps, method, season_size=known).to_numpy()[:, 0, :]
            first = _errors(truth, found, hidden & chosen)["rmse"]
            rows[name] = method, {**told, "rmse_chosen": first, **_errors(truth, found, hidden & ~chosen)}

    for method in methods if methods is not None else _grid(known, len(x)):
        tried(method)
    for factor in FINER if methods is None else ():
        best, _ = min(rows.values(), key=lambda row: np.nan_to_num(row[1]["rmse_chosen"], nan=np.inf))
        for method in _around(best, factor):
            tried(method)
    table = pd.DataFrame([row for _, row in rows.values()])
    return table.sort_values("rmse_chosen", kind="stable", ignore_index=True)


def _known_season(x: SpatRaster, season_size: int | None) -> int | None:
    size = frames_of(x, "tune", season_size).season_size
    return size if size is not None and size > 1 else None


def _sampled(x: SpatRaster, cells: int, rng: np.random.Generator) -> SpatRaster:
    """Some cells with values in a row."""
    node_of(x, "tune")
    if x.ncell <= cells:
        values = x.to_numpy().reshape(len(x), -1)
    else:
        numbers = np.sort(rng.choice(x.ncell, cells, replace=False))
        values = np.asarray(x.extract(numbers), np.float64)[:, -len(x) :].T
    values = values[:, ~np.isnan(values).all(axis=0)]
    if values.shape[1] < 2:
        raise ArgumentError("tune: there must be values in at least two cells")
    grid = Grid(Extent(0, values.shape[1], 0, 1), 1, values.shape[1])
    layers = tuple(layer.number() for layer in x._node.layers)
    return raster(array_node(values[:, None, :], grid, layers))


def _hidden(
    shape: tuple[int, int], hide: str, share: float, length: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    layers, cells = shape
    if hide == "random":
        return rng.random(shape) < share
    out = np.zeros(shape, bool)
    if hide == "layers":
        out[rng.choice(layers, max(1, round(share * layers)), replace=False)] = True
        return out
    first = rng.integers(0, max(1, layers - length + 1), cells)
    place = np.arange(layers)[:, None] - first
    return (place >= 0) & (place < length)


def _grid(season_size: int | None, layers: int) -> Iterable[Step]:
    """All ways with all arguments that are tried, but for those that a series cannot have."""
    for name, way in WAYS.items():
        if way.seasonal and (season_size is None or (way.call is stl and layers < 2 * season_size)):
            continue
        for values in product(*way.grid.values()):
            given = dict(zip(way.grid, values, strict=True))
            waves = 2 * given.get("waves", 0)
            if waves + 2 <= layers and waves < (season_size or np.inf):
                yield (name, given) if given else name


def _around(method: Any, factor: float) -> Iterable[Step]:
    """A way with its amounts so many times larger and smaller."""
    if not _is_step(method):
        return
    name, given = method
    amounts = [key for key, value in given.items() if isinstance(value, float)]
    for factors in product((1 / factor, 1.0, factor), repeat=len(amounts)):
        finer = {key: float(f"{given[key] * f:.3g}") for key, f in zip(amounts, factors, strict=True)}
        yield name, {**given, **finer}


def _described(method: Any) -> dict[str, str]:
    parts = [step if _is_step(step) else (step, {}) for step in _steps(method)]
    told = [", ".join(f"{key}={_plain(value)!r}" for key, value in given.items()) for _, given in parts]
    return {
        "method": " + ".join(name for name, _ in parts),
        "arguments": " + ".join(told) if any(told) else "",
    }


def _plain(value: Any) -> Any:
    """A number or a list of Python, where it is numpy's."""
    return value.tolist() if hasattr(value, "tolist") else value


def _errors(truth: Truth, found: Truth, hidden: NDArray[np.bool_]) -> dict[str, float]:
    filled = hidden & ~np.isnan(found)
    n = int(filled.sum())
    if n == 0:
        nothing = float("nan")
        return {
            "rmse": nothing,
            "bias": nothing,
            "r2": nothing,
            "ccc": nothing,
            "filled": 0.0,
            "n": int(hidden.sum()),
        }
    a, b = truth[filled], found[filled].astype(np.float64)
    square, spread = float(np.mean((b - a) ** 2)), float(np.var(a))
    together = spread + float(np.var(b)) + float((a.mean() - b.mean()) ** 2)
    return {
        "rmse": square**0.5,
        "bias": float(np.mean(b - a)),
        "r2": 1 - square / spread if spread > 0 else float("nan"),
        "ccc": 2 * float(np.mean((a - a.mean()) * (b - b.mean()))) / together
        if together > 0
        else float("nan"),
        "filled": n / int(hidden.sum()),
        "n": int(hidden.sum()),
    }
