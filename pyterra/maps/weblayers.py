"""What lies on a map in a page: cells and geometries, their colours, legends, and what the mouse shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node
from pyterra.frozen import dataclass
from pyterra.grid import Grid
from pyterra.grid.crs import same_crs
from pyterra.grid.extent import Extent
from pyterra.maps import rasters, vectors
from pyterra.maps.cells import look_of
from pyterra.maps.colors import Classes, Ramp, Style
from pyterra.maps.legends import Shape
from pyterra.maps.moments import NEVER, Moment
from pyterra.maps.overlays import Marks
from pyterra.maps.pyramid import Colored, Pyramid, Scaled
from pyterra.maps.rgb import Stretch
from pyterra.raster.build import is_raster
from pyterra.vector.build import is_vector

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector

SHAPES: dict[str, Shape] = {"polygons": "area", "lines": "line", "points": "point"}


@dataclass(frozen=True)
class Told:
    """The legend of a layer."""

    entries: Classes | Ramp
    title: str
    shape: Shape = "area"


@dataclass(frozen=True)
class Cells:
    """A layer of a raster."""

    name: str
    rgba: Array
    """Bytes of shape (row, col, 4), the northern row first."""
    extent: Extent
    values: Array | None
    """What the mouse shows, shape (row, col), or (layer, row, col) of a picture."""
    labels: tuple[tuple[float, str], ...] = ()
    """What it shows in place of a value."""
    told: Told | None = None
    alpha: float = 1.0
    shown: bool = True
    unit: str = ""
    series: str = ""
    """Name of the series that the layer is a part of; empty for none."""
    time: str = ""
    """Its time within that, as text."""
    when: float = 0.0
    """The same in years, or in the numbers of its step: the order of times."""
    full: Pyramid | None = None
    """All cells, where the map can be served."""

    @property
    def xres(self) -> float:
        """Width of a cell; of those that can be had."""
        return self.extent.width / self.rgba.shape[1] if self.full is None else self.full.node.grid.xres


@dataclass(frozen=True)
class Pen:
    """How geometries are drawn."""

    lwd: float = 1.0
    """Width of lines in pixels."""
    lty: str = "solid"
    cex: float = 1.0
    border: Any = None
    """Colour of outlines; None for the colour of the inside."""
    alpha: tuple[float, float] = (1.0, 1.0)
    """Opacity of the inside and of lines."""


@dataclass(frozen=True)
class Shapes:
    """Geometries."""

    name: str
    kind: str
    """points, lines or polygons."""
    geoms: NDArray[Any]
    colors: Sequence[Any]
    """One per geometry."""
    extent: Extent
    pen: Pen
    table: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What the mouse shows: names of attributes, each with a text per geometry."""
    told: Told | None = None
    shown: bool = True


WebLayer: TypeAlias = Cells | Shapes


