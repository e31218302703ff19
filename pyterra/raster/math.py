"""The Math group: functions of one value, and running statistics along the layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells
from pyterra.raster._build import FLOAT32, FLOAT64, choice, node_of, raster
from pyterra.raster.arith import binary

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Raster

_WHOLE = ("ceiling", "floor", "trunc", "sign")
_EXACT = ("abs", "neg", *_WHOLE, "as_int")
"""Functions whose result for a float32 value is one."""
_FLAGS = ("not", "is_na", "not_na", "is_finite", "is_infinite", "as_bool")
_UFUNCS: dict[str, Any] = {
    "abs": np.abs,
    "neg": np.negative,
    "sqrt": np.sqrt,
    "ceiling": np.ceil,
    "floor": np.floor,
    "trunc": np.trunc,
    "sign": np.sign,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "cos": np.cos,
    "sin": np.sin,
    "tan": np.tan,
    "acos": np.arccos,
    "asin": np.arcsin,
    "atan": np.arctan,
    "cosh": np.cosh,
    "sinh": np.sinh,
    "tanh": np.tanh,
    "acosh": np.arccosh,
    "asinh": np.arcsinh,
    "atanh": np.arctanh,
    "cospi": lambda v: np.cos(np.pi * np.fmod(v, 2.0)),
    "sinpi": lambda v: np.sin(np.pi * np.fmod(v, 2.0)),
    "tanpi": lambda v: np.tan(np.pi * np.fmod(v, 1.0)),
}
_NAMES = {function: name for name, function in _UFUNCS.items() if isinstance(function, np.ufunc)}
_CUMULATIVE = ("cumsum", "cumprod", "cummin", "cummax")


@dataclass(frozen=True)
class Elementwise:
    """A function of one value; what is not sure to be a float32 is computed in float64."""

    name: str
    number: float | None = None
    """Decimals of round, digits of signif, base of log."""

    def __call__(self, block: Array) -> Array:
        exact = self.name in (*_EXACT, *_FLAGS) or (self.name == "round" and self.number == 0)
        wide = block if exact else block.astype(np.float64, copy=False)
        with np.errstate(all="ignore"):
            if self.name in _UFUNCS:
                out: Array = _UFUNCS[self.name](wide)
                return out
            return getattr(self, f"_{self.name}")(wide)

    def _not(self, block: Array) -> Array:
        return np.where(np.isnan(block), np.nan, block == 0)

    def _is_na(self, block: Array) -> Array:
        return np.isnan(block)

    def _not_na(self, block: Array) -> Array:
        return ~np.isnan(block)

    def _is_finite(self, block: Array) -> Array:
        return np.isfinite(block)

    def _is_infinite(self, block: Array) -> Array:
        return np.isinf(block)

    def _as_int(self, block: Array) -> Array:
        return np.trunc(block)

    def _as_bool(self, block: Array) -> Array:
        return np.where(np.isnan(block), np.nan, block == 1)

    def _log_base(self, block: Array) -> Array:
        assert self.number is not None
        return np.log(block) / np.log(self.number)

    def _round(self, block: Array) -> Array:
        assert self.number is not None
        if self.number == 0:
            return _half_away(block)
        factor = 10.0 ** np.abs(self.number)
        if self.number < 0:
            return _half_away(block / factor) * factor
        rounded = _half_away(block * factor) / factor
        return np.where(np.isfinite(rounded), rounded, block)

    def _signif(self, block: Array) -> Array:
        assert self.number is not None
        size = np.floor(np.log10(np.abs(block)))
        factor = 10.0 ** (self.number - 1 - np.where(np.isfinite(size), size, 0))
        return _half_away(block * factor) / factor


def _half_away(values: Array) -> Array:
    """Whole numbers nearest to the values, halves away from zero."""
    whole = np.trunc(values)
    return whole + np.copysign(np.abs(values - whole) >= 0.5, values)


def _elementwise(
    x: SpatRaster, name: str, number: float | None = None, *, kind: str | None = None
) -> SpatRaster:
    node = node_of(x, name)
    layers = tuple(layer.as_kind(kind or "num") for layer in node.layers)  # type: ignore[arg-type]
    exact = name in _EXACT or (name == "round" and number == 0)
    return raster(
        Cells(
            grid=node.grid,
            layers=layers,
            dtype=node.dtype if exact else FLOAT32 if name in _FLAGS else FLOAT64,
            arguments=(node,),
            kernel=Elementwise(name, number),
            temporaries=(16.0 if name in _UFUNCS else 48.0) * len(layers),
            layerwise=True,
        )
    )


def math(x: SpatRaster, fun: str) -> SpatRaster:
    """A function of the Math group, cell by cell.

    Parameters
    ----------
    x : SpatRaster
    fun : str
        ``abs sqrt ceiling floor trunc sign exp expm1 log log2 log10 log1p cos sin tan acos asin atan cosh sinh tanh
        acosh asinh atanh cospi sinpi tanpi``, or ``cumsum cumprod cummin cummax`` along the layers.

    Returns
    -------
    SpatRaster
        Layers and names of `x`. Missing stays missing; the root or logarithm of a negative number is missing.

    Raises
    ------
    ArgumentError
        For a name that is not in the list.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 4], [9, float("nan")]]).math("sqrt").values(drop=True)
    array([ 1.,  2.,  3., nan])
    """
    choice(fun, (*_UFUNCS, *_CUMULATIVE), "math: fun")
    if fun in _CUMULATIVE:
        return cumulative(x, fun)
    if fun in ("abs", "neg"):
        layers = tuple(la.as_kind("num" if la.kind == "num" else "int") for la in node_of(x, fun).layers)
        return raster(replace(_elementwise(x, fun)._node, layers=layers))
    return _elementwise(x, fun, kind="int" if fun in _WHOLE else "num")


def named(function: np.ufunc) -> str | None:
    """The name in the Math group of a function of numpy's, or None."""
    return "abs" if function is np.fabs else _NAMES.get(function)


