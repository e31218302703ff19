"""Columns of tables: values of a layer as users want to see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Layer


def layer_column(layer: Layer, values: NDArray[Any], *, raw: bool = False) -> Any:
    """Values of a layer as a column: labels for factors, bool and int where nothing is missing."""
    import pandas as pd

    numbers = np.asarray(values, np.float64)
    if raw:
        return numbers
    if layer.categories is not None:
        return labelled(layer, numbers)
    missing = np.isnan(numbers)
    if layer.kind == "bool":
        truth = numbers == 1
        return pd.arrays.BooleanArray(truth, missing) if missing.any() else truth
    if layer.kind == "int" and not missing.any():
        return numbers.astype(np.int64)
    return numbers


def labelled(layer: Layer, numbers: NDArray[np.float64]) -> Any:
    """Codes of a factor layer as a pandas Categorical of labels; missing where a code has none."""
    import pandas as pd

    assert layer.categories is not None
    labels = layer.categories.labels()
    shown = list(dict.fromkeys(str(label) for label in labels.values()))
    place = {label: i for i, label in enumerate(shown)}
    codes = np.full(len(numbers), -1, np.int64)
    for value, label in labels.items():
        codes[numbers == value] = place[str(label)]
    return pd.Categorical.from_codes(codes, categories=pd.Index(shown, dtype=object))


def table(columns: Sequence[tuple[str, Any]]) -> Any:
    """A DataFrame whose columns may share a name."""
    import pandas as pd

    out = pd.DataFrame({i: column for i, (_, column) in enumerate(columns)})
    out.columns = pd.Index([name for name, _ in columns], dtype=object)
    return out
