"""R models in `predict`: in this process on the calling thread, or on ``Rscript`` workers where that is worth while."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, PyterraError, RError, SourceError, UDFError
from pyterra.expr import Array
from pyterra.forks import renewed
from pyterra.io.safe.places import path_text
from pyterra.io.safe.temporary import when_gone
from pyterra.models import Column, Columns, Model
from pyterra.options import current
from pyterra.rbridge import rscript
from pyterra.rbridge.functions import owned
from pyterra.run.driver import by_driver, current_driver

WORTH_SECONDS = 6.0
"""Work of one process from which on it is spread over workers, which take a second or two to start."""
_KEPT = 4


class RModel:
    """A model in a file that R wrote, predicted with on ``Rscript`` workers.

    Parameters
    ----------
    path : path
        A file of ``saveRDS``.
    packages : sequence of str
        Packages that its methods need; those of its classes are found.
    """

    foreign = "R model"

    def __init__(self, path: str | os.PathLike[str], packages: Sequence[str] = ()) -> None:
        self.path = os.path.abspath(path_text(path, "read_model"))
        if not os.path.isfile(self.path):
            raise SourceError(f"read_model: there must be a file of R's saveRDS(), got {self.path}")
        self.packages = (packages,) if isinstance(packages, str) else tuple(packages)

    def __repr__(self) -> str:
        return f"RModel({self.path!r})"


def read_model(path: str | os.PathLike[str], packages: Sequence[str] = ()) -> RModel:
    """A model of R for `predict`, from a file; needs R, but not rpy2.

    Parameters
    ----------
    path : path
        What R's ``saveRDS(model, path)`` wrote. It may run code when it is used: read only files that you trust.
    packages : sequence of str, optional
        Packages that its methods need; those of its classes are found.

    Returns
    -------
    RModel
        Something that ``r.predict`` takes. It runs on ``Rscript`` workers.

    Examples
    --------
    A forest that R saved::

        model = pt.rbridge.read_model("forest.rds")
        r.predict(model, type="prob").write_raster("probabilities.tif")
    """
    return RModel(path, packages)


class Remote:
    """A model on workers. Picklable: other processes have workers of their own."""

    def __init__(self, job: Mapping[str, Any], libraries: str = "") -> None:
        self.job = dict(job)
        self.libraries = libraries

    def facts(self) -> dict[str, Any]:
        """What is known of the model."""
        question = {**self.job, "do": "facts", "columns": ""}
        found: dict[str, Any] = json.loads(
            rscript.ask_one(lambda worker: worker.ask(question), libraries=self.libraries)
        )
        return found

    def predict(self, rows: Columns) -> tuple[Array, str]:
        """Numbers (column, row), and what the columns are."""
        if not os.path.exists(self.job["path"]):
            raise PyterraError(f"predict: the file of the model is gone: {self.job['path']}")
        question = {**self.job, "columns": header(rows.columns)}
        count = current().worker_count
        answer: tuple[Array, str] = rscript.ask_one(
            lambda worker: worker.predict(question, rows.values), count, self.libraries
        )
        return answer


class Local:
    """A model in the R session of this process; used on the calling thread alone."""

    def __init__(self, model: Any, fun: Any, arguments: Mapping[str, Any]) -> None:
        from pyterra.rbridge.session import session

        self._r = session()
        self._model, self._fun = model, fun
        self._arguments = self._r.to_r(dict(arguments)) if arguments else self._r.call("list")
        self._predictors: OrderedDict[str, Any] = OrderedDict()

    def facts(self) -> dict[str, Any]:
        """What is known of the model."""
        text = self._r.text(self._r.call("bridge_model_facts", self._model, self._fun))
        found: dict[str, Any] = json.loads(text or "{}")
        return found

    def predict(self, rows: Columns) -> tuple[Array, str]:
        """Numbers (column, row), and what the columns are."""
        about = header(rows.columns)
        predictor = self._predictors.get(about)
        if predictor is None:
            predictor = self._r.call("bridge_predictor", self._model, self._fun, self._arguments, about)
            with self._r.lock:  # runs of several threads share the model
                self._predictors[about] = predictor
                while len(self._predictors) > _KEPT:
                    self._predictors.popitem(last=False)
        found = self._r.apply(predictor, self._r.vector(rows.values.T))
        numbers, told = self._r.parts(found)
        return self._r.doubles(numbers).T, self._r.text(told) or "[]"

    def remote(self, owner: Any) -> Remote:
        """The same model for workers; its file goes with `owner`."""
        folder = rscript.shared_folder("pyterra-model-")
        when_gone(owner, shutil.rmtree, folder, True)
        path = folder / "job.rds"
        self._r.call("bridge_save_job", str(path), self._model, self._fun, self._arguments)
        paths = [text for text in self._r.texts(self._r.call(".libPaths")) if text]
        return Remote(job_of(path, bare=False), os.pathsep.join(paths))


class Prediction:
    """What `predict` calls with the rows of a block. Picklable."""

    def __init__(self, local: Local | None, remote: Remote | None) -> None:
        self._local, self._remote = local, remote
        self._lock = renewed(threading.Lock())
        self._seconds = 0.0
        """Time that a row took at least."""

    def __call__(self, rows: Columns) -> Any:
        return table_of(*self._answer(rows))

    def _answer(self, rows: Columns) -> tuple[Array, str]:
        local = self._local
        if local is None:
            assert self._remote is not None
            return self._remote.predict(rows)
        if current_driver() is None or not self._worth(rows.total):
            return self._here(local, rows)
        with self._lock:
            if self._remote is None:
                self._remote = self._made(local)
        count = current().worker_count
        rscript.pool.start(count, self._remote.libraries)
        if not rscript.pool.any_ready():  # they are still starting
            return self._here(local, rows)
        return self._remote.predict(rows)

    def _worth(self, total: int) -> bool:
        return self._seconds * total > WORTH_SECONDS and current().worker_count > 1

    def _here(self, local: Local, rows: Columns) -> tuple[Array, str]:
        found: list[tuple[Array, str]] = []

        def work() -> Array:
            begin = time.perf_counter()
            found.append(local.predict(rows))
            taken = (time.perf_counter() - begin) / rows.values.shape[1]
            if rows.values.shape[1] > 1000:
                self._seconds = min(taken, self._seconds or taken)
            return found[0][0]

        by_driver(work)
        return found[0]

    def _made(self, local: Local) -> Remote:
        made: list[Remote] = []

        def work() -> Array:
            made.append(local.remote(self))
            return np.empty(0)

        by_driver(work)
        return made[0]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        with self._lock:
            if self._remote is None:
                assert self._local is not None
                self._remote = self._made(self._local)
        return Prediction, (None, self._remote)


def adapt(model: Any, fun: Any, type: str | None, arguments: Mapping[str, Any], verb: str) -> Model:
    """What is known of a model of R, for `predict`.

    Raises
    ------
    ArgumentError
        Where an argument cannot be handed over.
    UDFError
        Where it is no model, or R cannot load it.
    """
    more = {**arguments, **({} if type is None else {"type": type})}
    try:
        if isinstance(model, RModel):
            if fun is not None:
                raise ArgumentError(f"{verb}: fun must be None for a model from a file, got {fun!r}")
            remote = Remote(job_of(Path(model.path), bare=True, more=more, packages=model.packages))
            facts, call = remote.facts(), Prediction(None, remote)
        elif isinstance(model, Local):  # of the R that hosts this Python, with its function and arguments
            facts, call = model.facts(), Prediction(model, None)
        else:
            local = Local(model, fun, more)
            facts, call = local.facts(), Prediction(local, None)
    except RError as error:
        raise UDFError(f"{verb}: {error}") from error
    return Model(
        call,
        wanted=_names(facts["wanted"]),
        among=_names(facts["among"]),
        table=False,
        apart=True,
        levels={name: tuple(labels) for name, labels in (facts["levels"] or {}).items()},
    )


def job_of(
    path: Path, *, bare: bool, more: Mapping[str, Any] | None = None, packages: Sequence[str] = ()
) -> dict[str, Any]:
    """What workers are told of a model.

    Raises
    ------
    ArgumentError
        Where an argument is no number, text or truth.
    """
    try:
        text = json.dumps(dict(more or {}))
    except TypeError as error:
        raise ArgumentError(
            f"predict: further arguments of a model from a file must be numbers, text or truths: {error}"
        ) from error
    about = os.stat(path)
    token = f"{path} {about.st_mtime_ns} {about.st_size} {text} {' '.join(packages)}"
    return {
        "job": token,
        "path": str(path),
        "bare": bare,
        "more": json.loads(text),
        "packages": list(packages),
    }


def header(columns: Sequence[Column]) -> str:
    """What the predictors are, as JSON for R."""
    told: list[dict[str, Any]] = []
    for column in columns:
        one: dict[str, Any] = {"name": column.name}
        if column.constant is not None:
            value = column.constant
            one["value"] = value.item() if isinstance(value, np.generic) else value
        elif column.levels:
            one["codes"] = [code for code, _ in column.levels]
            one["labels"] = [str(label) for _, label in column.levels]
        elif column.flag:
            one["flag"] = True
        told.append(one)
    return json.dumps(told)


def table_of(numbers: Array, told: str) -> Any:
    """A table of columns as R gave them: labels as Categorical, truths as bool."""
    import pandas as pd

    columns = []
    for values, about in zip(owned(numbers), json.loads(told), strict=True):
        missing = np.isnan(values)
        if about["levels"] is not None:
            codes = np.where(missing, 0, values).astype(np.int64) - 1
            columns.append(
                pd.Series(pd.Categorical.from_codes(codes, pd.Index(about["levels"], dtype=object)))
            )
        elif about["flag"] and not missing.any():
            columns.append(pd.Series(values == 1))
        else:
            columns.append(pd.Series(values))
    table = pd.concat(columns, axis=1)
    table.columns = pd.Index([about["name"] for about in json.loads(told)])
    return table


def _names(names: Any) -> tuple[str, ...] | None:
    return None if names is None else tuple(str(name) for name in names)
