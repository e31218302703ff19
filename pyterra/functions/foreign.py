"""Functions of another language, such as R: called once per block, on the calling thread; they loop over cells."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np

from pyterra import kernels
from pyterra.bridge import is_r, of_r
from pyterra.errors import PyterraError, UDFError
from pyterra.expr import Array, Neighbourhood
from pyterra.frozen import dataclass

Calling = Literal["each", "rows", "columns", "parts"]
"""For every cell alone, for a matrix of cells, with a vector for each layer, or for every cell with several vectors."""

CHUNK = 2**20
"""Numbers handed over at once where a block of windows is larger than the block itself."""
TRIAL_CELLS = 5
"""Made-up cells on which a function is tried."""


class ForeignFunction(Protocol):
    """A function that lives in another language, with its further arguments.

    What R hands over, and what is made of an rpy2 function, is such an object: it has the attribute `foreign`.
    """

    foreign: str
    """What it is, for messages: "R function"."""

    def bound(self, arguments: Mapping[str, Any]) -> ForeignFunction:
        """The function with further arguments."""

    def on_raster(self, x: Any, arguments: Mapping[str, Any]) -> Any:
        """The result for a whole raster, as a raster."""

    def __call__(self, calling: Calling, values: Array, names: Sequence[str]) -> tuple[Array, Sequence[str]]:
        """Results for the cells of a block.

        Parameters
        ----------
        calling : {"each", "rows", "columns", "parts"}
            Call it for the values of each cell, with `names`; once with a matrix of one row per cell; once with one
            vector per layer, by name where there are names; or for each cell with as many vectors as there are names,
            into which its values are cut.
        values : ndarray of shape (value, cell)

        Returns
        -------
        ndarray of shape (result, cell), float64
            New memory.
        sequence of str
            Names of the results, empty where there are none.
        """


def foreign(fun: Any) -> ForeignFunction | None:
    """The function of another language that is meant, or None."""
    if isinstance(getattr(fun, "foreign", None), str):
        found: ForeignFunction = fun
        return found
    if is_r(fun):
        made: ForeignFunction = of_r("functions").RFunction(fun)
        return made
    return None


def callable_of(fun: Any) -> Any:
    """`fun`, or what calls it with an array of numbers where it is a function of R that rpy2 holds."""
    return of_r("functions").NumberFunction(fun) if callable(fun) and is_r(fun) else fun


@dataclass(frozen=True)
class ForeignCells:
    """A function over the layers of each cell."""

    function: ForeignFunction
    calling: Calling
    count: int
    """Number of values it gives for a cell."""
    names: tuple[str, ...]
    """Names of the layers, as the function gets them."""

    def __call__(self, block: Array) -> Array:
        values, _ = self.function(self.calling, block.reshape(len(block), -1), self.names)
        if len(values) != self.count:
            raise ValueError(
                f"it must give {self.count} values for every cell, as when it was tried, got {len(values)}"
            )
        return values.reshape(self.count, *block.shape[1:])


@dataclass(frozen=True)
class ForeignGroups:
    """A function over groups of layers, results one after the other."""

    groups: tuple[tuple[int, ...], ...]
    kernels: tuple[ForeignCells, ...]

    def __call__(self, block: Array) -> Array:
        parts = zip(self.groups, self.kernels, strict=True)
        return np.concatenate([kernel(block[list(group)]) for group, kernel in parts])


def each_window(function: ForeignFunction, count: int, windows: Array, weights: Array) -> Array:
    """What a function gives for each window, called for many at once.

    Parameters
    ----------
    function : ForeignFunction
    count : int
        Number of values it gives.
    windows : ndarray of shape (layer, row, col, *weights.shape)
    weights : ndarray
        Multiplies the values; NaN where a cell is not used.

    Returns
    -------
    ndarray of shape (layer * count, row, col)
    """
    used = ~np.isnan(weights)
    factors = weights[used][:, None]
    nlyr, nrow, ncol = windows.shape[:3]
    out = np.empty((nlyr, count, nrow, ncol))
    step = max(1, CHUNK // (ncol * len(factors)))
    for layer in range(nlyr):
        for row in range(0, nrow, step):
            part = windows[layer, row : row + step][..., used]
            values = part.reshape(-1, len(factors)).T * factors
            found, _ = function("each", values, ())
            if len(found) != count:
                raise ValueError(f"it must give {count} values, as when it was tried, got {len(found)}")
            out[layer, :, row : row + step] = found.reshape(count, -1, ncol)
    return out.reshape(nlyr * count, nrow, ncol)


@dataclass(frozen=True)
class ForeignFocal(Neighbourhood):
    """A function over the values of the window around each cell."""

    weights: tuple[tuple[float, ...], ...]
    function: ForeignFunction
    count: int
    na_policy: Literal["all", "only", "omit"]

    def __call__(self, padded: Array) -> Array:
        weights = np.asarray(self.weights)
        windows = kernels.focal.windows(padded, *weights.shape)
        result = each_window(self.function, self.count, windows, weights)
        if self.na_policy != "all":
            result = kernels.focal.keep_by_policy(result, padded, *weights.shape, self.na_policy)
        return result


@dataclass(frozen=True)
class ForeignWindows(Neighbourhood):
    """A function of the windows of several layers around each cell, a vector for each layer."""

    weights: tuple[tuple[float, ...], ...]
    """Which cells are used: those that are not NaN."""
    function: ForeignFunction
    count: int
    """Number of values it gives."""
    groups: tuple[tuple[int, ...], ...]
    """The layers of each call; results one after the other."""

    def __call__(self, padded: Array) -> Array:
        used = ~np.isnan(np.asarray(self.weights))
        windows = kernels.focal.windows(padded.astype(np.float64, copy=False), *used.shape)
        nrow, ncol = windows.shape[1:3]
        out = np.empty((len(self.groups), self.count, nrow, ncol))
        for k, group in enumerate(self.groups):
            size = len(group) * int(used.sum())
            step = max(1, CHUNK // (ncol * size))
            for row in range(0, nrow, step):
                part = windows[list(group), row : row + step][..., used]
                values = part.transpose(0, 3, 1, 2).reshape(size, -1)
                found, _ = self.function("parts", values, ("",) * len(group))
                if len(found) != self.count:
                    raise ValueError(
                        f"it must give {self.count} values, as when it was tried, got {len(found)}"
                    )
                out[k, :, row : row + step] = found.reshape(self.count, -1, ncol)
        return out.reshape(-1, nrow, ncol)


def try_foreign(
    function: ForeignFunction, callings: Sequence[Calling], count: int, names: Sequence[str], verb: str
) -> tuple[Calling, int, tuple[str, ...]]:
    """How a function works, the number of values it gives for a cell, and their names.

    It is tried on a few made-up cells with `count` values; nothing is read.

    Raises
    ------
    UDFError
        Where it works in no way: the error of the first.
    """
    sample = np.arange(1, count + 1, dtype=np.float64)[:, None] + np.arange(TRIAL_CELLS)
    sample[:, 1::2] = sample[::-1, 1::2]  # names that follow from the values are no names of layers
    first: Exception | None = None
    for calling in callings:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                values, labels = function(calling, sample, names)
            return calling, len(values), tuple(labels) if len(labels) == len(values) else ()
        except (PyterraError, ValueError) as error:
            first = first or error
    raise UDFError(
        f"{verb}: the {function.foreign} failed when it was tried on made-up cells with the values 1, 2, ...: {first}"
    ) from first