def cells_of_layer(
    values: Array,
    grid: Grid,
    node: Node,
    style: Style,
    *,
    title: str,
    hover: bool,
    alpha: float,
    shown: bool,
    moment: Moment = NEVER,
) -> Cells:
    """A layer of a raster, of which the values on a grid of fewer cells are had; `node` has it alone, with all cells."""
    (layer,) = node.layers
    values = values.astype(np.float64)  # colours in float32 would depend on how values are stored
    look = look_of(values, layer, style)
    labels: tuple[tuple[float, str], ...] = ()
    if isinstance(look.entries, Classes):
        labels = tuple(zip(look.entries.values.tolist(), look.entries.labels, strict=True))
    factor = -(-node.grid.nrow // grid.nrow)
    return Cells(
        layer.name, look.rgba(), grid.extent, compact(values) if hover else None, labels,
        Told(look.entries, title), alpha, shown, layer.unit, moment.series, moment.text, moment.when,
        Pyramid(node, Scaled(layer, look, style), factor),
    )  # fmt: skip


def compact(values: Array) -> Array:
    """Values in float32 where six digits and all whole numbers stay what they are; a page is half as large."""
    with np.errstate(over="ignore"):
        small = values.astype(np.float32)
    whole = values == np.round(values)
    return (
        small if np.array_equal(small[whole], values[whole]) and np.isfinite(small[whole]).all() else values
    )


def picture_of(
    x: SpatRaster, wkt: str, stretch: str | None, alpha: float, maxcell: int, hover: bool
) -> Cells:
    """The layers of a raster that are red, green and blue as one picture."""
    part = placed(rasters.chosen_layers(x, list(x.rgb or ())[:3]), wkt)
    values, grid = rasters.preview(part, maxcell, "plet")
    paint = Colored(Stretch.of(values, stretch, None))
    full = Pyramid(part._node, paint, -(-part._node.grid.nrow // grid.nrow))
    shown = compact(values.astype(np.float64)) if hover else None
    return Cells("colours", paint(values), grid.extent, shown, alpha=alpha, full=full)


def placed(x: Any, wkt: str) -> Any:
    """A raster or vector in the CRS of a map; anything else, and what has no CRS, as it is."""
    known = wkt_of(x)
    if not wkt or not known or same_crs(known, wkt):
        return x
    return x.project(wkt, method="near") if is_raster(x) else x.project(wkt)


def wkt_of(x: Any) -> str:
    """The CRS of what is put on a map; empty for none."""
    if is_raster(x):
        return x._node.grid.crs
    return x.wkt if is_vector(x) else ""


def shapes_of(
    x: SpatVector,
    field: str | None,
    style: Style,
    pen: Pen,
    *,
    name: str,
    title: str | None,
    col: Any,
    popup: bool | str,
    kind: str = "",
) -> Shapes:
    """Geometries of a vector, coloured by an attribute where one is told, drawn as `kind` or as what they are.

    `popup` says whether the mouse shows the attributes, or names the one that it shows.
    """
    import shapely

    if not len(x) or shapely.is_empty(x.geoms).all():
        raise ArgumentError("plet: x must have geometries, got none")
    kind = kind or x.geomtype()
    told = None
    if field is not None:
        rows, codes, shades, entries = vectors.colored(np.asarray(x._table[field]), style)
        col = np.full(len(x), vectors.NO_VALUE, object)
        for row, code in zip(rows.tolist(), codes.tolist(), strict=True):
            col[row] = shades[code]
        told = Told(entries, field if title is None else title, SHAPES[kind])
    names = [popup] if isinstance(popup, str) else x.names if popup else []
    table = tuple((n, tuple(map(_text, x._table[n].tolist()))) for n in names)
    return marked(Marks(x.geoms), kind, col, pen, name or field or kind, table, told)


def split_shapes(
    x: SpatVector, field: str, style: Style, pen: Pen, *, title: str | None, popup: bool | str
) -> list[Shapes]:
    """A layer for each class of an attribute, the first one with the legend."""
    whole = shapes_of(x, field, style, pen, name=field, title=title, col=None, popup=popup)
    if whole.told is None or not isinstance(whole.told.entries, Classes):
        raise ArgumentError(f"plet: split needs classes, got {field!r} on a scale; give type='classes'")
    classes = whole.told.entries
    values = np.asarray(x._table[field])
    found: list[Shapes] = []
    each = list(zip(classes.values.tolist(), classes.labels, strict=True))
    for value, label in each if classes.order is None else [each[i] for i in classes.order]:
        rows = [i for i, v in enumerate(values.tolist()) if v == value or str(v) == value]
        table = tuple((n, tuple(texts[i] for i in rows)) for n, texts in whole.table)
        one = marked(Marks(whole.geoms[rows]), whole.kind, [whole.colors[i] for i in rows], pen, label, table)
        found.append(replace(one, told=None if found else whole.told))
    return found


def marked(
    marks: Marks,
    kind: str,
    col: Any,
    pen: Pen,
    name: str,
    table: tuple[tuple[str, tuple[str, ...]], ...] = (),
    told: Told | None = None,
) -> Shapes:
    """Geometries in one colour, or with one each."""
    import shapely

    (found,) = marks.colors(vectors.PLAIN[kind] if col is None else col, verb="plet")
    colors = list(found) if isinstance(found, np.ndarray) else [found] * len(marks.geoms)
    xmin, ymin, xmax, ymax = shapely.total_bounds(marks.geoms).tolist()
    return Shapes(name, kind, marks.geoms, colors, Extent(xmin, xmax, ymin, ymax), pen, table, told)


def _text(value: Any) -> str:
    """A value as the mouse shows it."""
    import pandas as pd

    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
