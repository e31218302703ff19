"""The Math group: functions of one value, and running statistics along the layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells
from pyterra.frozen import dataclass
from pyterra.io.raster.wide_integers import are_missing
from pyterra.raster.arith import binary
from pyterra.raster.build import FLOAT32, FLOAT64, node_of, raster
from pyterra.raster.stored import as_bits
from pyterra.raster.told import told

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.kernels.stats import Running
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
    "cospi": lambda v, out: np.cos(_half_turns(v, 2.0, out), out=out),
    "sinpi": lambda v, out: np.sin(_half_turns(v, 2.0, out), out=out),
    "tanpi": lambda v, out: np.tan(_half_turns(v, 1.0, out), out=out),
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
                out = kernels.destination.empty(wide.shape, wide.dtype)
                return _UFUNCS[self.name](wide, out=out)
            return getattr(self, f"_{self.name}")(wide)

    def _not(self, block: Array) -> Array:
        return kernels.flags.asked(lambda values: values == 0, block)

    def _is_na(self, block: Array) -> Array:
        return np.isnan(block, out=kernels.destination.empty(block.shape, FLOAT32))

    def _not_na(self, block: Array) -> Array:
        return np.logical_not(np.isnan(block), out=kernels.destination.empty(block.shape, FLOAT32))

    def _is_finite(self, block: Array) -> Array:
        return np.isfinite(block, out=kernels.destination.empty(block.shape, FLOAT32))

    def _is_infinite(self, block: Array) -> Array:
        return np.isinf(block, out=kernels.destination.empty(block.shape, FLOAT32))

    def _as_int(self, block: Array) -> Array:
        return np.trunc(block)

    def _as_bool(self, block: Array) -> Array:
        return kernels.flags.asked(lambda values: values == 1, block)

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


@dataclass(frozen=True)
class OfBits:
    """Whether cells are missing, of 64-bit integers that come as bits, so that none is too large."""

    missing: bool
    """Otherwise whether they have a value."""

    def __call__(self, block: Array) -> Array:
        return np.equal(are_missing(block), self.missing).astype(np.float32)


def _half_turns(values: Array, period: float, out: Array) -> Array:
    """Radians of so many half turns: `fmod(values, period) * pi` to the bit, in a tenth of the time of `fmod`."""
    np.divide(values, period, out=out)
    np.trunc(out, out=out)
    out *= period
    np.subtract(values, out, out=out)
    np.copysign(out, values, out=out)  # -0 of a whole number below 0
    out *= np.pi
    return out


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
    bits = (
        as_bits(node, np.dtype(node.layers[0].storage or "float32")) if name in ("is_na", "not_na") else None
    )
    return raster(
        Cells(
            grid=node.grid,
            layers=layers,
            dtype=node.dtype if exact else FLOAT32 if name in _FLAGS else FLOAT64,
            arguments=(node if bits is None else bits,),
            kernel=Elementwise(name, number) if bits is None else OfBits(name == "is_na"),
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
    fun = choice(fun, (*_UFUNCS, *_CUMULATIVE), "math: fun")
    if fun in _CUMULATIVE:
        return cumulative(x, cast("Running", fun))
    if fun in ("abs", "neg"):
        layers = tuple(la.as_kind("num" if la.kind == "num" else "int") for la in node_of(x, fun).layers)
        return raster(replace(_elementwise(x, fun)._node, layers=layers))
    return _elementwise(x, fun, kind="int" if fun in _WHOLE else "num")


def named(function: np.ufunc) -> str | None:
    """The name in the Math group of a function of numpy's, or None."""
    return "abs" if function is np.fabs else _NAMES.get(function)


_UNDEFINED = "Missing stays missing; where the function is not defined the result is missing."
_ALONG = "Layers and names of `x`; missing from the first missing layer on."


