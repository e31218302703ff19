"""Between stored values and values: nodata, scale and offset, rounding and range, in one pass each way.

Stored integers of any width keep their own type until the nodata code has been compared, so that a 64-bit
code is compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels._jit import empty, exact_jit, inner_jit, span

Array: TypeAlias = npt.NDArray[Any]
Floats: TypeAlias = npt.NDArray[np.floating[Any]]

Doubles: TypeAlias = npt.NDArray[np.float64]
Report: TypeAlias = npt.NDArray[np.int64]

ERROR, CLIP, NA = 0, 1, 2
_MODES = {"error": ERROR, "clip": CLIP, "na": NA}
OUTSIDE, FIRST_OUTSIDE, LOST, COLLISIONS, FIRST_COLLISION = range(5)  # what a report counts, and where first
CHUNK = 4096
WIDENED = 1 << 15
"""Values that become doubles at a time, before they are encoded: they stay in the second cache."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Stored values, and what did not fit."""

    raw: Array
    """The stored values, in the shape of the input."""
    out_of_range: int
    """How many values the type cannot hold."""
    first_out_of_range: float
    """The first of them, NaN if there is none."""
    missing_lost: int
    """How many missing values had no nodata code to stand for them."""
    collisions: int
    """How many valid values are stored as the nodata code, and will read as missing."""
    first_collision: float
    """The first of them, NaN if there is none."""


@exact_jit
def _decode(raw: Array, has_code: bool, code: Any, scale: float, offset: float, out: Floats) -> None:
    plain = scale == 1.0 and offset == 0.0
    for start in range(0, raw.size, CHUNK):
        width = min(CHUNK, raw.size - start)
        part, target = span(raw, start, width), span(out, start, width)
        if plain:
            for k in range(part.size):
                target[k] = part[k]
        else:
            for k in range(part.size):
                target[k] = part[k] * scale + offset
        if has_code:
            for k in range(part.size):
                value = target[k]
                target[k] = np.nan if part[k] == code else value


@inner_jit
def _unscaled(part: Doubles, scale: float, offset: float, room: Doubles) -> Doubles:
    if scale == 1.0 and offset == 0.0:
        return part
    for k in range(part.size):
        room[k] = np.divide(part[k] - offset, scale)  # "/" tests for zero and stays scalar
    return room


@exact_jit
def _encode_integers(
    values: Doubles,
    place: int,
    scale: float,
    offset: float,
    low: float,
    high: float,
    mode: int,
    has_code: bool,
    code: Any,
    raw: Array,
    report: Report,
) -> None:
    """Round half away from zero and store; ``place`` is that of the first value among all.

    A chunk is stored by loops that vectorise; only one in which something did not fit is looked at again.
    """
    room, numbers = empty(CHUNK), empty(CHUNK)
    for start in range(0, values.size, CHUNK):
        width = min(CHUNK, values.size - start)
        part, target = span(values, start, width), span(raw, start, width)
        given = _unscaled(part, scale, offset, room)
        amiss = 0
        for k in range(part.size):
            whole = np.trunc(given[k])
            rest = given[k] - whole
            whole += (1.0 if rest >= 0.5 else 0.0) - (1.0 if rest <= -0.5 else 0.0)
            numbers[k] = whole
            amiss += (whole < low) | (whole > high) | ((whole != whole) & (not has_code))
            whole = whole if whole >= low else low
            target[k] = whole if whole <= high else high
        if has_code:
            for k in range(part.size):
                stored, valid = target[k], numbers[k] == numbers[k]
                amiss += valid & (stored == code)
                target[k] = stored if valid else code
        if amiss > 0:
            for k in range(part.size):
                missing, outside = numbers[k] != numbers[k], (numbers[k] < low) | (numbers[k] > high)
                if outside and mode == NA:
                    missing, target[k] = True, code
                met = has_code and target[k] == code
                _account(place + start + k, outside, missing, has_code, met, report)


