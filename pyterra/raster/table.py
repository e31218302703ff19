"""Columns of tables: values of a layer as users want to see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Layer
from pyterra.io.raster.wide_integers import EXACT


def layer_column(layer: Layer, values: NDArray[Any], *, raw: bool = False) -> Any:
    """Values of a layer as a column: labels for factors, numbers where these are numbers, bool and int where nothing is
    missing, and no number beyond 2^53."""
    import pandas as pd

    numbers = np.asarray(values, np.float64)
    if raw:
        return numbers
    if layer.categories is not None:
        labels = layer.categories.labels()
        return number_of(labels, numbers) if are_numbers(labels) else labelled(labels, numbers)
    if layer.kind == "bool":
        missing = np.isnan(numbers)
        truth = numbers == 1
        return pd.arrays.BooleanArray(truth, missing) if missing.any() else truth
    if layer.kind == "int" and (np.abs(numbers) <= EXACT).all():
        return numbers.astype(np.int64)
    return numbers


def are_numbers(labels: Mapping[Any, Any]) -> bool:
    """Whether all labels are numbers, as in a column of areas or codes."""
    known = [label for label in labels.values() if not _is_missing(label)]
    return bool(known) and all(
        isinstance(label, Real) and not isinstance(label, bool | np.bool_) for label in known
    )


def _is_missing(label: Any) -> bool:
    return label is None or label != label


def number_of(labels: Mapping[Any, Any], codes: NDArray[np.float64]) -> Any:
    """Codes as the numbers that they stand for; missing where a code has none."""
    known = np.array(sorted(labels), np.float64)
    stand_for = np.array(
        [np.nan if _is_missing(labels[code]) else labels[code] for code in sorted(labels)], np.float64
    )
    at = np.searchsorted(known, codes).clip(max=len(known) - 1)
    found = np.where(known[at] == codes, stand_for[at], np.nan)
    whole = all(isinstance(label, Integral) for label in labels.values()) and (np.abs(found) <= EXACT).all()
    return found.astype(np.int64) if whole else found


def labelled(labels: Mapping[Any, Any], codes: NDArray[np.float64]) -> Any:
    """Codes as a pandas Categorical of their labels; missing where a code has none."""
    import pandas as pd

    shown = [label for label in dict.fromkeys(labels.values()) if not pd.isna(label)]
    place = {label: i for i, label in enumerate(shown)}
    known = np.array(sorted(labels), np.float64)
    places = np.array([place.get(labels[code], -1) for code in sorted(labels)], np.int64)
    at = np.searchsorted(known, codes)
    meant = at < len(known)
    meant[meant] = known[at[meant]] == codes[meant]
    found = np.full(codes.shape, -1, np.int64)
    found[meant] = places[at[meant]]
    return pd.Categorical.from_codes(found, categories=pd.Index(shown))


def table(columns: Sequence[tuple[str, Any]]) -> Any:
    """A DataFrame whose columns may share a name."""
    import pandas as pd

    out = pd.DataFrame({i: column for i, (_, column) in enumerate(columns)})
    out.columns = pd.Index([name for name, _ in columns], dtype=object)
    return out
