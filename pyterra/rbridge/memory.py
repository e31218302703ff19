"""Numbers on R's memory: views that keep their R vector alive, and vectors made of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

NA_INTEGER = -(2**31)


class Memory:
    """What owns the numbers of a view: an R vector that lives as long as any array on it."""

    __slots__ = ("__array_interface__", "sexp")

    def __init__(self, sexp: Any, address: int, length: int, type: str) -> None:
        self.sexp = sexp
        self.__array_interface__ = {
            "data": (address, True),
            "shape": (length,),
            "typestr": np.dtype(type).str,
            "version": 3,
        }


def doubles(rinterface: Any, sexp: Any) -> NDArray[np.float64]:
    """The numbers of an R vector, read-only, in the shape it has in R.

    A double vector is not copied. Integers and logicals are, with NA as NaN.

    Raises
    ------
    TypeError
        For anything but numbers.
    """
    library = rinterface.openrlib
    cdata = sexp.__sexp__._cdata
    if isinstance(sexp, rinterface.FloatSexpVector):
        out = _view(rinterface, sexp, library.REAL(cdata), "f8")
    elif isinstance(sexp, rinterface.IntSexpVector | rinterface.BoolSexpVector):
        pointer = library.INTEGER if isinstance(sexp, rinterface.IntSexpVector) else library.LOGICAL
        whole = _view(rinterface, sexp, pointer(cdata), "i4")
        out = whole.astype(np.float64)
        out[whole == NA_INTEGER] = np.nan
        out.setflags(write=False)
    else:
        raise TypeError(f"must be an R vector of numbers, got {type(sexp).__name__}")
    shape = rinterface.bufferprotocol.getshape(cdata)
    return out if len(shape) < 2 else out.reshape(shape, order="F")


def _view(rinterface: Any, sexp: Any, pointer: Any, type: str) -> NDArray[Any]:
    length = len(sexp)
    if length == 0:
        return np.empty(0, type)
    address = int(rinterface.openrlib.ffi.cast("uintptr_t", pointer))
    return np.asarray(Memory(sexp, address, length, type))


def vector(rinterface: Any, array: Any) -> Any:
    """An R double vector, or matrix or array of the same indices, with a copy of the numbers."""
    values = np.asarray(array)
    library = rinterface.openrlib
    with rinterface.memorymanagement.rmemory() as memory:
        cdata = memory.protect(library.rlib.Rf_allocVector(library.rlib.REALSXP, values.size))
        if values.size:
            room = library.ffi.buffer(library.REAL(cdata), values.size * 8)
            np.copyto(np.frombuffer(room, np.float64).reshape(values.shape, order="F"), values)
        if values.ndim > 1:
            shape = rinterface.IntSexpVector([int(n) for n in values.shape])
            library.rlib.Rf_setAttrib(cdata, library.rlib.R_DimSymbol, shape.__sexp__._cdata)
        return rinterface.conversion._cdata_to_rinterface(cdata)
