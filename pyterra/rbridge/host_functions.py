"""Functions of the R that hosts this Python, as functions for verbs."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import RError, RWarning, warn
from pyterra.io.safe.temporary import when_gone
from pyterra.models import Columns
from pyterra.rbridge import rscript
from pyterra.rbridge.functions import HostFunction
from pyterra.rbridge.models import Local, Remote, header, job_of

Doubles = NDArray[np.float64]
Call = Callable[[str, Doubles], Any]
"""What R hands over: a question and numbers, column after column, to (answer, numbers)."""


def _called(call: Call, question: dict[str, Any], numbers: Doubles) -> tuple[dict[str, Any], Doubles]:
    """Ask R; its warnings are given, its errors raised, an interrupt goes on."""
    said, found = call(json.dumps(question), numbers)
    answer = json.loads(str(said))
    for text in answer["warnings"]:
        warn(f"R: {text}", RWarning)
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

    def __call__(self, *values: Any) -> Any:
        parts = [np.asarray(part, dtype=np.float64).reshape(-1) for part in values]
        question = {"way": "plain", "sizes": [part.size for part in parts]}
        answer, found = _called(self._call, question, np.concatenate(parts))
        plain = _as_given(answer, found)
        if answer["labels"]:
            return dict(zip(answer["labels"], plain, strict=True))
        return plain[0] if len(plain) == 1 else np.array(plain)


def _as_given(answer: dict[str, Any], found: Doubles) -> list[Any]:
    """Texts, truths, whole numbers or numbers, as R had them; of the former two None is missing."""
    kind = answer["kind"][0]
    if kind == "character":
        return list(answer["texts"])
    if kind == "logical":
        return [None if np.isnan(value) else bool(value) for value in found]
    if kind == "integer":
        return [value if np.isnan(value) else int(value) for value in found.tolist()]
    return found.tolist()


class HostModel(Local):
    """A model of the R that hosts this Python, with its function and further arguments; used on the calling thread."""

    foreign = "R model"

    def __init__(self, call: Call) -> None:
        self._call = call

    def _asked(
        self, question: dict[str, Any], numbers: Doubles | None = None
    ) -> tuple[dict[str, Any], Doubles]:
        return _called(self._call, question, np.empty(0) if numbers is None else numbers)

    def facts(self) -> dict[str, Any]:
        """What is known of the model."""
        found: dict[str, Any] = json.loads(self._asked({"do": "facts"})[0]["labels"][0])
        return found

    def predict(self, rows: Columns) -> tuple[Doubles, str]:
        """Numbers (column, row), and what the columns are."""
        count = rows.values.shape[1]
        question = {"do": "predict", "columns": header(rows.columns), "rows": count}
        answer, found = self._asked(question, np.ravel(rows.values).astype(np.float64))
        return found.reshape(answer["dim"], order="F").T, answer["labels"][0]

    def remote(self, owner: Any) -> Remote:
        """The same model for workers; its file goes with `owner`."""
        folder = rscript.shared_folder("pyterra-model-")
        when_gone(owner, shutil.rmtree, folder, True)
        path = folder / "job.rds"
        paths = self._asked({"do": "save", "path": str(path)})[0]["labels"]
        return Remote(job_of(path, bare=False), os.pathsep.join(paths))
