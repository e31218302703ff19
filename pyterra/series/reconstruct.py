"""reconstruct: each frame a weighted mean of the frames around it, by season and distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.raster.build import FLOAT32, cells_raster, node_of, number, numbers_of
from pyterra.run.one_thread import one_thread
from pyterra.series.frames import Frames, frames_of, kept, what_counts

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.kernels.convolution import Backend

KERNELS = ("swa", "box", "linear", "steep", "savgol")
DECADES = 30
"""Decades between the largest and the smallest weight, that single precision holds."""


@dataclass(frozen=True)
class Convolved:
    """A normalised convolution of the layers of each cell."""

    past: tuple[float, ...]
    present: float
    future: tuple[float, ...]
    frames: tuple[int, ...]
    numbers: tuple[float, ...] | None
    """What each layer counts; None where all count the same, or a second block says it."""
    keep: bool
    most: float | None
    """The weights that a gap can rest on at most, where the quality is wanted."""
    backend: Backend

    def __call__(self, block: Array, share: Array | None = None) -> Array:
        flat = block.reshape(len(block), -1)
        weights = kernels.convolution.Weights(np.array(self.past), self.present, np.array(self.future))
        frames = np.array(self.frames)
        if share is not None:
            share = share.reshape(flat.shape)
        elif self.numbers is not None:
            share = np.array(self.numbers)[:, None]
        known = np.empty(flat.shape, np.float32) if self.most is not None else None
        with one_thread():
            out = kernels.convolution.convolve(
                flat, weights, frames, share=share, keep=self.keep, known=known, backend=self.backend
            )
        if known is not None and self.most is not None:
            known *= np.float32(100 / (self.most or 1.0))
            np.minimum(known, 100, out=known)
            if self.keep:
                known[~np.isnan(flat)] = 100
            out = np.concatenate([out, known])
        return out.reshape(len(out), *block.shape[1:])


def reconstruct(
    x: SpatRaster,
    kernel: Literal["swa", "box", "linear", "steep", "savgol"] = "swa",
    *,
    season_size: int | None = None,
    att_seas: float = 60.0,
    att_env: float | None = None,
    past: bool = True,
    future: bool = True,
    present: float | None = None,
    width: int | None = None,
    order: int = 2,
    vectors: tuple[Sequence[float], Sequence[float]] | None = None,
    weights: Sequence[float] | SpatRaster | None = None,
    keep_original: bool = True,
    quality: bool = False,
    backend: Literal["auto", "matrix", "banded", "fft"] = "auto",
) -> SpatRaster:
    """Fill or smooth the layers of each cell by weighted means of those before and after, by season and distance.

    Parameters
    ----------
    x : SpatRaster
        At least two layers, in equal steps of time (frames). Frames without a layer count as missing.
    kernel : {"swa", "box", "linear", "steep", "savgol"}
        What a frame counts at a distance of d frames of n in all: the seasonally weighted average,
        ``10 ** -(att_seas / 10 * t + att_env / 10 * d / n)`` with t from 0 in the same season to 1 in the opposite one;
        1; ``1 - d / n``; ``10 ** -(att_env / 10 * d / n)``, which takes the most recent; the coefficients of Savitzky
        and Golay.
    season_size : int, optional
        Frames in a year. By default as the times of the layers tell.
    att_seas : float
        Attenuation of the opposite season in dB, 0 or more.
    att_env : float, optional
        Attenuation at the distance of all frames in dB, 0 or more; by default 20, for "steep" 130.
    past, future : bool
        Whether earlier and later frames count.
    present : float, optional
        What a frame counts for itself; by default what the kernel says for distance 0.
    width : int, optional
        Frames before and after that count at most; by default all, for "savgol" 2.
    order : int
        Of the polynomial of "savgol".
    vectors : (sequence of float, sequence of float), optional
        Weights of your own instead of a kernel: for the frames 1, 2 ... before, and 1, 2 ... after.
    weights : sequence of float, or SpatRaster, optional
        What each layer counts (the clear-sky share of a scene), or each layer of each cell. Values of weight 0 count as
        missing.
    keep_original : bool
        Leave values that are there as they are, and fill gaps alone.
    quality : bool
        Add a layer for each of `x`, 0 to 100: the weights that were there, in percent of what a gap can have at most;
        100 for a value that was kept.
    backend : {"auto", "matrix", "banded", "fft"}
        A product of matrices, products of its parts that are not 0, or a fast Fourier transform; they agree within
        1e-5. By default the one that is fastest for so many frames and weights.

    Returns
    -------
    SpatRaster
        The layers of `x`, with names, times and units; missing where no frame within reach is there. With `quality`
        their quality follows.

    Raises
    ------
    ArgumentError
        Where layers are no frames (see `season_size`), or an argument is not allowed.

    See Also
    --------
    fill : This and other ways to fill gaps.
    approximate : Straight lines between the layers that are there.
    whittaker : A smooth curve near the layers.

    Notes
    -----
    Computed in single precision: relative errors are below 1e-5. It costs 4 n operations for each value with n frames,
    or somewhat more than 4 w with w weights. Stored bytes and 16-bit integers become numbers a strip of rows at a time.

    References
    ----------
    Consoli, Parente, Simoes, Murat, Tian, Witjes, Sloat and Hengl (2024): A computational framework for processing time
    series of Earth observation data based on discrete convolution: global-scale historical Landsat cloud-free
    aggregates at 30 m spatial resolution. PeerJ 12: e18585. (TSIRF, earlier SIRCLE; its kernel SWA, earlier SWAG.)

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[10]], [[2]], [[nan]], [[4]]])
    >>> r.reconstruct(season_size=2, att_env=0).values().round(3).tolist()
    [[10.0, 2.0, 10.0, 4.0]]
    """
    verb = "reconstruct"
    node = node_of(x, verb)
    frames = frames_of(x, verb, season_size, seasons=vectors is None and kernel == "swa")
    before, own, after = (
        _vectors(vectors) if vectors is not None else _kernel(frames, kernel, att_seas, att_env, width, order)
    )
    if present is not None:
        own = _weight(present, "present")
    line = [w for w in (*before, own, *after) if w != 0]
    if not line or max(map(abs, line)) > 10**DECADES * min(map(abs, line)):
        raise ArgumentError(
            f"{verb}: weights must not all be 0, and lie within {DECADES} decades of each other "
            f"({10 * DECADES} dB); attenuate less"
        )
    numbers, beside = what_counts(x, weights, verb)
    before, after = (before if past else ()), (after if future else ())
    backend = choice(backend, ("auto", "matrix", "banded", "fft"), f"{verb}: backend")
    told = kernels.convolution.Weights(np.array(before), own, np.array(after))
    places = np.array(frames.numbers)
    way = kernels.convolution.choose(told, places) if backend == "auto" else backend
    most = told.most(places) if quality else None
    work = Convolved(before, own, after, frames.numbers, numbers, keep_original, most, way)
    layers = [kept(layer) for layer in node.layers]
    if quality:
        layers += [replace(layer.number(), name=f"{layer.name}_quality") for layer in node.layers]
    room = kernels.convolution.room(len(node.layers), way)
    return cells_raster((node, *beside), layers, FLOAT32, work, layerwise=False, **room)


def swa(
    x: SpatRaster,
    season_size: int | None = None,
    *,
    att_seas: float = 60.0,
    att_env: float = 20.0,
    past: bool = True,
    future: bool = True,
    weights: Sequence[float] | SpatRaster | None = None,
    keep_original: bool = True,
    quality: bool = False,
) -> SpatRaster:
    """Seasonally weighted average: `reconstruct` by its first kernel, under the name of the publication.

    Parameters
    ----------
    x : SpatRaster
        At least two layers, in equal steps of time (frames).
    season_size : int, optional
        Frames in a year. By default as the times of the layers tell.
    att_seas, att_env : float
        Attenuation of the opposite season, and at the distance of all frames, in dB.
    past, future, weights, keep_original, quality
        As for `reconstruct`.

    Returns
    -------
    SpatRaster
        As of `reconstruct`.

    See Also
    --------
    reconstruct : Other kernels, too.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[10]], [[2]], [[nan]], [[4]]])
    >>> r.swa(2, att_env=0).values().round(3).tolist()
    [[10.0, 2.0, 10.0, 4.0]]
    """
    return reconstruct(
        x,
        season_size=season_size,
        att_seas=att_seas,
        att_env=att_env,
        past=past,
        future=future,
        weights=weights,
        keep_original=keep_original,
        quality=quality,
    )


def _kernel(
    frames: Frames, kernel: str, att_seas: float, att_env: float | None, width: int | None, order: int
) -> tuple[tuple[float, ...], float, tuple[float, ...]]:
    """Weights of the frames before, of the frame itself, and of those after."""
    kernel = choice(kernel, KERNELS, "reconstruct: kernel")
    if att_env is None:
        att_env = 130.0 if kernel == "steep" else 20.0
    for value, name in ((att_seas, "att_seas"), (att_env, "att_env")):
        if not number(value, f"reconstruct: {name}") >= 0:
            raise ArgumentError(f"reconstruct: {name} must be 0 dB or more, got {value}")
    if width is not None and (not isinstance(width, int | np.integer) or width < 1):
        raise ArgumentError(f"reconstruct: width must be a whole number of frames above 0, got {width!r}")
    count = frames.count
    if kernel == "savgol":
        half = 2 if width is None else int(width)
        if not 0 <= order < 2 * half + 1:
            raise ArgumentError(
                f"reconstruct: order must lie between 0 and {2 * half}, twice the width, got {order}"
            )
        row = kernels.savgol.coefficients(2 * half + 1, order)[half]
        return tuple(row[:half][::-1].tolist()), float(row[half]), tuple(row[half + 1 :].tolist())
    d = np.arange(count)
    if kernel == "swa":
        line = kernels.convolution.swa(count, frames.season_size or 1, att_seas, att_env)
    elif kernel == "steep":
        line = 10 ** (-att_env / 10 * d / count)
    else:
        line = np.ones(count) if kernel == "box" else 1 - d / count
    if width is not None:
        line = line[: width + 1]
    rest = tuple(line[1:].tolist())
    return rest, float(line[0]), rest


def _vectors(vectors: Any) -> tuple[tuple[float, ...], float, tuple[float, ...]]:
    if not isinstance(vectors, tuple | list) or len(vectors) != 2:
        raise ArgumentError(
            "reconstruct: vectors must be two sequences of weights, for frames before and frames after, nearest first, "
            f"got {vectors!r:.60}"
        )
    before, after = (
        tuple(
            _weight(w, "vectors")
            for w in (numbers_of(part, "reconstruct: vectors").ravel() if len(part) else ())
        )
        for part in vectors
    )
    return before, 1.0, after


def _weight(value: Any, what: str) -> float:
    found = number(value, f"reconstruct: {what}")
    if not np.isfinite(found):
        raise ArgumentError(f"reconstruct: {what} must be finite, got {value}")
    return found
