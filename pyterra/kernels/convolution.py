"""Normalised convolution along the layers of each cell: weighted means of what is there, by three ways of computing.

A frame of the result is the sum of all frames times the weights of their distances, divided by the sum of the weights
of those that are there. All of it is single precision but for the transform, which needs double: there a weight that
is nine decades below the largest would be lost in rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Singles: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Backend: TypeAlias = Literal["matrix", "banded", "fft"]

TILE = 1024
"""Cells that are computed together. Every product of matrices has this width, the last one is padded: the bits of a
cell must not depend on how many others there are."""
BANDED_GAIN = 8
"""How many terms of a product of matrices cost as much as one of the banded sum (156 frames: as fast at 16 weights;
598: at 100)."""
FFT_FRAMES = 5000
"""Frames from which on the transform is faster than a product of matrices (4096: 1.1 of its time, 6144: 0.8)."""
NEAR = 0.999
"""Share of the smallest weight that counts as it, after rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What a frame counts for another, by how far it lies before or after it."""

    past: Doubles
    """Weights of the frames 1, 2 ... before."""
    present: float
    """Weight of the frame itself."""
    future: Doubles
    """Weights of the frames 1, 2 ... after."""

    def matrix(self, frames: npt.NDArray[np.int64]) -> Doubles:
        """The weight of each frame (column) for each (row)."""
        distance = frames[None, :] - frames[:, None]
        line = np.concatenate([[0.0], self.past[::-1], [self.present], self.future, [0.0]])
        middle = len(self.past) + 1
        return line[np.clip(distance + middle, 0, line.size - 1)]

    @property
    def smallest(self) -> float:
        """The smallest weight that is not zero, as an amount."""
        line = np.abs(np.concatenate([self.past, [self.present], self.future]))
        return float(line[line > 0].min(initial=np.inf))


def choose(weights: Weights, frames: npt.NDArray[np.int64]) -> Backend:
    """The way that is fastest for so many frames and weights."""
    reach = 1 + np.count_nonzero(weights.past) + np.count_nonzero(weights.future)
    if reach * BANDED_GAIN <= len(frames):
        return "banded"
    return "fft" if len(frames) >= FFT_FRAMES else "matrix"


def convolve(
    block: Floats,
    weights: Weights,
    frames: npt.NDArray[np.int64],
    *,
    share: Floats | None = None,
    keep: bool = False,
    known: Singles | None = None,
    backend: Backend = "matrix",
) -> Singles:
    """Return the weighted mean of the frames around each frame of each cell.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
        Missing is NaN.
    weights : Weights
    frames : ndarray of shape (layer,)
        Number of the frame of each layer; different, in any order.
    share : ndarray of shape (layer, cell) or (layer, 1), optional
        What each value counts, 0 to 1; by default 1.
    keep : bool
        Leave what is there as it is.
    known : ndarray of shape (layer, cell), float32, optional
        Gets the sum of the weights of the frames that are there; 0 where none is within reach.
    backend : {"matrix", "banded", "fft"}
        A product of matrices; a sum over the weights that are not zero; a fast Fourier transform in double precision.

    Returns
    -------
    ndarray of shape (layer, cell), float32
        Missing where no frame within reach is there.
    """
    layers, cells = block.shape
    mean = np.empty(block.shape, np.float32)
    table = weights.matrix(frames)
    smallest = NEAR * weights.smallest
    shares = np.empty((layers, 0), np.float32)
    if share is not None:
        smallest *= float(np.min(share, initial=np.inf, where=share > 0))
        shares = np.broadcast_to(share, (layers, share.shape[1])).astype(np.float32, copy=False)
    kinds: dict[str, type[_Matrix | _Banded | _Transform]] = {
        "matrix": _Matrix,
        "banded": _Banded,
        "fft": _Transform,
    }
    run = kinds[backend](table, weights, frames)
    values = np.zeros((layers, TILE), np.float32)
    there = np.zeros((layers, TILE), np.float32)
    for start in range(0, cells, TILE):
        part = block[:, start : start + TILE]
        own = shares[:, start : start + TILE] if shares.shape[1] > 1 else shares
        split(part, own, values, there)
        sums, counts = run(values, there)
        stop = start + part.shape[1]
        divide(sums, counts, part, np.float32(smallest), keep, mean[:, start:stop])
        if known is not None:
            counts = counts[:, : part.shape[1]]
            known[:, start:stop] = np.where(counts >= smallest, counts, 0)
    return mean


@exact_jit
def split(block: Any, share: Any, values: Any, there: Any) -> None:
    """Lay values out with zeros where they are missing, times what they count, and what each counts.

    Parameters
    ----------
    block : ndarray of shape (layer, cell)
    share : ndarray of shape (layer, cell or 1), float32
        What values count; nothing where it is not above 0. Without elements: 1.
    values, there : ndarray of shape (layer, at least cell), float32
        Cells beyond the block count nothing.
    """
    zero, one = np.float32(0), np.float32(1)
    for i in range(block.shape[0]):
        for k in range(block.shape[1]):
            v = np.float32(block[i, k])
            there[i, k] = one if v == v else zero
            values[i, k] = v if v == v else zero
        if share.size:
            for k in range(block.shape[1]):
                w = share[i, k if share.shape[1] > 1 else 0]
                w = w if w > 0 else zero
                there[i, k] *= w
                values[i, k] *= w
        for k in range(block.shape[1], values.shape[1]):
            there[i, k] = 0
            values[i, k] = 0


@exact_jit
def divide(sums: Any, counts: Any, block: Any, smallest: Any, keep: bool, mean: Any) -> None:
    """Divide sums by the sums of their weights, where these are as large as the smallest weight.

    Parameters
    ----------
    sums, counts : ndarray of shape (layer, at least cell)
    block : ndarray of shape (layer, cell)
    smallest : float32
    keep : bool
        Leave the values of the block where there are any.
    mean : ndarray of shape (layer, cell), float32
    """
    missing = np.float32(np.nan)
    for i in range(block.shape[0]):
        for k in range(block.shape[1]):
            found = np.float32(sums[i, k] / counts[i, k])
            mean[i, k] = found if counts[i, k] >= smallest else missing
        if keep:
            for k in range(block.shape[1]):
                v = np.float32(block[i, k])
                mean[i, k] = v if v == v else mean[i, k]


class _Matrix:
    def __init__(self, table: Doubles, weights: Weights, frames: npt.NDArray[np.int64]) -> None:
        self.table = table.astype(np.float32)

    def __call__(self, values: Floats, there: Floats) -> tuple[Floats, Floats]:
        return self.table @ values, self.table @ there


class _Banded:
    def __init__(self, table: Doubles, weights: Weights, frames: npt.NDArray[np.int64]) -> None:
        rows, cols = np.nonzero(table)
        self.starts = np.searchsorted(rows, np.arange(len(table) + 1))
        self.cols, self.weights = cols, table[rows, cols].astype(np.float32)

    def __call__(self, values: Floats, there: Floats) -> tuple[Floats, Floats]:
        sums, counts = np.zeros_like(values), np.zeros_like(there)
        add_weighted(values, there, self.starts, self.cols, self.weights, sums, counts)
        return sums, counts


class _Transform:
    def __init__(self, table: Doubles, weights: Weights, frames: npt.NDArray[np.int64]) -> None:
        self.at = frames - frames.min()
        span = int(self.at.max()) + 1
        self.size = 1 << (2 * span - 1).bit_length()
        line = np.zeros(self.size)
        line[0] = weights.present
        past, future = weights.past[: span - 1], weights.future[: span - 1]
        line[1 : len(past) + 1] = past  # a frame later is reached by what lies before it
        if len(future):
            line[-len(future) :] = future[::-1]
        self.spectrum = np.fft.rfft(line)[:, None]

    def __call__(self, values: Floats, there: Floats) -> tuple[Floats, Floats]:
        sums, counts = (self._one(part) for part in (values, there))
        return sums, counts

    def _one(self, part: Floats) -> Floats:
        laid = np.zeros((self.size, part.shape[1]))
        laid[self.at] = part
        found = np.fft.irfft(np.fft.rfft(laid, axis=0) * self.spectrum, self.size, axis=0)
        return found[self.at]


@exact_jit
def add_weighted(
    values: Any, there: Any, starts: Any, cols: Any, weights: Any, sums: Any, counts: Any
) -> None:
    """Add, for each row of a sparse table of weights, the rows of two arrays times their weights.

    Parameters
    ----------
    values, there : ndarray of shape (frame, cell)
    starts : ndarray of shape (frame + 1,)
        Where the entries of each row begin.
    cols, weights : ndarray of shape (entry,)
        Column and weight of the entries.
    sums, counts : ndarray of shape (frame, cell)
        What is added to.
    """
    for i in range(values.shape[0]):
        for entry in range(starts[i], starts[i + 1]):
            j, w = cols[entry], weights[entry]
            for k in range(values.shape[1]):
                sums[i, k] += w * values[j, k]
                counts[i, k] += w * there[j, k]


def swa(count: int, season_size: int, att_seas: float, att_env: float) -> Doubles:
    """Weights of the distances 0 to ``count - 1``: a triangle over the season and a decay over all frames, in dB.

    Parameters
    ----------
    count : int
        Frames in all.
    season_size : int
        Frames in a year.
    att_seas : float
        Attenuation of the opposite season, in dB.
    att_env : float
        Attenuation at a distance of all frames, in dB.
    """
    d = np.arange(count)
    within = d % season_size
    triangle = 2 * np.minimum(within, season_size - within) / season_size
    return np.asarray(10 ** (-(att_seas / 10) * triangle - (att_env / 10) * d / count), np.float64)
