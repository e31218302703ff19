"""Charts of the values of layers: what is no map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.maps import canvas
from pyterra.maps.canvas import GREY, INK
from pyterra.maps.colors import sampled
from pyterra.maps.rasters import chosen_layers, preview
from pyterra.packages import pandas as pd
from pyterra.raster.build import node_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Color, Colors, Layers

BLUE, LIGHT = "#4477aa", "#a9c1d9"
MOST = 16
"""Layers that have a chart each, at most."""
LABELLED = 25
"""Bars that have a label, at most; of more, every so many."""
POINTS = 512
"""At which a density is told."""


def _sample(x: SpatRaster, y: Layers | None, most: int, maxcell: int, verb: str) -> tuple[Any, Any]:
    """Layers, and the values of about so many of their cells on a regular grid, shape (layer, cell)."""
    node_of(x, verb)
    part = chosen_layers(x, y, most)
    values, _ = preview(part, maxcell, verb)
    return part, values.reshape(len(part), -1)


def _present(values: NDArray[Any]) -> NDArray[Any]:
    return values[np.isfinite(values)]


def _titles(part: SpatRaster, main: str | Sequence[str] | None) -> list[str]:
    names = list(part.names)
    return names if main is None else canvas.titles([*names, ""], main)[: len(names)]


def _labels(x: SpatRaster, values: Sequence[float]) -> list[str]:
    """What cells of the first layer say that have these values: class labels, else the numbers."""
    layer = x._node.layers[0]
    names: dict[Any, Any] = dict(layer.categories.labels()) if layer.categories is not None else {}
    if layer.kind == "bool":
        names = {0: "False", 1: "True"}
    return [str(names.get(v, f"{v:g}")) for v in values]


def _wordy(ax: Any, texts: Sequence[str]) -> None:
    """Turn labels of x that would run into each other."""
    if sum(map(len, texts)) > 60:
        ax.tick_params(axis="x", labelrotation=90)


def hist(
    x: SpatRaster,
    y: Layers | None = None,
    *,
    bins: int | Sequence[float] = 30,
    range: tuple[float, float] | None = None,
    main: str | Sequence[str] | None = None,
    color: Color = BLUE,
    maxcell: int = 1_000_000,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Any:
    """Draw histograms of the values of layers.

    Parameters
    ----------
    x : SpatRaster
    y : int, str or sequence of them, optional
        Layers; by default all, at most 16.
    bins : int or sequence of float
        Number of bars, or their limits.
    range : (float, float), optional
        Values between which bars lie.
    main : str or sequence of str, optional
        Titles; the layer names by default.
    color : colour
    maxcell : int
        Where there are more cells, a regular sample of about this many is counted.
    nc : int, optional
        Panels per row.
    figsize : (float, float), optional
        Inches.
    ax : matplotlib Axes, optional
        Draw one layer into it.

    Returns
    -------
    matplotlib Axes, or ndarray of Axes for several layers

    See Also
    --------
    density, barplot, boxplot, pairs
    freq : Counts the cells of each value.
    summary : Gives quartiles and means.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[1, 2, 2, 4]]).hist(bins=[0, 1.5, 3, 4.5])
    >>> [int(bar.get_height()) for bar in ax.patches]
    [1, 2, 1]
    """
    part, values = _sample(x, y, 1 if ax is not None else MOST, maxcell, "hist")
    count = len(part)
    axes = canvas.charts(count, nc, figsize, ax)
    texts = _titles(part, main)
    flat = axes.ravel()
    for i, layer in enumerate(part._node.layers):
        flat[i].hist(
            _present(values[i]), bins=bins, range=range, color=color, edgecolor="white", linewidth=0.5
        )
        canvas.chart(flat[i], texts[i], layer.unit, "cells" if i % axes.shape[1] == 0 else "")
        canvas.thousands(flat[i].yaxis)
    return flat[0] if count == 1 else axes


def density(
    x: SpatRaster,
    y: Layers | None = None,
    *,
    bw: float | None = None,
    plot: bool = True,
    main: str | Sequence[str] | None = None,
    color: Color = BLUE,
    maxcell: int = 100_000,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Any:
    """Draw how dense the values of layers lie, as smooth curves.

    Parameters
    ----------
    x : SpatRaster
    y : int, str or sequence of them, optional
        Layers; by default all, at most 16.
    bw : float, optional
        Standard deviation of the normal curve that each value is spread by. By default 0.9 times the smaller of the
        standard deviation and the interquartile range / 1.34, divided by the fifth root of the number of values.
    plot : bool
        Draw; otherwise give the numbers.
    main : str or sequence of str, optional
        Titles; the layer names by default.
    color : colour
    maxcell : int
        Where there are more cells, a regular sample of about this many is taken.
    nc : int, optional
        Panels per row.
    figsize : (float, float), optional
        Inches.
    ax : matplotlib Axes, optional
        Draw one layer into it.

    Returns
    -------
    matplotlib Axes, or ndarray of Axes for several layers; a DataFrame layer, x, y with ``plot=False``

    See Also
    --------
    hist : Counts values in bars.

    References
    ----------
    Silverman, B. W. (1986). Density Estimation for Statistics and Data Analysis. Chapman and Hall, p. 48.

    Examples
    --------
    >>> import pyterra as pt
    >>> curve = pt.rast([[1, 2, 2, 3]]).density(bw=0.5, plot=False)
    >>> float(curve.x[curve.y.idxmax()].round(2)), len(curve)
    (2.0, 512)
    """
    part, values = _sample(x, y, 1 if ax is not None else MOST, maxcell, "density")
    if bw is not None and not bw > 0:
        raise ArgumentError(f"density: bw must be above 0, got {bw}")
    curves = [_curve(_present(row), bw) for row in values]
    if not plot:
        tables = [pd.DataFrame({"layer": i, "x": c[0], "y": c[1]}) for i, c in enumerate(curves)]
        return pd.concat(tables, ignore_index=True)
    axes, texts = canvas.charts(len(part), nc, figsize, ax), _titles(part, main)
    for i, (one, layer, (at, height)) in enumerate(
        zip(axes.ravel(), part._node.layers, curves, strict=False)
    ):
        one.fill_between(at, height, color=color, alpha=0.18, linewidth=0)
        one.plot(at, height, color=color, linewidth=1.3)
        one.set_ylim(bottom=0)
        canvas.chart(one, texts[i], layer.unit, "density" if i % axes.shape[1] == 0 else "")
    return axes[0, 0] if len(part) == 1 else axes


def _curve(values: NDArray[Any], bw: float | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places and the density there: values laid out on a fine grid, each shared by its two neighbours, and smoothed."""
    if values.size == 0:
        return np.zeros(0), np.zeros(0)
    values = values.astype(np.float64)
    spread = _spread(values) if bw is None else bw
    low, high = float(values.min()) - 3 * spread, float(values.max()) + 3 * spread
    at, step = np.linspace(low, high, POINTS, retstep=True)
    place = (values - low) / step
    left = np.minimum(place.astype(np.int64), POINTS - 2)
    share = np.bincount(left, 1 - (place - left), POINTS) + np.bincount(left + 1, place - left, POINTS)
    away = (np.arange(2 * POINTS - 1) - (POINTS - 1)) * step / spread
    normal = np.exp(-0.5 * away**2) / (spread * np.sqrt(2 * np.pi))
    return at, np.convolve(share / values.size, normal, "valid")


