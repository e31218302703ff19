"""Columns and numbers that say what geometries are worth, and columns that say to which layer they go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, LayerError, near_names, warn
from pyterra.expr import Categories, Layer
from pyterra.expr.layers import Kind
from pyterra.frozen import dataclass

NAN = float("nan")
KINDS: dict[str, Kind] = {"b": "bool", "i": "int", "u": "int"}
"""What the layer of a column is, by numpy's letter for its type; other columns are real numbers, or codes of text."""


@dataclass(frozen=True, eq=False)
class Field:
    """A value for each geometry."""

    name: str
    """Of the column; "" where numbers have none."""
    values: NDArray[np.float64]
    categories: Categories | None = None
    """What the values stand for, where they are codes of text."""
    kind: Kind = "num"
    """What the values are, where they are no codes."""
    listed: bool = False
    """Whether it came in a list, or as a column of several, so that its layer tells which it is."""

    @property
    def layer(self) -> Layer:
        """The layer of these values."""
        name = self.name or "layer"
        return (
            Layer(name, "factor", categories=self.categories) if self.categories else Layer(name, self.kind)
        )


@dataclass(frozen=True, eq=False)
class Groups:
    """Geometries that go to a layer each, or all to one."""

    number: NDArray[np.int64]
    """Layer of each geometry."""
    labels: tuple[str, ...]
    """Names of the layers."""

    def of(self, chosen: NDArray[np.bool_]) -> Groups:
        """Those of some of the geometries."""
        return Groups(self.number[chosen], self.labels)


def fields_of(field: Any, table: Any, count: int, verb: str) -> list[Field]:
    """What geometries are worth: 1, a column of their table or several, a number, numbers, or columns of numbers.

    Raises
    ------
    LayerError
        Where a column does not exist.
    ArgumentError
        For anything else.
    """
    if field is None or (isinstance(field, str) and not field):
        return [Field("", np.ones(count))]
    if isinstance(field, str):
        return [_of_column(field, table, verb)]
    if isinstance(field, list | tuple) and field and all(isinstance(name, str) for name in field):
        return [replace(_of_column(name, table, verb), listed=True) for name in field]
    try:
        numbers = np.asarray(field, np.float64)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"{verb}: field must be a column, several columns, or numbers, got {field!r}"
        ) from None
    if numbers.ndim > 2 or numbers.size == 0:
        raise ArgumentError(
            f"{verb}: field must be a column, a number, or a number per geometry, got {numbers.shape} numbers"
        )
    if numbers.ndim < 2:
        return [Field("", _recycled(np.atleast_1d(numbers), count, verb))]
    names = [str(name) for name in getattr(field, "columns", [])]
    names = names or [f"lyr{k}" for k in range(1, numbers.shape[1] + 1)]
    return [
        Field(name, _recycled(column, count, verb), listed=True)
        for name, column in zip(names, numbers.T, strict=True)
    ]


def _recycled(numbers: NDArray[np.float64], count: int, verb: str) -> NDArray[np.float64]:
    """A number for each geometry."""
    if count and count % numbers.size:
        warn(f"{verb}: {numbers.size} values are recycled for {count} geometries")
    return numbers[np.arange(count) % numbers.size]


def _of_column(name: str, table: Any, verb: str) -> Field:
    """Numbers of a column; those of text are places in the alphabet."""
    column = column_of(table, name, f"{verb}: field")
    if column.dtype.kind not in "OUST":
        return Field(name, _of_numbers(column, name, verb), kind=KINDS.get(column.dtype.kind, "num"))
    labels = sorted({str(v) for v in column if _given(v)})
    codes = {label: i for i, label in enumerate(labels)}
    numbers = np.array([codes[str(v)] if _given(v) else NAN for v in column], np.float64)
    return Field(name, numbers, Categories(("ID", name), tuple(enumerate(labels))))


def _of_numbers(column: Any, name: str, verb: str) -> NDArray[np.float64]:
    try:
        return np.array(
            column.astype("float64"), np.float64
        )  # pandas' own is read-only: kernels compile anew
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"{verb}: field must be a column of numbers or text, got {name!r} of {column.dtype}"
        ) from error


def _given(value: Any) -> bool:
    return value is not None and value == value


def groups_of(by: str, table: Any, verb: str) -> Groups:
    """The layers that a column makes, one for each of its values.

    Raises
    ------
    LayerError
        Where it does not exist.
    ArgumentError
        Where a value is missing.
    """
    import pandas as pd

    codes, labels = pd.factorize(column_of(table, by, f"{verb}: by"), sort=True)
    if (codes < 0).any():
        raise ArgumentError(
            f"{verb}: by must be a column without missing values, got {by!r} with {int((codes < 0).sum())}"
        )
    return Groups(codes.astype(np.int64), tuple(str(label) for label in labels))


def one_group(count: int) -> Groups:
    """All geometries in one layer."""
    return Groups(np.zeros(count, np.int64), ("layer",))


def column_of(table: Any, name: str, what: str) -> Any:
    """A column of the attributes.

    Raises
    ------
    LayerError
        Where there is none of that name; near matches are named.
    """
    names = [] if table is None else [str(c) for c in table.columns]
    if name in names:
        return table[name]
    raise LayerError(f"{what} must be a column of the vector, got {name!r}{near_names(name, names)}")
