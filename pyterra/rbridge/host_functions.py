"""Functions of the R that hosts this Python, as functions for verbs."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import RError, RWarning
from pyterra.rbridge.functions import HostFunction

Doubles = NDArray[np.float64]
Call = Callable[[str, Doubles], Any]
"""What R hands over: a question and numbers, column after column, to (answer, numbers)."""


def _called(call: Call, question: dict[str, Any], numbers: Doubles) -> tuple[dict[str, Any], Doubles]:
    """Ask R; its warnings are given, its errors raised, an interrupt goes on."""
    said, found = call(json.dumps(question), numbers)
    answer = json.loads(str(said))
    for text in answer["warnings"]:
        warnings.warn(f"R: {text}", RWarning, stacklevel=3)
    if answer["error"] == ["interrupt"]:
        raise KeyboardInterrupt
    if answer["error"]:
        raise RError(*answer["error"])
    return answer, found


def block_function(call: Call) -> HostFunction:
    """A function over the cells of a block, for verbs that call it block by block."""

    def over_cells(way: str, matrix: Doubles, names: list[str]) -> tuple[Doubles, list[str]]:
        rows, columns = matrix.shape
        question = {"way": way, "names": names, "rows": rows, "columns": columns}
        answer, found = _called(call, question, np.ravel(matrix, order="F"))
        return found.reshape(answer["dim"], order="F"), list(answer["labels"])

    return HostFunction(over_cells)


class PlainFunction:
    """A function of the values of a cell, a zone or a layer, called where the verb is called."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def __call__(self, values: Any) -> Any:
        numbers = np.asarray(values, dtype=np.float64)
        answer, found = _called(self._call, {"way": "plain"}, numbers.reshape(-1))
        if answer["labels"]:
            return dict(zip(answer["labels"], found.tolist(), strict=True))
        return float(found[0]) if found.size == 1 else np.array(found)
