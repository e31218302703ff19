"""A model over the cells of a block: the kernel of predict and interpolate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.raster.table import labelled

if TYPE_CHECKING:
    from pyterra.models import Model, Output

TRIAL_ROWS = 3
"""Made-up rows on which a model is tried when the expression is built."""
STEP_ROWS = 64
"""Models get a multiple of so many rows: a product of matrices rounds the last rows of an odd number otherwise."""


@dataclass(frozen=True)
class Predictor:
    """How a layer, or a constant, becomes a column."""

    name: str
    levels: tuple[tuple[float, Any], ...] = ()
    """Code and label of a factor."""
    flag: bool = False
    """Whether it is yes or no."""
    constants: tuple[Any, ...] = ()
    """Its value in each run, where it is no layer."""

    def column(self, values: Array) -> Any:
        """The values of a layer as a column of a table."""
        if self.flag and not np.isnan(values).any():
            return values == 1
        if not self.levels:
            return values
        return labelled(dict(self.levels), values)


@dataclass(frozen=True)
class Prediction:
    """A model over the cells of a block."""

    model: Model
    predictors: tuple[Predictor, ...]
    """Columns in order; those that are layers come in the order of the block."""
    runs: int
    """How often the model is called, with another set of constants each time."""
    outputs: tuple[Output, ...]
    """What one run gives."""
    picks: tuple[int, ...]
    """The columns of a run's answer that become layers."""
    na_rm: bool
    single: bool = False
    """Whether predictors are exact in float32, and the model works in it."""
    total: int = TRIAL_ROWS
    """Number of rows of all runs and blocks."""

    def __call__(self, block: Array) -> Array:
        rows = block.reshape(len(block), -1)
        out = np.full((self.runs * len(self.picks), rows.shape[1]), np.nan)
        if self.na_rm:
            keep = ~np.isnan(rows).any(axis=0)
            if keep.all():
                out[:] = self.rows(rows)
            elif keep.any():
                out[:, keep] = self.rows(rows[:, keep])
        else:
            out[:] = self.rows(rows)
        return out.reshape(-1, *block.shape[1:])

    def rows(self, rows: Array) -> Array:
        """Answers for the columns of an array (layer, cell)."""
        from pyterra.models import columns

        count = rows.shape[1]
        wide = -(-count // STEP_ROWS) * STEP_ROWS
        if wide > count and not self.model.exact and self.model.runs != "processes":
            rows = np.pad(rows, ((0, 0), (0, wide - count)), mode="edge")
        answers = []
        for run in range(self.runs):
            found = columns(self.model.call(self.given(rows, run)), rows.shape[1])
            if len(found) != len(self.outputs):
                raise ValueError(
                    f"it must give {len(self.outputs)} columns, as when it was tried, got {len(found)}"
                )
            answers += [self.outputs[i].encode(found[i][1])[:count] for i in self.picks]
        return np.stack(answers)

    def given(self, rows: Array, run: int = 0) -> Any:
        """What the model is called with: a table, or a matrix of numbers."""
        if self.model.apart:
            return self.apart(rows, run)
        layers = iter(rows)
        if not self.model.table:
            parts = [
                np.full(rows.shape[1], p.constants[run]) if p.constants else next(layers)
                for p in self.predictors
            ]
            return np.stack(parts, axis=1, dtype=np.float32 if self.single else np.float64)
        import pandas as pd

        if not any(p.levels or p.flag or p.constants for p in self.predictors):
            return pd.DataFrame(
                rows.T.astype(np.float64), columns=pd.Index([p.name for p in self.predictors])
            )
        return pd.DataFrame(
            {
                p.name: np.full(rows.shape[1], p.constants[run])
                if p.constants
                else p.column(next(layers).astype(np.float64))
                for p in self.predictors
            }
        )

    def apart(self, rows: Array, run: int) -> Any:
        """Numbers, and what they mean apart."""
        from pyterra.models import Column, Columns

        columns = tuple(
            Column(p.name, p.levels, p.flag, p.constants[run] if p.constants else None)
            for p in self.predictors
        )
        return Columns(rows.astype(np.float64, copy=False), columns, self.total)