def _named(
    fun: str, what: str, example: str, gives: str, *, needs: str = "", result: str = _UNDEFINED
) -> Callable[[SpatRaster], SpatRaster]:
    """A verb of the group: what it gives, and an example of it with its values; `needs` is imported first."""

    def verb(x: SpatRaster) -> SpatRaster:
        return math(x, fun)

    first = f">>> {needs}\n    " if needs else ""
    verb.__name__ = verb.__qualname__ = fun
    verb.__doc__ = f"""{what}.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        {result}

    See Also
    --------
    math : Takes any of these functions by its name.

    Examples
    --------
    {first}>>> import pyterra as pt
    >>> {example}.values(drop=True).tolist()
    {gives}
    """
    return verb


def _of_angle(fun: str, what: str, degrees: str, gives: str) -> Callable[[SpatRaster], SpatRaster]:
    example = f"(pt.rast([{degrees}]) * pi / 180).{fun}().round(6)"
    return _named(fun, what, example, gives, needs="from math import pi")


def _to_angle(fun: str, what: str, values: str, degrees: str) -> Callable[[SpatRaster], SpatRaster]:
    example = f"(pt.rast([{values}]).{fun}() * 180 / pi).round(6)"
    return _named(fun, what, example, degrees, needs="from math import pi")


def _of_log_2(fun: str, what: str, gives: str) -> Callable[[SpatRaster], SpatRaster]:
    example = f"pt.rast([[0, log(2)]]).{fun}().round(6)"
    return _named(fun, what, example, gives, needs="from math import log")


def _running(fun: Running, what: str, gives: str) -> Callable[[SpatRaster], SpatRaster]:
    example = f"pt.rast([[[2]], [[3]], [[1]]]).{fun}()"
    return _named(fun, f"Running {what} along the layers", example, gives, result=_ALONG)


abs = _named("abs", "Absolute value of each cell", "pt.rast([[-2, 0, 3]]).abs()", "[2.0, 0.0, 3.0]")
sqrt = _named("sqrt", "Square root of each cell", "pt.rast([[4, 9, -1]]).sqrt()", "[2.0, 3.0, nan]")
ceiling = _named(
    "ceiling",
    "Smallest whole number not below each value (an int raster)",
    "pt.rast([[-1.5, 0.2, 2]]).ceiling()",
    "[-1.0, 1.0, 2.0]",
)
floor = _named(
    "floor",
    "Largest whole number not above each value (an int raster)",
    "pt.rast([[-1.5, 0.2, 2]]).floor()",
    "[-2.0, 0.0, 2.0]",
)
trunc = _named(
    "trunc",
    "Each value cut toward zero (an int raster)",
    "pt.rast([[-1.5, 1.5, 2]]).trunc()",
    "[-1.0, 1.0, 2.0]",
)
sign = _named(
    "sign",
    "-1, 0 or 1 by the sign of each value (an int raster)",
    "pt.rast([[-5, 0, 3]]).sign()",
    "[-1.0, 0.0, 1.0]",
)
exp = _named("exp", "e to the power of each value", "pt.rast([[0, 1]]).exp().round(4)", "[1.0, 2.7183]")
expm1 = _named(
    "expm1", "exp(x) - 1, exact near 0", "pt.rast([[1e-10]]).expm1().signif(12)", "[1.00000000005e-10]"
)
log2 = _named("log2", "Logarithm to base 2", "pt.rast([[1, 8, -1]]).log2()", "[0.0, 3.0, nan]")
log10 = _named("log10", "Logarithm to base 10", "pt.rast([[0.01, 100, -1]]).log10()", "[-2.0, 2.0, nan]")
log1p = _named(
    "log1p", "log(1 + x), exact near 0", "pt.rast([[1e-10]]).log1p().signif(11)", "[9.9999999995e-11]"
)
cos = _of_angle("cos", "Cosine of an angle in radians", "[0, 60, 180]", "[1.0, 0.5, -1.0]")
sin = _of_angle("sin", "Sine of an angle in radians", "[0, 30, 90]", "[0.0, 0.5, 1.0]")
tan = _of_angle("tan", "Tangent of an angle in radians", "[0, 45, 135]", "[0.0, 1.0, -1.0]")
acos = _to_angle("acos", "Arc cosine in radians", "[1, 0.5, 2]", "[0.0, 60.0, nan]")
asin = _to_angle("asin", "Arc sine in radians", "[0, 0.5, 2]", "[0.0, 30.0, nan]")
atan = _to_angle("atan", "Arc tangent in radians", "[0, 1, -1]", "[0.0, 45.0, -45.0]")
cosh = _of_log_2("cosh", "Hyperbolic cosine", "[1.0, 1.25]")
sinh = _of_log_2("sinh", "Hyperbolic sine", "[0.0, 0.75]")
tanh = _of_log_2("tanh", "Hyperbolic tangent", "[0.0, 0.6]")
acosh = _named("acosh", "Inverse hyperbolic cosine", "pt.rast([[1.25]]).cosh().acosh().round(6)", "[1.25]")
asinh = _named("asinh", "Inverse hyperbolic sine", "pt.rast([[-2]]).sinh().asinh().round(6)", "[-2.0]")
atanh = _named("atanh", "Inverse hyperbolic tangent", "pt.rast([[0.5]]).tanh().atanh().round(6)", "[0.5]")
cospi = _named("cospi", "cos(pi x)", "pt.rast([[0, 1, 2]]).cospi()", "[1.0, -1.0, 1.0]")
sinpi = _named("sinpi", "sin(pi x)", "pt.rast([[0, 0.5, 1.5]]).sinpi()", "[0.0, 1.0, -1.0]")
tanpi = _named("tanpi", "tan(pi x)", "pt.rast([[0, 0.25]]).tanpi().round(6)", "[0.0, 1.0]")
cumsum = _running("cumsum", "sum", "[[2.0, 5.0, 6.0]]")
cumprod = _running("cumprod", "product", "[[2.0, 6.0, 6.0]]")
cummin = _running("cummin", "minimum", "[[2.0, 2.0, 1.0]]")
cummax = _running("cummax", "maximum", "[[2.0, 3.0, 3.0]]")


