"""Normalised convolution along the layers of each cell: weighted means of what is there, by three ways of computing.

A frame of the result is the sum of all frames times the weights of their distances, divided by the sum of the weights
of those that are there. All of it is single precision but for the transform, which needs double: there a weight that
is nine decades below the largest would be lost in rounding.
"""

from __future__ import annotations

import functools
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels._jit import exact_jit

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Singles: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Backend: TypeAlias = Literal["matrix", "banded", "fft"]

TILE = 512
"""Cells at most that are computed together, so that they stay in the cache (598 frames of 65536 cells, CPU-seconds: by
128 0.86, by 512 0.77, by 1024 0.83). The last tile is padded to the width of all: the bits of a cell must not depend
on how many others there are."""
TILE_VALUES = 1 << 20
"""Values of a tile at most."""
PANEL = (16, 128)
"""Rows of a panel of a banded table. Of 598 frames 3 weights took 12 ms by 16 rows, 44 ms by 128, 170 ms without
panels; 129 weights 103, 77 and 170 ms (16 tiles of 1024). A loop
over the weights that are not 0 took longer for any number of them."""
BANDED_GAIN = 0.8
"""Share of a table that its panels must be, or less, to be worth it."""
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

    def most(self, frames: npt.NDArray[np.int64]) -> float:
        """What all frames count together for one that is missing, at most."""
        table = np.abs(self.matrix(frames))
        np.fill_diagonal(table, 0.0)
        return float(table.sum(axis=1).max())

    @property
    def smallest(self) -> float:
        """The smallest weight that is not zero, as an amount."""
        line = np.abs(np.concatenate([self.past, [self.present], self.future]))
        return float(line[line > 0].min(initial=np.inf))


def choose(weights: Weights, frames: npt.NDArray[np.int64]) -> Backend:
    """The way that is fastest for so many frames and weights."""
    if sum(part.size for _, _, part in panels(weights.matrix(frames))) <= BANDED_GAIN * len(frames) ** 2:
        return "banded"
    return "fft" if len(frames) >= FFT_FRAMES else "matrix"


def tile(frames: int) -> int:
    """Cells of a tile of so many frames."""
    return min(TILE, max(TILE_VALUES // frames // 16, 1) * 16)


def room(frames: int, backend: Backend) -> dict[str, float]:
    """What a block needs beside its result: bytes per cell, and at most."""
    series = 250.0 if backend == "fft" else 20.0
    return {"temporaries": series * frames, "at_most": series * frames * tile(frames) + 12.0 * frames**2}


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
    block : ndarray of shape (layer, cell)
        Missing is NaN. Of any type of numbers; a tile of it becomes float32 at a time.
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
        A product of matrices; products of its parts that are not zero; a fast Fourier transform in double precision.

    Returns
    -------
    ndarray of shape (layer, cell), float32
        Missing where no frame within reach is there.
    """
    layers, cells = block.shape
    mean = np.empty(block.shape, np.float32)
    smallest = NEAR * weights.smallest
    if share is not None:
        smallest *= float(np.min(share, initial=np.inf, where=share > 0))
    run = _ready(weights.past.tobytes(), weights.present, weights.future.tobytes(), frames.tobytes(), backend)
    values, there, sums, counts = np.empty((4, layers, tile(layers)), np.float32)
    width = values.shape[1]
    for start in range(0, cells, width):
        stop = min(start + width, cells)
        values[:, stop - start :] = 0
        np.copyto(values[:, : stop - start], block[:, start:stop], casting="same_kind")
        split(values.ravel(), there.ravel())
        for part, out in ((values, sums), (there, counts)):
            run(part if share is None else _shared(part, share, start, stop), out)
        divide(sums.ravel(), counts.ravel(), np.float32(smallest), keep, values.ravel(), there.ravel())
        mean[:, start:stop] = sums[:, : stop - start]
        if known is not None:
            part = counts[:, : stop - start]
            known[:, start:stop] = np.where(part >= smallest, part, 0)
    return mean


@functools.lru_cache(maxsize=1)
def _ready(
    past: bytes, present: float, future: bytes, frames: bytes, backend: Backend
) -> _Products | _Transform:
    """What follows from weights and frames alone: made once for all blocks (598 frames: 7 ms, a block takes 28)."""
    weights = Weights(np.frombuffer(past), present, np.frombuffer(future))
    numbers = np.frombuffer(frames, np.int64)
    return _Transform(weights, numbers) if backend == "fft" else _Products(weights.matrix(numbers), backend)


def _shared(part: Singles, share: Floats, start: int, stop: int) -> Singles:
    """A tile of the cells from start to stop, times what they count."""
    out = part.copy()
    own = share if share.shape[1] == 1 else share[:, start:stop]
    out[:, : stop - start] *= np.where(own > 0, own, 0)
    return out


@exact_jit
def split(values: Any, there: Any) -> None:
    """Put zeros where values are missing, and 1 in another array for each that is there.

    Parameters
    ----------
    values, there : ndarray of one dimension, float32
    """
    zero, one = np.float32(0), np.float32(1)
    for k in range(values.size):
        v = values[k]
        there[k] = one if v == v else zero
        values[k] = v if v == v else zero


@exact_jit
def divide(sums: Any, counts: Any, smallest: Any, keep: bool, values: Any, there: Any) -> None:
    """Divide sums by the sums of their weights, where these are as large as the smallest weight.

    Parameters
    ----------
    sums, counts : ndarray of one dimension, float32
        The first gets the quotients.
    smallest : float32
    keep : bool
        Take the values where there are any.
    values, there : ndarray like `sums`
        See `split`.
    """
    missing = np.float32(np.nan)
    for k in range(sums.size):
        found = sums[k] / counts[k]
        found = found if counts[k] >= smallest else missing
        sums[k] = values[k] if keep & (there[k] > 0) else found


def panels(table: Doubles) -> list[tuple[slice, slice, Singles]]:
    """The rows of a table some at a time, with the columns in which they are not zero: places of both, and weights."""
    most = int(np.count_nonzero(table, axis=1).max(initial=1))
    rows = int(np.clip(most // 2 // PANEL[0] * PANEL[0], *PANEL))
    found = []
    for start in range(0, len(table), rows):
        part = table[start : start + rows]
        there = np.flatnonzero(part.any(axis=0))
        cols = slice(int(there[0]), int(there[-1]) + 1) if there.size else slice(0, 1)
        found.append((slice(start, start + len(part)), cols, part[:, cols].astype(np.float32, order="C")))
    return found


class _Products:
    """A table of weights times a tile, at once or in panels."""

    def __init__(self, table: Doubles, backend: Backend) -> None:
        everything = slice(0, len(table))
        whole = [(everything, everything, table.astype(np.float32))]
        self.parts = panels(table) if backend == "banded" else whole

    def __call__(self, part: Singles, out: Singles) -> None:
        for rows, cols, weights in self.parts:
            np.matmul(weights, part[cols], out=out[rows])


class _Transform:
    """A fast Fourier transform of a tile, times that of the weights, and back."""

    def __init__(self, weights: Weights, frames: npt.NDArray[np.int64]) -> None:
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

    def __call__(self, part: Singles, out: Singles) -> None:
        laid = np.zeros((self.size, part.shape[1]))
        laid[self.at] = part
        found = np.fft.irfft(np.fft.rfft(laid, axis=0) * self.spectrum, self.size, axis=0)
        out[:] = found[self.at]


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