def _spread(values: NDArray[np.float64]) -> float:
    quarter, three = np.percentile(values, (25, 75))
    deviation = float(values.std(ddof=1)) if values.size > 1 else 0.0
    size = min(deviation, float(three - quarter) / 1.34) or deviation or abs(float(values[0])) or 1.0
    return 0.9 * size * values.size**-0.2


def barplot(
    x: SpatRaster,
    *,
    digits: int | None = 0,
    breaks: Sequence[float] | int | None = None,
    colors: Colors | None = None,
    horiz: bool = False,
    main: str | None = None,
    maxcell: int = 1_000_000,
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how many cells of the first layer have each value, as bars; gives the axes.

    Parameters
    ----------
    x : SpatRaster
    digits : int, optional
        Decimals to which values are rounded first, -1 for tens; None for none.
    breaks : sequence of float, or int, optional
        Limits of groups of values, each with its upper limit, or their number.
    colors : colour or sequence of colours, optional
        Taken in turn; those that the layer has for its classes by default.
    horiz : bool
        Bars that lie.
    main : str, optional
        Title; the name of the layer by default.
    maxcell : int
        Where there are more cells, a regular sample of about this many is counted.
    figsize : (float, float), optional
        Inches.
    ax : matplotlib Axes, optional
        Draw into it.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    hist : Bars of equal width along an axis of numbers.
    freq : Counts all cells.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[1, 2, 2, 4]]).barplot()
    >>> [label.get_text() for label in ax.get_xticklabels()], [int(bar.get_height()) for bar in ax.patches]
    (['1', '2', '4'], [1, 2, 1])
    """
    part, values = _sample(x, None, 1, maxcell, "barplot")
    texts, counts = _counted(part, _present(values[0]), digits, breaks)
    ax = canvas.charts(1, None, figsize, ax)[0, 0]
    shades = _taken_in_turn(_own_colors(part, texts) if colors is None else colors, len(texts))
    draw = ax.barh if horiz else ax.bar
    draw(np.arange(len(texts)), counts, color=shades, edgecolor="white", linewidth=0.5)
    ticks = ax.set_yticks if horiz else ax.set_xticks
    every = -(-len(texts) // LABELLED)
    ticks(np.arange(len(texts))[::every], texts[::every])
    unit = part._node.layers[0].unit
    title = part.names[0] if main is None else main
    canvas.chart(ax, title, *(("cells", unit) if horiz else (unit, "cells")))
    if not horiz:
        _wordy(ax, texts[::every])
    canvas.thousands(ax.xaxis if horiz else ax.yaxis)
    return ax


def _counted(x: SpatRaster, values: NDArray[Any], digits: int | None, breaks: Any) -> tuple[list[str], Any]:
    """The texts of bars, and how many values each has."""
    if breaks is None:
        found, counts = np.unique(values if digits is None else np.round(values, digits), return_counts=True)
        return _labels(x, found.tolist()), counts
    cut = pd.cut(pd.Series(values.astype(np.float64)), breaks)
    table = cut.value_counts(sort=False)
    return [f"{i.left:g} \u2013 {i.right:g}" for i in table.index], table.to_numpy()


def _own_colors(x: SpatRaster, texts: Sequence[str]) -> list[Any] | None:
    """The colours that a layer has for classes with such labels, where it has all of them."""
    layer = x._node.layers[0]
    table = {value: tuple(c / 255 for c in color) for value, color in layer.colors or ()}
    found = dict(zip(_labels(x, list(table)), table.values(), strict=True))
    return [found[text] for text in texts] if texts and set(texts) <= set(found) else None


def _taken_in_turn(colors: Any, count: int) -> Any:
    if colors is None:
        return sampled("viridis", count)
    if isinstance(colors, list | np.ndarray):
        return [colors[i % len(colors)] for i in range(count)]
    return colors


def boxplot(
    x: SpatRaster,
    y: SpatRaster | None = None,
    *,
    color: Color = LIGHT,
    horiz: bool = False,
    notch: bool = False,
    main: str = "",
    maxcell: int = 100_000,
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the quartiles of layers, or of the zones of a layer, as boxes; gives the axes.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster, optional
        Zones: one layer, whose values or classes have a box each for the first layer of `x`.
    color : colour
        Of the boxes.
    horiz : bool
        Boxes that lie.
    notch : bool
        Draw how sure the medians are.
    main : str
        Title.
    maxcell : int
        Where there are more cells, a regular sample of about this many is taken.
    figsize : (float, float), optional
        Inches.
    ax : matplotlib Axes, optional
        Draw into it.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    summary : Quartiles as numbers.
    zonal : Statistics of all cells of zones.

    Notes
    -----
    Whiskers reach the last value within 1.5 box lengths; values beyond are circles.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[1, 2, 3, 9]], names="height").boxplot()
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['height']
    """
    if y is None:
        part, values = _sample(x, None, len(x), maxcell, "boxplot")
        texts, groups = list(part.names), [_present(row) for row in values]
    else:
        texts, groups = _zones(x, y, maxcell)
    ax = canvas.charts(1, None, figsize or (max(4.6, 0.55 * len(texts)), 3.6), ax)[0, 0]
    thin = {"color": INK, "linewidth": 0.9}
    ax.boxplot(
        groups, orientation="horizontal" if horiz else "vertical", notch=notch, patch_artist=True, widths=0.6,
        boxprops={"facecolor": color, "edgecolor": INK, "linewidth": 0.9}, whiskerprops=thin, capprops=thin,
        medianprops={"color": INK, "linewidth": 1.8},
        flierprops={"marker": "o", "markersize": 3, "markerfacecolor": "none", "markeredgecolor": GREY},
    )  # fmt: skip
    (ax.set_yticklabels if horiz else ax.set_xticklabels)(texts)
    canvas.chart(ax, main)
    if not horiz:
        _wordy(ax, texts)
    return ax


