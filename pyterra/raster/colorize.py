"""colorize: pictures in other spaces of colours, or with a table of colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer, Reduce, select
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import FLOAT32, FLOAT64, cells_raster, node_of, raster
from pyterra.raster.categories import CHANNELS, picture
from pyterra.raster.scaling import stretch as stretched
from pyterra.run import reduce

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

Space = Literal["rgb", "hsv", "hsi", "hsl"]
GREYS = tuple((i, (i, i, i, 255)) for i in range(256))


@dataclass(frozen=True)
class Converted:
    """Colours of one space in another."""

    before: str
    after: str

    def __call__(self, block: Array) -> Array:
        return kernels.colors.converted(block, self.before, self.after)


@dataclass(frozen=True)
class Looked:
    """Red, green and blue, and perhaps alpha, of the values of a table of colours."""

    values: tuple[int, ...]
    """In order."""
    shades: tuple[tuple[int, ...], ...]

    def __call__(self, block: Array) -> Array:
        known = np.array(self.values, np.float64)
        at = np.minimum(np.searchsorted(known, block[0]), len(known) - 1)
        found = np.array(self.shades, np.float32)[at]
        found[known[at] != block[0]] = np.nan
        return np.moveaxis(found, -1, 0)


@dataclass(frozen=True, eq=False)
class Numbered:
    """Which colour of a table a cell has."""

    exact: Array | None
    """Numbers of the colours, in order; None where they are too many."""
    owner: Array | None
    """Then which colour each class of colours has."""
    zero: bool
    """Whether missing is 0 where another channel is known."""

    def __call__(self, block: Array) -> Array:
        rgb, known = known_cells(block, self.zero)
        code = kernels.colors.codes(rgb)
        out = np.full(known.shape, np.nan, np.float32)
        if self.owner is not None:
            out[known] = self.owner[kernels.colors.bins(code)]
        elif self.exact is not None:
            out[known] = np.searchsorted(self.exact, code)
        return out[None]


@dataclass(frozen=True)
class Greys:
    """How light a picture is, as a whole number."""

    zero: bool

    def __call__(self, block: Array) -> Array:
        rgb, known = known_cells(block, self.zero)
        out = np.full(known.shape, np.nan, np.float32)
        out[known] = np.floor(kernels.colors.grey(np.clip(rgb, 0, kernels.colors.FULL)) + 0.5)
        return out[None]


def known_cells(block: Array, zero: bool) -> tuple[Array, Array]:
    """Red, green and blue of cells that are known (3, n), and which ones those are."""
    missing = np.isnan(block)
    known = np.asarray(~(missing.all(axis=0) if zero else missing.any(axis=0)))
    return np.nan_to_num(block[:, known].astype(np.float64)), known


@dataclass(frozen=True)
class Census:
    """The colours of a block: each, as long as they are few, and classes of them."""

    zero: bool

    def __call__(self, block: Array, window: Window) -> tuple[Array | None, Array]:
        code = kernels.colors.codes(known_cells(block, self.zero)[0])
        return few(np.unique(code)), kernels.colors.counted(code)


def few(code: Array) -> Array | None:
    """The colours, where a table has room for them."""
    return code if code.size <= kernels.colors.MOST else None


def joined(a: Any, b: Any) -> Any:
    """The colours of two blocks."""
    both = None if a[0] is None or b[0] is None else few(np.union1d(a[0], b[0]))
    return both, a[1] + b[1]


def _same(partial: Any) -> Any:
    return partial


def colorize(
    x: SpatRaster,
    to: Literal["hsv", "hsi", "hsl", "rgb", "col"] = "hsv",
    *,
    alpha: bool = False,
    stretch: Literal["lin", "hist"] | None = None,
    grays: bool = False,
    na_zero: bool = False,
) -> SpatRaster:
    """A picture in another space of colours, or as one layer with a table of colours.

    Parameters
    ----------
    x : SpatRaster
        Layers that make a picture (`set_rgb`), red, green and blue from 0 to 255, or one layer with a table of colours.
    to : {"hsv", "hsi", "hsl", "rgb", "col"}
        Hue and saturation with value, intensity or lightness, all from 0 to 1; red, green and blue; or a layer of
        numbers of colours.
    alpha : bool
        Of a table of colours: a fourth layer, opacity from 0 to 255.
    stretch : {"lin", "hist"}, optional
        With ``col``: spread the values of each layer first, as `stretch` does, linearly or by histogram.
    grays : bool
        With ``col``: a table of greys, by how light the colours look.
    na_zero : bool
        With ``col``: take a channel that is missing for 0 where another one is known.

    Returns
    -------
    SpatRaster
        Three layers (or four), or one; missing where a channel is.

    Raises
    ------
    ArgumentError
        Where `x` is neither a picture nor a layer with a table of colours.

    See Also
    --------
    set_rgb : Says which layers make a picture.
    colors : Reads and sets tables of colours.
    plot_rgb : Draws a picture.

    Notes
    -----
    The hue of hsi is the angle on the circle of colours, that of the others the place on the hexagon. For ``col``
    the raster is read at once to learn its colours. Up to 256 are kept as they are, in order; more are brought down
    by median cut, where the colours stand for boxes of 5 bits to a channel.

    References
    ----------
    Heckbert, P. (1982). Color image quantization for frame buffer display. Computer Graphics 16(3), 297-307.
    Smith, A. R. (1978). Color gamut transform pairs. Computer Graphics 12(3), 12-19.

    Examples
    --------
    >>> import pyterra as pt
    >>> orange = pt.rast([[[255]], [[128]], [[0]]]).set_rgb([0, 1, 2])
    >>> orange.colorize("hsl").values().round(3).tolist()
    [[0.084, 1.0, 0.5]]
    >>> orange.colorize("col").colors
    [{0: (255, 128, 0, 255)}]
    """
    node = node_of(x, "colorize")
    to = choice(to, ("hsv", "hsi", "hsl", "rgb", "col"), "colorize: to")
    kind = next((kind for kind in CHANNELS if picture(x, kind)), None)
    if kind is None:
        if len(node.layers) != 1 or node.layers[0].colors is None:
            raise ArgumentError(
                "colorize: the layers must make a picture, or one layer have a table of colours; say so with "
                "set_rgb() or .colors"
            )
        plain = _of_table(x, alpha)
        return plain if to == "rgb" else x if to == "col" else colorize(plain.set_rgb([0, 1, 2]), to)
    if to == "col":
        return _with_table(x if kind == "rgb" else colorize(x, "rgb"), stretch, grays, na_zero)
    chosen = select(node, (picture(x, kind) or [])[:3])
    if to == kind:
        return raster(chosen)
    layers = [Layer(name, channel=name) for name in CHANNELS[to][:3]]
    return cells_raster([chosen], layers, FLOAT64, Converted(kind, to), layerwise=False, temporaries=160.0)


def _of_table(x: SpatRaster, alpha: bool) -> SpatRaster:
    """The colours of a layer with a table of them."""
    node = x._node
    table = node.layers[0].colors or ()
    names = CHANNELS["rgb"][: 4 if alpha else 3]
    layers = [Layer(name, "int", storage="uint8", channel=name) for name in names]
    kernel = Looked(tuple(value for value, _ in table), tuple(shade[: len(names)] for _, shade in table))
    return cells_raster([node], layers, FLOAT32, kernel, layerwise=False, temporaries=64.0)


def _with_table(x: SpatRaster, how: str | None, grays: bool, zero: bool) -> SpatRaster:
    """One layer of numbers of colours."""
    chosen = raster(select(x._node, (picture(x) or [])[:3]))
    if how is not None:
        by_histogram = choice(how, ("lin", "hist"), "colorize: stretch") == "hist"
        chosen = (
            stretched(chosen, histeq=True, scale=255)
            if by_histogram
            else stretched(chosen, minq=0.02, maxq=0.98)
        )
    node = chosen._node
    layer = Layer("color", "int", storage="uint8")
    kernel: Callable[[Array], Array] = Greys(zero)
    if grays:
        layer = replace(layer, colors=GREYS)
    else:
        work = Reduce(node=node, chunk=Census(zero), combine=joined, finalise=_same, temporaries=160.0)
        exact, classes = reduce(work)
        shades, owner = (
            (kernels.colors.split_codes(exact), None)
            if exact is not None
            else kernels.colors.median_cut(classes)
        )
        table = tuple((i, (int(r), int(g), int(b), 255)) for i, (r, g, b) in enumerate(shades))
        layer = replace(layer, colors=table or None)
        kernel = Numbered(exact, owner, zero)
    return cells_raster([node], [layer], FLOAT32, kernel, layerwise=False, temporaries=96.0)
