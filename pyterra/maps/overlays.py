"""What is added to a map: cells, geometries and extents as points, lines, polygons and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.frozen import dataclass
from pyterra.maps import canvas
from pyterra.maps.canvas import INK
from pyterra.maps.rasters import chosen_layers, preview
from pyterra.maps.shapes import add_points, add_shapes, add_texts
from pyterra.raster.build import is_raster
from pyterra.vector.build import column, is_vector

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Color, Colors

Drawn: TypeAlias = Any
"""A SpatRaster, SpatVector or SpatExtent."""
CELLS_DRAWN = 100_000
"""Cells whose outlines or centres are drawn at most; of more, every so many."""
CELLS_WRITTEN = 400
"""Cells whose values are written at most."""
FINE = 0.4
"""Width of the outlines of cells, in points."""


@dataclass(frozen=True)
class Marks:
    """What of an object goes on a map."""

    geoms: NDArray[Any]
    rim: Any = None
    """Colour around points."""
    width: float = 1.0
    """Of lines, in points."""

    @classmethod
    def points(cls, x: Drawn) -> Marks:
        """Centres of cells, nodes of geometries, corners of an extent."""
        import shapely

        if is_raster(x):
            return cls(shapely.points(cells_of(x, CELLS_DRAWN, "points")[0]))
        if is_vector(x):
            return cls(x.geoms, "white")
        return cls(shapely.points([[x.xmin, x.ymin], [x.xmax, x.ymin], [x.xmax, x.ymax], [x.xmin, x.ymax]]))

    @classmethod
    def shapes(cls, x: Drawn, verb: str) -> Marks:
        """Cells, geometries and extents as lines or polygons.

        Raises
        ------
        ArgumentError
            Where the geometries are points.
        """
        import shapely

        if is_raster(x):
            xy, _, grid = cells_of(x, CELLS_DRAWN, verb)
            half = np.array([grid.xres / 2, grid.yres / 2])
            return cls(shapely.box(*(xy - half).T, *(xy + half).T), width=FINE)
        if not is_vector(x):
            return cls(np.array([shapely.box(x.xmin, x.ymin, x.xmax, x.ymax)]))
        if x.geomtype() == "points":
            raise ArgumentError(f"{verb}: must be lines or polygons, got points; use points()")
        return cls(x.geoms)

    def colors(self, *given: Any, verb: str) -> list[Any]:
        """Colours, each one or an array with one per geometry."""
        found = [np.asarray(c, dtype=object) if isinstance(c, list | np.ndarray) else c for c in given]
        for color in found:
            if isinstance(color, np.ndarray) and len(color) != len(self.geoms):
                raise ArgumentError(
                    f"{verb}: col must be one colour or one per geometry ({len(self.geoms)}), got {len(color)}"
                )
        return found


def cells_of(x: SpatRaster, most: int, verb: str) -> tuple[Any, Any, Any]:
    """x, y and values of the cells of the first layer that are not missing, on a grid that is not too fine."""
    values, grid = preview(chosen_layers(x, None, 1), most, verb)
    rows, cols = np.nonzero(np.isfinite(values[0]))
    xy = np.column_stack([grid.x_from_col(cols), grid.y_from_row(rows)])
    return xy, values[0][rows, cols], grid


def points(
    x: Drawn,
    *,
    col: Colors = INK,
    cex: float = 1.0,
    pch: str = "o",
    border: Color | None = None,
    alpha: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add points to a map: the centres of cells, the nodes of geometries, or the corners of an extent.

    Parameters
    ----------
    x : SpatRaster, SpatVector or SpatExtent
        Of a raster, the cells of the first layer that are not missing.
    col : colour, or a list with one per geometry
    cex : float
        Size; 1 is 5 points (1/72 inch).
    pch : str
        Marker of matplotlib.
    border : colour, optional
        Colour of the rim; white around geometries, otherwise none.
    alpha : float, optional
        Opacity, from 0 to 1.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    plot, lines, polys, text

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[1, float("nan")], [3, 4]]).plot()
    >>> ax = pt.vect([[0.5, 1], [1.5, 1]]).points(col="red", ax=ax)
    >>> ax.collections[-1].get_offsets().tolist()
    [[0.5, 1.0], [1.5, 1.0]]
    """
    ax = canvas.current_axes(ax, "points")
    marks = Marks.points(x)
    rim = None if pch in "+x|_1234" else border or marks.rim
    look: dict[str, Any] = {"linewidths": 0} if rim is None else {"edgecolors": rim, "linewidths": 0.4}
    look = {"linewidths": 1.0} if pch in "+x|_1234" else look
    (color,) = marks.colors(col, verb="points")
    add_points(ax, marks.geoms, color, 5 * cex, pch, alpha=alpha, **look)
    return ax