@exact_jit
def _encode_floats(
    values: Doubles,
    place: int,
    scale: float,
    offset: float,
    largest: float,
    mode: int,
    code: Any,
    raw: Array,
    report: Report,
) -> None:
    """Store in a floating type, in which a finite value that would become infinite does not fit."""
    room = empty(CHUNK)
    for start in range(0, values.size, CHUNK):
        width = min(CHUNK, values.size - start)
        part, target = span(values, start, width), span(raw, start, width)
        numbers = _unscaled(part, scale, offset, room)
        amiss = 0
        for k in range(part.size):
            value = numbers[k]
            target[k] = value
            amiss += np.isinf(target[k]) & (value - value == 0.0)
            amiss += (target[k] == code) & (value == value)
        if code == code:
            for k in range(part.size):
                stored = target[k]
                target[k] = stored if stored == stored else code
        if amiss > 0:
            for k in range(part.size):
                outside = np.isinf(target[k]) & (numbers[k] - numbers[k] == 0.0)
                if outside:
                    target[k] = largest if numbers[k] > 0 else -largest
                missing = numbers[k] != numbers[k]
                if outside and mode == NA:
                    missing, target[k] = True, code
                _account(place + start + k, outside, missing, True, target[k] == code, report)


@inner_jit
def _account(place: int, outside: bool, missing: bool, has_code: bool, met: bool, report: Report) -> None:
    """Count a value that does not fit, that is lost as there is no code, or that has met the nodata code."""
    if outside:
        report[OUTSIDE] += 1
        report[FIRST_OUTSIDE] = place if report[FIRST_OUTSIDE] < 0 else report[FIRST_OUTSIDE]
    if missing and not has_code:
        report[LOST] += 1
    if not missing and met:
        report[COLLISIONS] += 1
        report[FIRST_COLLISION] = place if report[FIRST_COLLISION] < 0 else report[FIRST_COLLISION]


@exact_jit
def _look_up(flat: npt.NDArray[np.uint8], table: Floats, out: Floats) -> None:
    for k in range(flat.size):
        out[k] = table[flat[k]]


def look_up(raw: npt.NDArray[np.uint8], table: Floats, out: Floats) -> None:
    """Put ``table[raw]`` into ``out``.

    Parameters
    ----------
    raw : uint8 ndarray of any shape
    table : ndarray of shape (256,), float32 or float64
    out : contiguous ndarray of the shape of ``raw`` and the dtype of ``table``
    """
    _look_up(np.ascontiguousarray(raw).reshape(-1), table, out.reshape(-1))


def decode(
    raw: Array,
    nodata: float | int | None = None,
    scale: float = 1.0,
    offset: float = 0.0,
    out_dtype: npt.DTypeLike = np.float64,
) -> Floats:
    """Return stored values as numbers, ``raw * scale + offset``, with NaN for the nodata code.

    Parameters
    ----------
    raw : ndarray of any shape, integer, bool or floating
    nodata : number, optional
        Compared in the stored type; one that the type cannot hold matches nothing. NaN is always missing.
    scale, offset : float
    out_dtype : float32 or float64

    Returns
    -------
    ndarray of the shape of ``raw``
    """
    stored = np.ascontiguousarray(raw)
    stored = stored.view(np.uint8) if stored.dtype == np.bool_ else stored
    code = _code(nodata, stored.dtype)
    out = np.empty(stored.shape, out_dtype)
    flat = stored.reshape(-1)
    known = stored.dtype.type(0) if code is None else code
    _decode(flat, code is not None, known, float(scale), float(offset), out.reshape(-1))
    return out


