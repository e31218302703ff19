"""Maps of networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyterra.maps import overlays, vectors
from pyterra.maps.canvas import INK
from pyterra.vector.network import net_edges, net_nodes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatnetwork import SpatNetwork
    from pyterra.types import Color, Colors, ExtentLike


def plot(
    x: SpatNetwork,
    *,
    nodes: bool = True,
    col: Colors = INK,
    node_col: Colors = "red",
    node_pch: str = "o",
    cex: float = 1.0,
    lwd: float | None = None,
    alpha: float | None = None,
    main: str | None = None,
    axes: bool = True,
    background: Color | None = None,
    extent: ExtentLike | None = None,
    figsize: tuple[float, float] | None = None,
    add: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw edges, and nodes over them.

    Parameters
    ----------
    x : SpatNetwork
    nodes : bool
        Draw the nodes.
    col : colour
        Colour of the edges.
    node_col : colour
        Colour of the nodes.
    node_pch : str
        Marker of matplotlib.
    cex : float
        Size of the nodes.
    lwd : float, optional
        Width of the edges in points.
    alpha : float, optional
        Opacity of the edges, from 0 to 1.
    main : str, optional
        Title.
    axes : bool
        Draw coordinates.
    background : colour, optional
    extent : SpatExtent or anything with an extent, optional
        Part to draw.
    figsize : (float, float), optional
        Width and height in inches.
    add : bool
        Draw over the map drawn last.
    ax : matplotlib Axes, optional
        Draw into these axes.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    net_edges, net_nodes : To draw them by an attribute.

    Examples
    --------
    >>> import pyterra as pt
    >>> net = pt.netw(pt.vect("LINESTRING (0 0, 3 4)", crs="EPSG:3035"))
    >>> ax = net.plot(node_col="blue")
    >>> ax.collections[-1].get_offsets().tolist()
    [[0.0, 0.0], [3.0, 4.0]]
    """
    drawn: Axes = vectors.plot(
        net_edges(x), col=col, lwd=lwd, alpha=alpha, main=main, axes=axes, background=background, extent=extent,
        figsize=figsize, add=add, ax=ax,
    )  # fmt: skip
    if nodes:
        overlays.points(net_nodes(x), col=node_col, pch=node_pch, cex=cex, ax=drawn)
    return drawn
