"""What a model answers, as columns of numbers: labels become codes, whatever the container."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import UDFError
from pyterra.frozen import dataclass


@dataclass(frozen=True)
class Output:
    """One column of an answer."""

    name: str
    """Name of the layer."""
    kind: Literal["num", "int", "bool", "factor"] = "num"
    """Type of the layer."""
    labels: tuple[Any, ...] = ()
    """The labels of a factor."""

    @property
    def codes(self) -> tuple[int, ...]:
        """A whole number for each label: whole labels stand for themselves, others are counted from 1."""
        if all(_is_whole(label) for label in self.labels):
            return tuple(int(label) for label in self.labels)
        return tuple(range(1, len(self.labels) + 1))

    def encode(self, column: Any) -> NDArray[np.float64]:
        """The column as numbers."""
        import pandas as pd

        if self.kind != "factor":
            return np.asarray(column, dtype=np.float64)
        if _is_categorical(column) and tuple(column.dtype.categories) == self.labels:
            place = np.asarray(getattr(column, "cat", column).codes)  # text is not compared cell by cell
            return np.where(place < 0, np.nan, np.asarray(self.codes, np.float64)[place])
        place = pd.Index(self.labels).get_indexer(_plain(column))
        if (unknown := (place < 0) & ~pd.isna(_plain(column))).any():
            label = _plain(column)[unknown][0]
            raise ValueError(f"it gave the label {label!r}, which is none of {list(self.labels)[:8]}")
        return np.where(place < 0, np.nan, np.asarray(self.codes, np.float64)[place])


def columns(answer: Any, rows: int) -> list[tuple[str, Any]]:
    """An answer as named columns, one value per row; the name is empty where it has none.

    Raises
    ------
    ValueError
        Where it has another number of rows, or is no table.
    """
    found = _columns(answer, rows)
    for name, column in found:
        if np.ndim(column) != 1 or len(column) != rows:
            part = f" in {name}" if name else ""
            raise ValueError(
                f"for {rows} rows it must give {rows} rows of values{part}, got shape {np.shape(column)}"
            )
    if not found:
        raise ValueError(f"for {rows} rows it must give {rows} rows of values, got nothing")
    return found


def _columns(answer: Any, rows: int) -> list[tuple[str, Any]]:
    if hasattr(answer, "columns") and hasattr(answer, "iloc"):
        return [(str(name), answer.iloc[:, i]) for i, name in enumerate(answer.columns)]
    if isinstance(answer, Mapping):
        return [
            (str(name), np.broadcast_to(v, rows) if np.ndim(v) == 0 else np.ravel(v))
            for name, v in answer.items()
        ]
    if isinstance(answer, list | tuple) and answer and all(np.ndim(part) > 0 for part in answer):
        return [
            (f"{i + 1}{'.' if name else ''}{name}" if np.ndim(part) > 1 else "", column)
            for i, part in enumerate(answer)
            for name, column in _columns(part, rows)
        ]
    if _is_categorical(answer):
        return [("", answer)]
    array = np.asarray(answer)
    if array.ndim == 2:
        return [("", column) for column in array.T]
    return [("", array)]


def describe(
    answer: Any, rows: int, classes: tuple[Any, ...] | None, labels: bool, verb: str
) -> tuple[Output, ...]:
    """What the columns of an answer are, from a trial and from what the model knows of its classes.

    Raises
    ------
    UDFError
        Where they are text whose labels are not known beforehand.
    """
    try:
        found = columns(answer, rows)
    except ValueError as error:
        raise UDFError(f"{verb}: the model was tried on {rows} made-up rows; {error}") from None
    several = len(found) > 1
    per_output = bool(classes) and all(isinstance(part, tuple) for part in classes or ())
    named = _class_names(classes, per_output, len(found)) if not labels else None
    outputs = []
    for i, (name, column) in enumerate(found):
        own = classes[i] if per_output and classes and i < len(classes) else classes
        kind, known = _kind(column, own, labels, verb)
        plain = "class" if kind == "factor" else "lyr"
        label = f"{plain}{i + 1}" if several else "class" if kind == "factor" else "lyr1"
        outputs.append(Output((named[i] if named else name) or label, kind, known))
    return tuple(outputs)


def _class_names(classes: tuple[Any, ...] | None, per_output: bool, count: int) -> list[str] | None:
    """Names of columns of probabilities."""
    if not classes:
        return None
    flat = (
        [f"{i + 1}.{label}" for i, part in enumerate(classes) for label in part]
        if per_output
        else [str(label) for label in classes]
    )
    return flat if len(flat) == count and count > 1 else None


def _kind(
    column: Any, classes: tuple[Any, ...] | None, labels: bool, verb: str
) -> tuple[Literal["num", "int", "bool", "factor"], tuple[Any, ...]]:
    if _is_categorical(column):
        return "factor", tuple(getattr(column, "dtype", column).categories.tolist())
    dtype = np.asarray(column).dtype
    if dtype.kind == "b":
        return "bool", ()
    if labels and classes:
        return "factor", classes
    if dtype.kind in "OUST":
        values = _plain(column)
        if classes and all(value in classes for value in values):
            return "factor", classes
        if all(isinstance(value, int | float | np.number) for value in values):
            return "num", ()
        raise UDFError(
            f"{verb}: the answer is text ({values[0]!r}) whose labels are not known beforehand; let the function give "
            "a pandas Categorical with all its categories"
        )
    if dtype.kind not in "iuf":
        raise UDFError(f"{verb}: the answer must be numbers or labels, got {dtype}")
    return ("int" if dtype.kind in "iu" else "num"), ()


def _is_categorical(column: Any) -> bool:
    return hasattr(getattr(column, "dtype", None), "categories")


def _plain(column: Any) -> Any:
    return np.asarray(column)


def _is_whole(label: Any) -> bool:
    if isinstance(label, bool | np.bool_):
        return False
    return isinstance(label, int | np.integer) or (isinstance(label, float) and label.is_integer())