def encode(
    values: Floats,
    dtype: npt.DTypeLike,
    nodata: float | int | None = None,
    *,
    scale: float = 1.0,
    offset: float = 0.0,
    mode: Literal["error", "clip", "na"] = "error",
) -> Encoded:
    """Return numbers in a stored type, ``(values - offset) / scale``, with the nodata code for NaN.

    Parameters
    ----------
    values : ndarray of any shape, float32 or float64
    dtype : integer or floating dtype
        To integers, values are rounded half away from zero.
    nodata : number, optional
        The code for missing values. A floating type without one, or with NaN, stores NaN.
    scale, offset : float
    mode : {"error", "clip", "na"}
        What becomes of values beyond the range of the type: both "error" and "clip" store the nearest value
        that fits, and "error" leaves it to the caller to refuse; "na" stores them as missing. When clipping,
        a nodata code at an end of the range is not part of it.

    Returns
    -------
    Encoded
        The stored values with counts of what did not fit.
    """
    kind = np.dtype(dtype)
    if kind.kind not in "iuf":
        raise TypeError(f"encode: dtype must be integer or floating, got {kind}")
    if mode not in _MODES:
        raise ValueError(f"encode: mode must be one of {', '.join(_MODES)}, got {mode!r}")
    if scale == 0:
        raise ValueError("encode: scale must not be 0")
    code = _code(nodata, kind)
    if kind.kind == "f":
        code = np.array(np.nan, kind)[()] if code is None else code
    elif nodata is not None and code is None:
        raise ValueError(f"encode: {kind} cannot hold the nodata value {nodata}")

    flat = np.ascontiguousarray(values).reshape(-1)
    raw = np.empty(flat.shape, kind)
    report = np.array([0, -1, 0, 0, -1], np.int64)
    if kind.kind == "f":
        encoder: Any = _encode_floats
        largest = float(np.finfo(kind).max)
        told: tuple[Any, ...] = (float(scale), float(offset), largest, _MODES[mode], code)
    else:
        encoder = _encode_integers
        low, high = _limits(kind, code if mode == "clip" else None)
        has_code, known = code is not None, kind.type(0) if code is None else code
        told = (float(scale), float(offset), low, high, _MODES[mode], has_code, known)
    for place, part in _doubles(flat):
        encoder(part, place, *told, raw[place : place + part.size], report)
    return Encoded(
        raw=raw.reshape(values.shape),
        out_of_range=int(report[OUTSIDE]),
        first_out_of_range=_at(flat, report[FIRST_OUTSIDE]),
        missing_lost=int(report[LOST]),
        collisions=int(report[COLLISIONS]),
        first_collision=_at(flat, report[FIRST_COLLISION]),
    )


def _doubles(flat: Floats) -> Iterator[tuple[int, Doubles]]:
    """Values as doubles, and the place of the first: kernels that know no other type compile in half the time."""
    if flat.dtype == np.float64:
        yield 0, flat.astype(np.float64, copy=False)
        return
    room = np.empty(min(WIDENED, flat.size))
    for place in range(0, flat.size, WIDENED):
        part = room[: min(WIDENED, flat.size - place)]
        part[:] = flat[place : place + part.size]
        yield place, part


def _code(nodata: float | int | None, dtype: np.dtype[Any]) -> Any:
    """The nodata value in a dtype, or None where nothing can equal it."""
    if nodata is None or nodata != nodata:
        return None
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return dtype.type(nodata)
    limits = np.iinfo(dtype)
    if np.isinf(nodata) or int(nodata) != nodata or not limits.min <= int(nodata) <= limits.max:
        return None
    return dtype.type(int(nodata))


def _limits(dtype: np.dtype[Any], outside: Any) -> tuple[float, float]:
    """Range of an integer type without ``outside``, as doubles; the ends of 64-bit types round inwards."""
    limits = np.iinfo(dtype)
    low, high = limits.min, limits.max
    low, high = low + (outside == low), high - (outside == high)
    top = float(high)
    return float(low), top if int(top) <= high else float(np.nextafter(top, 0))


def _at(values: Floats, place: int) -> float:
    return float(values[place]) if place >= 0 else np.nan
