"""Columns of tables: values of a layer as users want to see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Layer

if TYPE_CHECKING:
    import pandas as pd


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
        return pd.array(np.where(missing, None, numbers == 1), dtype="boolean") if missing.any() else numbers == 1
    if layer.kind == "int" and not missing.any():
        return numbers.astype(np.int64)
    return numbers


def labelled(layer: Layer, numbers: NDArray[np.float64]) -> pd.Categorical:
    """Codes of a factor layer as labels; missing where a code has none."""
    import pandas as pd

    assert layer.categories is not None
    labels = layer.categories.labels()
    shown = list(dict.fromkeys(str(label) for label in labels.values()))
    place = {label: i for i, label in enumerate(shown)}
    codes = np.full(numbers.shape, -1)
    for value, label in labels.items():
        codes[numbers == value] = place[str(label)]
    return pd.Categorical.from_codes(codes, categories=shown)