def _zones(x: SpatRaster, y: SpatRaster, maxcell: int) -> tuple[list[str], list[NDArray[Any]]]:
    if len(y) != 1:
        raise ArgumentError(f"boxplot: y must have one layer, got {len(y)}; choose one, as in y[0]")
    x.compare_geom(y)
    values, zones = (_sample(part, 0, 1, maxcell, "boxplot")[1][0] for part in (x, y))
    known = np.isfinite(values) & np.isfinite(zones)
    kinds = np.unique(zones[known])
    return _labels(y, kinds.tolist()), [values[known & (zones == kind)] for kind in kinds]


def pairs(
    x: SpatRaster,
    *,
    hist: bool = True,
    cor: bool = True,
    color: Color = BLUE,
    maxcell: int = 100_000,
    figsize: tuple[float, float] | None = None,
) -> Any:
    """Draw each layer against each other; gives the axes.

    Parameters
    ----------
    x : SpatRaster
        At least two layers.
    hist : bool
        Histograms on the diagonal.
    cor : bool
        Pearson's correlation above the diagonal, of the cells that both layers have.
    color : colour
    maxcell : int
        Where there are more cells, a regular sample of about this many is taken; points are drawn of at most 20,000.
    figsize : (float, float), optional
        Inches.

    Returns
    -------
    ndarray of matplotlib Axes, shape (layers, layers)

    See Also
    --------
    layer_cor : Correlations of all cells.
    plot : Of two rasters: one such picture.

    Examples
    --------
    >>> import pyterra as pt
    >>> axes = pt.rast([[[1, 2, 3]], [[2, 4, 6]]], names=["a", "b"]).pairs()
    >>> axes[0, 1].texts[0].get_text(), axes[1, 0].collections[0].get_offsets().tolist()
    ('1.00', [[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
    """
    part, values = _sample(x, None, MOST, maxcell, "pairs")
    count = len(part)
    if count < 2:
        raise ArgumentError("pairs: x must have at least two layers, got 1; hist() draws one")
    size = figsize or (max(4.6, 1.9 * count),) * 2
    _, axes = canvas.pyplot().subplots(count, count, figsize=size, squeeze=False, layout=canvas.settled())
    for i in range(count):
        for j in range(count):
            ax = axes[i, j]
            if i == j:
                _own(ax, part.names[i], _present(values[i]) if hist else None, color)
            elif j > i and cor:
                _correlation(ax, values[i], values[j])
            else:
                thin = values[:, :: max(1, values.shape[1] // 20_000)]
                ax.scatter(thin[j], thin[i], s=4, alpha=0.3, linewidths=0, color=color, rasterized=True)
            _outer(ax, i == count - 1, j == 0, upright=i != j)
    return axes


def _own(ax: Any, name: str, values: NDArray[Any] | None, color: Any) -> None:
    if values is not None:
        ax.hist(values, bins=20, color=color, alpha=0.45, edgecolor="white", linewidth=0.5)
        ax.set_ylim(top=ax.get_ylim()[1] * 1.35)
    ax.set_yticks([])
    spot = (0.5, 0.93) if values is not None else (0.5, 0.5)
    ax.text(*spot, name, transform=ax.transAxes, ha="center", va="top", fontsize=canvas.LARGE, color=INK)


def _correlation(ax: Any, a: NDArray[Any], b: NDArray[Any]) -> None:
    both = np.isfinite(a) & np.isfinite(b)
    some = both.sum() > 1 and np.ptp(a[both]) > 0 and np.ptp(b[both]) > 0
    r = float(np.corrcoef(a[both].astype(float), b[both].astype(float))[0, 1]) if some else float("nan")
    text = f"{r:.2f}".replace("-", "\u2212") if some else "\u2013"
    strength = 9 + 10 * abs(np.nan_to_num(r))
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=strength, color=INK)
    ax.set_xticks([])
    ax.set_yticks([])


def _outer(ax: Any, bottom: bool, left: bool, *, upright: bool) -> None:
    """Labels of axes along the rim of the picture alone."""
    canvas.chart(ax, "")
    for side in ax.spines.values():
        side.set_visible(True)
    ax.tick_params(labelbottom=bottom, labelleft=left and upright)