def _named(fun: str, what: str) -> Callable[[SpatRaster], SpatRaster]:
    def verb(x: SpatRaster) -> SpatRaster:
        return math(x, fun)

    verb.__name__ = verb.__qualname__ = fun
    verb.__doc__ = f"""{what}.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        Missing stays missing; where the function is not defined the result is missing.
    """
    return verb


abs = _named("abs", "Absolute value of each cell")
sqrt = _named("sqrt", "Square root of each cell")
ceiling = _named("ceiling", "Smallest whole number not below each value (an int raster)")
floor = _named("floor", "Largest whole number not above each value (an int raster)")
trunc = _named("trunc", "Each value cut toward zero (an int raster)")
sign = _named("sign", "-1, 0 or 1 by the sign of each value (an int raster)")
exp = _named("exp", "e to the power of each value")
expm1 = _named("expm1", "exp(x) - 1, exact near 0")
log2 = _named("log2", "Logarithm to base 2")
log10 = _named("log10", "Logarithm to base 10")
log1p = _named("log1p", "log(1 + x), exact near 0")
cos = _named("cos", "Cosine of an angle in radians")
sin = _named("sin", "Sine of an angle in radians")
tan = _named("tan", "Tangent of an angle in radians")
acos = _named("acos", "Arc cosine in radians")
asin = _named("asin", "Arc sine in radians")
atan = _named("atan", "Arc tangent in radians")
cosh = _named("cosh", "Hyperbolic cosine")
sinh = _named("sinh", "Hyperbolic sine")
tanh = _named("tanh", "Hyperbolic tangent")
acosh = _named("acosh", "Inverse hyperbolic cosine")
asinh = _named("asinh", "Inverse hyperbolic sine")
atanh = _named("atanh", "Inverse hyperbolic tangent")
cospi = _named("cospi", "cos(pi x)")
sinpi = _named("sinpi", "sin(pi x)")
tanpi = _named("tanpi", "tan(pi x)")
cumsum = _named("cumsum", "Running sum along the layers")
cumprod = _named("cumprod", "Running product along the layers")
cummin = _named("cummin", "Running minimum along the layers")
cummax = _named("cummax", "Running maximum along the layers")


def cumulative(x: SpatRaster, fun: str) -> SpatRaster:
    """Running sum, product, minimum or maximum along the layers; missing from the first missing layer on."""
    node = node_of(x, fun)
    return raster(
        Cells(
            grid=node.grid,
            layers=tuple(layer.number() for layer in node.layers),
            dtype=node.dtype if fun in ("cummin", "cummax") else FLOAT64,
            arguments=(node,),
            kernel=Cumulative(fun),
            temporaries=8.0 * len(node.layers),
        )
    )


@dataclass(frozen=True)
class Cumulative:
    """Running statistic along the layers."""

    name: str

    def __call__(self, block: Array) -> Array:
        out: Array = kernels.stats.cumulative(block.reshape(len(block), -1), self.name)
        return out.reshape(block.shape)


def round(x: SpatRaster, digits: int = 0) -> SpatRaster:
    """Values rounded to decimals, half away from zero (2.5 -> 3, -2.5 -> -3).

    Parameters
    ----------
    x : SpatRaster
    digits : int
        Decimals; negative for tens, hundreds ...
    """
    return _elementwise(x, "round", float(digits), kind="int" if digits <= 0 else "num")


def signif(x: SpatRaster, digits: int = 6) -> SpatRaster:
    """Values rounded to significant digits."""
    return _elementwise(x, "signif", float(digits))


def log(x: SpatRaster, base: float | None = None) -> SpatRaster:
    """Logarithm, natural by default.

    Parameters
    ----------
    x : SpatRaster
    base : float, optional
        Base, above 0 and not 1.
    """
    if base is None:
        return math(x, "log")
    if base <= 0 or base == 1:
        raise ArgumentError(f"log: base must be above 0 and not 1, got {base}")
    named = {2: "log2", 10: "log10"}.get(int(base)) if base == int(base) else None
    return math(x, named) if named else _elementwise(x, "log_base", float(base))


def atan2(y: SpatRaster, x: Raster) -> SpatRaster:
    """Angle of the point (x, y) in radians."""
    return binary(y, x, "atan2")


def is_na(x: SpatRaster) -> SpatRaster:
    """1 where the value is missing, else 0 (a bool raster)."""
    return _elementwise(x, "is_na", kind="bool")


def not_na(x: SpatRaster) -> SpatRaster:
    """1 where there is a value, else 0 (a bool raster)."""
    return _elementwise(x, "not_na", kind="bool")


def is_finite(x: SpatRaster) -> SpatRaster:
    """1 where the value is a finite number, else 0 (a bool raster)."""
    return _elementwise(x, "is_finite", kind="bool")


def is_infinite(x: SpatRaster) -> SpatRaster:
    """1 where the value is infinite, else 0 (a bool raster)."""
    return _elementwise(x, "is_infinite", kind="bool")


def as_int(x: SpatRaster) -> SpatRaster:
    """Values cut to whole numbers, toward zero (an int raster)."""
    return _elementwise(x, "as_int", kind="int")


def as_bool(x: SpatRaster) -> SpatRaster:
    """1 where the value is 1, else 0; missing stays (a bool raster)."""
    return _elementwise(x, "as_bool", kind="bool")


def logical_not(x: SpatRaster) -> SpatRaster:
    """``~x``: 1 where the value is 0, 0 elsewhere, missing where missing."""
    return _elementwise(x, "not", kind="bool")
