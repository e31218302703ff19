"""Models from disk: formats that hold a model and nothing else; pickles only where they are trusted."""

from __future__ import annotations

import os
import pickle
import threading
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, SourceError
from pyterra.forks import renewed
from pyterra.io.safe.places import path_text


def load_model(path: str | os.PathLike[str], *, trust: bool = False) -> Any:
    """Load a model from a file.

    Parameters
    ----------
    path : path-like
        An ONNX file (``.onnx``), LightGBM's text file, XGBoost's ``.json`` or ``.ubj``; or a pickle or joblib file.
    trust : bool
        Whether the file may run code, as pickle and joblib files do when they are loaded. Use True only for files of your
        own.

    Returns
    -------
    object
        A model for `predict`.

    Raises
    ------
    SourceError
        Where there is no such file, or it cannot be loaded.
    ArgumentError
        For a pickle or joblib file without ``trust=True``, and for a format that is not known.

    Examples
    --------
    >>> import pyterra as pt
    >>> model = pt.load_model("forest.onnx")  # doctest: +SKIP
    """
    file = Path(path_text(path, "load_model")).expanduser()
    try:
        with file.open("rb") as stream:
            start = stream.read(512)
    except OSError as error:
        raise SourceError(f"load_model: {file} cannot be read: {error.strerror or error}") from error
    kind = _kind(file, start)
    if kind == "pickle" and not trust:
        raise ArgumentError(
            f"load_model: {file.name} is a pickle or joblib file, which runs code when it is loaded; pass trust=True if "
            "it is yours, or save the model as ONNX or in the format of LightGBM or XGBoost"
        )
    if kind == "":
        raise ArgumentError(
            f"load_model: {file.name} is of no known format; there are .onnx, LightGBM's text, XGBoost's .json and "
            ".ubj, and with trust=True .pkl and .joblib"
        )
    try:
        return _LOADERS[kind](file)
    except ImportError as error:
        raise ImportError(f"load_model: {file.name} needs {error.name}; install it first") from error
    except Exception as error:
        raise SourceError(f"load_model: {file} cannot be loaded: {type(error).__name__}: {error}") from error


def _kind(file: Path, start: bytes) -> str:
    suffix = file.suffix.lower()
    if suffix in (".pkl", ".pickle", ".joblib") or start[:1] == b"\x80":
        return "pickle"
    if suffix == ".onnx":
        return "onnx"
    if start[:4] == b"tree":
        return "lightgbm"
    if suffix in (".json", ".ubj") and b"learner" in start:
        return "xgboost"
    return ""


def _load_lightgbm(file: Path) -> Any:
    import lightgbm

    return lightgbm.Booster(model_file=str(file))


def _load_xgboost(file: Path) -> Any:
    import xgboost

    booster = xgboost.Booster()
    booster.load_model(file)
    return booster


def _load_onnx(file: Path) -> Any:
    model = OnnxModel(file.read_bytes())
    _ = model.session
    return model


def _load_pickle(file: Path) -> Any:
    if file.suffix.lower() == ".joblib":
        import joblib

        return joblib.load(file)
    with file.open("rb") as stream:
        return pickle.load(stream)


_LOADERS = {
    "lightgbm": _load_lightgbm,
    "xgboost": _load_xgboost,
    "onnx": _load_onnx,
    "pickle": _load_pickle,
}


class OnnxModel:
    """A model in ONNX. Pickles as its bytes; every process opens it once, on one thread.

    Parameters
    ----------
    content : bytes
        The file.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._session: Any = None
        self._lock = renewed(threading.Lock())

    def __reduce__(self) -> tuple[Any, ...]:
        return OnnxModel, (self.content,)

    @property
    def session(self) -> Any:
        """The open model."""
        with self._lock:
            if self._session is None:
                import onnxruntime

                settings = onnxruntime.SessionOptions()
                settings.intra_op_num_threads = settings.inter_op_num_threads = 1
                settings.log_severity_level = 3
                self._session = onnxruntime.InferenceSession(
                    self.content, settings, providers=["CPUExecutionProvider"]
                )
            return self._session

    @property
    def feature_names(self) -> tuple[str, ...] | None:
        """Names of the predictors where each is an input of its own."""
        names = tuple(entry.name for entry in self.session.get_inputs())
        return names if len(names) > 1 else None

    @property
    def width(self) -> int | None:
        """Number of predictors where they come in one table."""
        shape = self.session.get_inputs()[0].shape
        return shape[1] if len(shape) == 2 and isinstance(shape[1], int) else None

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """The labels of a classifier whose probabilities come under their names; None where they are not told."""
        if len(self.session.get_outputs()) < 2 or (self.feature_names is None and self.width is None):
            return None
        row = (
            np.ones((1, self.width or 1))
            if self.feature_names is None
            else dict.fromkeys(self.feature_names, np.ones(1))
        )
        found = self.predict_proba(row)
        return tuple(found.columns) if hasattr(found, "columns") else None

    def predict(self, rows: Any) -> Any:
        """The first answer: numbers, or labels."""
        return np.asarray(self.session.run([self.session.get_outputs()[0].name], self._feed(rows))[0])

    def predict_proba(self, rows: Any) -> Any:
        """Probabilities, one column per class."""
        import pandas as pd

        found = self.session.run([self.session.get_outputs()[1].name], self._feed(rows))[0]
        return pd.DataFrame(found) if isinstance(found, list) else np.asarray(found)

    def _feed(self, rows: Any) -> dict[str, Any]:
        inputs = self.session.get_inputs()
        if len(inputs) == 1:
            return {inputs[0].name: np.ascontiguousarray(rows, _tensor_dtype(inputs[0].type))}
        return {
            entry.name: np.asarray(rows[entry.name], _tensor_dtype(entry.type))[:, None] for entry in inputs
        }


def _tensor_dtype(name: str) -> Any:
    kinds = {"float": np.float32, "double": np.float64, "int64": np.int64, "int32": np.int32}
    return kinds.get(name.removeprefix("tensor(").removesuffix(")"), object)
