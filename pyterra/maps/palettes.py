"""map_pal: colours for maps by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pyterra.arguments import checked
from pyterra.errors import ArgumentError, near_names
from pyterra.raster.categories import hexadecimal

if TYPE_CHECKING:
    from pyterra.types import Color

PALETTES = {
    "bcyr": ("blue", "cyan", "yellow", "red"),
    "bgyr": ("blue", "lime", "yellow", "red"),
    "blues": "Blues",
    "byg": ("blue", "yellow", "lime"),
    "byr": ("blue", "yellow", "red"),
    "differences": "bwr",
    "elevation": "terrain",
    "greens": "Greens",
    "grey": "gray",
    "gyr": ("lime", "yellow", "red"),
    "inferno": "inferno",
    "magma": "magma",
    "oranges": "Oranges",
    "plasma": "plasma",
    "rainbow": "rainbow",
    "reds": "Reds",
    "roygbiv": ("red", "orange", "yellow", "lime", "blue", "indigo", "violet"),
    "ryb": ("red", "yellow", "blue"),
    "ryg": ("red", "yellow", "lime"),
    "sepia": ("saddlebrown", "white"),
    "viridis": "viridis",
}
"""terra's names of palettes: what matplotlib has for them, or the colours between which they run."""


@checked
def map_pal(name: str | None = None, n: int = 50) -> list[str]:
    """Colours for maps by name.

    Parameters
    ----------
    name : str, optional
        One of terra's names, or a colour map of matplotlib.
    n : int
        How many colours.

    Returns
    -------
    list of str
        Colours such as "#ff0000"; without `name`, terra's names that there are.

    See Also
    --------
    plot : Takes such colours as `cmap` or `colors`.

    Notes
    -----
    Colours are those of matplotlib, or run evenly between those that the name says: not those of terra. Packages of
    colour maps such as cmcrameri add names to matplotlib when they are imported.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.map_pal("byr", 3)
    ['#0000ff', '#ffff00', '#ff0000']
    """
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    if name is None:
        return sorted(PALETTES)
    if n < 1:
        raise ArgumentError(f"map_pal: n must be at least 1, got {n}")
    known = PALETTES.get(name, name)
    if isinstance(known, str) and known not in colormaps:
        raise ArgumentError(
            f"map_pal: name must be one of {', '.join(sorted(PALETTES))}, or a colour map of matplotlib, "
            f"got {name!r}{near_names(name, sorted({*PALETTES, *colormaps}))}"
        )
    cmap = colormaps[known] if isinstance(known, str) else LinearSegmentedColormap.from_list(name, known, N=n)
    return [to_hex(cmap(float(share))) for share in np.linspace(0, 1, n)]


def channels(color: Color, verb: str) -> tuple[int, ...]:
    """Red, green, blue and opacity of a colour, from 0 to 255. Names are matplotlib's."""
    found = hexadecimal(color) if isinstance(color, str) else None
    if found is not None:
        return found
    try:
        from matplotlib.colors import to_rgba
    except ImportError:
        raise ImportError(
            f"{verb}: names of colours need matplotlib; give them as '#rrggbb', or install it with: "
            "pip install 'pyterra-geo[plot]'"
        ) from None
    try:
        return rounded(to_rgba(color))
    except ValueError:
        raise ArgumentError(
            f"{verb}: a colour must be a name that matplotlib knows, '#rrggbb' or '#rrggbbaa', got {color!r}"
        ) from None


def rounded(shares: Sequence[float]) -> tuple[int, ...]:
    """Bytes of shares of a colour."""
    return tuple(int(np.floor(255 * share + 0.5)) for share in shares)
