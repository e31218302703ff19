"""make_rgb: a layer as the picture that a map of it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.crop import crop
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer
from pyterra.frozen import dataclass
from pyterra.maps.colors import sampled
from pyterra.maps.palettes import channels, rounded
from pyterra.raster.build import FLOAT32, cells_raster, numbers_of, one_layer
from pyterra.raster.categories import CHANNELS
from pyterra.raster.reduce import minmax

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Color, ColorMap, ExtentLike

RAINBOW = 25
"""Colours that a layer gets where none are given."""


@dataclass(frozen=True)
class Tinted:
    """The colour of the interval that a value lies in."""

    edges: tuple[float, ...]
    shades: tuple[tuple[int, ...], ...]
    missing: tuple[int, ...]
    clipped: bool
    """Whether values beyond the limits get the colours of the extremes."""

    def __call__(self, block: Array) -> Array:
        values, edges = block[0].astype(np.float64), np.array(self.edges)
        if self.clipped:
            values = np.clip(values, edges[0], edges[-1])
        place = (
            np.searchsorted(edges, values, side="left") - 1
        )  # intervals are closed on the right, the first on both
        place[values == edges[0]] = 0
        known = (values >= edges[0]) & (values <= edges[-1])
        table = np.array([*self.shades, self.missing], np.float32)
        found = table[np.where(known, np.minimum(place, len(self.shades) - 1), len(self.shades))]
        return np.moveaxis(found, -1, 0)


def make_rgb(
    x: SpatRaster,
    colors: Sequence[Color] | ColorMap | None = None,
    breaks: Sequence[float] | None = None,
    *,
    alpha: bool = False,
    missing: Color = "#ffffff",
    range: tuple[float, float] | None = None,
    beyond: bool = True,
    extent: ExtentLike | None = None,
) -> SpatRaster:
    """A picture of a layer: red, green and blue of the colours that its values get.

    Parameters
    ----------
    x : SpatRaster
        One layer.
    colors : sequence of colours or colour map, optional
        Colours that follow each other from the lowest value to the highest, which have the first and the last; of a
        colour map 256. By default 25 of the rainbow.
    breaks : sequence of float, optional
        Limits of the intervals, one more than there are colours. An interval has its upper limit, the first also its
        lower one.
    alpha : bool
        A fourth layer, opacity.
    missing : colour
        Of missing cells, and of those beyond `breaks`.
    range : (float, float), optional
        The values that the colours reach from and to; by default the lowest and the highest, which reads the values.
    beyond : bool
        Whether values beyond `range` get the colours of its ends; otherwise that of missing cells.
    extent : SpatExtent or anything with an extent, optional
        Part to take.

    Returns
    -------
    SpatRaster
        Layers red, green and blue (and alpha), from 0 to 255, which make a picture.

    Raises
    ------
    ArgumentError
        For more than one layer; where limits do not ascend, or colours are not one less.

    See Also
    --------
    colorize : Pictures in other spaces of colours, or with a table of colours.
    set_rgb : Says which layers make a picture.
    plot : Draws a layer.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3, 4]]).make_rgb(["red", "#0000ff"])
    >>> r.values().astype(int).tolist()
    [[255, 0, 0], [255, 0, 0], [0, 0, 255], [0, 0, 255]]
    """
    node = one_layer(x, "make_rgb")
    if extent is not None:
        x = crop(x, extent)
        node = x._node
    shades = _shades(colors)
    edges = _edges(x, len(shades), breaks, range)
    names = CHANNELS["rgb"][: 4 if alpha else 3]
    layers = [Layer(name, "int", storage="uint8", channel=name) for name in names]
    background = _bytes([missing])[0]
    kernel = Tinted(
        tuple(edges),
        tuple(shade[: len(names)] for shade in shades),
        background[: len(names)],
        clipped=beyond and breaks is None,
    )
    return cells_raster([node], layers, FLOAT32, kernel, layerwise=False, temporaries=96.0)


def _shades(colors: Sequence[Color] | ColorMap | None) -> list[tuple[int, ...]]:
    if colors is None:
        turn = np.stack([np.arange(RAINBOW) / RAINBOW, np.ones(RAINBOW), np.ones(RAINBOW)])
        return [
            rounded((*shade, 1.0))
            for shade in (kernels.colors.converted(turn, "hsv", "rgb") / 255).T.tolist()
        ]
    if isinstance(colors, list | tuple | np.ndarray):
        return _bytes(list(colors))
    return _bytes(sampled(colors, 256))


def _bytes(colors: Sequence[Color]) -> list[tuple[int, ...]]:
    """Red, green, blue and opacity of colours, 0 to 255."""
    return [channels(color, "make_rgb") for color in colors]


def _edges(
    x: SpatRaster, count: int, breaks: Sequence[float] | None, range: tuple[float, float] | None
) -> NDArray[np.float64]:
    """Limits of intervals."""
    if breaks is None:
        low, high = minmax(x)[:, 0] if range is None else numbers_of(range, "make_rgb: range")[:2]
        if not np.isfinite([low, high]).all():
            low, high = 0.0, 1.0
        if not low < high:
            low, high = low - 0.5, low + 0.5
        between = low + (high - low) * (np.arange(1, count) - 0.5) / max(count - 1, 1)
        return np.array([low, *between, high])
    edges = numbers_of(breaks, "make_rgb: breaks").ravel()
    if len(edges) != count + 1 or not (np.diff(edges) > 0).all():
        raise ArgumentError(
            f"make_rgb: breaks must be {count + 1} numbers for {count} colours, in ascending order, got {edges.tolist()}"
        )
    return edges