def lines(
    x: Drawn,
    *,
    col: Colors = INK,
    lwd: float | None = None,
    lty: str = "solid",
    alpha: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add lines to a map: the outlines of cells, of geometries or of an extent.

    Parameters
    ----------
    x : SpatRaster, SpatVector or SpatExtent
        Of a raster, the cells of the first layer that are not missing.
    col : colour, or a list with one per geometry
    lwd : float, optional
        Width in points: 1, and 0.4 of cells.
    lty : str
        "solid", "dashed", "dotted" or "dashdot".
    alpha : float, optional
        Opacity, from 0 to 1.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        Where the geometries are points.

    See Also
    --------
    plot, points, polys, text

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.ext(0, 2, 0, 2).plot()
    >>> ax = pt.vect("LINESTRING (0 0, 1 2, 2 0)").lines(col="blue", lwd=2, ax=ax)
    >>> ax.patches[-1].get_path().vertices.tolist()
    [[0.0, 0.0], [1.0, 2.0], [2.0, 0.0]]
    """
    return _outlined(x, "lines", "none", col, lwd, lty, alpha, ax)


def polys(
    x: Drawn,
    *,
    col: Colors = "none",
    border: Colors = INK,
    lwd: float | None = None,
    lty: str = "solid",
    alpha: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add polygons to a map: cells, geometries or an extent.

    Parameters
    ----------
    x : SpatRaster, SpatVector or SpatExtent
        Of a raster, the cells of the first layer that are not missing.
    col, border : colour, or a list with one per geometry
        Of the inside and the outline; ``"none"`` leaves the inside empty.
    lwd : float, optional
        Width of the outline in points: 1, and 0.4 of cells.
    lty : str
        "solid", "dashed", "dotted" or "dashdot".
    alpha : float, optional
        Opacity, from 0 to 1.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        Where the geometries are points.

    See Also
    --------
    plot, points, lines, text

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, float("nan")], [3, 4]])
    >>> ax = r.polys(border="white", ax=r.plot())
    >>> len(ax.patches[-1].get_path().to_polygons())
    3
    """
    return _outlined(x, "polys", col, border, lwd, lty, alpha, ax)


def _outlined(
    x: Drawn, verb: str, fill: Any, edge: Any, lwd: float | None, lty: str, alpha: float | None, ax: Any
) -> Any:
    ax = canvas.current_axes(ax, verb)
    marks = Marks.shapes(x, verb)
    fill, edge = marks.colors(fill, edge, verb=verb)
    width = marks.width if lwd is None else lwd
    add_shapes(ax, marks.geoms, facecolor=fill, edgecolor=edge, linewidth=width, linestyle=lty, alpha=alpha)
    return ax


def text(
    x: Drawn,
    labels: str | int | Sequence[Any] | None = None,
    *,
    digits: int | None = None,
    col: Color = INK,
    cex: float = 1.0,
    halo: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Write on a map: the values of cells, or labels inside polygons, at points and in the middle of lines.

    Parameters
    ----------
    x : SpatRaster or SpatVector
    labels : str, int or sequence, optional
        The layer whose values or class labels are written, by default the first. Of a vector an attribute by name or
        number, or a text per geometry; by default the number of each geometry.
    digits : int, optional
        Decimals; by default none for cells, and as many as needed for attributes.
    col : colour
    cex : float
        Size; 1 is 8 points.
    halo : bool
        A white rim, so that the text can be read on any colour.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    plot, points, lines, polys

    Notes
    -----
    Where there are more than 400 cells, a regular sample of them is labelled.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1]], atts={"name": ["well", "spring"]})
    >>> ax = v.text("name", ax=v.plot())
    >>> [text.get_text() for text in ax.texts]
    ['well', 'spring']
    """
    ax = canvas.current_axes(ax, "text")
    xy, texts = _cell_texts(x, labels, digits) if is_raster(x) else _texts(x, labels, digits)
    add_texts(ax, xy, texts, color=col, fontsize=canvas.SMALL * cex, rim="white" if halo else None)
    return ax


def _cell_texts(x: SpatRaster, labels: Any, digits: int | None) -> tuple[Any, list[str]]:
    layer = chosen_layers(x, 0 if labels is None else labels, 1)
    xy, values, _ = cells_of(layer, CELLS_WRITTEN, "text")
    known = layer._node.layers[0].categories
    names = known.labels() if known is not None else {}
    return xy, [str(names.get(v, f"{v:.{digits or 0}f}")) for v in values.tolist()]


def _texts(x: SpatVector, labels: Any, digits: int | None) -> tuple[Any, list[str]]:
    import shapely

    spots = (
        shapely.line_interpolate_point(shapely.line_merge(x.geoms), 0.5, normalized=True)
        if x.geomtype() == "lines"
        else shapely.point_on_surface(x.geoms)
    )
    return np.column_stack([shapely.get_x(spots), shapely.get_y(spots)]), _labels(x, labels, digits)


def _labels(x: SpatVector, labels: Any, digits: int | None) -> list[str]:
    if labels is None:
        return [str(i) for i in np.arange(len(x))]
    found = x._table[named(x, labels, "text")].tolist() if isinstance(labels, str | int) else list(labels)
    if len(found) != len(x):
        raise ArgumentError(f"text: labels must be one per geometry ({len(x)}), got {len(found)}")
    return [_number(v, digits) if isinstance(v, float) else str(v) for v in found]


def _number(value: float, digits: int | None) -> str:
    if digits is not None:
        return f"{value:.{digits}f}"
    return f"{value:g}" if abs(value) < 1e6 else str(value)


def named(x: SpatVector, field: Any, verb: str) -> str:
    """An attribute by name or number."""
    names = list(x.names)
    if isinstance(field, int) and 0 <= field < len(names):
        return str(names[field])
    return column(x, field, verb)
