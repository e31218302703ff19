"""A rectangle in coordinates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from numbers import Real
from typing import Any, Self, overload

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import Verbs
from pyterra.errors import ArgumentError, ExtentError
from pyterra.frozen import dataclass

_COMPARE_TOLERANCE = 1e-6


def _factor(value: Any, op: str) -> float:
    if not isinstance(value, Real | np.number):
        raise ArgumentError(f"{op}: the other side of an extent must be a number, got {value!r}")
    return float(value)


def _factors(value: Any, op: str) -> tuple[float, float, float, float]:
    """One factor, or one for each of the left, right, lower and upper side."""
    if isinstance(value, str) or np.shape(value) not in ((), (4,)):
        raise ArgumentError(
            f"{op}: the other side of an extent must be a number, or four (xmin, xmax, ymin, ymax), got {value!r}"
        )
    left, right, bottom, top = (_factor(one, op) for one in np.broadcast_to(np.asarray(value), 4))
    return left, right, bottom, top


def _divisor(value: float) -> float:
    if value == 0:
        raise ArgumentError("/: an extent must be divided by other numbers than 0, got 0")
    return 1 / value


@dataclass(frozen=True, slots=True, eq=False)
class Extent(Verbs):
    """Rectangle ``xmin, xmax, ymin, ymax`` (terra's order), immutable: what `SpatExtent` is without its verbs.

    Raises
    ------
    ExtentError
        Where a bound is not a number or ``xmin > xmax`` or ``ymin > ymax``.
    """

    xmin: float
    """Left."""
    xmax: float
    """Right."""
    ymin: float
    """Bottom."""
    ymax: float
    """Top."""

    def __post_init__(self) -> None:
        given = (self.xmin, self.xmax, self.ymin, self.ymax)
        try:
            bounds = tuple(float(v) for v in given)
        except (TypeError, ValueError):
            raise ExtentError(f"ext: bounds must be finite numbers, got {given}") from None
        for name, value in zip(("xmin", "xmax", "ymin", "ymax"), bounds, strict=True):
            object.__setattr__(self, name, value)
        if not all(math.isfinite(v) for v in bounds):
            raise ExtentError(f"ext: bounds must be finite numbers, got {bounds}")
        if self.xmin > self.xmax or self.ymin > self.ymax:
            raise ExtentError(
                f"ext: must be (xmin, xmax, ymin, ymax) with xmin <= xmax and ymin <= ymax, got {bounds}"
            )

    @property
    def width(self) -> float:
        """Width, which is xmax - xmin."""
        return self.xmax - self.xmin

    @property
    def height(self) -> float:
        """Height, which is ymax - ymin."""
        return self.ymax - self.ymin

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(xmin, ymin, xmax, ymax), the order of most Python packages."""
        return self.xmin, self.ymin, self.xmax, self.ymax

    def __iter__(self) -> Iterator[float]:
        return iter((self.xmin, self.xmax, self.ymin, self.ymax))

    def __getitem__(self, key: int | str) -> float:
        names = ("xmin", "xmax", "ymin", "ymax")
        if isinstance(key, str) and key in names:
            return float(getattr(self, key))
        if isinstance(key, int) and not isinstance(key, bool) and -4 <= key < 4:
            return float(getattr(self, names[key]))
        raise ExtentError(f"ext: bounds are {', '.join(names)}, or 0 to 3, got {key!r}")

    def __repr__(self) -> str:
        text = ", ".join(f"{v:.15g}" for v in self)
        return f"SpatExtent : {text} (xmin, xmax, ymin, ymax)"

    def union(self, other: Extent) -> Self:
        """The smallest extent that holds both.

        Parameters
        ----------
        other : SpatExtent

        Returns
        -------
        SpatExtent

        See Also
        --------
        intersect : The part that two extents share.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0, 2, 0, 2).union(pt.ext(1, 5, 1, 3))
        SpatExtent : 0, 5, 0, 3 (xmin, xmax, ymin, ymax)
        """
        return type(self)(
            min(self.xmin, other.xmin),
            max(self.xmax, other.xmax),
            min(self.ymin, other.ymin),
            max(self.ymax, other.ymax),
        )

    def intersect(self, other: Extent) -> Self | None:
        """The common rectangle, of width or height 0 where the two only touch; None where they are disjoint."""
        xmin, xmax = max(self.xmin, other.xmin), min(self.xmax, other.xmax)
        ymin, ymax = max(self.ymin, other.ymin), min(self.ymax, other.ymax)
        return type(self)(xmin, xmax, ymin, ymax) if xmin <= xmax and ymin <= ymax else None

    def shift(self, dx: float = 0, dy: float = 0) -> Self:
        """The extent moved by `dx` and `dy`.

        Parameters
        ----------
        dx, dy : float
            Distances along x and y, in units of the coordinates; negative numbers move left and down.

        Returns
        -------
        SpatExtent

        See Also
        --------
        extend : Move its edges.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0, 2, 0, 1).shift(10, -1)
        SpatExtent : 10, 12, -1, 0 (xmin, xmax, ymin, ymax)
        """
        return type(self)(self.xmin + dx, self.xmax + dx, self.ymin + dy, self.ymax + dy)

    def extend(self, y: float | tuple[float, float] | tuple[float, float, float, float]) -> Self:
        """The extent with its sides moved outward.

        Parameters
        ----------
        y : float, (x, y) or (left, right, bottom, top)
            Distances in units of the coordinates. Two numbers are one for left and right and one for bottom and top.
            Negative numbers move a side inward.

        Returns
        -------
        SpatExtent

        Raises
        ------
        ExtentError
            Where a side would pass the one opposite.

        See Also
        --------
        shift : Move a rectangle.
        union : The rectangle around two.

        Examples
        --------
        >>> import pyterra as pt
        >>> e = pt.ext(0, 10, 0, 5)
        >>> e.extend(1)
        SpatExtent : -1, 11, -1, 6 (xmin, xmax, ymin, ymax)
        >>> e.extend((0, 2, 0, 0))
        SpatExtent : 0, 12, 0, 5 (xmin, xmax, ymin, ymax)
        """
        left, right, bottom, top = _four(y)
        return type(self)(self.xmin - left, self.xmax + right, self.ymin - bottom, self.ymax + top)

    def floor(self) -> Self:
        """The smallest extent with bounds at whole numbers that holds this one.

        Returns
        -------
        SpatExtent

        See Also
        --------
        ceiling : The largest such extent inside this one.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0.4, 3.6, 0.4, 3.6).floor()
        SpatExtent : 0, 4, 0, 4 (xmin, xmax, ymin, ymax)
        """
        return type(self)(
            math.floor(self.xmin), math.ceil(self.xmax), math.floor(self.ymin), math.ceil(self.ymax)
        )

    def ceiling(self) -> Self:
        """The largest extent with bounds at whole numbers inside this one.

        Returns
        -------
        SpatExtent

        Raises
        ------
        ExtentError
            Where no such extent lies inside.

        See Also
        --------
        floor : The smallest such extent that holds this one.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0.4, 3.6, 0.4, 3.6).ceiling()
        SpatExtent : 1, 3, 1, 3 (xmin, xmax, ymin, ymax)
        """
        return type(self)(
            math.ceil(self.xmin), math.floor(self.xmax), math.ceil(self.ymin), math.floor(self.ymax)
        )

    def round(self, digits: int = 0) -> Self:
        """The extent with rounded bounds.

        Parameters
        ----------
        digits : int
            Number of decimals; negative numbers round to tens, hundreds and so on. Halves are rounded away from zero.

        Returns
        -------
        SpatExtent

        See Also
        --------
        floor : Whole numbers, downwards.
        ceiling : Whole numbers, upwards.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(-0.25, 3.14159, 0, 2.71828).round(1)
        SpatExtent : -0.3, 3.1, 0, 2.7 (xmin, xmax, ymin, ymax)
        """
        scale = 10.0**digits
        return type(self)(*(math.copysign(math.floor(abs(v * scale) + 0.5), v) / scale for v in self))

    def __round__(self, digits: int = 0) -> Self:
        return self.round(digits)

    def is_empty(self) -> bool:
        """Whether the extent has no area.

        Returns
        -------
        bool

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0, 0, 0, 5).is_empty()
        True
        """
        return self.width == 0 or self.height == 0

    def mean(self) -> tuple[float, float]:
        """The middle of the extent.

        Returns
        -------
        (float, float)
            x and y.

        See Also
        --------
        range : Smallest and largest.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0, 10, 0, 5).mean()
        (5.0, 2.5)
        """
        return (self.xmin + self.xmax) / 2, (self.ymin + self.ymax) / 2

    def min(self) -> tuple[float, float]:
        """The lower left corner.

        Returns
        -------
        (float, float)
            x and y.

        See Also
        --------
        max : The largest.
        range : Both.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0, 10, 2, 5).min()
        (0.0, 2.0)
        """
        return self.xmin, self.ymin

    def max(self) -> tuple[float, float]:
        """The upper right corner.

        Returns
        -------
        (float, float)
            x and y.

        See Also
        --------
        min : The smallest.
        range : Both.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0, 10, 2, 5).max()
        (10.0, 5.0)
        """
        return self.xmax, self.ymax

    def range(self) -> tuple[float, float]:
        """Width and height of the extent.

        Returns
        -------
        (float, float)

        See Also
        --------
        min : The smallest.
        max : The largest.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0, 10, 2, 5).range()
        (10.0, 3.0)
        """
        return self.width, self.height

    def as_matrix(self) -> NDArray[np.float64]:
        """The bounds as an array.

        Returns
        -------
        ndarray of shape (2, 2)
            The lowest and the highest x in the first row, those of y in the second.

        See Also
        --------
        as_points : The corners as a SpatVector.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.ext(0, 10, 2, 5).as_matrix().tolist()
        [[0.0, 10.0], [2.0, 5.0]]
        """
        return np.array([[self.xmin, self.xmax], [self.ymin, self.ymax]])

    def __add__(self, other: Any) -> Self:
        return self.union(other) if isinstance(other, Extent) else self.extend(other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Self:
        left, right, bottom, top = _four(other)
        return type(self)(self.xmin + left, self.xmax - right, self.ymin + bottom, self.ymax - top)

    @overload
    def __mul__(self, other: Extent) -> Self | None: ...
    @overload
    def __mul__(self, other: float | Sequence[float]) -> Self: ...
    def __mul__(self, other: Extent | float | Sequence[float]) -> Self | None:
        return self.intersect(other) if isinstance(other, Extent) else self._scaled(*_factors(other, "*"))

    def _scaled(self, left: float, right: float, bottom: float, top: float) -> Self:
        """Each side by a factor of its own, away from the middle."""
        dx, dy = self.width / 2, self.height / 2
        return type(self)(
            self.xmin - dx * (left - 1),
            self.xmax + dx * (right - 1),
            self.ymin - dy * (bottom - 1),
            self.ymax + dy * (top - 1),
        )

    __rmul__ = __mul__
    __array_ufunc__ = None  # an array on the left has factors of the sides, and is no array of extents

    def __truediv__(self, other: float | Sequence[float]) -> Self:
        return self._scaled(*map(_divisor, _factors(other, "/")))

    def __mod__(self, other: float) -> Self:
        other = _factor(other, "%")
        return type(self)(
            math.floor(self.xmin / other) * other,
            math.ceil(self.xmax / other) * other,
            math.floor(self.ymin / other) * other,
            math.ceil(self.ymax / other) * other,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Extent):
            return NotImplemented
        return all(abs(a - b) <= _COMPARE_TOLERANCE for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash("SpatExtent")  # equality has a tolerance, so equal extents must share a hash

    def __le__(self, other: Extent) -> bool:
        return (
            self.xmin >= other.xmin - _COMPARE_TOLERANCE
            and self.xmax <= other.xmax + _COMPARE_TOLERANCE
            and self.ymin >= other.ymin - _COMPARE_TOLERANCE
            and self.ymax <= other.ymax + _COMPARE_TOLERANCE
        )

    def __lt__(self, other: Extent) -> bool:
        return self <= other and self != other

    def __ge__(self, other: Extent) -> bool:
        return other <= self

    def __gt__(self, other: Extent) -> bool:
        return other < self


def _four(value: Any) -> tuple[float, float, float, float]:
    """Distances (left, right, bottom, top) from one, two (x, y) or four numbers."""
    numbers = [float(v) for v in value] if hasattr(value, "__iter__") else [float(value)]
    if len(numbers) == 1:
        return (numbers[0],) * 4
    if len(numbers) == 2:
        return numbers[0], numbers[0], numbers[1], numbers[1]
    if len(numbers) == 4:
        return numbers[0], numbers[1], numbers[2], numbers[3]
    raise ExtentError(f"ext: give 1, 2 (x, y) or 4 (left, right, bottom, top) distances, got {len(numbers)}")
