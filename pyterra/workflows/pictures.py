"""Quick looks: what a job made, at a glance."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.handles.spatraster import SpatRaster
from pyterra.io.safe.parts import atomic_path
from pyterra.maps.canvas import pyplot

if TYPE_CHECKING:
    import pandas as pd

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


def save_errors(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Draw what `SpatRaster.tune` told as bars, the best arguments of each way, save it, and return its path.

    Parameters
    ----------
    table : pandas.DataFrame
    path : path-like
        A ``.png`` file; an existing one is replaced.
    """
    plt = pyplot()
    best = table.dropna(subset="rmse").drop_duplicates("method")[::-1]
    names = [f"{row.method}\n{row.arguments}".strip() for row in best.itertuples()]
    figure, ax = plt.subplots(figsize=(8, 1 + 0.5 * len(best)), layout="constrained")
    try:
        bars = ax.barh(names, best["rmse"], color=["0.75"] * (len(best) - 1) + ["tab:green"])
        shares = [
            f"{rmse:.3g}, {filled:.0%} filled"
            for rmse, filled in zip(best["rmse"], best["filled"], strict=True)
        ]
        ax.bar_label(bars, shares, padding=3, fontsize=8)
        ax.set_xlim(0, 1.25 * best["rmse"].max())
        ax.set_xlabel("root mean square error of hidden values")
        ax.tick_params(axis="y", labelsize=8)
        ax.spines[["top", "right"]].set_visible(False)
        with atomic_path(path, overwrite=True) as part:
            figure.savefig(part, dpi=110, format="png")
    finally:
        plt.close(figure)
    return Path(path)


def evenly(count: int, at_most: int) -> Sequence[int]:
    """Positions spread over a series, its first and last among them."""
    return [int(i) for i in np.unique(np.linspace(0, count - 1, min(count, at_most)).round())]
