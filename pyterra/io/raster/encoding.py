"""How values become stored numbers, and which code stands for missing."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, ValueRangeError
from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.raster.wide_integers import integers
from pyterra.io.raster.wide_nodata import IN_CELLS

RangeMode = Literal["error", "clip", "na"]


class Stored(NamedTuple):
    """What is written of a block."""

    numbers: Array
    """Stored numbers of shape (layer, row, col)."""
    moments: Any
    """Their partial statistics, `kernels.reduce.Moments`."""
    missing: bool = False
    """Whether the spare code stands for missing cells here."""
    taken: bool = False
    """Whether the spare code is a value here."""


@dataclass(frozen=True)
class Encoding:
    """How the values of a raster become stored numbers."""

    dtype: str
    """numpy dtype name of the file."""
    nodata: float | int | None
    """Code for missing, None = the file has none."""
    scale: float = 1.0
    """stored = (value - offset) / scale."""
    offset: float = 0.0
    """stored = (value - offset) / scale."""
    mode: RangeMode = "error"
    """What becomes of values that the dtype cannot hold."""
    target: str = ""
    """The file, for errors."""
    names: tuple[str, ...] = ()
    """Layer names, for errors."""
    bits: bool = False
    """Whether blocks hold the bits of 64-bit integers, see `wide_integers`."""
    spare: float | int | None = None
    """Code for missing that a file without one gets once cells turn out to be missing; None for none."""
    holds_nan: bool = True
    """Whether NaN can be told, in types that have it."""
    remedy: str = "give nodata="
    """What to do where there is no code, for errors."""

    @property
    def bytes_per_value(self) -> float:
        """Bytes that encoding a value needs, its stored number included."""
        return 2.0 * np.dtype(self.dtype).itemsize + 8.0

    @property
    def stored_per_value(self) -> float:
        """Bytes of a stored number."""
        return float(np.dtype(self.dtype).itemsize)

    def __call__(self, block: Array, window: Window) -> Stored:
        """Stored numbers of a block; of one in bytes, which holds them already, itself.

        Raises
        ------
        ValueRangeError
            Where a value does not fit and the mode is "error".
        """
        if block.dtype == np.uint8:
            return self._stored(block, self._statistics(block, block, self.nodata), self.nodata)
        if self.bits:
            return self._copied(block, window)
        if not self.holds_nan:
            self._check_nan(block, window)
        code, result = self.nodata, self._encode(block, self.nodata)
        lost = result.missing_lost or (self.mode == "na" and result.out_of_range)
        if self.spare is not None and lost:
            code = self.spare
            result = self._encode(block, code)
        if self._refuses(result):
            for i, layer in enumerate(block):
                alone = self._encode(layer, code)
                if self._refuses(alone):
                    raise ValueRangeError(self._message(i, window, alone, code))
        return self._stored(result.raw, self._statistics(block, result.raw, code), code)

    def of_bytes(self, results: Array) -> Array | None:
        """Bytes that stand for results, of any shape; None unless all of them are stored and nothing has to be said."""
        if self.dtype != "uint8" or self.bits or self.spare is not None or not self.holds_nan:
            return None
        found = self._encode(results, self.nodata)
        if found.missing_lost or found.out_of_range or found.collisions:
            return None
        numbers: Array = found.raw
        return numbers

    def _check_nan(self, block: Array, window: Window) -> None:
        for i, layer in enumerate(block):
            gone = int(np.isnan(layer).sum())
            if gone:
                raise ValueRangeError(
                    f"write_raster: {self.target} layer {self.names[i]!r}, {window}: {gone} cells are missing; "
                    f"{self.remedy}"
                )

    def _stored(self, numbers: Array, moments: Any, code: float | int | None) -> Stored:
        if self.spare is None:
            return Stored(numbers, moments)
        missing = code is not None
        return Stored(numbers, moments, missing, not missing and bool((numbers == self.spare).any()))

    def _copied(self, block: Array, window: Window) -> Stored:
        """The integers whose bits came; a code for missing must be no value."""
        numbers, missing = integers(block, np.dtype(self.dtype), None)
        code = self.nodata if self.nodata is not None or not missing.any() else self.spare
        for i, (layer, gone) in enumerate(zip(numbers, missing, strict=True)):
            place = f"{self.target} layer {self.names[i]!r}, {window}"
            if code is None and gone.any():
                raise ValueRangeError(
                    f"write_raster: {place}: {int(gone.sum())} cells are missing but {self.dtype} has no code for "
                    f"missing here; {self.remedy}"
                )
            asked = code is not None and self.mode == "error"
            same = int(((layer == int(code)) & ~gone).sum()) if asked and code is not None else 0
            if same:
                raise ValueRangeError(
                    f"write_raster: {same} cells of {place}, have the value {code}, which is the code for missing; "
                    "choose another nodata"
                )
        if code is not None:
            numbers[missing] = int(code)
        flat = np.where(missing, np.nan, numbers.astype(np.float64)).reshape(len(block), -1)
        return self._stored(numbers, kernels.reduce.moments(flat), code)

    def join(self, parts: list[tuple[Window, Stored]], window: Window) -> Stored:
        """What is written of a block, from its strips."""
        first = parts[0][1]
        numbers = np.empty((len(first.numbers), window.nrow, window.ncol), first.numbers.dtype)
        moments: Any = None
        for strip, part in parts:
            rows, cols = strip.slices_in(window)
            numbers[:, rows, cols] = part.numbers
            moments = part.moments if moments is None else kernels.reduce.merge_moments(moments, part.moments)
        missing, taken = any(p.missing for _, p in parts), any(p.taken for _, p in parts)
        return Stored(numbers, moments, missing, taken)

    def _encode(self, values: Array, code: float | int | None) -> Any:
        return kernels.convert.encode(
            values, np.dtype(self.dtype), code, mode=self.mode, scale=self.scale, offset=self.offset
        )

    def _refuses(self, result: Any) -> bool:
        strict = self.mode == "error"
        return bool(result.missing_lost or (strict and (result.out_of_range or result.collisions)))

    def _statistics(self, block: Array, stored: Array, code: float | int | None) -> Any:
        """Partial statistics of the stored numbers; of the block itself where storing changed nothing."""
        flat = stored.reshape(len(stored), -1)
        if stored.dtype == np.uint8:
            return kernels.bytes.byte_moments(flat, None if code is None else int(code))
        plain = self.scale == 1 and self.offset == 0
        if plain and stored.dtype.kind == "f" and stored.dtype.itemsize >= block.dtype.itemsize:
            return kernels.reduce.moments(block.reshape(len(block), -1))
        return kernels.reduce.moments(kernels.convert.decode(flat, code, 1.0, 0.0, np.float64))

    def _message(self, i: int, window: Window, result: Any, code: float | int | None) -> str:
        place = f"{self.target} layer {self.names[i]!r}, {window}"
        if self.mode == "error" and result.out_of_range:
            limits = np.iinfo(self.dtype) if np.dtype(self.dtype).kind in "iu" else np.finfo(self.dtype)
            return (
                f"write_raster: values must fit {self.dtype} ({limits.min} to {limits.max}), got "
                f"{result.first_out_of_range:g} ({result.out_of_range} cells) in {place}; choose a wider datatype, or "
                "out_of_range='clip' or 'na'"
            )
        if self.mode == "error" and result.collisions:
            return (
                f"write_raster: {result.collisions} cells of {place}, have the value {code}, which is the code "
                "for missing; choose another nodata or a wider datatype"
            )
        return (
            f"write_raster: {place}: {result.missing_lost} cells are missing but {self.dtype} has no code for missing "
            f"here; {self.remedy}"
        )


def check_nodata(value: float | int | None, dtype: str, what: str = "nodata") -> float | int | None:
    """The code for missing as the dtype holds it.

    Raises
    ------
    ArgumentError
        Where the dtype cannot hold it.
    """
    if value is None:
        return None
    kind = np.dtype(dtype)
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        if (
            value in (np.inf, -np.inf)
            or value != value
            or value != int(value)
            or not limits.min <= int(value) <= limits.max
        ):
            raise ArgumentError(
                f"{what}: must be a whole number that {dtype} can hold ({limits.min} to {limits.max}), got {value}"
            )
        if dtype == "uint64" and int(value) in IN_CELLS:
            raise ArgumentError(
                f"{what}: must not be the code of terra's own files, whose cells hold another number, got {int(value)}; "
                f"give {IN_CELLS[int(value)]}"
            )
        return int(value)
    number = float(value)
    with np.errstate(over="ignore"):
        held = float(kind.type(number))
    if np.isfinite(number) and not np.isfinite(held):
        raise ArgumentError(f"{what}: must be a number that {dtype} can hold, got {value}")
    return held


def default_nodata(dtype: str) -> float | int | None:
    """The code for missing where none is asked for, as terra's: lowest signed, highest unsigned, NaN for floats."""
    kind = np.dtype(dtype)
    if kind.kind == "u":
        return int(np.iinfo(kind).max)
    return int(np.iinfo(kind).min) if kind.kind == "i" else float("nan")
