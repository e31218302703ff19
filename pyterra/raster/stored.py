"""Which numbers stand for the values of a raster in a file: types, and codes for missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Layer, Node, Read
from pyterra.expr.layers import EXACT_IN_FLOAT32
from pyterra.expr.walk import topological
from pyterra.frozen import dataclass
from pyterra.io.formats.record import RasterFormat
from pyterra.io.raster.encoding import Encoding, RangeMode, check_nodata, default_nodata
from pyterra.io.raster.wide_integers import is_wide

TERRA_TYPES = {
    "INT1U": "uint8",
    "INT1S": "int8",
    "INT2U": "uint16",
    "INT2S": "int16",
    "INT4U": "uint32",
    "INT4S": "int32",
    "INT8U": "uint64",
    "INT8S": "int64",
    "FLT4S": "float32",
    "FLT8S": "float64",
}
_TYPES = frozenset(TERRA_TYPES.values())


def parse_datatype(name: Any) -> str:
    """numpy dtype name of a datatype by numpy's or terra's name.

    Raises
    ------
    ArgumentError
        For a type that files cannot hold.
    """
    text = TERRA_TYPES.get(str(name).upper())
    if text is None:
        try:
            text = np.dtype(name).name
        except TypeError:
            text = str(name)
    if text == "bool":
        text = "uint8"
    if text not in _TYPES:
        known = ", ".join(f"{n} ({t})" for t, n in TERRA_TYPES.items())
        raise ArgumentError(f"datatype: must be one of {known}; got {name!r}")
    return text


def default_datatype(node: Node) -> str:
    """The type of the values that were kept, uint8 for bool, and for classes below 255 of no known type or with colours,
    int32 for other whole numbers (float64 where sources hold larger ones), float32 for computed reals."""
    layers = node.layers
    kept = {layer.storage for layer in layers}
    if len(kept) == 1 and is_wide(np.dtype(next(iter(kept)) or "float32")):
        return str(kept.pop())  # also where terra drops the flag of whole numbers: float64 cannot hold them
    if any(layer.kind == "num" for layer in layers):
        exact = all(la.storage in EXACT_IN_FLOAT32 for la in layers if la.storage is not None)
        return "float32" if exact else "float64"
    if all(layer.kind == "bool" for layer in layers):
        return "uint8"
    storages = [layer.storage for layer in layers]
    classes = all(layer.categories and layer.categories.fits_bytes for layer in layers)
    if classes and (None in storages or any(layer.colors for layer in layers)):
        return "uint8"
    if all(s is not None and np.dtype(s).kind in "iu" for s in storages):
        joint = np.result_type(*(np.dtype(s) for s in storages if s is not None))
        if joint.kind in "iu":
            return joint.name
    below = {layer.storage for step in topological(node, lambda _: False) for layer in step.layers}
    return "float64" if below & {"uint32", "int64", "uint64"} else "int32"


def stored_type(record: RasterFormat, node: Node, datatype: str | None, target: str) -> str:
    """numpy dtype name in which a format keeps a raster: what is asked for, else the narrowest that keeps all values.

    Raises
    ------
    ArgumentError
        Where the format cannot hold the type, or the number of layers.
    """
    count = len(node.layers)
    if record.layers and count not in record.layers:
        held = " or ".join(map(str, record.layers))
        raise ArgumentError(
            f"write_raster: {target}: {record} holds {held} layer{'' if held == '1' else 's'}, got {count}; choose "
            "layers, as with r[0], or write .tif"
        )
    wanted = default_datatype(node) if datatype is None else parse_datatype(datatype)
    fits = (kept for kept in record.types if datatype is None and np.can_cast(wanted, kept, "safe"))
    found = wanted if wanted in record.types else next(fits, None)
    if found is None:
        raise ArgumentError(
            f"write_raster: {target}: {record} holds {', '.join(record.types)}, got {wanted}; give one of them as "
            "datatype=, which rounds, or write .tif"
        )
    return found


def as_bits(node: Node, dtype: np.dtype[Any]) -> Node | None:
    """The cells of 64-bit integers as bits, where an expression does no more than move them; None for others."""
    if not is_wide(dtype) or any(layer.storage != dtype.name for layer in node.layers):
        return None
    if isinstance(node, Read):
        codes = {layer.nodata for layer in node.layers}
        source = node.source.bits(node.bands, dtype, codes.pop()) if len(codes) == 1 else None
        return None if source is None else replace(node, source=source)
    if not node.moves:
        return None
    parts = [as_bits(part, dtype) for part in node.inputs]
    known = tuple(part for part in parts if part is not None)
    return node.with_inputs(known) if len(known) == len(parts) else None


UNSET: Any = object()
"""Nothing was said of a code for missing."""


@dataclass(frozen=True)
class Asked:
    """What is asked of the numbers in a file."""

    datatype: str | None
    nodata: float | int | None
    out_of_range: RangeMode
    scale: float
    offset: float

    def __post_init__(self) -> None:
        if self.out_of_range not in ("error", "clip", "na"):
            raise ArgumentError(
                f"write_raster: out_of_range must be 'error', 'clip' or 'na', got {self.out_of_range!r}"
            )
        if self.scale == 0 or not np.isfinite(self.scale) or not np.isfinite(self.offset):
            raise ArgumentError(
                f"write_raster: scale must be a number other than 0, got {self.scale} (offset {self.offset})"
            )

    @property
    def plain(self) -> bool:
        """Whether stored numbers are the values."""
        return self.scale == 1 and self.offset == 0


def encoding_for(record: RasterFormat, node: Node, asked: Asked, target: str) -> Encoding:
    """How the values of a raster become numbers in a file of a format.

    Raises
    ------
    ArgumentError
        Where the format cannot hold them.
    """
    dtype = stored_type(record, node, asked.datatype, target)
    silent = asked.nodata is UNSET
    if not silent and asked.nodata is not None and not record.missing:
        raise ArgumentError(
            f"write_raster: {target}: {record} has no code for missing, got nodata={asked.nodata}; write .tif"
        )
    code = code_for(record, node.layers, dtype, asked.plain) if silent else check_nodata(asked.nodata, dtype)
    if code is None and not silent and record.coded:
        raise ArgumentError(f"write_raster: {target}: {record} must have a code for missing, got nodata=None")
    return Encoding(
        dtype,
        code,
        asked.scale,
        asked.offset,
        asked.out_of_range,
        target,
        tuple(layer.name for layer in node.layers),
        spare=default_nodata(dtype) if code is None and silent and record.missing else None,
        holds_nan=record.missing,
        remedy="give nodata="
        if record.missing
        else f"{record} has no code for missing; fill them, or write .tif",
    )


def code_for(record: RasterFormat, layers: tuple[Layer, ...], dtype: str, plain: bool) -> float | int | None:
    """The code for missing where none is asked for; None where a format has none, or cells need none so far."""
    if not record.missing:
        return None
    usual = record.codes.get(dtype, default_nodata(dtype))
    code = _of_source(layers, dtype, usual) if plain else usual
    return usual if code is None and record.coded else code


def _of_source(layers: tuple[Layer, ...], dtype: str, usual: float | int | None) -> float | int | None:
    """The source's code where the file keeps the source's type; none where the source has none (all codes are values)."""
    codes = {layer.nodata for layer in layers}
    if all(layer.storage == dtype for layer in layers) and np.dtype(dtype).kind in "iu" and len(codes) == 1:
        return check_nodata(codes.pop(), dtype)
    return usual
