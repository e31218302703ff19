"""outliers and mask_by_bits: values of a series that are not what they should be, made missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.kernels.lanes import by_tiles
from pyterra.raster.build import cells_raster, node_of, on_grid, recycled

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

BITS: dict[str, dict[str, tuple[int, int, tuple[int, ...]]]] = {
    "landsat_c2": {
        "fill": (0, 1, (1,)),
        "dilated_cloud": (1, 1, (1,)),
        "cirrus": (2, 1, (1,)),
        "cloud": (3, 1, (1,)),
        "cloud_shadow": (4, 1, (1,)),
        "snow": (5, 1, (1,)),
        "water": (7, 1, (1,)),
        "cloud_confidence": (8, 2, (3,)),
        "shadow_confidence": (10, 2, (3,)),
        "snow_confidence": (12, 2, (3,)),
        "cirrus_confidence": (14, 2, (3,)),
    },
    "mod13": {
        "poor": (0, 2, (2, 3)),
        "not_good": (0, 2, (1, 2, 3)),
        "usefulness": (2, 4, tuple(range(9, 16))),
        "high_aerosol": (6, 2, (3,)),
        "adjacent_cloud": (8, 1, (1,)),
        "mixed_clouds": (10, 1, (1,)),
        "snow": (14, 1, (1,)),
        "shadow": (15, 1, (1,)),
    },
    "mod09_state": {
        "cloud": (0, 2, (1, 2)),
        "cloud_shadow": (2, 1, (1,)),
        "high_aerosol": (6, 2, (3,)),
        "cirrus": (8, 2, (2, 3)),
        "internal_cloud": (10, 1, (1,)),
        "fire": (11, 1, (1,)),
        "snow": (12, 1, (1,)),
        "adjacent_cloud": (13, 1, (1,)),
    },
}
"""Product -> what a quality layer tells -> (lowest bit, number of bits, values of these bits that mean it)."""
USUAL = {
    "landsat_c2": ("fill", "dilated_cloud", "cirrus", "cloud", "cloud_shadow"),
    "mod13": ("poor",),
    "mod09_state": ("cloud", "cloud_shadow", "cirrus", "internal_cloud"),
}
"""What is masked unless asked otherwise."""


@dataclass(frozen=True)
class FarFromMedian:
    """Missing where a value lies too far from the median of the layers around it."""

    half: int
    most: float
    least: int

    def __call__(self, block: Array) -> Array:
        def kernel(values: Array, out: Array) -> None:
            kernels.season_median.far_from_median(values, self.half, self.most, self.least, out)

        return by_tiles(block, kernel, len(block))


@dataclass(frozen=True)
class BeyondEnvelope:
    """Missing where a value lies outside two quantiles of its cell."""

    low: float
    high: float

    def __call__(self, block: Array) -> Array:
        flat = block.reshape(len(block), -1)
        bounds = kernels.stats.quantiles(flat, (self.low, self.high), na_rm=True)
        inside = (flat >= bounds[0]) & (flat <= bounds[1])
        return np.where(inside, flat, np.nan).astype(block.dtype).reshape(block.shape)


@dataclass(frozen=True)
class Flagged:
    """Missing where bits of a second block have one of some values."""

    fields: tuple[tuple[int, int, tuple[int, ...]], ...]

    def __call__(self, block: Array, codes: Array) -> Array:
        known = ~np.isnan(codes)
        whole = np.where(known, codes, 0).astype(np.int64)
        bad = ~known
        for low, count, values in self.fields:
            bad |= np.isin((whole >> low) & ((1 << count) - 1), values)
        return np.where(bad, np.nan, block).astype(block.dtype)


def outliers(
    x: SpatRaster,
    method: Literal["median", "envelope"] = "median",
    *,
    width: int = 5,
    sd: float = 2.0,
    least: int = 3,
    probs: tuple[float, float] = (0.05, 0.95),
) -> SpatRaster:
    """Make values missing that lie apart from others of their series, such as clouds that no mask has found.

    Parameters
    ----------
    x : SpatRaster
        Layers in the order of time.
    method : {"median", "envelope"}
        What lies more than `sd` standard deviations from the median of the layers around it; or what lies outside two
        quantiles of all layers of its cell.
    width : int
        Layers that a median sees, odd; at both ends there are fewer.
    sd : float
        Standard deviations of the same layers.
    least : int
        Values that these layers must have; with fewer nothing is taken away.
    probs : (float, float)
        The two quantiles, 0 to 1.

    Returns
    -------
    SpatRaster
        The layers of `x`; values that stay are as they were.

    Raises
    ------
    ArgumentError
        Where an argument is not allowed.

    See Also
    --------
    mask_by_bits : By what a quality layer says.
    fill : Fills what is missing then.
    roll : Statistics of the layers around each.

    Notes
    -----
    Of n values none lies more than ``(n - 1) / sqrt(n)`` standard deviations (divided by n - 1) from their mean: with
    `width` 5 an `sd` of 1.8 or more finds little.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[v]] for v in (5, 6, 5, 40, 6, 5, 6)])
    >>> r.outliers(width=7, sd=2).values().tolist()
    [[5.0, 6.0, 5.0, nan, 6.0, 5.0, 6.0]]
    """
    node = node_of(x, "outliers")
    method = choice(method, ("median", "envelope"), "outliers: method")
    kernel: FarFromMedian | BeyondEnvelope
    if method == "median":
        if not isinstance(width, int | np.integer) or width < 3 or width % 2 == 0 or not sd > 0 or least < 1:
            raise ArgumentError(
                f"outliers: width must be odd and 3 or more, sd above 0, least 1 or more, got {width}, {sd}, {least}"
            )
        kernel = FarFromMedian(int(width) // 2, float(sd), int(least))
    else:
        if len(probs) != 2 or not 0 <= probs[0] < probs[1] <= 1:
            raise ArgumentError(
                f"outliers: probs must be two numbers from 0 to 1, the lower first, got {probs}"
            )
        kernel = BeyondEnvelope(float(probs[0]), float(probs[1]))
    layers = [replace(layer, range=None) for layer in node.layers]
    return cells_raster((node,), layers, node.dtype, kernel, layerwise=False, temporaries=24.0 * len(layers))


def mask_by_bits(
    x: SpatRaster,
    quality: SpatRaster,
    product: Literal["landsat_c2", "mod13", "mod09_state"] | Mapping[str, Any] = "landsat_c2",
    what: Sequence[str] | None = None,
) -> SpatRaster:
    """Make values missing where a quality layer says, by its bits, that they show clouds, shadows or the like.

    Parameters
    ----------
    x : SpatRaster
    quality : SpatRaster
        The quality layer as it is stored: one for all layers of `x`, or one for each.
    product : {"landsat_c2", "mod13", "mod09_state"} or mapping
        QA_PIXEL of Landsat Collection 2; the detailed quality of MOD13 and MYD13 vegetation indices; the state of
        MOD09 and MYD09 surface reflectance. Or a table of your own: a name, and the lowest bit, the number of bits and
        the values of these that are meant: ``{"cloud": (3, 1, (1,))}``.
    what : sequence of str, optional
        What is masked, by the names of the table. By default clouds, their shadows and what is filled; all of a table
        of your own.

    Returns
    -------
    SpatRaster
        The layers of `x`; missing where a quality is missing, too.

    Raises
    ------
    ArgumentError
        Where a name is not in the table, or the quality has another number of layers.

    See Also
    --------
    mask : By another raster.
    outliers : Values apart from others of their series.

    References
    ----------
    Landsat 8-9 Collection 2 Level 2 Science Product Guide (USGS, LSDS-1619); MOD13 User's Guide; MOD09 User's
    Guide.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[0.2, 0.8, 0.5]])
    >>> qa = pt.rast([[21824, 22280, 21824]])
    >>> r.mask_by_bits(qa).values(drop=True).round(1).tolist()
    [0.2, nan, 0.5]
    """
    verb = "mask_by_bits"
    node, beside = node_of(x, verb), node_of(quality, f"{verb}: quality")
    node.grid.check_same(beside.grid, verb)
    if len(beside.layers) not in (1, len(node.layers)):
        raise ArgumentError(
            f"{verb}: quality must have one layer, or one for each of the raster ({len(node.layers)}), "
            f"got {len(beside.layers)}"
        )
    if isinstance(product, str):
        product = choice(product, tuple(BITS), f"{verb}: product")
        table, chosen = BITS[product], tuple(what or USUAL[product])
    else:
        table = {str(name): _field(name, bits) for name, bits in product.items()}
        chosen = tuple(what or table)
    chosen = tuple(choice(name, tuple(table), f"{verb}: what") for name in chosen)
    kernel = Flagged(tuple(table[name] for name in chosen))
    codes = recycled(on_grid(beside, node.grid), len(node.layers))
    layers = [replace(layer, range=None) for layer in node.layers]
    return cells_raster((node, codes), layers, node.dtype, kernel, temporaries=32.0 * len(layers))


def _field(name: Any, bits: Any) -> tuple[int, int, tuple[int, ...]]:
    try:
        low, count, values = bits
        found = (int(low), int(count), tuple(int(v) for v in values))
    except (TypeError, ValueError):
        found = (-1, 0, ())
    if found[0] < 0 or found[1] < 1 or not found[2] or max(found[2]) >= 1 << found[1]:
        raise ArgumentError(
            f"mask_by_bits: {name} must be the lowest bit, how many bits, and values that they can have, got {bits!r:.60}"
        )
    return found
