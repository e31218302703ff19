"""Quick looks: what a job made, at a glance."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.handles.spatraster import SpatRaster
from pyterra.io.safe.parts import atomic_path
from pyterra.maps.canvas import pyplot

PANELS = 12
"""Years shown of a long series."""


def save_panels(
    r: SpatRaster,
    path: str | os.PathLike[str],
    *,
    title: str,
    legend: str,
    extent: Any = None,
    nc: int = 4,
    **style: Any,
) -> Path:
    """Draw layers as panels of one figure, save it, and return its path.

    Parameters
    ----------
    r : SpatRaster
        Of many layers, `PANELS` are shown, evenly chosen, the first and the last among them.
    path : path-like
        A ``.png`` file; an existing one is replaced.
    title : str
        Above all panels.
    legend : str
        Beside the one colour bar.
    extent : SpatExtent, optional
        Part to draw.
    nc : int
        Panels per row.
    **style
        For `plot`.
    """
    plt = pyplot()
    chosen = evenly(len(r), PANELS)
    axes = r.plot(chosen, extent=extent, nc=min(nc, len(chosen)), legend=False, **style)
    panels = np.ravel(axes)
    figure = panels[0].figure
    try:
        figure.suptitle(title, fontsize=12)
        figure.colorbar(
            panels[0].images[0], ax=list(panels), shrink=0.5, fraction=0.03, pad=0.01, label=legend
        )
        with atomic_path(path, overwrite=True) as part:
            figure.savefig(part, dpi=110, format="png")
    finally:
        plt.close(figure)
    return Path(path)


def evenly(count: int, at_most: int) -> Sequence[int]:
    """Positions spread over a series, its first and last among them."""
    return [int(i) for i in np.unique(np.linspace(0, count - 1, min(count, at_most)).round())]