def cumulative(x: SpatRaster, fun: Running) -> SpatRaster:
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

    name: Running

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

    Returns
    -------
    SpatRaster
        Missing stays missing.

    See Also
    --------
    signif : Rounds to significant digits.
    floor, ceiling, trunc : Give whole numbers by another rule.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[2.5, -2.5, 123.456]])
    >>> r.round().values(drop=True).tolist()
    [3.0, -3.0, 123.0]
    >>> r.round(1).values(drop=True).tolist()
    [2.5, -2.5, 123.5]
    """
    return _elementwise(x, "round", float(digits), kind="int" if digits <= 0 else "num")


def signif(x: SpatRaster, digits: int = 6) -> SpatRaster:
    """Values rounded to significant digits.

    Parameters
    ----------
    x : SpatRaster
    digits : int
        How many digits, from the first that is not 0.

    Returns
    -------
    SpatRaster
        Missing stays missing.

    See Also
    --------
    round : Rounds to decimals.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[123456, 0.0012345]]).signif(2).values(drop=True).tolist()
    [120000.0, 0.0012]
    """
    return _elementwise(x, "signif", float(digits))


def log(x: SpatRaster, base: float | None = None) -> SpatRaster:
    """Logarithm, natural by default.

    Parameters
    ----------
    x : SpatRaster
    base : float, optional
        Base, above 0 and not 1.

    Returns
    -------
    SpatRaster
        Missing stays missing; the logarithm of a negative number is missing, that of 0 is minus infinity.

    See Also
    --------
    log2, log10, log1p, exp

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 9, -1]]).log(3).values(drop=True).tolist()
    [0.0, 2.0, nan]
    """
    if base is None:
        return math(x, "log")
    if base <= 0 or base == 1:
        raise ArgumentError(f"log: base must be above 0 and not 1, got {base}")
    named = {2: "log2", 10: "log10"}.get(int(base)) if base == int(base) else None
    return math(x, named) if named else _elementwise(x, "log_base", float(base))


def atan2(y: SpatRaster, x: Raster) -> SpatRaster:
    """Angle of the direction from the origin to the point (x, y).

    Parameters
    ----------
    y : SpatRaster
    x : SpatRaster or number

    Returns
    -------
    SpatRaster
        Radians from -pi to pi, anticlockwise from the x axis; missing where one of the two is missing.

    See Also
    --------
    atan : Takes the quotient y / x.

    Examples
    --------
    >>> import math
    >>> import pyterra as pt
    >>> north, east = pt.rast([[0, 1, 1]]), pt.rast([[1, 1, 0]])
    >>> (north.atan2(east) * 180 / math.pi).round(6).values(drop=True).tolist()
    [0.0, 45.0, 90.0]
    """
    return binary(y, x, "atan2")


def is_na(x: SpatRaster) -> SpatRaster:
    """Whether each cell is missing.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        A bool raster: 1 where the value is missing, else 0.

    See Also
    --------
    not_na : Is the opposite.
    count_na : Counts the missing layers of each cell.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, float("nan"), 3]]).is_na().values(drop=True).tolist()
    [0.0, 1.0, 0.0]
    """
    return _elementwise(x, "is_na", kind="bool")


def not_na(x: SpatRaster, *, false_na: bool = False) -> SpatRaster:
    """Whether each cell has a value.

    Parameters
    ----------
    x : SpatRaster
    false_na : bool
        Give missing where there is none, instead of 0.

    Returns
    -------
    SpatRaster
        A bool raster: 1 where there is a value, else 0.

    See Also
    --------
    is_na : Is the opposite.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, float("nan"), 3]]).not_na().values(drop=True).tolist()
    [1.0, 0.0, 1.0]
    """
    return told(_elementwise(x, "not_na", kind="bool"), false_na)


def is_finite(x: SpatRaster) -> SpatRaster:
    """Whether each value is a finite number.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        A bool raster: 1 where the value is a finite number, 0 where it is infinite or missing.

    See Also
    --------
    is_infinite : Finds plus and minus infinity.
    is_na : Finds missing cells.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, float("inf"), float("nan")]]).is_finite().values(drop=True).tolist()
    [1.0, 0.0, 0.0]
    """
    return _elementwise(x, "is_finite", kind="bool")


def is_infinite(x: SpatRaster) -> SpatRaster:
    """Whether each value is infinite.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        A bool raster: 1 where the value is plus or minus infinity, else 0.

    See Also
    --------
    is_finite : Finds finite numbers.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, float("inf"), float("nan")]]).is_infinite().values(drop=True).tolist()
    [0.0, 1.0, 0.0]
    """
    return _elementwise(x, "is_infinite", kind="bool")


def as_int(x: SpatRaster) -> SpatRaster:
    """Values cut to whole numbers, toward zero.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        An int raster; missing stays missing.

    See Also
    --------
    round : Gives the nearest whole numbers.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1.9, -1.9]]).as_int().values(drop=True).tolist()
    [1.0, -1.0]
    """
    return _elementwise(x, "as_int", kind="int")


def as_bool(x: SpatRaster) -> SpatRaster:
    """Whether each value is 1.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        A bool raster: 1 where the value is 1, else 0; missing stays missing.

    See Also
    --------
    is_bool : Tells which layers are flagged so.
    as_int : Cuts values to whole numbers.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[0, 1, float("nan")]]).as_bool().values(drop=True).tolist()
    [0.0, 1.0, nan]
    """
    return _elementwise(x, "as_bool", kind="bool")


def logical_not(x: SpatRaster) -> SpatRaster:
    """``~x``: 1 where the value is 0, 0 elsewhere, missing where missing."""
    return _elementwise(x, "not", kind="bool")
